//! `/api/v1/apps/{client_id}`: one app, what it may, and its secret.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use apps::{
    AccessTokens, App as Registered, AppError, AppOptions, Edit, HostEdit, Made, OldSecret, Pkce, Place,
    RedirectUri, UriError, WebUri,
};
use serde::Deserialize;
use storage::Connection;
use utoipa::ToSchema;
use vocabulary::{ClientId, Role, SigningAlgorithm, TeamId, Version};

use crate::api::apps::host;
use crate::api::bearer::Caller;
use crate::api::body::{Change, Order, field};
use crate::api::database::{read, write};
use crate::api::etag::{self, IfMatch};
use crate::api::openapi::{AppMadeShown, AppShown};
use crate::api::parameters::Parameters;
use crate::api::problem::{Fault, Problem};
use crate::app::App;

/// The app in the address; what is no client id names none.
fn app_in(request: &HttpRequest) -> Result<ClientId, Fault> {
    let said = request.match_info().get("client_id").unwrap_or_default();
    ClientId::parse(said).map_err(|_no_id| Fault::AppUnknown)
}

fn there(connection: &mut Connection, id: &ClientId) -> Result<Registered, Fault> {
    apps::find(connection, id)?.ok_or(Fault::AppUnknown)
}

/// An app as it stands, with its tag.
fn shown(app: &Registered) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, etag::of_app(app))).json(app)
}

/// One app
#[utoipa::path(get, path = "/api/v1/apps/{client_id}", tag = "Apps", params(("client_id" = String, Path)), responses(
    (status = 200, description = "The app", body = AppShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn show_app(
    app: web::Data<App>,
    _: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let id = app_in(&request)?;
    Ok(shown(&read(&app, move |connection| there(connection, &id)).await?))
}

/// What is said of how an app wants to be used; what is not said stays.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) redirect_uris: Option<Vec<String>>,
    pub(crate) post_logout_redirect_uris: Option<Vec<String>>,
    pub(crate) teams: Change<Vec<String>>,
    pub(crate) min_role: Option<String>,
    pub(crate) require_pkce: Option<bool>,
    pub(crate) id_token_alg: Option<String>,
    pub(crate) access_tokens: Option<String>,
    pub(crate) initiate_login_uri: Change<String>,
    pub(crate) home_url: Change<String>,
    pub(crate) backchannel_logout_uri: Change<String>,
    pub(crate) place: Option<String>,
}

impl Options {
    /// The options that stand there afterwards.
    pub(crate) fn over(self, now: AppOptions) -> Result<AppOptions, Fault> {
        let pkce = |required| if required { Pkce::Required } else { Pkce::Optional };
        Ok(AppOptions {
            redirect_uris: redirect_uris("redirect_uris", self.redirect_uris)?.unwrap_or(now.redirect_uris),
            post_logout_redirect_uris: redirect_uris(
                "post_logout_redirect_uris",
                self.post_logout_redirect_uris,
            )?
            .unwrap_or(now.post_logout_redirect_uris),
            teams: self.teams.read(|teams| team_ids(&teams))?.over(now.teams),
            min_role: word("min_role", self.min_role, Role::parse, &["member", "admin"])?
                .unwrap_or(now.min_role),
            pkce: self.require_pkce.map_or(now.pkce, pkce),
            id_token_alg: algorithm(self.id_token_alg)?.unwrap_or(now.id_token_alg),
            access_tokens: word(
                "access_tokens",
                self.access_tokens,
                AccessTokens::parse,
                AccessTokens::WORDS,
            )?
            .unwrap_or(now.access_tokens),
            backchannel_logout_uri: web_uri("backchannel_logout_uri", self.backchannel_logout_uri)?
                .over(now.backchannel_logout_uri),
            initiate_login_uri: web_uri("initiate_login_uri", self.initiate_login_uri)?
                .over(now.initiate_login_uri),
            home_url: web_uri("home_url", self.home_url)?.over(now.home_url),
            place: word("place", self.place, Place::parse, Place::WORDS)?.unwrap_or(now.place),
        })
    }
}

fn address<T>(name: &str, said: &str, parse: impl Fn(&str) -> Result<T, UriError>) -> Result<T, Fault> {
    parse(said).map_err(|why| field(name, AppError::address(said, why)))
}

fn redirect_uris(name: &str, said: Option<Vec<String>>) -> Result<Option<Vec<RedirectUri>>, Fault> {
    said.map(|all| all.iter().map(|said| address(name, said, RedirectUri::parse)).collect()).transpose()
}

fn web_uri(name: &str, said: Change<String>) -> Result<Change<WebUri>, Fault> {
    said.read(|said| address(name, &said, WebUri::parse))
}

fn team_ids(said: &[String]) -> Result<Vec<TeamId>, Fault> {
    said.iter().map(|said| TeamId::parse(said).map_err(|error| field("teams", error))).collect()
}

fn algorithm(said: Option<String>) -> Result<Option<SigningAlgorithm>, Fault> {
    let parse = |said: String| SigningAlgorithm::parse(&said).map_err(|error| field("id_token_alg", error));
    said.map(parse).transpose()
}

fn word<T>(
    name: &str,
    said: Option<String>,
    parse: impl Fn(&str) -> Option<T>,
    words: &[&str],
) -> Result<Option<T>, Fault> {
    let none = || field(name, format!("one of: {}", words.join(", ")));
    said.map(|said| parse(&said).ok_or_else(none)).transpose()
}

