//! `/.teamdoor/sign-out` on an app's host: the form of a product's own button. It ends the team's session in this
//! browser, here and at Teamdoor: were that one left, the next request would sign in again by itself.

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{HttpRequest, HttpResponse, web};
use apps::AppHost;
use pages::words::failures;
use signout::{AtIdp, Leaving, Reach};
use storage::StorageError;

use super::cookies;
use super::host::{self, Host};
use super::refusal::{Ground, refuse, unavailable};
use crate::answer::see_other_with;
use crate::app::App;

pub(crate) async fn post(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    let here = match host::here(&app, &request).await {
        Ok(here) => here,
        Err(answer) => return answer,
    };
    let ground = Ground::Of(&here.host);
    if !is_own(&request, &here.host) {
        let told = ("csrf", failures::csrf());
        let home = (failures::TRY_AGAIN, format!("{}/", here.host.origin()));
        return refuse(&app, ground, StatusCode::FORBIDDEN, told, home);
    }
    match end(&app, &request, &here).await {
        Ok(address) => see_other_with(&address, vec![cookies::go_out(&here.host)]),
        Err(error) => unavailable(&app, ground, &error),
    }
}

/// Ends what is there and says where the browser goes: to the page that tells what ended.
async fn end(app: &App, request: &HttpRequest, here: &Host) -> Result<String, StorageError> {
    let Some(who) = host::session(app, request, &here.app, &here.host).await? else {
        return Ok(app.door.address("/login"));
    };
    let signed_out = app.door.address(&format!("/t/{}/signed-out", who.team.team.team_id));
    let leaving = Leaving { who, reach: Reach::ThisBrowser, beside: None, at_idp: AtIdp::Not };
    signout::leave(&app.door, leaving).await?;
    Ok(signed_out)
}

/// Whether a page of this very host sent the form, as far as the browser says. One of another site brings no cookie, yet
/// the answer to it could take the host's cookie away.
fn is_own(request: &HttpRequest, host: &AppHost) -> bool {
    let header = |name| request.headers().get(name).map(HeaderValue::as_bytes);
    let origin = header("origin").filter(|origin| *origin != b"null");
    header("sec-fetch-site").is_none_or(|site| site == b"same-origin" || site == b"none")
        && origin.is_none_or(|origin| origin == host.origin().as_bytes())
}
