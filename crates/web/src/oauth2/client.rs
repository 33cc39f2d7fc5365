//! What the endpoints for apps have in common: a form, and an app that says who it is.

use actix_web::HttpRequest;
use actix_web::http::header;
use provider::{Credentials, TokenError};

use crate::failed::Failed;
use crate::request::{Form, query};

/// What must not stand in an address, where logs keep it (RFC 6749 §2.3.1, RFC 6750 §2.3).
const NOT_IN_ADDRESSES: [&str; 6] =
    ["client_secret", "code", "code_verifier", "refresh_token", "access_token", "token"];

/// A form, and the app that sent it.
pub(super) struct Asked {
    pub(super) form: Form,
    pub(super) credentials: Credentials,
}

/// Reads a request of an app.
pub(super) fn read(request: &HttpRequest, form: Result<Form, Failed>) -> Result<Asked, TokenError> {
    let form = form.map_err(|_not_a_form| {
        TokenError::InvalidRequest(
            "The body is a form (application/x-www-form-urlencoded) of at most 64 KiB.",
        )
    })?;
    if query(request).iter().any(|(name, _)| NOT_IN_ADDRESSES.contains(&name.as_str())) {
        return Err(TokenError::InvalidRequest("Everything stands in the body, nothing in the address."));
    }
    let mut said = request.headers().get_all(header::AUTHORIZATION);
    let (first, second) = (said.next(), said.next());
    // What cannot be read, or stands there twice, is no scheme that anybody knows.
    let readable = |value: &'_ header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let authorization = if second.is_some() { Some(String::new()) } else { first.map(readable) };
    let credentials = Credentials::read(authorization.as_deref(), &form.0)?;
    Ok(Asked { form, credentials })
}

/// The one `token` of a form.
pub(super) fn token(form: &Form) -> Result<&str, TokenError> {
    let mut said = form.0.iter().filter(|(name, _)| name == "token").map(|(_, value)| value.as_str());
    match (said.next(), said.next()) {
        (Some(token), None) if !token.is_empty() => Ok(token),
        (_, Some(_)) => Err(TokenError::InvalidRequest("A parameter is there twice.")),
        (_, None) => Err(TokenError::InvalidRequest("token is missing.")),
    }
}
