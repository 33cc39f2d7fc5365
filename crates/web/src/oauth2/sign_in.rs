//! A sign-in in the middle of an authorization: it comes back to the very request that began it.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use pages::Ended;
use pages::words::failures;
use people::CameBy;
use provider::{Again, AuthorizationRequest};
use signin::Wish;
use teams::OpenTeam;
use upstream::{Hints, Prompt};

use super::authorize::too_long;
use super::wanted::hints;
use crate::answer::see_other;
use crate::app::App;
use crate::cookies::Jar;
use crate::door::{signed_out, team_login};
use crate::failed::{Failed, failed_with};
use crate::visitor::{login_address, open_team, returning};

/// Nobody is there: to the sign-in of the team that is named, else to the page that asks for it.
pub(super) async fn begin(
    app: &App,
    request: &HttpRequest,
    wanted: &AuthorizationRequest,
) -> Result<HttpResponse, Failed> {
    let Ok(return_to) = wanted.path() else { return Ok(too_long(app, wanted)) };
    let Some(team_id) = &wanted.team else {
        return Ok(see_other(&returning("/login_sso", Some(&return_to))));
    };
    let team = open_team(app, request, team_id.as_str()).await?;
    let jar = Jar::of(app, request);
    // An app may ask by itself the moment somebody has signed out: nothing signs in again by itself.
    let asks = wanted.prompt.asks_to_sign_in() || wanted.prompt.asks_which_team();
    if !asks && jar.mark(team_id).is_some() {
        return signed_out::show(app, request, &team, Ended::Before, Some(return_to)).await;
    }
    if jar.lost_the_session_of(team_id) {
        let again = (failures::TRY_AGAIN, login_address(team_id, Some(&return_to)));
        let telling = failures::session_cookie_missing();
        return Err(failed_with(app, StatusCode::BAD_REQUEST, "session_cookie_missing", telling, again));
    }
    let wish = Wish { return_to: Some(return_to), hints: hints(wanted), came_by: CameBy::TeamId };
    team_login::start(app, request, &team, wish).await
}

/// Somebody is there and has to sign in once more.
pub(super) async fn again(
    app: &App,
    request: &HttpRequest,
    wanted: &AuthorizationRequest,
    team: &Arc<OpenTeam>,
    again: Again,
) -> Result<HttpResponse, Failed> {
    let asked = wanted.of_team(&team.team.team_id).asked_again(app.now());
    let Ok(return_to) = asked.path() else { return Ok(too_long(app, wanted)) };
    let prompt = Some(match again {
        Again::Afresh => Prompt::Login,
        Again::AsAnother => Prompt::SelectAccount,
    });
    let hints = Hints { prompt, ..hints(wanted) };
    let wish = Wish { return_to: Some(return_to), hints, came_by: CameBy::TeamId };
    team_login::begin(app, request, team, wish).await
}
