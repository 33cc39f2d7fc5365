//! `/t/{team_id}/callback`: the redirect URI. Never redirected itself.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::failures;
use sessions::End;
use signin::{Arrival, Callback, CallbackError, Finished, Refused, SignInError};
use teams::CallbackPath;
use vocabulary::TeamId;

use crate::answer::{nothing, see_other, see_other_with};
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::door::refused;
use crate::failed::{Failed, database, failed_with, not_found, team_unknown};
use crate::request::{is_navigation, query};
use crate::sso::rehearsed;
use crate::team::apps;
use crate::visitor::session;

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let Ok(team_id) = TeamId::parse(&path) else {
        return Err(team_unknown(&app, &request, &path));
    };
    arrive(&app, &request, &team_id, CallbackPath::usual(&team_id)).await
}

/// Any other path: the redirect URI of a connection that moved in with its own, or nothing.
pub(crate) async fn moved_in(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let Ok(path) = CallbackPath::parse(request.path()) else {
        return Err(not_found(&app));
    };
    if let Some(team_id) = rehearsed::team(&app, &request, &path) {
        return arrive(&app, &request, &team_id, path).await;
    }
    let team = app.door.registry.open_team_by_path(&path).await.map_err(|error| database(&app, &error))?;
    let Some(team) = team else {
        return Err(not_found(&app));
    };
    arrive(&app, &request, &team.team.team_id, path).await
}

async fn arrive(
    app: &App,
    request: &HttpRequest,
    team_id: &TeamId,
    path: CallbackPath,
) -> Result<HttpResponse, Failed> {
    let callback = match Callback::parse(&query(request)) {
        Ok(callback) => callback,
        Err(error) => return Err(malformed(app, team_id, error)),
    };
    if !is_navigation(request) {
        return Ok(nothing(request));
    }
    let jar = Jar::of(app, request);
    let cookie = |key: &str| jar.attempt(key).map(str::to_owned);
    let arrival = Arrival { path, callback, cookie: &cookie, address: app.address(request) };
    if signin::rehearsed_team(&app.door, &arrival).is_some() {
        return rehearsed::arrive(app, request, team_id, &arrival).await;
    }
    match signin::finish(&app.door, team_id, arrival).await {
        Ok(finished) => come_in(app, request, &jar, finished).await,
        Err(refused) => refuse(app, request, team_id, refused).await,
    }
}

async fn come_in(
    app: &App,
    request: &HttpRequest,
    jar: &Jar<'_>,
    finished: Finished,
) -> Result<HttpResponse, Failed> {
    let team_id = &finished.team.team.team_id;
    if let Some(old) = session(app, request, team_id).await? {
        let (deps, now) = (app.door.clone(), app.now());
        let ended =
            storage::blocking(move || deps.database.write(now, |tx| sessions::end(tx, End::One(&old.hash))));
        ended.await.map_err(|error| database(app, &error))?;
    }
    let there = apps::way_on(app, team_id, finished.role, finished.return_to.as_ref()).await?;
    Ok(see_other_with(&there, cookies::come_in(jar, team_id, &finished.token, &finished.attempt_key)))
}

/// A used state in a browser that is signed in to this team: straight to the dashboard.
async fn refuse(
    app: &App,
    request: &HttpRequest,
    team_id: &TeamId,
    refused: Refused,
) -> Result<HttpResponse, Failed> {
    if matches!(refused.error, SignInError::StateUsed) && session(app, request, team_id).await?.is_some() {
        return Ok(see_other(&format!("/t/{team_id}")));
    }
    if matches!(refused.error, SignInError::TeamUnknown) {
        return Err(team_unknown(app, request, team_id.as_str()));
    }
    let kept = signin::remember(&app.door, &refused, app.address(request)).await;
    Err(refused::page(app, &refused, kept).await)
}

fn malformed(app: &App, team_id: &TeamId, error: CallbackError) -> Failed {
    let code = match error {
        CallbackError::StateMissing => "state_missing",
        CallbackError::Malformed => "state_unknown",
    };
    let again = (failures::START_AGAIN, format!("/login_sso?team_id={team_id}"));
    failed_with(app, StatusCode::BAD_REQUEST, code, failures::stale_link(), again)
}
