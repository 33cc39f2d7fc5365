//! `/api/v1/teams`: all teams, and a new one.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use teams::{CallbackPath, ConnectionOptions, Founding, NewTeam, Registrar, Requirement, State, Tenant};
use utoipa::ToSchema;
use vocabulary::{ClientAuth, ClientId, ClientSecret, Domain, Email, EmailTrust, Issuer, Scopes, TeamId};

use crate::api::bearer::Caller;
use crate::api::body::{Change, Order, field, secret};
use crate::api::database::{read, write};
use crate::api::etag;
use crate::api::list::{List, Paging};
use crate::api::openapi::TeamShown;
use crate::api::parameters::Parameters;
use crate::api::problem::{Fault, Problem};
use crate::api::secret_life::{LifeChange, next_secret};
use crate::app::App;

/// All teams, by Team ID
#[utoipa::path(get, path = "/api/v1/teams", tag = "Teams", params(
    ("limit" = Option<u16>, Query, minimum = 1, maximum = 200, description = "Rows of a page; 50 unless said"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
), responses(
    (status = 200, description = "A page of teams", body = List<TeamShown>),
    Problem,
))]
pub(crate) async fn list_teams(
    app: web::Data<App>,
    _: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let parameters = Parameters::of(&request, &["limit", "after"])?;
    let paging = Paging::of(&parameters, |text| TeamId::parse(text).ok())?;
    let page = read(&app, move |connection| {
        let rows = teams::list(connection, paging.after.as_ref().map(TeamId::as_str), paging.rows())?;
        Ok(paging.page(&rows, |team| team.team.team_id.to_string(), Tenant::clone))
    })
    .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// A team about to be added; what is not said is as `teamdoor team add` has it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTeam)]
pub(crate) struct Addition {
    /// Its key, for ever: lowercase letters, digits and single dashes.
    #[schema(value_type = String, example = "acme")]
    team_id: TeamId,
    /// What people call it; the Team ID with a capital unless said.
    name: Option<String>,
    /// Who becomes admin on their first sign-in.
    #[schema(value_type = String, example = "ada@acme.test")]
    admin_email: Email,
    /// Whose ID tokens are believed. Without it the team has no connection until its own admin sets it up.
    #[schema(value_type = Option<String>, example = "https://acme.okta.com")]
    issuer: Option<Issuer>,
    /// Our name at the identity provider; said together with the issuer.
    #[schema(value_type = Option<String>)]
    client_id: Option<ClientId>,
    /// Our secret there; never shown again.
    #[serde(default, deserialize_with = "secret")]
    #[schema(value_type = Option<String>, write_only)]
    client_secret: Option<ClientSecret>,
    /// Until when the secret is good.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    client_secret_expires_at: Change<String>,
    /// The secret that takes over when the provider rejects this one; never shown again.
    #[serde(default, deserialize_with = "next_secret")]
    #[schema(value_type = Option<String>, write_only)]
    next_client_secret: Change<ClientSecret>,
    /// Until when that one is good.
    #[schema(format = DateTime)]
    next_client_secret_expires_at: Option<String>,
    /// What an authorization request asks for; `openid`, `profile` and `email` unless said.
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<Scopes>,
    /// `basic` or `post`: how we show who we are at the token endpoint.
    #[schema(value_type = Option<String>)]
    client_auth: Option<ClientAuth>,
    /// `unless_denied`, `verified` or `issuer`: when an email is believed.
    #[schema(value_type = Option<String>)]
    email_trust: Option<EmailTrust>,
    /// Domains people's emails must be of; any unless said.
    #[schema(value_type = Option<Vec<String>>)]
    domains: Option<Vec<Domain>>,
    /// Other addresses of the same identity provider.
    #[schema(value_type = Option<Vec<String>>)]
    aliases: Option<Vec<Issuer>>,
    /// A claim every ID token must carry: `hd=DOMAIN` or `tid=TENANT`.
    #[schema(value_type = Option<String>, example = "hd=acme.com")]
    requirement: Option<Requirement>,
    /// A redirect URI's path that moved in with an app.
    #[schema(example = "/auth/okta/callback")]
    callback_path: Option<String>,
    /// Where the identity provider sends people after signing out there.
    post_logout_redirect_uri: Option<String>,
    /// Opens the door at once, on the operator's word; otherwise the team is a draft.
    #[serde(default)]
    enabled: bool,
}

/// What is about to be added.
enum New {
    /// A team with its connection.
    Connected(Box<NewTeam>),
    /// A team whose connection is still to come.
    Bare(Founding),
}

impl Addition {
    /// What it says of the secret's life.
    fn life(&mut self) -> Result<LifeChange, Fault> {
        let expires_at = std::mem::take(&mut self.client_secret_expires_at);
        let next = std::mem::take(&mut self.next_client_secret);
        LifeChange::read(expires_at, next, self.next_client_secret_expires_at.as_deref())
    }

    fn read(self) -> Result<New, Fault> {
        match (self.issuer.clone(), self.client_id.clone()) {
            (Some(issuer), Some(client_id)) => {
                self.connected(issuer, client_id).map(|new| New::Connected(Box::new(new)))
            }
            (None, None) => self.bare().map(New::Bare),
            (Some(_), None) => Err(field("client_id", "said together with the issuer")),
            (None, Some(_)) => Err(field("issuer", "said together with the client id")),
        }
    }

    /// Nothing can be said of a connection that is still to come.
    fn bare(self) -> Result<Founding, Fault> {
        let says_more = self.enabled
            || self.client_secret.is_some()
            || self.scopes.is_some()
            || self.client_auth.is_some()
            || self.email_trust.is_some()
            || self.domains.is_some()
            || self.aliases.is_some()
            || self.requirement.is_some()
            || self.callback_path.is_some()
            || self.post_logout_redirect_uri.is_some();
        if says_more {
            return Err(field("issuer", "needed, with client_id, to say anything of the connection"));
        }
        Ok(Founding { team_id: self.team_id, name: self.name, admin_email: self.admin_email })
    }

    fn connected(self, issuer: Issuer, client_id: ClientId) -> Result<NewTeam, Fault> {
        let usual = ConnectionOptions::usual(&issuer);
        let path = self.callback_path.as_deref().map(CallbackPath::parse).transpose();
        Ok(NewTeam {
            team_id: self.team_id,
            name: self.name,
            admin_email: self.admin_email,
            issuer,
            client_id,
            client_secret: self.client_secret,
            options: ConnectionOptions {
                aliases: self.aliases.unwrap_or(usual.aliases),
                client_auth: self.client_auth.unwrap_or(usual.client_auth),
                scopes: self.scopes.unwrap_or(usual.scopes),
                email_trust: self.email_trust.unwrap_or(usual.email_trust),
                domains: self.domains.unwrap_or(usual.domains),
                requirement: self.requirement,
                post_logout_redirect_uri: self.post_logout_redirect_uri,
            },
            callback_path: path.map_err(|error| field("callback_path", error))?,
            state: if self.enabled { State::Enabled } else { State::Draft },
        })
    }
}

/// Adds a team
///
/// Asks nothing of the network; `POST …/check` does.
#[utoipa::path(post, path = "/api/v1/teams", tag = "Teams", request_body = Addition, responses(
    (status = 201, description = "The team, added", body = TeamShown, headers(("ETag", description = "For If-Match"), ("Location", description = "The team"))),
    Problem,
))]
pub(crate) async fn add_team(app: web::Data<App>, order: Order<Addition>) -> Result<HttpResponse, Fault> {
    let mut said = order.said;
    let (life, new) = (said.life()?, said.read()?);
    let operator = order.caller.operator();
    let added = write(&app, move |tx, app| {
        let deps = &app.door;
        let registrar = Registrar { keys: &deps.keys, chance: &*deps.chance, plain_http: app.plain_http };
        let added = match &new {
            New::Connected(new) => onboarding::add(tx, &registrar, &operator, new)?,
            New::Bare(new) => onboarding::found(tx, &operator, new)?,
        };
        life.make(tx, app, &operator, &added.team.team_id)
    })
    .await?;
    let address = app.door.address(&format!("/api/v1/teams/{}", added.team.team_id));
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, address))
        .insert_header((header::ETAG, etag::of_team(&added)))
        .json(added))
}
