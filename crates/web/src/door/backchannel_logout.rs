//! `/t/{team_id}/backchannel_logout`: the identity provider tells that a session there has ended
//! (OpenID Connect Back-Channel Logout 1.0 §2.5).

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use signout::LogoutError;
use url::form_urlencoded;

use crate::app::App;
use crate::door::outside::{self, Refusal};
use crate::failed::Failed;
use crate::request::query;
use crate::visitor::open_team;

/// What a body may weigh, in bytes: a token of 64 KiB is not looked at any more.
const MOST: usize = 64 * 1024;
const FIELD: &str = "logout_token";

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failed> {
    // Read whatever comes of it, so that the connection can be used again.
    let body = outside::read(payload, MOST).await;
    let team = open_team(&app, &request, &path).await?;
    let token = match token(&request, body) {
        Ok(token) => token,
        Err(why) => return Ok(wrong(why).answer(&app, &why)),
    };
    let outcome = signout::backchannel_logout(&app.door, &app.turns, &team, &token).await;
    Ok(match outcome {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(LogoutError::NotNow(why)) => Refusal::not_now(&why).answer(&app, &why),
        Err(error @ (LogoutError::Wrong(_) | LogoutError::Reused)) => {
            wrong(&format!("The logout token is refused: {error}.")).answer(&app, &error)
        }
    })
}

/// The one field of the form, and nothing of it in the address, where it would stand in logs.
fn token(request: &HttpRequest, body: Option<Vec<u8>>) -> Result<String, &'static str> {
    if !request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err("The body must be a form (application/x-www-form-urlencoded).");
    }
    if query(request).iter().any(|(name, _)| name == FIELD) {
        return Err("The logout token must stand in the body alone.");
    }
    let body = body.ok_or("The body broke off.")?;
    if body.len() > MOST {
        return Err("The body is over 64 KiB.");
    }
    let mut said = form_urlencoded::parse(&body).filter(|(name, _)| name == FIELD);
    match (said.next(), said.next()) {
        (Some((_, token)), None) => Ok(token.into_owned()),
        (_, _) => Err("The form must have one logout_token."),
    }
}

/// Whatever is wrong with a logout request is answered so (§2.8).
fn wrong(description: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "invalid_request", "logout_token_invalid", description)
}
