//! `/api/v1/teams/{team_id}/connection` and `…/check`: a team's identity provider, set at once on the
//! operator's word, and asked.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use teams::{
    CallbackPath, ConnectionOptions, Edit, Requirement, State, TeamAndConnection, TeamError, Tenant,
};
use upstream::{Check, RelyingParty};
use utoipa::ToSchema;
use vocabulary::{ClientAuth, ClientId, ClientSecret, Domain, EmailTrust, Issuer, Scopes};

use crate::api::bearer::Manager;
use crate::api::body::{Change, Order, Wish, field, secret};
use crate::api::database::{read, team, write};
use crate::api::etag::IfMatch;
use crate::api::openapi::{CheckShown, TeamShown};
use crate::api::problem::{Fault, Problem};
use crate::api::secret_life::{LifeChange, next_secret};
use crate::api::team::{edit_team, shown};
use crate::api::team_in;
use crate::app::App;

/// A connection as it shall be. What is not said stays as it is, as with `teamdoor team set`; where null is
/// allowed it takes away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectionChange {
    /// Whose ID tokens are believed. Another one, unless an alias, is a new connection: people start anew
    /// there, and the secret is needed again.
    #[schema(value_type = Option<String>)]
    issuer: Option<Issuer>,
    /// Our name at the identity provider.
    #[schema(value_type = Option<String>)]
    client_id: Option<ClientId>,
    /// Our secret there; never shown again.
    #[serde(default, deserialize_with = "secret")]
    #[schema(value_type = Option<String>, write_only)]
    client_secret: Option<ClientSecret>,
    /// Until when the secret is good; null when nobody knows. Its admins get a letter 30, 7 and 1 days before.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    client_secret_expires_at: Change<String>,
    /// The secret that takes over when the provider rejects this one; never shown again. Null drops it.
    #[serde(default, deserialize_with = "next_secret")]
    #[schema(value_type = Option<String>, write_only)]
    next_client_secret: Change<ClientSecret>,
    /// Until when that one is good.
    #[schema(format = DateTime)]
    next_client_secret_expires_at: Option<String>,
    /// What an authorization request asks for.
    #[schema(value_type = Option<Vec<String>>)]
    scopes: Option<Scopes>,
    /// `basic` or `post`: how we show who we are at the token endpoint.
    #[schema(value_type = Option<String>)]
    client_auth: Option<ClientAuth>,
    /// `unless_denied`, `verified` or `issuer`: when an email is believed.
    #[schema(value_type = Option<String>)]
    email_trust: Option<EmailTrust>,
    /// Domains people's emails must be of; an empty list lets any do.
    #[schema(value_type = Option<Vec<String>>)]
    domains: Option<Vec<Domain>>,
    /// Other addresses of the same identity provider.
    #[schema(value_type = Option<Vec<String>>)]
    aliases: Option<Vec<Issuer>>,
    /// A claim every ID token must carry: `hd=DOMAIN` or `tid=TENANT`; null for none.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    requirement: Change<Requirement>,
    /// A redirect URI's path that moved in with an app; null for the usual one.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    callback_path: Change<String>,
    /// Where the identity provider sends people after signing out there; null for nowhere.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    post_logout_redirect_uri: Change<String>,
    /// Opens the door on the operator's word, or makes the connection a draft again.
    enabled: Option<bool>,
}

impl ConnectionChange {
    /// What it says of the secret's life.
    fn life(&mut self) -> Result<LifeChange, Fault> {
        let expires_at = std::mem::take(&mut self.client_secret_expires_at);
        let next = std::mem::take(&mut self.next_client_secret);
        LifeChange::read(expires_at, next, self.next_client_secret_expires_at.as_deref())
    }