/// What changes about an app; the rest stays, and where null is allowed it takes away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppChange {
    /// What people call it.
    name: Option<String>,
    /// The host on which it stands behind forward-auth; null for none.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    host: Change<String>,
    /// Where answers go, all of them.
    redirect_uris: Option<Vec<String>>,
    /// Where people may go after signing out, all of them.
    post_logout_redirect_uris: Option<Vec<String>>,
    /// The teams that may use it, all of them; null for every team.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    teams: Change<Vec<String>>,
    /// `member` or `admin`.
    min_role: Option<String>,
    /// Whether it must use PKCE.
    require_pkce: Option<bool>,
    /// `RS256` or `ES256`.
    id_token_alg: Option<String>,
    /// `opaque` or `jwt`.
    access_tokens: Option<String>,
    /// Its page where a sign-in by Teamdoor begins; null for none.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    initiate_login_uri: Change<String>,
    /// Its front page; null for none.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    home_url: Change<String>,
    /// Where it is told that a session ended; null for nowhere.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    backchannel_logout_uri: Change<String>,
    /// `tile`, `billing` or `hidden`.
    place: Option<String>,
}

/// Changes an app
///
/// In force on every node within a second. Whether it is public stays as it was registered.
#[utoipa::path(patch, path = "/api/v1/apps/{client_id}", tag = "Apps", request_body = AppChange, params(
    ("client_id" = String, Path),
    ("If-Match" = String, Header, description = "The ETag seen, or `*`"),
), responses(
    (status = 200, description = "The app as it stands now", body = AppShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn change_app(
    app: web::Data<App>,
    request: HttpRequest,
    order: Order<AppChange>,
) -> Result<HttpResponse, Fault> {
    let (id, if_match, operator) = (app_in(&request)?, IfMatch::of(&request)?, order.caller.operator());
    let said = order.said;
    let host = match said.host.read(|said| host(&said, &app.door.public_url))? {
        Change::Keep => HostEdit::Stays,
        Change::Clear => HostEdit::Goes,
        Change::Set(host) => HostEdit::Is(host),
    };
    let options = Options {
        redirect_uris: said.redirect_uris,
        post_logout_redirect_uris: said.post_logout_redirect_uris,
        teams: said.teams,
        min_role: said.min_role,
        require_pkce: said.require_pkce,
        id_token_alg: said.id_token_alg,
        access_tokens: said.access_tokens,
        initiate_login_uri: said.initiate_login_uri,
        home_url: said.home_url,
        backchannel_logout_uri: said.backchannel_logout_uri,
        place: said.place,
    };
    let name = said.name;
    let changed = write(&app, move |tx, _| {
        let (before, seen) = as_seen(tx, &id, &if_match)?;
        let edit = Edit { name, host, options: Some(options.over(before.options)?) };
        Ok(apps::set(tx, &operator, id.as_str(), Some(seen), &edit)?)
    })
    .await?;
    Ok(shown(&changed))
}

/// The app with its version, if it stands as the caller has seen it.
fn as_seen(
    connection: &mut Connection,
    id: &ClientId,
    if_match: &IfMatch,
) -> Result<(Registered, Version), Fault> {
    let app = there(connection, id)?;
    if_match.check(&etag::of_app(&app))?;
    let version = app.version;
    Ok((app, version))
}

/// Removes an app for good
///
/// What it was granted is worth nothing any more, on any node, within a second.
#[utoipa::path(delete, path = "/api/v1/apps/{client_id}", tag = "Apps", params(
    ("client_id" = String, Path),
    ("If-Match" = String, Header, description = "The ETag seen, or `*`"),
), responses(
    (status = 204, description = "It is gone"),
    Problem,
))]
pub(crate) async fn remove_app(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let (id, if_match, operator) = (app_in(&request)?, IfMatch::of(&request)?, caller.operator());
    write(&app, move |tx, _| {
        let (_, seen) = as_seen(tx, &id, &if_match)?;
        provider::end_grants_of_app(tx, &id)?;
        Ok(apps::remove(tx, &operator, id.as_str(), Some(seen))?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives an app another secret
///
/// It is in this answer and nowhere else. The one before counts for 24 hours, unless it is to end at once.
#[utoipa::path(post, path = "/api/v1/apps/{client_id}/secret", tag = "Apps", params(
    ("client_id" = String, Path),
    ("end_old" = Option<bool>, Query, description = "`true` ends the secret of before now"),
), responses(
    (status = 201, description = "The app with its secret", body = AppMadeShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn rotate_secret(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let (id, operator) = (app_in(&request)?, caller.operator());
    let parameters = Parameters::of(&request, &["end_old"])?;
    let old = match parameters.get("end_old", "true or false", |text| text.parse().ok())? {
        Some(true) => OldSecret::EndsNow,
        Some(false) | None => OldSecret::CountsADay,
    };
    let (rotated, secret) = write(&app, move |tx, app| {
        Ok(apps::rotate_secret(tx, &*app.door.chance, &operator, id.as_str(), old)?)
    })
    .await?;
    Ok(HttpResponse::Created()
        .insert_header((header::ETAG, etag::of_app(&rotated)))
        .json(Made::new(&rotated, Some(&secret))))
}
