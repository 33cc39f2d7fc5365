//! The page of a sign-in that ended otherwise: status, words and ways on for every cause.

use std::time::Duration;

use actix_web::http::StatusCode;
use pages::Failure;
use pages::words::failures::{self, START_AGAIN, TRY_AGAIN, Telling, USE_ANOTHER_ACCOUNT};
use pages::words::traces;
use signin::{Refused, SignInError};
use upstream::{Refusal, Trouble};
use vocabulary::TeamId;

use crate::app::{App, DATABASE_RETRY};
use crate::failed::Failed;
use crate::visitor::login_address;

/// The page; `kept` says whether the team's admin finds the attempt by its reference.
pub(crate) async fn page(app: &App, refused: &Refused, kept: bool) -> Failed {
    let Some(team) = &refused.team else {
        return without_team(app, refused);
    };
    let (code, _) = refused.error.code_and_stage();
    let name = &team.team.name;
    let again = login_address(&team.team.team_id, refused.return_to.as_ref());
    let other = format!("{again}{}prompt=login", if again.contains('?') { '&' } else { '?' });
    let telling = match words_where_told(name, &refused.error) {
        Some(told) if admins_know(app, &team.team.team_id).await => told,
        Some(_) | None => words(name, &refused.error),
    };
    let mut page = Failure::new(code, telling, refused.reference.clone());
    page.lookup_hint = kept;
    let page = match way_on(&refused.error) {
        WayOn::StartAgain => page.with_button(START_AGAIN, again),
        WayOn::TryAgain => page.with_button(TRY_AGAIN, again),
        WayOn::OtherAccount => page.with_button(USE_ANOTHER_ACCOUNT, other).with_button(TRY_AGAIN, again),
    };
    Failed::page(status(&refused.error), page.render(&app.face)).retry_after(retry_after(&refused.error))
}

/// Whether the team's admins had a letter that people can't sign in. Who can't be asked was told nothing.
async fn admins_know(app: &App, team: &TeamId) -> bool {
    let (database, team) = (app.door.database.clone(), team.clone());
    let asked = storage::blocking(move || database.read(|connection| health::admins_know(connection, &team)));
    asked.await.unwrap_or(false)
}

/// No team is known: junk, or too much of it.
fn without_team(app: &App, refused: &Refused) -> Failed {
    let (code, _) = refused.error.code_and_stage();
    let page = Failure::new(code, words("The team", &refused.error), refused.reference.clone())
        .with_button(START_AGAIN, "/login_sso");
    Failed::page(status(&refused.error), page.render(&app.face)).retry_after(retry_after(&refused.error))
}

enum WayOn {
    StartAgain,
    TryAgain,
    OtherAccount,
}

const fn way_on(error: &SignInError) -> WayOn {
    match error {
        SignInError::IdpRefused { refusal: Refusal::NotAssigned, .. }
        | SignInError::EmailMissing
        | SignInError::EmailDomain { .. }
        | SignInError::EmailNotTrusted
        | SignInError::RequirementNotMet
        | SignInError::Deactivated => WayOn::OtherAccount,
        SignInError::TeamUnknown
        | SignInError::StateUnknown
        | SignInError::StateExpired
        | SignInError::StateUsed
        | SignInError::AttemptCookieMissing
        | SignInError::AttemptTeamMismatch
        | SignInError::SettingsChanged
        | SignInError::EndedMeanwhile => WayOn::StartAgain,
        SignInError::RateLimited(_)
        | SignInError::IdpRefused { .. }
        | SignInError::Upstream(_)
        | SignInError::SecretUnreadable
        | SignInError::Storage(_) => WayOn::TryAgain,
    }
}

pub(crate) const fn status(error: &SignInError) -> StatusCode {
    match error {
        SignInError::TeamUnknown => StatusCode::NOT_FOUND,
        SignInError::StateUnknown
        | SignInError::StateExpired
        | SignInError::StateUsed
        | SignInError::AttemptCookieMissing
        | SignInError::AttemptTeamMismatch
        | SignInError::SettingsChanged => StatusCode::BAD_REQUEST,
        SignInError::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
        SignInError::IdpRefused { refusal: Refusal::Unavailable, .. } | SignInError::Storage(_) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        SignInError::IdpRefused {
            refusal: Refusal::NotAssigned | Refusal::Cancelled | Refusal::LoginRequired | Refusal::Other,
            ..
        }
        | SignInError::EmailMissing
        | SignInError::EmailDomain { .. }
        | SignInError::EmailNotTrusted
        | SignInError::RequirementNotMet
        | SignInError::Deactivated
        | SignInError::EndedMeanwhile => StatusCode::FORBIDDEN,
        SignInError::Upstream(trouble) => status_of_trouble(trouble),
        SignInError::SecretUnreadable => StatusCode::BAD_GATEWAY,
    }
}

