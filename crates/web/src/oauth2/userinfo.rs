//! `/oauth2/userinfo`: who the person is of whom an app has an access token (`OpenID` Connect Core §5.3). The token
//! stands in the header `Authorization`, or in a form (RFC 6750 §2); in an address it would stand in logs.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use provider::BearerError;

use super::{cors, refusal};
use crate::api::bearer;
use crate::app::App;
use crate::failed::Failed;
use crate::request::{Form, query};

const PARAMETER: &str = "access_token";

pub(crate) async fn any(
    app: web::Data<App>,
    request: HttpRequest,
    form: Result<Form, Failed>,
) -> HttpResponse {
    let mut response = match token(&request, &form) {
        Ok(token) => match provider::userinfo(&app.provider, &token).await {
            Ok(claims) => HttpResponse::Ok().json(claims),
            Err(BearerError::Invalid) => refuse(&app, &request, &Wrong::Token),
            Err(BearerError::Storage(error)) => refusal::not_now(&app, &request, &error),
        },
        Err(wrong) => refuse(&app, &request, &wrong),
    };
    cors::share(&app, &request, None, &mut response).await;
    response
}

/// What is wrong with a request (RFC 6750 §3.1).
enum Wrong {
    /// There is no token.
    Missing,
    /// It is not read, or worth nothing.
    Token,
    /// It is there twice, or in a place where it must not be.
    Request(&'static str),
}

fn token(request: &HttpRequest, form: &Result<Form, Failed>) -> Result<String, Wrong> {
    if query(request).iter().any(|(name, _)| name == PARAMETER) {
        return Err(Wrong::Request("An access token must not stand in the address."));
    }
    let mut said = request.headers().get_all(header::AUTHORIZATION);
    let (first, second) = (said.next(), said.next());
    let mut in_form = Vec::new();
    if request.method() == Method::POST {
        let form =
            form.as_ref().map_err(|_not_a_form| Wrong::Request("The body is no form of at most 64 KiB."))?;
        in_form.extend(form.0.iter().filter(|(name, _)| name == PARAMETER).map(|(_, value)| value.clone()));
    }
    match (first, in_form.as_slice()) {
        (None, []) => Err(Wrong::Missing),
        (None, [token]) => Ok(token.clone()),
        (None, [_, _, ..]) | (Some(_), [_, ..]) => Err(Wrong::Request("The access token is there twice.")),
        (Some(value), []) => {
            let token = value.to_str().ok().and_then(bearer::token).filter(|_| second.is_none());
            token.map(str::to_owned).ok_or(Wrong::Token)
        }
    }
}

fn refuse(app: &App, request: &HttpRequest, wrong: &Wrong) -> HttpResponse {
    let (status, error, description) = match wrong {
        Wrong::Missing => (StatusCode::UNAUTHORIZED, "", "An access token is needed."),
        Wrong::Token => (StatusCode::UNAUTHORIZED, "invalid_token", "The access token is worth nothing."),
        Wrong::Request(why) => (StatusCode::BAD_REQUEST, "invalid_request", *why),
    };
    let mut response = HttpResponse::build(status);
    // Whoever brought no token is told the scheme and nothing else.
    let challenge = if error.is_empty() {
        "Bearer realm=\"apps\"".to_owned()
    } else {
        format!("Bearer realm=\"apps\", error=\"{error}\", error_description=\"{description}\"")
    };
    response.insert_header((header::WWW_AUTHENTICATE, challenge));
    let error = if error.is_empty() { "invalid_token" } else { error };
    refusal::refuse(app, request, &mut response, error, description)
}
