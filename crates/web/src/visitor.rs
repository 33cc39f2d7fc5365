//! Who is asking a team's page, and what nobody gets instead.

use std::sync::Arc;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use pages::Ended;
use pages::words::failures;
use sessions::SignedIn;
use teams::OpenTeam;
use url::{Position, Url, form_urlencoded};
use vocabulary::{ReturnTo, TeamId};

use crate::app::App;
use crate::cookies::Jar;
use crate::door::signed_out;
use crate::failed::{Failed, database, failed_with, team_unknown};

/// The team in the path, if its door is open.
pub(crate) async fn open_team(app: &App, request: &HttpRequest, said: &str) -> Result<Arc<OpenTeam>, Failed> {
    let Ok(team_id) = TeamId::parse(said) else {
        return Err(team_unknown(app, request, said));
    };
    match app.door.registry.open_team(&team_id).await {
        Ok(Some(team)) => Ok(team),
        Ok(None) => Err(team_unknown(app, request, said)),
        Err(error) => Err(database(app, &error)),
    }
}

/// Who has a live session of this team in this browser.
pub(crate) async fn session(
    app: &App,
    request: &HttpRequest,
    team: &TeamId,
) -> Result<Option<SignedIn>, Failed> {
    let Some(token) = Jar::of(app, request).session(team) else {
        return Ok(None);
    };
    app.door.sessions.recognise(team, token, app.now()).await.map_err(|error| database(app, &error))
}

/// The live sessions this browser has of these teams.
pub(crate) async fn sessions_of(app: &App, jar: &Jar<'_>, teams: &[TeamId]) -> Result<Vec<SignedIn>, Failed> {
    let mut open = Vec::new();
    for team in teams {
        let Some(token) = jar.session(team) else { continue };
        let who = app.door.sessions.recognise(team, token, app.now()).await;
        open.extend(who.map_err(|error| database(app, &error))?);
    }
    Ok(open)
}

/// Somebody signed in, or what nobody gets instead.
pub(crate) enum Visitor {
    /// Somebody.
    SignedIn(SignedIn),
    /// Nobody, and this is the answer.
    Nobody(HttpResponse),
}

/// Finds out who is asking a page of the team called `said`. Nobody gets the team's sign-in, or after a
/// sign-out in this browser a page with a button, so that nothing signs in again by itself; a browser that
/// does not keep its session gets help instead of going in circles; a form of nobody's gets 401.
pub(crate) async fn visitor(app: &App, request: &HttpRequest, said: &str) -> Result<Visitor, Failed> {
    let team = open_team(app, request, said).await?;
    let team_id = &team.team.team_id;
    if let Some(who) = session(app, request, team_id).await? {
        return Ok(Visitor::SignedIn(who));
    }
    if request.method() == Method::POST {
        let again = (failures::TO_SIGN_IN, login_address(team_id, came_from(app, request).as_ref()));
        let telling = failures::session_required(&team.team.name);
        return Err(failed_with(app, StatusCode::UNAUTHORIZED, "session_required", telling, again));
    }
    let return_to = request.uri().path_and_query().and_then(|here| ReturnTo::parse(here.as_str()).ok());
    if Jar::of(app, request).mark(team_id).is_some() {
        let page = signed_out::show(app, request, &team, Ended::Before, return_to).await?;
        return Ok(Visitor::Nobody(page));
    }
    let sign_in = login_address(team_id, return_to.as_ref());
    if Jar::of(app, request).lost_the_session_of(team_id) {
        // The provider would let them in again without a question, and again, without an end.
        let (telling, again) = (failures::session_cookie_missing(), (failures::TRY_AGAIN, sign_in));
        return Err(failed_with(app, StatusCode::BAD_REQUEST, "session_cookie_missing", telling, again));
    }
    Ok(Visitor::Nobody(HttpResponse::SeeOther().insert_header((header::LOCATION, sign_in)).finish()))
}

/// The page of ours whose form this is, as far as the browser says.
fn came_from(app: &App, request: &HttpRequest) -> Option<ReturnTo> {
    let referrer = Url::parse(request.headers().get(header::REFERER)?.to_str().ok()?).ok()?;
    let ours = referrer.origin() == app.door.public_url.origin();
    ours.then(|| ReturnTo::parse(&referrer[Position::BeforePath..Position::AfterQuery]).ok()).flatten()
}

/// The address that starts a team's sign-in.
pub(crate) fn login_address(team: &TeamId, return_to: Option<&ReturnTo>) -> String {
    returning(&format!("/t/{team}/login"), return_to)
}

/// A path of ours that carries where somebody was going.
pub(crate) fn returning(path: &str, return_to: Option<&ReturnTo>) -> String {
    match return_to {
        None => path.to_owned(),
        Some(place) => {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("return_to", place.as_str())
                .finish();
            format!("{path}?{query}")
        }
    }
}
