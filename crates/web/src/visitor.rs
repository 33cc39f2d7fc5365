//! Who is asking a team's page, and what nobody gets instead.

use std::sync::Arc;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use pages::words::{self, failures};
use pages::{AtIdp, Ended, SignedOut};
use sessions::SignedIn;
use teams::OpenTeam;
use url::form_urlencoded;
use vocabulary::{ReturnTo, TeamId};

use crate::app::App;
use crate::cookies::Jar;
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

/// Somebody signed in, or what nobody gets instead.
pub(crate) enum Visitor {
    /// Somebody.
    SignedIn(SignedIn),
    /// Nobody, and this is the answer.
    Nobody(HttpResponse),
}

/// Finds out who is asking a page of the team called `said`. Nobody gets the team's sign-in, or after a
/// sign-out in this browser a page with a button, so that nothing signs in again by itself; a form of
/// nobody's gets 401.
pub(crate) async fn visitor(app: &App, request: &HttpRequest, said: &str) -> Result<Visitor, Failed> {
    let team = open_team(app, request, said).await?;
    let team_id = &team.team.team_id;
    if let Some(who) = session(app, request, team_id).await? {
        return Ok(Visitor::SignedIn(who));
    }
    if request.method() == Method::POST {
        let again = (failures::TO_SIGN_IN, format!("/t/{team_id}/login"));
        let telling = failures::session_required(&team.team.name);
        return Err(failed_with(app, StatusCode::UNAUTHORIZED, "session_required", telling, again));
    }
    let return_to = request.uri().path_and_query().and_then(|here| ReturnTo::parse(here.as_str()).ok());
    if Jar::of(app, request).signed_out_of(team_id) {
        let page = SignedOut {
            team_id: team_id.clone(),
            team_name: team.team.name.clone(),
            ended: Ended::Before,
            at_idp: AtIdp::Perhaps(words::YOUR_IDP.to_owned()),
            return_to,
        };
        return Ok(Visitor::Nobody(crate::answer::page(page.render(&app.face))));
    }
    let sign_in = login_address(team_id, return_to.as_ref());
    Ok(Visitor::Nobody(HttpResponse::SeeOther().insert_header((header::LOCATION, sign_in)).finish()))
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
