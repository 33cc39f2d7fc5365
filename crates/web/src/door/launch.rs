//! `/t/{team_id}/launch`: the product's tile in the Okta dashboard.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::failures;
use signin::{Launch, LaunchError};
use url::form_urlencoded;
use vocabulary::{TeamId, TypedTeamId};

use crate::answer::{nothing, see_other};
use crate::app::App;
use crate::door::team_login;
use crate::failed::{Failed, database, failed_with, no_such_team};
use crate::request::{Form, is_navigation, query};

/// What a target may measure that a POST hands on to its GET twin; a longer one leads nowhere.
const LONGEST_TARGET: usize = 2048;

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let (team, launch) = check(&app, &request, &path, &query(&request)).await?;
    if !is_navigation(&request) {
        return Ok(nothing());
    }
    let wish = signin::check_launch(&team, &launch, &app.door.public_url)
        .map_err(|error| refuse(&app, &path, &error))?;
    team_login::start(&app, &request, &team, wish).await
}

/// Checked and answered with the GET twin: a cross-site POST carries no Lax cookies.
pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let (team, launch) = check(&app, &request, &path, &form.0).await?;
    signin::check_launch(&team, &launch, &app.door.public_url)
        .map_err(|error| refuse(&app, &path, &error))?;
    Ok(see_other(&format!("/t/{}/launch?{}", team.team.team_id, query_of(&launch))))
}

/// The query of the GET that means the same: nothing of a form but what was read of it.
fn query_of(launch: &Launch) -> String {
    let target = launch.target_link_uri.as_ref().filter(|target| target.len() <= LONGEST_TARGET);
    let all = [
        ("iss", launch.iss.as_ref()),
        ("login_hint", launch.login_hint.as_ref()),
        ("target_link_uri", target),
    ];
    let said = all.into_iter().filter_map(|(name, value)| Some((name, value?)));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish()
}

async fn check(
    app: &App,
    request: &HttpRequest,
    said: &str,
    pairs: &[(String, String)],
) -> Result<(std::sync::Arc<teams::OpenTeam>, Launch), Failed> {
    let Ok(team_id) = TeamId::parse(said) else {
        return Err(misspelt(app, request, said));
    };
    let team = app.door.registry.open_team(&team_id).await.map_err(|error| database(app, &error))?;
    let unknown = || no_such_team(app, request, failures::launch_team_unknown(team_id.as_str()));
    let team = team.ok_or_else(unknown)?;
    let launch = Launch::parse(pairs).map_err(|error| refuse(app, said, &error))?;
    Ok((team, launch))
}

/// Okta matches redirect URIs letter by letter, so going on would end on Okta's own error page.
fn misspelt(app: &App, request: &HttpRequest, said: &str) -> Failed {
    let said: String = said.chars().take(63).collect();
    match TypedTeamId::parse(&said) {
        Ok(meant) => {
            let telling = failures::launch_team_id_spelling(&said, meant.id.as_str());
            failed_with(app, StatusCode::BAD_REQUEST, "launch_team_id_spelling", telling, to_sign_in())
        }
        Err(_nothing_like_it) => no_such_team(app, request, failures::launch_team_unknown(&said)),
    }
}

fn refuse(app: &App, team_id: &str, error: &LaunchError) -> Failed {
    match error {
        LaunchError::IssuerMismatch => {
            tracing::warn!(team_id, "a tile of another identity provider was pressed");
            let telling = failures::launch_issuer_mismatch(team_id);
            failed_with(app, StatusCode::BAD_REQUEST, "launch_issuer_mismatch", telling, to_sign_in())
        }
    }
}

/// The way on for somebody whose tile does not lead in.
fn to_sign_in() -> (&'static str, String) {
    (failures::TO_SIGN_IN, "/login_sso".to_owned())
}
