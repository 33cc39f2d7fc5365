//! `/request/confirm/{token}`: the link in the contact's letter. Its GET changes nothing, because mail scanners follow
//! links; its button confirms.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::request::{self, Request, Status, unlike_issuer};
use pages::words::{failures, request as say};
use pages::{ConfirmRequest, RequestConfirmed};
use roles::Clerk;
use vocabulary::{ClientId, Issuer};

use crate::answer::{page, see_other};
use crate::app::App;
use crate::csrf::is_same_site;
use crate::failed::{Failed, database, failed, failed_with};

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let (token, now) = (token(&request), app.now());
    let db = app.door.database.clone();
    let found = storage::blocking(move || db.read(|connection| request::at_link(connection, &token, now)));
    let found = found.await.map_err(|error| database(&app, &error))?.ok_or_else(|| gone(&app))?;
    Ok(page(match found.status {
        Status::Unconfirmed => to_confirm(found, request.path()).render(&app.face),
        Status::Waiting | Status::Asked | Status::Approved | Status::Rejected => {
            RequestConfirmed { team_id: found.team_id, contact: found.contact }.render(&app.face)
        }
    }))
}

pub(crate) async fn post(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    if !is_same_site(&app, &request) {
        return Err(failed(&app, StatusCode::FORBIDDEN, "csrf", failures::csrf()));
    }
    let (token, now, at_hand) = (token(&request), app.now(), app.clone());
    let confirmed = storage::blocking(move || {
        let deps = &at_hand.door;
        let clerk = Clerk { desk: &deps.desk, chance: &*deps.chance };
        deps.database.write(now, |tx| request::confirm(tx, clerk, &token))
    });
    let confirmed = confirmed.await.map_err(|error| database(&app, &error))?;
    confirmed.map(|_request| see_other(request.path())).ok_or_else(|| gone(&app))
}

fn token(request: &HttpRequest) -> String {
    request.match_info().get("token").unwrap_or_default().to_owned()
}

/// Made up, too old, or of a request that was forgotten.
fn gone(app: &App) -> Failed {
    let again = (say::ASK_AGAIN, "/request".to_owned());
    failed_with(app, StatusCode::NOT_FOUND, "request_link_gone", say::link_gone(), again)
}

fn to_confirm(request: Request, path: &str) -> ConfirmRequest {
    let unlike = request.issuer.as_ref().and_then(|issuer| unlike_issuer(&request.team_id, issuer));
    let unlike = unlike.map(|subdomain| say::unlike_issuer(request.team_id.as_str(), &subdomain));
    let is_shared = request.issuer.as_ref().is_some_and(Issuer::is_shared);
    let shared = is_shared.then(|| say::ISSUER_SHARED.to_owned());
    ConfirmRequest {
        address: path.to_owned(),
        company: request.company,
        team_id: request.team_id,
        admin_email: request.admin_email,
        issuer: request.issuer.as_ref().map(ToString::to_string),
        client_id: request.client_id.as_ref().map(ClientId::to_string),
        has_secret: request.sealed_secret.is_some(),
        remarks: unlike.into_iter().chain(shared).collect(),
    }
}