const fn status_of_trouble(trouble: &Trouble) -> StatusCode {
    match trouble {
        Trouble::Unreachable { .. } | Trouble::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Trouble::TimedOut { .. } => StatusCode::GATEWAY_TIMEOUT,
        Trouble::CodeRejected { .. } | Trouble::ResponseIssuerMismatch { .. } => StatusCode::BAD_REQUEST,
        Trouble::Forbidden { .. }
        | Trouble::Protocol { .. }
        | Trouble::ClientRejected { .. }
        | Trouble::IssuerMismatch { .. }
        | Trouble::IdTokenInvalid { .. }
        | Trouble::UserInfoSubjectMismatch => StatusCode::BAD_GATEWAY,
    }
}

pub(crate) fn words(team: &str, error: &SignInError) -> Telling {
    match error {
        SignInError::TeamUnknown => failures::team_unknown(team),
        SignInError::StateUnknown | SignInError::StateExpired | SignInError::StateUsed => {
            failures::stale_link()
        }
        SignInError::AttemptCookieMissing => failures::attempt_cookie_missing(),
        SignInError::AttemptTeamMismatch => failures::wrong_answer(),
        SignInError::SettingsChanged => failures::settings_changed(team),
        SignInError::RateLimited(_) => failures::rate_limited(),
        SignInError::IdpRefused { refusal, .. } => words_of_refusal(team, *refusal),
        SignInError::Upstream(trouble) => words_of_trouble(team, trouble),
        SignInError::SecretUnreadable => failures::idp_client_rejected(team),
        SignInError::EmailMissing => failures::email_missing(team),
        SignInError::EmailDomain { email, allowed } => failures::email_domain(team, allowed, email),
        SignInError::EmailNotTrusted => failures::email_not_trusted(team),
        SignInError::RequirementNotMet => failures::other_organisation(team),
        SignInError::Deactivated => failures::account_deactivated(team),
        SignInError::EndedMeanwhile => failures::idp_session_ended(team),
        SignInError::Storage(_) => failures::database_unavailable(),
    }
}

/// What is said instead where nobody needs to tell the administrator any more.
fn words_where_told(team: &str, error: &SignInError) -> Option<Telling> {
    let SignInError::Upstream(trouble) = error else { return None };
    if matches!(trouble, Trouble::IssuerMismatch { .. }) {
        return Some(traces::issuer_mismatch_told(team));
    }
    matches!(trouble, Trouble::ClientRejected { .. }).then(|| traces::client_rejected_told(team))
}

fn words_of_refusal(team: &str, refusal: Refusal) -> Telling {
    match refusal {
        Refusal::NotAssigned => failures::idp_not_assigned(),
        Refusal::Unavailable => failures::idp_unreachable(team),
        Refusal::Cancelled | Refusal::LoginRequired => failures::idp_refused(),
        Refusal::Other => failures::idp_refused_other(team),
    }
}

fn words_of_trouble(team: &str, trouble: &Trouble) -> Telling {
    match trouble {
        Trouble::Unreachable { .. } | Trouble::Busy { .. } => failures::idp_unreachable(team),
        Trouble::TimedOut { .. } => failures::idp_timeout(team),
        Trouble::CodeRejected { .. } => failures::code_rejected(team),
        Trouble::ResponseIssuerMismatch { .. } => failures::wrong_answer(),
        Trouble::ClientRejected { .. } => failures::idp_client_rejected(team),
        Trouble::IssuerMismatch { .. } | Trouble::Forbidden { .. } => failures::idp_issuer_mismatch(team),
        Trouble::Protocol { .. } | Trouble::IdTokenInvalid { .. } | Trouble::UserInfoSubjectMismatch => {
            failures::unverified(team)
        }
    }
}

fn retry_after(error: &SignInError) -> Option<Duration> {
    match error {
        SignInError::RateLimited(wait) => Some(*wait),
        SignInError::Storage(_) => Some(DATABASE_RETRY),
        SignInError::Upstream(trouble) => trouble.retry_after(),
        SignInError::IdpRefused { refusal: Refusal::Unavailable, .. } => Some(Duration::from_secs(10)),
        SignInError::TeamUnknown
        | SignInError::StateUnknown
        | SignInError::StateExpired
        | SignInError::StateUsed
        | SignInError::AttemptCookieMissing
        | SignInError::AttemptTeamMismatch
        | SignInError::SettingsChanged
        | SignInError::IdpRefused { .. }
        | SignInError::SecretUnreadable
        | SignInError::EmailMissing
        | SignInError::EmailDomain { .. }
        | SignInError::EmailNotTrusted
        | SignInError::RequirementNotMet
        | SignInError::Deactivated
        | SignInError::EndedMeanwhile => None,
    }
}
