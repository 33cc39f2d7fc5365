//! The page of a launch that is refused: 400, with words and a way on for every cause.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use pages::Failure;
use pages::words::failures::{self, TO_SIGN_IN, TRY_AGAIN, Telling};
use signin::{LaunchError, LaunchRefused};
use vocabulary::TeamId;

use crate::app::App;
use crate::failed::Failed;

/// The page; the trace is kept when the tile is an open team's.
pub(super) async fn page(
    app: &App,
    request: &HttpRequest,
    team: Option<TeamId>,
    error: LaunchError,
) -> Failed {
    let refused = LaunchRefused { error, reference: app.reference(), team };
    let kept = signin::remember_launch(&app.door, &refused, app.address(request)).await;
    let LaunchRefused { error, reference, team } = refused;
    let mut page = Failure::new(error.code(), words(team.as_ref(), &error), reference);
    page.lookup_hint = kept;
    let page = match (&error, &team) {
        (LaunchError::Loop, Some(team)) => page.with_button(TRY_AGAIN, format!("/t/{team}/login")),
        _ => page.with_button(TO_SIGN_IN, "/login_sso"),
    };
    Failed::page(StatusCode::BAD_REQUEST, page.render(&app.face))
}

fn words(team: Option<&TeamId>, error: &LaunchError) -> Telling {
    match error {
        LaunchError::IssuerMismatch { .. } | LaunchError::IssuerDoubled => match team {
            Some(team) => failures::launch_issuer_mismatch(team.as_str()),
            None => failures::launch_issuer_doubled(),
        },
        LaunchError::IdTokenRefused => failures::launch_id_token_refused(),
        LaunchError::TeamIdSpelling { said, meant } => {
            failures::launch_team_id_spelling(said, meant.as_str())
        }
        LaunchError::StageNotConfigured => failures::stage_not_configured(),
        LaunchError::Loop => failures::launch_loop(),
    }
}
