//! From a request and a session to a code, or to what is needed first.

use std::time::Duration;

use apps::{NotAdmitted, admits};
use sessions::SignedIn;
use storage::StorageError;
use vocabulary::Timestamp;

use super::answer::{Answer, refuse};
use super::code::Code;
use super::fault::AuthorizationError;
use super::request::AuthorizationRequest;
use crate::deps::Deps;

/// What comes of a request of somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The browser goes back to the app, with a code or an error.
    Answer(Answer),
    /// The person signs in again and comes back with [`AuthorizationRequest::asked_again`].
    SignInAgain(Again),
    /// The person may not use the app, and is told so.
    NotAdmitted(NotAdmitted),
}

/// How somebody is to sign in again at their identity provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// They show once more that it is they (`prompt=login` there).
    Afresh,
    /// Somebody else is expected (`prompt=select_account` there).
    AsAnother,
}

/// How far an identity provider's clock and ours may differ.
const SKEW: Duration = Duration::from_mins(2);
/// From a sign-in back to the request it was for is one redirect. Later than this, that the request asked for it
/// says nothing: whoever has the browser could write it there themselves.
const ONE_REDIRECT: Duration = Duration::from_mins(1);

/// Decides for `who`, a session of the team the request is for. Nothing is written.
pub async fn authorize(
    deps: &Deps,
    request: &AuthorizationRequest,
    who: &SignedIn,
) -> Result<Decision, StorageError> {
    let now = deps.now();
    if let Some(again) = again(request, who, now) {
        // Silent, or asked once already and come back no better: the app hears of it.
        return Ok(if request.prompt.is_silent() || came_back(request, who, now) {
            Decision::Answer(refuse(deps, request, AuthorizationError::LoginRequired))
        } else {
            Decision::SignInAgain(again)
        });
    }
    if let Err(not_admitted) = admits(&request.app, &who.team.team.team_id, who.role) {
        return Ok(if request.prompt.is_silent() {
            Decision::Answer(refuse(deps, request, AuthorizationError::AccessDenied))
        } else {
            Decision::NotAdmitted(not_admitted)
        });
    }
    let code = Code::new(&*deps.chance, request, who, now).seal(&deps.keys, &*deps.chance, &request.app)?;
    Ok(Decision::Answer(Answer::granted(deps, &request.redirect_uri, request.state.as_deref(), &code)))
}

/// Whether this session is not the one that was asked for: of another team or person, or opened too long ago.
fn again(request: &AuthorizationRequest, who: &SignedIn, now: Timestamp) -> Option<Again> {
    let of_another_team = request.team.as_ref().is_some_and(|team| *team != who.team.team.team_id);
    let of_another = request.hint.as_ref().is_some_and(|hint| *hint != who.person);
    if of_another_team || of_another {
        return Some(Again::AsAnother);
    }
    // A provider that signs people in without asking says so by its auth_time.
    let knew_them = |since: Timestamp| who.auth_time < since.minus(SKEW);
    let afresh = came_back(request, who, now) && !request.since.is_some_and(knew_them);
    let too_long_ago = request.max_age.is_some_and(|max_age| now.since(who.auth_time) > max_age);
    (!afresh && (request.prompt.asks_to_sign_in() || too_long_ago)).then_some(Again::Afresh)
}

/// Whether they have this moment come back from the sign-in that the request asked for.
fn came_back(request: &AuthorizationRequest, who: &SignedIn, now: Timestamp) -> bool {
    let opened_for_it = request.since.is_some_and(|since| who.opened_at >= since);
    opened_for_it && now.since(who.opened_at) <= ONE_REDIRECT
}
