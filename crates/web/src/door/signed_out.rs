//! `/t/{team_id}/signed-out`: what ended and what did not; also the post-logout redirect URI.

use actix_web::{HttpRequest, HttpResponse, web};
use pages::{AtIdp, Ended, SignedOut};
use signout::Return;
use teams::OpenTeam;
use vocabulary::ReturnTo;

use crate::answer::{page, see_other, see_other_with, with_cookies};
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::failed::{Failed, database};
use crate::idp;
use crate::mark::{Mark, There};
use crate::request::{first, is_navigation, query};
use crate::visitor::{open_team, session, sessions_of};

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let team = open_team(&app, &request, &path).await?;
    let team_id = &team.team.team_id;
    if session(&app, &request, team_id).await?.is_some() {
        return Ok(see_other(&format!("/t/{team_id}")));
    }
    let mark = Jar::of(&app, &request).mark(team_id);
    if let Some(mark) = mark.clone()
        && came_back(&app, &request, &team, &mark).await?
    {
        let mark = Mark { there: There::Ended, ..mark };
        let kept = vec![cookies::signed_out(&app, team_id, &mark)];
        return Ok(see_other_with(&format!("/t/{team_id}/signed-out"), kept));
    }
    let query = query(&request);
    let return_to = first(&query, "return_to").and_then(|place| ReturnTo::parse(place).ok());
    let jar = Jar::of(&app, &request);
    let Some(mark) = mark else {
        // A session that ended elsewhere, by the sign-out on an app's host, say: the browser shows what is left of it.
        let left = jar.shows_a_session_of(team_id) && is_navigation(&request);
        let ended = if left { Ended::ThisTeam } else { Ended::Nothing };
        let mut answer = show(&app, &request, &team, ended, return_to).await?;
        if left {
            let mark = Mark { ended, there: There::NotWanted };
            with_cookies(&mut answer, cookies::go_out(&jar, team_id, &mark));
        }
        return Ok(answer);
    };
    show(&app, &request, &team, mark.ended, return_to).await
}

/// Whether this browser comes back from the identity provider with what it left with. A `state` that is forged,
/// old, foreign or was here before changes nothing.
async fn came_back(app: &App, request: &HttpRequest, team: &OpenTeam, mark: &Mark) -> Result<bool, Failed> {
    let query = query(request);
    let (Some(state), There::Gone(errand)) = (first(&query, "state"), &mark.there) else {
        return Ok(false);
    };
    if !is_navigation(request) {
        return Ok(false);
    }
    let said = signout::come_back(&app.door, team, errand, state).await;
    said.map(|said| said == Return::Genuine).map_err(|error| database(app, &error))
}

/// The page for a browser without a session of this team.
pub(crate) async fn show(
    app: &App,
    request: &HttpRequest,
    team: &OpenTeam,
    ended: Ended,
    return_to: Option<ReturnTo>,
) -> Result<HttpResponse, Failed> {
    let (jar, idp, team_id) = (Jar::of(app, request), idp::name(team), &team.team.team_id);
    let at_idp = match jar.mark(team_id).map(|mark| mark.there) {
        None | Some(There::NotWanted | There::Gone(_)) => AtIdp::Perhaps(idp),
        Some(There::NotAsked) => AtIdp::NotAsked(idp),
        Some(There::Ended) => AtIdp::Ended(idp),
    };
    let open = sessions_of(app, &jar, &jar.teams()).await?;
    let named = |team: &OpenTeam| (team.team.team_id.clone(), team.team.name.clone());
    let shown = SignedOut {
        team_id: team_id.clone(),
        team_name: team.team.name.clone(),
        ended,
        at_idp,
        still_open: open.iter().map(|who| named(&who.team)).filter(|(id, _)| id != team_id).collect(),
        return_to,
    };
    Ok(page(shown.render(&app.face)))
}
