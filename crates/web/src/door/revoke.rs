//! `/t/{team_id}/revoke`: the identity provider revokes somebody (Global Token Revocation, Okta's Universal
//! Logout). The order: is it the provider (401), does it mean us (403), whom does it name (400), are they known
//! (404), did their sessions end (204, 422).

use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use signout::{Revocation, RevocationError};

use crate::api::bearer;
use crate::app::App;
use crate::door::outside::{self, Refusal};
use crate::failed::Failed;
use crate::request::query;
use crate::visitor::open_team;

/// What a body may weigh, in bytes; of a longer one no more is read than shows that it is.
const MOST: usize = 16 * 1024;

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failed> {
    // Read whatever comes of it, so that the connection can be used again; judged last.
    let body = outside::read(payload, MOST).await;
    let team = open_team(&app, &request, &path).await?;
    let Some(token) = token(&request) else {
        let why = "There must be one token, in the header Authorization alone.";
        return Ok(unauthorized(why).answer(&app, &why));
    };
    let audience = app.door.address(&format!("/t/{}/revoke", team.team.team_id));
    let asked = match signout::revocation_request(&app.door, &team, &audience, &token).await {
        Ok(asked) => asked,
        Err(error) => return Ok(refuse(&app, &error)),
    };
    let body = match body {
        // A body of another type is as good as none.
        Some(body) if request.content_type().eq_ignore_ascii_case("application/json") => body,
        Some(_) => Vec::new(),
        None => return Ok(malformed().answer(&app, &"the body broke off")),
    };
    Ok(match asked.answer(&app.door, &app.turns, &body).await {
        Ok(came) => answer(&app, came),
        Err(error) => refuse(&app, &error),
    })
}

/// The bearer's token; none when it stands in the address too, where logs keep it (RFC 6750 §2.3).
fn token(request: &HttpRequest) -> Option<String> {
    if query(request).iter().any(|(name, _)| name == "access_token") {
        return None;
    }
    let mut said = request.headers().get_all(header::AUTHORIZATION);
    let (first, second) = (said.next()?, said.next());
    let token = first.to_str().ok().and_then(bearer::token).filter(|_| second.is_none())?;
    Some(token.to_owned())
}

fn answer(app: &App, came: Revocation) -> HttpResponse {
    match came {
        Revocation::Done => HttpResponse::NoContent().finish(),
        Revocation::Malformed => malformed().answer(app, &"the body names nobody"),
        Revocation::NobodyOfThatName => {
            let description = "Nobody of this name has signed in to this team.";
            Refusal::new(StatusCode::NOT_FOUND, "not_found", "person_unknown", description)
                .answer(app, &description)
        }
        Revocation::TooMany => {
            let description = "More people have this email than one request ends.";
            Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", "people_too_many", description)
                .answer(app, &description)
        }
    }
}

fn refuse(app: &App, error: &RevocationError) -> HttpResponse {
    match error {
        RevocationError::Untrusted(_) | RevocationError::Reused => {
            unauthorized(&format!("The token is refused: {error}.")).answer(app, error)
        }
        RevocationError::Foreign(_) => {
            let description = format!("The token is not for this address: {error}.");
            Refusal::new(StatusCode::FORBIDDEN, "access_denied", "revocation_token_foreign", &description)
                .answer(app, error)
        }
        RevocationError::NotNow(why) => Refusal::not_now(why).answer(app, why),
    }
}

fn unauthorized(description: &str) -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, "invalid_token", "revocation_token_invalid", description)
}

fn malformed() -> Refusal {
    let description = "The body must be a JSON object of at most 16 KiB (application/json) with one sub_id, \
                       whose format is email or iss_sub.";
    Refusal::new(StatusCode::BAD_REQUEST, "invalid_request", "revocation_malformed", description)
}
