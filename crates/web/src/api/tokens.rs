//! `/api/v1/teams/{team_id}/tokens`: a team's API tokens.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use tokens::Scope;
use tokens::team::{Mint, NewToken, Page, Revoked, Seen, TeamToken, TeamTokenError};
use utoipa::ToSchema;
use vocabulary::{PersonId, Timestamp};

use crate::api::bearer::{Manager, Reader};
use crate::api::body::{Order, field};
use crate::api::database::{read, team, write};
use crate::api::list::{List, Paging};
use crate::api::parameters::Parameters;
use crate::api::problem::{Fault, Problem};
use crate::api::team_in;
use crate::app::App;

/// A team's token without its value.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Token)]
pub(crate) struct Shown {
    /// Its key.
    id: String,
    /// What its maker calls it.
    #[schema(example = "build-server")]
    name: String,
    /// `product`, `team:read` or `team:admin`.
    #[schema(value_type = String, example = "product")]
    scope: Scope,
    /// Whether it is its maker's alone.
    personal: bool,
    /// `live`, `expired`, `maker_not_admin` (a token for admins whose maker is none any more) or `maker_away` (a personal
    /// one whose person has not signed in for long).
    #[schema(value_type = String, example = "live")]
    state: tokens::team::State,
    /// Who has made it, or rotated it last; null for the operator.
    #[schema(value_type = Option<String>, required)]
    maker: Option<PersonId>,
    /// Whether they have left the team.
    maker_left: bool,
    /// When it got its value.
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    /// When it ends by itself; null when it does not.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    expires_at: Option<Timestamp>,
    /// When it was last used, to within a minute; null when never.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_used_at: Option<Timestamp>,
}

impl From<&TeamToken> for Shown {
    fn from(token: &TeamToken) -> Self {
        Self {
            id: token.id.clone(),
            name: token.name.clone(),
            scope: token.scope,
            personal: token.personal,
            state: token.state,
            maker: token.maker.clone(),
            maker_left: token.maker_left,
            made_at: token.made_at,
            expires_at: token.expires_at,
            last_used_at: token.last_used_at,
        }
    }
}

/// A team's API tokens, the latest first
///
/// Revoked ones are not among them.
#[utoipa::path(get, path = "/api/v1/teams/{team_id}/tokens", security(("operator_token" = []), ("team_token" = ["team:read"])), tag = "Tokens", params(
    ("team_id" = String, Path),
    ("limit" = Option<u16>, Query, minimum = 1, maximum = 200, description = "Rows of a page; 50 unless said"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
), responses(
    (status = 200, description = "A page of tokens", body = List<Shown>),
    Problem,
))]
pub(crate) async fn list_tokens(
    app: web::Data<App>,
    _: Reader,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let team_id = team_in(&request)?;
    let parameters = Parameters::of(&request, &["limit", "after"])?;
    let paging = Paging::of(&parameters, |text| Some(text.to_owned()))?;
    let (limits, now) = (app.tokens.limits(), app.now());
    let page = read(&app, move |connection| {
        team(connection, &team_id)?;
        let page = Page { after: paging.after.as_deref(), limit: paging.rows() };
        let rows = tokens::team::list(connection, &team_id, &Seen::All, page, limits, now)?;
        Ok(paging.page(&rows, |token| token.id.clone(), |token| Shown::from(token)))
    })
    .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// A token about to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewToken)]
pub(crate) struct Addition {
    /// What to call it.
    #[schema(example = "build-server")]
    name: String,
    /// `product`, `team:read` or `team:admin`; `product` unless said.
    scope: Option<String>,
    /// When it ends by itself (RFC 3339); never unless said.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

impl Addition {
    fn new_token(self) -> Result<NewToken, Fault> {
        let scope = self.scope.as_deref().map_or(Some(Scope::Product), Scope::parse);
        let moment = |text: &str| {
            Timestamp::parse(text).ok_or_else(|| field("expires_at", "a moment such as 2027-05-03T09:12:00Z"))
        };
        Ok(NewToken {
            name: self.name,
            scope: scope.ok_or_else(|| field("scope", "product, team:read or team:admin"))?,
            expires_at: self.expires_at.as_deref().map(moment).transpose()?,
        })
    }
}

/// A token with its value, which is shown this once.
#[derive(Serialize, ToSchema)]
#[schema(as = TokenMade)]
pub(crate) struct MadeShown {
    /// The value.
    #[schema(example = "tdt_…")]
    token: String,
    #[serde(flatten)]
    #[schema(inline)]
    shown: Shown,
}

/// Makes an API token
///
/// The value is in this answer and nowhere else. Where the team's tokens for the product are personal, people make
/// those on the page; here only tokens for admins are made.
#[utoipa::path(post, path = "/api/v1/teams/{team_id}/tokens", security(("operator_token" = []), ("team_token" = ["team:admin"])), tag = "Tokens",
    request_body = Addition, params(("team_id" = String, Path)), responses(
    (status = 201, description = "The token with its value", body = MadeShown),
    Problem,
))]
pub(crate) async fn make_token(
    app: web::Data<App>,
    request: HttpRequest,
    order: Order<Addition, Manager>,
) -> Result<HttpResponse, Fault> {
    let (team_id, caller, new) = (team_in(&request)?, order.caller, order.said.new_token()?);
    let made = write(&app, move |tx, app| {
        let deps = &app.door;
        let mint = Mint { keys: &deps.keys, chance: &*deps.chance, limits: app.tokens.limits() };
        Ok(tokens::team::make(tx, mint, &team_id, caller.by(), &new)?)
    })
    .await?;
    let (token, shown) = (made.value.reveal().to_owned(), Shown::from(&made.token));
    Ok(HttpResponse::Created().json(MadeShown { token, shown }))
}

/// Revokes an API token for good
///
/// It opens nothing any more, on any node, within a second.
#[utoipa::path(delete, path = "/api/v1/teams/{team_id}/tokens/{token_id}", security(("operator_token" = []), ("team_token" = ["team:admin"])), tag = "Tokens",
    params(("team_id" = String, Path), ("token_id" = String, Path)), responses(
    (status = 204, description = "It is revoked"),
    Problem,
))]
pub(crate) async fn revoke_token(
    app: web::Data<App>,
    caller: Manager,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let team_id = team_in(&request)?;
    let token_id = request.match_info().get("token_id").unwrap_or_default().to_owned();
    let revoked =
        write(&app, move |tx, _| Ok(tokens::team::revoke(tx, &team_id, caller.by(), &token_id)?)).await?;
    match revoked {
        Revoked::Now => Ok(HttpResponse::NoContent().finish()),
        Revoked::Before => Err(Fault::Token(TeamTokenError::Unknown)),
    }
}
