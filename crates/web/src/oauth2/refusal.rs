//! Refusals in JSON, for the programs of apps (RFC 6749 §5.2): `error`, a sentence for the developer, a reference.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use provider::TokenError;
use serde_json::json;

use crate::app::{App, DATABASE_RETRY};

/// What a request of the token, introspection or revocation endpoint gets that is refused.
pub(super) fn of(app: &App, request: &HttpRequest, error: &TokenError) -> HttpResponse {
    let status = match error {
        TokenError::InvalidClient(_) => StatusCode::UNAUTHORIZED,
        TokenError::InvalidGrant(_)
        | TokenError::InvalidRequest(_)
        | TokenError::UnauthorizedClient
        | TokenError::UnsupportedGrantType
        | TokenError::InvalidScope => StatusCode::BAD_REQUEST,
        TokenError::Storage(error) => return not_now(app, request, error),
    };
    let mut response = HttpResponse::build(status);
    // Whoever tried by header is told how (RFC 6749 §5.2).
    if status == StatusCode::UNAUTHORIZED && request.headers().contains_key(header::AUTHORIZATION) {
        response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"apps\", charset=\"UTF-8\""));
    }
    refuse(app, request, &mut response, error.code(), &error.to_string())
}

/// Nobody can say now whether the request is right.
pub(super) fn not_now(app: &App, request: &HttpRequest, why: &dyn std::fmt::Display) -> HttpResponse {
    let reference = app.reference();
    tracing::error!(%reference, path = request.path(), %why, "an app's request could not be judged");
    HttpResponse::ServiceUnavailable()
        .insert_header((header::RETRY_AFTER, DATABASE_RETRY.as_secs().max(1).to_string()))
        .json(json!({
            "error": "temporarily_unavailable",
            "error_description": "Try again in a moment.",
            "code": "database_unavailable",
            "reference": reference.as_str(),
        }))
}

/// The answer with a reference of its own, which the log gets too.
pub(super) fn refuse(
    app: &App,
    request: &HttpRequest,
    response: &mut HttpResponseBuilder,
    error: &str,
    description: &str,
) -> HttpResponse {
    let reference = app.reference();
    tracing::info!(%reference, path = request.path(), error, description, "an app's request was refused");
    response.json(json!({
        "error": error,
        "error_description": description,
        "code": error,
        "reference": reference.as_str(),
    }))
}
