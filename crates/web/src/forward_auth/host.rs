//! What the addresses below `/.teamdoor/` have in common. They exist where a proxy we trust says that a request came to
//! the host of an app; for anybody else they are not there.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use apps::AppHost;
use provider::forward_auth::recognise;
use sessions::SignedIn;
use storage::StorageError;
use url::form_urlencoded;
use vocabulary::{ReturnTo, TeamId};

use super::cookies;
use super::forwarded::{Place, place};
use super::refusal::{Ground, forwarded_invalid, unavailable};
use crate::app::App;
use crate::failed::not_found;

/// Where people come in and go out on an app's host.
const OURS: &str = "/.teamdoor/";

/// The host of an app, as a trusted proxy says.
pub(super) struct Host {
    pub(super) host: AppHost,
    pub(super) app: Arc<apps::App>,
}

/// The host of an app to which this request came; or what everybody else is answered.
pub(super) async fn here(app: &App, request: &HttpRequest) -> Result<Host, HttpResponse> {
    use actix_web::ResponseError as _;
    let host = match place(app, request) {
        Err(_unreadable) => return Err(forwarded_invalid(app)),
        Ok(Place::Here(_) | Place::Nowhere) => return Err(not_found(app).error_response()),
        Ok(Place::Elsewhere(host, _)) => host,
    };
    match app.provider.apps.on_host(&host).await {
        Ok(Some(found)) => Ok(Host { host, app: found }),
        Ok(None) => Err(not_found(app).error_response()),
        Err(error) => Err(unavailable(app, Ground::Of(&host), &error)),
    }
}

/// Who has a live session on the host of this app, whether or not the app is for them.
pub(super) async fn session(
    app: &App,
    request: &HttpRequest,
    of: &apps::App,
    host: &AppHost,
) -> Result<Option<SignedIn>, StorageError> {
    match cookies::session(request, host) {
        Some(sealed) => recognise(&app.provider, of, host, sealed).await,
        None => Ok(None),
    }
}

/// Where somebody signs in on an app's host.
pub(super) fn sign_in_address(host: &AppHost, team: Option<&TeamId>, way: Option<&ReturnTo>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(team) = team {
        query.append_pair("team", team.as_str());
    }
    if let Some(way) = way {
        query.append_pair("return_to", way.as_str());
    }
    let query = query.finish();
    let joint = if query.is_empty() { "" } else { "?" };
    format!("{}{OURS}sign-in{joint}{query}", host.origin())
}

/// Where somebody goes on an app's host after all is done: never back to the addresses of ours.
pub(super) fn way(said: Option<&str>) -> Option<ReturnTo> {
    said.and_then(|way| ReturnTo::parse(way).ok()).filter(|way| !way.as_str().starts_with(OURS))
}
