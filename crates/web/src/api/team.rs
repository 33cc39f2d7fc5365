//! `/api/v1/teams/{team_id}`: one team, its name and admin, its choice about tokens, and whether its door is open.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use roles::{Admin, Clerk, Operator};
use serde::Deserialize;
use storage::Tx;
use teams::{Edit, Registrar, TeamError, Tenant, TokenChoice, TokenOwners};
use utoipa::ToSchema;
use vocabulary::{Email, TeamId};

use crate::api::bearer::{Caller, Manager, Proof, Reader};
use crate::api::body::{Order, field};
use crate::api::database::{locked_team, read, team, write};
use crate::api::etag::{self, IfMatch};
use crate::api::openapi::TeamShown;
use crate::api::problem::{Fault, Problem};
use crate::api::team_in;
use crate::app::App;

/// A team as it stands, with its tag.
pub(crate) fn shown(team: &Tenant) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, etag::of_team(team))).json(team)
}

/// One team
#[utoipa::path(get, path = "/api/v1/teams/{team_id}", security(("operator_token" = []), ("team_token" = ["team:read"])), tag = "Teams", params(("team_id" = String, Path)), responses(
    (status = 200, description = "The team", body = TeamShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn show_team(
    app: web::Data<App>,
    _: Reader,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let team_id = team_in(&request)?;
    let found = read(&app, move |connection| team(connection, &team_id)).await?;
    Ok(shown(&found))
}

/// What changes about a team; the rest stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamChange {
    /// What people call it.
    name: Option<String>,
    /// Who becomes admin on their first sign-in. A new one makes the promotion unspent again.
    #[schema(value_type = Option<String>)]
    admin_email: Option<Email>,
    /// `shared` or `personal`: whose the API tokens for the product are that are made from now on.
    #[schema(example = "personal")]
    tokens: Option<String>,
    /// Whether members may read the value of a shared token again. Off, no value is kept.
    tokens_reveal: Option<bool>,
}

impl TeamChange {
    fn choice(&self) -> Result<TokenChoice, Fault> {
        let owners =
            |text: &String| TokenOwners::parse(text).ok_or_else(|| field("tokens", "shared or personal"));
        Ok(TokenChoice { owners: self.tokens.as_ref().map(owners).transpose()?, reveal: self.tokens_reveal })
    }
}

/// Changes a team's name, its admin email, or what it chose for its API tokens
///
/// The admin email is for operators alone.
#[utoipa::path(patch, path = "/api/v1/teams/{team_id}", security(("operator_token" = []), ("team_token" = ["team:admin"])), tag = "Teams", request_body = TeamChange, params(
    ("team_id" = String, Path),
    ("If-Match" = String, Header, description = "The ETag seen, or `*`"),
), responses(
    (status = 200, description = "The team as it stands now", body = TeamShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn change_team(
    app: web::Data<App>,
    request: HttpRequest,
    order: Order<TeamChange, Manager>,
) -> Result<HttpResponse, Fault> {
    let choice = order.said.choice()?;
    let TeamChange { name, admin_email, .. } = order.said;
    if name.is_none() && admin_email.is_none() && choice.says_nothing() {
        return Err(Fault::Json("Say name, admin_email, tokens or tokens_reveal.".to_owned()));
    }
    let (team_id, if_match) = (team_in(&request)?, IfMatch::of(&request)?);
    let caller = order.caller;
    if admin_email.is_some() {
        caller.operators_alone()?;
    }
    let team = write(&app, move |tx, app| {
        let changed = match caller.prove(tx)? {
            Proof::Operator(operator) => edit_team(tx, app, operator, &team_id, &if_match, |before| {
                // What is so already is no change: the same admin email again would promote once more.
                let admin_email = admin_email.filter(|email| *email != before.team.admin_email);
                let name = name.filter(|name| *name != before.team.name);
                Ok(Edit { name, admin_email, ..Edit::default() })
            }),
            Proof::Admin(admin) => rename(tx, app, &admin, &team_id, &if_match, name),
        }?;
        if choice.says_nothing() {
            return Ok(changed);
        }
        Ok(tokens::team::choose(tx, &team_id, caller.by(), choice)?)
    })
    .await?;
    Ok(shown(&team))
}

/// What an admin's token may say of its team: the name.
fn rename(
    tx: &mut Tx<'_>,
    app: &App,
    admin: &Admin<'_>,
    team_id: &TeamId,
    if_match: &IfMatch,
    name: Option<String>,
) -> Result<Tenant, Fault> {
    let before = locked_team(tx, team_id)?;
    if_match.check(&etag::of_team(&before))?;
    let Some(name) = name.filter(|name| *name != before.team.name) else {
        return Ok(before);
    };
    let deps = &app.door;
    let registrar = Registrar { keys: &deps.keys, chance: &*deps.chance, plain_http: app.plain_http };
    Ok(onboarding::rename(tx, &registrar, admin, team_id, &name)?)
}

/// Changes a team that stands as the caller has seen it; an edit that says nothing leaves it alone.
pub(crate) fn edit_team(
    tx: &mut Tx<'_>,
    app: &App,
    operator: &Operator,
    team_id: &TeamId,
    if_match: &IfMatch,
    edit: impl FnOnce(&Tenant) -> Result<Edit, Fault>,
) -> Result<Tenant, Fault> {
    let before = locked_team(tx, team_id)?;
    if_match.check(&etag::of_team(&before))?;
    let edit = edit(&before)?;
    if edit.says_nothing() {
        return Ok(before);
    }
    let deps = &app.door;
    let registrar = Registrar { keys: &deps.keys, chance: &*deps.chance, plain_http: app.plain_http };
    let clerk = Clerk { desk: &deps.desk, chance: &*deps.chance };
    Ok(onboarding::set(tx, &registrar, clerk, operator, team_id, &edit)?.team)
}

/// Removes a team for good
///
/// Its secrets, sessions and people go; its Team ID is never used again.
#[utoipa::path(delete, path = "/api/v1/teams/{team_id}", tag = "Teams", params(("team_id" = String, Path)), responses(
    (status = 204, description = "It is gone"),
    Problem,
))]
pub(crate) async fn remove_team(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let (team_id, operator) = (team_in(&request)?, caller.operator());
    write(&app, move |tx, _| Ok(onboarding::remove(tx, &operator, &team_id)?)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Closes a team for the time being
///
/// Its sessions end.
#[utoipa::path(post, path = "/api/v1/teams/{team_id}/suspend", tag = "Teams", params(("team_id" = String, Path)), responses(
    (status = 200, description = "The team as it stands now", body = TeamShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn suspend_team(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    turn(&app, caller, &request, onboarding::suspend).await
}

/// Opens a suspended team again
#[utoipa::path(post, path = "/api/v1/teams/{team_id}/resume", tag = "Teams", params(("team_id" = String, Path)), responses(
    (status = 200, description = "The team as it stands now", body = TeamShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn resume_team(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    turn(&app, caller, &request, onboarding::resume).await
}

type Turn = fn(&mut Tx<'_>, &Operator, &TeamId) -> Result<(), TeamError>;

async fn turn(
    app: &web::Data<App>,
    caller: Caller,
    request: &HttpRequest,
    turn: Turn,
) -> Result<HttpResponse, Fault> {
    let (team_id, operator) = (team_in(request)?, caller.operator());
    let now = write(app, move |tx, _| {
        turn(tx, &operator, &team_id)?;
        team(tx, &team_id)
    });
    Ok(shown(&now.await?))
}
