//! The cookie by which a browser is known at an issuer, one name and path per issuer, as separate Okta
//! organisations would have.

use actix_web::{HttpRequest, http::header};
use vocabulary::Timestamp;

use crate::issuer::{Issuer, Session};

/// Who is signed in at this issuer in this browser.
pub(crate) fn session(request: &HttpRequest, issuer: &Issuer, now: Timestamp) -> Option<Session> {
    issuer.sessions.get(now, &value(request, issuer)?).cloned()
}

/// The session's key, whether or not it still stands for someone.
pub(crate) fn value(request: &HttpRequest, issuer: &Issuer) -> Option<String> {
    let name = name(issuer);
    let headers = request.headers().get_all(header::COOKIE);
    let mut cookies = headers.filter_map(|header| header.to_str().ok()).flat_map(|text| text.split(';'));
    cookies.find_map(|cookie| {
        let (key, value) = cookie.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

pub(crate) fn set(issuer: &Issuer, key: &str) -> String {
    format!("{}={key}; Path=/{}; HttpOnly; SameSite=Lax", name(issuer), issuer.path)
}

pub(crate) fn clear(issuer: &Issuer) -> String {
    format!("{}=; Path=/{}; HttpOnly; SameSite=Lax; Max-Age=0", name(issuer), issuer.path)
}

fn name(issuer: &Issuer) -> String {
    let plain = issuer.path.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
    format!("practice_idp_{plain}")
}
