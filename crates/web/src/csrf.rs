//! Forms that change something: sent by our own page, in this very session.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pages::words::failures;
use sealing::Purpose;
use sessions::SignedIn;

use crate::app::App;
use crate::failed::{Failed, failed};
use crate::request::Form;

/// The token that stands in every form of this session.
pub(crate) fn token(app: &App, who: &SignedIn) -> String {
    token_of(app, who.hash.as_str())
}

/// The token that stands in every form of whatever `holder` names: a session's hash, a cookie's value.
pub(crate) fn token_of(app: &App, holder: &str) -> String {
    URL_SAFE_NO_PAD.encode(app.door.keys.mac(Purpose::Csrf, holder.as_bytes()))
}

/// Refuses a form that another site sent or that carries another session's token.
pub(crate) fn check(app: &App, request: &HttpRequest, who: &SignedIn, form: &Form) -> Result<(), Failed> {
    check_of(app, request, who.hash.as_str(), form)
}

/// The same for whatever `holder` names.
pub(crate) fn check_of(app: &App, request: &HttpRequest, holder: &str, form: &Form) -> Result<(), Failed> {
    let sent = form.first("csrf").and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).unwrap_or_default();
    let genuine = app.door.keys.verify_mac(Purpose::Csrf, holder.as_bytes(), &sent);
    if genuine && is_same_site(app, request) {
        return Ok(());
    }
    Err(failed(app, StatusCode::FORBIDDEN, "csrf", failures::csrf()))
}

/// Whether nothing in the request says that another site sent it.
pub(crate) fn is_same_site(app: &App, request: &HttpRequest) -> bool {
    let header = |name| request.headers().get(name).map(HeaderValue::as_bytes);
    let site = header("sec-fetch-site");
    let origin = header("origin").filter(|origin| *origin != b"null");
    let ours = app.door.public_url.origin().ascii_serialization();
    site.is_none_or(|site| site == b"same-origin" || site == b"none")
        && origin.is_none_or(|origin| origin == ours.as_bytes())
}
