//! Rehearsing a sign-in (*Update and test*): a real code flow, through the team's own redirect URI, with settings that
//! need not be live. It opens no session, makes no account and promotes nobody; what came of it is kept for the
//! settings page, and a good one marks the very settings it was made with.

mod hand;
mod kept;
mod outcome;

use audit::{Act, Actor, Deed};
use serde_json::json;
use storage::StorageError;
use teams::{TeamAndConnection, versions};
use upstream::{Hints, Proofs, Seen, VerifiedIdentity};
use vocabulary::{ReferenceId, ReturnTo, TeamId};

pub use kept::{KeptRehearsal, forget_rehearsal, last_rehearsal, tidy_rehearsals};
pub use outcome::{EmailVerdict, Rehearsal, Step, StepName};

use crate::attempt::Attempt;
use crate::begin::{Begun, Journey, set_out};
use crate::callback::Arrival;
use crate::deps::Deps;
use crate::finish::{granted, is_spent, spend};
use crate::policy;
use crate::refused::{Refused, SignInError};
use crate::state::State;
use crate::trace::Trace;

/// A rehearsal that has come back.
#[derive(Debug)]
pub struct Rehearsed {
    /// Whether everything went well.
    pub passed: bool,
    /// Whether the settings are still those it was begun with: then they are marked as tested, if it passed.
    pub holds: bool,
    /// The page it ends on.
    pub return_to: Option<ReturnTo>,
    /// The key of the attempt's cookie, which is of no more use.
    pub attempt_key: String,
}

/// Begins a rehearsal with the settings of `team`; `by` is whose it is, `return_to` the page it ends on.
pub async fn rehearse(
    deps: &Deps,
    team: &TeamAndConnection,
    by: &Actor,
    return_to: &ReturnTo,
) -> Result<Begun, SignInError> {
    set_out(deps, team, Journey::Rehearsal(by.to_text(), return_to), &Hints::default()).await
}

/// The team whose rehearsal, begun in this browser, an arrival ends.
#[must_use]
pub fn rehearsed_team(deps: &Deps, arrival: &Arrival<'_>) -> Option<TeamId> {
    let (_, attempt) = attempt_of(deps, arrival)?;
    attempt.rehearsed_by.map(|_| attempt.team)
}

fn attempt_of(deps: &Deps, arrival: &Arrival<'_>) -> Option<(State, Attempt)> {
    let state = State::parse(&deps.keys, arrival.callback.state())?;
    let sealed = (arrival.cookie)(&state.key())?;
    Some((state, Attempt::open(&deps.keys, state, &sealed)?))
}

/// Ends a rehearsal. What the provider or its settings do wrong is its result; refused is what is no rehearsal of these
/// settings in this browser any more.
pub async fn finish_rehearsal(
    deps: &Deps,
    team_id: &TeamId,
    arrival: &Arrival<'_>,
) -> Result<Rehearsed, Refused> {
    story(deps, team_id, arrival).await.map_err(|error| Refused {
        error,
        reference: ReferenceId::random(&*deps.chance),
        team: None,
        return_to: attempt_of(deps, arrival).and_then(|(_, attempt)| attempt.return_to()),
        trace: Trace::default(),
    })
}

async fn story(deps: &Deps, team_id: &TeamId, arrival: &Arrival<'_>) -> Result<Rehearsed, SignInError> {
    let (state, attempt) = attempt_of(deps, arrival).ok_or(SignInError::AttemptCookieMissing)?;
    let by = attempt.rehearsed_by.clone().ok_or(SignInError::AttemptTeamMismatch)?;
    if state.is_expired(deps.clock.now()) {
        return Err(SignInError::StateExpired);
    }
    if is_spent(deps, state).await? {
        return Err(SignInError::StateUsed);
    }
    if attempt.team != *team_id || attempt.redirect_uri != deps.address(arrival.path.as_str()) {
        return Err(SignInError::AttemptTeamMismatch);
    }
    let team = settings(deps, team_id, &attempt.settings).await?.ok_or(SignInError::SettingsChanged)?;
    spend(deps, state).await?;
    let mut seen = Seen::default();
    let outcome = ask(deps, &team, arrival, &attempt, &mut seen).await;
    let (attempt_key, return_to) = (state.key(), attempt.return_to());
    let (passed, holds) = keep(deps, team, by, outcome, seen.claim_names()).await?;
    Ok(Rehearsed { passed, holds, return_to, attempt_key })
}

/// The team with the settings of this key, if they are still what is being worked on.
async fn settings(
    deps: &Deps,
    team_id: &TeamId,
    key: &str,
) -> Result<Option<TeamAndConnection>, StorageError> {
    let (database, team_id, key) = (deps.database.clone(), team_id.clone(), key.to_owned());
    storage::blocking(move || {
        database.read(|connection| {
            let Some(tenant) = teams::find(connection, &team_id)? else { return Ok(None) };
            let version = versions::worked_on(connection, &tenant)?.filter(|version| version.key() == key);
            Ok(version.and_then(|version| version.of_team(&tenant)))
        })
    })
    .await
}

/// What the provider says, asked in the order of a sign-in.
async fn ask(
    deps: &Deps,
    team: &TeamAndConnection,
    arrival: &Arrival<'_>,
    attempt: &Attempt,
    seen: &mut Seen,
) -> Result<VerifiedIdentity, SignInError> {
    let (party, now) = (deps.party(team), deps.clock.now());
    deps.upstream.check_response_issuer(&party, arrival.callback.iss(), now).await?;
    let granted = granted(&arrival.callback)?;
    let secret = team.client_secret(&deps.keys).ok_or(SignInError::SecretUnreadable)?;
    let proofs = Proofs {
        state: arrival.callback.state().to_owned(),
        nonce: attempt.nonce.clone(),
        code_verifier: attempt.code_verifier.clone(),
    };
    Ok(deps.upstream.exchange(&party, &secret, &granted, &proofs, now, seen).await?)
}

/// Keeps the result, and marks the settings when it was good and they are still the same.
async fn keep(
    deps: &Deps,
    team: TeamAndConnection,
    by: String,
    outcome: Result<VerifiedIdentity, SignInError>,
    claim_names: Vec<String>,
) -> Result<(bool, bool), SignInError> {
    let (deps, now) = (deps.clone(), deps.clock.now());
    storage::blocking(move || {
        deps.database.write(now, |tx| {
            let team_id = &team.team.team_id;
            // Whoever may no longer change the settings marks none.
            if !hand::may_still(tx, team_id, &Actor::parse(&by))? {
                return Err(SignInError::SettingsChanged);
            }
            let rehearsal = match &outcome {
                Ok(identity) => {
                    let admitted = policy::admit(&team, identity);
                    outcome::of_identity(tx, &team, identity, &claim_names, admitted.as_ref().err())?
                }
                Err(error) => outcome::of_error(error, &claim_names),
            };
            let (passed, key) = (rehearsal.passed(), team.connection.settings_key());
            let holds = if passed { versions::mark_tested(tx, team_id, &key)? } else { true };
            kept::keep(tx, team_id, &key, &rehearsal, &by)?;
            let cause = rehearsal.steps.iter().find_map(|step| step.code.as_deref());
            let deed = Deed {
                team: Some(team_id),
                actor: &Actor::parse(&by),
                act: Act::Rehearsed,
                target: None,
                detail: json!({ "passed": passed, "cause": cause }),
                reference: None,
            };
            audit::record(tx, &deed)?;
            Ok((passed, holds))
        })
    })
    .await
}