    /// The edit that makes the team's connection so.
    fn edit(self, before: &Tenant) -> Result<Edit, Fault> {
        let live = before.connection.as_ref().map(|connection| &connection.issuer);
        let Some(issuer) = self.issuer.as_ref().or(live) else {
            return Err(TeamError::ConnectionMissing.into());
        };
        let now = before.options_at(issuer);
        let unsaid = now.clone();
        let path = self.callback_path(before)?;
        let options = ConnectionOptions {
            aliases: self.aliases.unwrap_or(now.aliases),
            client_auth: self.client_auth.unwrap_or(now.client_auth),
            scopes: self.scopes.unwrap_or(now.scopes),
            email_trust: self.email_trust.unwrap_or(now.email_trust),
            domains: self.domains.unwrap_or(now.domains),
            requirement: self.requirement.over(now.requirement),
            post_logout_redirect_uri: self.post_logout_redirect_uri.over(now.post_logout_redirect_uri),
        };
        Ok(Edit {
            issuer: self.issuer,
            client_id: self.client_id,
            client_secret: self.client_secret,
            options: Some(options).filter(|options| *options != unsaid),
            callback_path: path,
            state: self.enabled.map(|enabled| if enabled { State::Enabled } else { State::Draft }),
            ..Edit::default()
        })
    }

    fn callback_path(&self, before: &Tenant) -> Result<Option<CallbackPath>, Fault> {
        let usual = CallbackPath::usual(&before.team.team_id);
        match &self.callback_path {
            Change::Keep => Ok(None),
            Change::Clear => Ok(Some(usual)),
            Change::Set(path) if path == usual.as_str() => Ok(Some(usual)),
            Change::Set(path) => {
                CallbackPath::parse(path).map(Some).map_err(|error| field("callback_path", error))
            }
        }
    }
}

/// Sets a team's connection at once
///
/// Sign-ins under way start again, unless nothing is said but of the secret's life. A new issuer ends the team's sessions.
#[utoipa::path(put, path = "/api/v1/teams/{team_id}/connection", tag = "Teams", request_body = ConnectionChange, params(
    ("team_id" = String, Path),
    ("If-Match" = String, Header, description = "The team's ETag seen, or `*`"),
), responses(
    (status = 200, description = "The team as it stands now", body = TeamShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn set_connection(
    app: web::Data<App>,
    request: HttpRequest,
    order: Order<ConnectionChange>,
) -> Result<HttpResponse, Fault> {
    let (team_id, if_match, operator) = (team_in(&request)?, IfMatch::of(&request)?, order.caller.operator());
    let mut change = order.said;
    let life = change.life()?;
    let team = write(&app, move |tx, app| {
        edit_team(tx, app, &operator, &team_id, &if_match, |before| change.edit(before))?;
        life.make(tx, app, &operator, &team_id)
    })
    .await?;
    Ok(shown(&team))
}

/// How the checks of a connection ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct Checks {
    /// In the order they were made.
    #[schema(value_type = Vec<CheckShown>)]
    pub(crate) checks: Vec<Check>,
}

/// What else shall be asked.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CheckWish)]
pub(crate) struct CheckWish {
    /// Whether client id and secret are tried too, with a code that nobody gave out.
    #[serde(default)]
    probe: bool,
}

/// Asks a team's identity provider
///
/// Every check of the connection that needs no person, for drafts too; each that failed has its remedy. With
/// `{"probe": true}` one more, `client_credentials`: at most ten times in ten minutes for each team.
#[utoipa::path(post, path = "/api/v1/teams/{team_id}/check", security(("operator_token" = []), ("team_token" = ["team:admin"])), tag = "Teams", params(("team_id" = String, Path)), request_body = Option<CheckWish>, responses(
    (status = 200, description = "Each check, in the order they were made", body = Checks),
    Problem,
))]
pub(crate) async fn check_connection(
    app: web::Data<App>,
    request: HttpRequest,
    wish: Wish<CheckWish, Manager>,
) -> Result<HttpResponse, Fault> {
    let team_id = team_in(&request)?;
    let found = read(&app, move |connection| team(connection, &team_id)).await?;
    let found = found.connected().ok_or(TeamError::ConnectionMissing)?;
    if wish.said.probe {
        app.probes.take(&found.team.team_id, app.now()).map_err(Fault::TooMany)?;
    }
    let party = app.door.party(&found);
    let mut checks = app.door.upstream.check(&party).await;
    if wish.said.probe {
        checks.push(client_credentials(&app, &found, &party).await);
    }
    Ok(HttpResponse::Ok().json(Checks { checks }))
}

/// The one check more of a probe.
pub(crate) async fn client_credentials(app: &App, team: &TeamAndConnection, party: &RelyingParty) -> Check {
    match team.client_secret(&app.door.keys) {
        Some(secret) => app.door.upstream.probe(party, &secret, app.now()).await.into(),
        None => Check::without_secret(),
    }
}
