//! Rehearsing a sign-in (*Update and test*): a real code flow, through the team's own redirect URI, with settings that
//! need not be live. It opens no session, makes no account and promotes nobody; what came of it is kept for the
//! settings page, and a good one marks the very settings it was made with.

mod hand;
mod kept;
mod outcome;

use audit::{Act, Actor, Deed};
use serde_json::json;
use storage::{StorageError, Tx};
use teams::{Connection, NextSecret, TeamAndConnection, Tenant, secret_life, versions};
use upstream::{Hints, Proofs, Seen, VerifiedIdentity};
use vocabulary::{ReferenceId, ReturnTo, TeamId};

pub use kept::{KeptRehearsal, forget_rehearsal, last_rehearsal, tidy_rehearsals};
pub use outcome::{EmailVerdict, Rehearsal, Step, StepName};

use crate::attempt::Attempt;
use crate::begin::{Begun, Journey, Rehearsing, set_out};
use crate::callback::Arrival;
use crate::deps::Deps;
use crate::finish::{granted, is_spent, spend};
use crate::next_secret::{self, Opened};
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
    let of = Rehearsing { by: by.to_text(), next_secret: None, place: return_to };
    set_out(deps, team, Journey::Rehearsal(of), &Hints::default()).await
}

/// The same with the live settings of `live` and the client secret that is `next` there.
pub async fn rehearse_next_secret(
    deps: &Deps,
    live: &TeamAndConnection,
    next: &NextSecret,
    by: &Actor,
    return_to: &ReturnTo,
) -> Result<Begun, SignInError> {
    let of = Rehearsing { by: by.to_text(), next_secret: Some(next.key().to_owned()), place: return_to };
    set_out(deps, live, Journey::Rehearsal(of), &Hints::default()).await
}

/// What the rehearsal of a next client secret is kept with, in the place of the settings' key.
#[must_use]
pub fn next_secret_key(live: &Connection, next: &NextSecret) -> String {
    kept_with(live, Some(next.key()))
}

fn kept_with(connection: &Connection, next_secret: Option<&str>) -> String {
    let key = connection.settings_key();
    next_secret.map_or_else(|| key.clone(), |next| format!("{key} {next}"))
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
    let team = settings(deps, team_id, &attempt).await?.ok_or(SignInError::SettingsChanged)?;
    spend(deps, state).await?;
    let mut seen = Seen::default();
    let outcome = ask(deps, &team, arrival, &attempt, &mut seen).await;
    if outcome.is_ok() && seen.took_next_secret() {
        next_secret::take_over(deps, &team).await;
    }
    let (attempt_key, return_to) = (state.key(), attempt.return_to());
    let made = Made { team, by, next_secret: attempt.next_secret, outcome, claim_names: seen.claim_names() };
    let (passed, holds) = keep(deps, made).await?;
    Ok(Rehearsed { passed, holds, return_to, attempt_key })
}

/// The team with the settings that a rehearsal was begun with, if they are still what is being worked on; or with the
/// next secret, if that is still next and the live settings are the same.
async fn settings(
    deps: &Deps,
    team_id: &TeamId,
    attempt: &Attempt,
) -> Result<Option<TeamAndConnection>, StorageError> {
    let (database, team_id) = (deps.database.clone(), team_id.clone());
    let (key, next) = (attempt.settings.clone(), attempt.next_secret.clone());
    storage::blocking(move || {
        database.read(|connection| {
            let Some(tenant) = teams::find(connection, &team_id)? else { return Ok(None) };
            if let Some(next) = next {
                let live = tenant.connected().filter(|live| live.connection.settings_key() == key);
                return Ok(live.and_then(|live| live.with_next_secret(&next)));
            }
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
    let secrets = Opened::of(team, &deps.keys)?;
    let proofs = Proofs {
        state: arrival.callback.state().to_owned(),
        nonce: attempt.nonce.clone(),
        code_verifier: attempt.code_verifier.clone(),
    };
    Ok(deps.upstream.exchange(&party, secrets.as_secrets(), &granted, &proofs, now, seen).await?)
}

/// A rehearsal as it went.
struct Made {
    team: TeamAndConnection,
    by: String,
    next_secret: Option<String>,
    outcome: Result<VerifiedIdentity, SignInError>,
    claim_names: Vec<String>,
}

/// Keeps the result, and marks the settings, or the next secret, when it was good and they are still the same.
async fn keep(deps: &Deps, made: Made) -> Result<(bool, bool), SignInError> {
    let (deps, now) = (deps.clone(), deps.clock.now());
    storage::blocking(move || {
        let Made { team, by, next_secret, outcome, claim_names } = made;
        let next = next_secret.as_deref();
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
            let passed = rehearsal.passed();
            let holds = match next {
                _ if !passed => true,
                Some(next) => is_live(tx, &team)? && secret_life::mark_next_tested(tx, team_id, next)?,
                None => versions::mark_tested(tx, team_id, &team.connection.settings_key())?,
            };
            kept::keep(tx, team_id, &kept_with(&team.connection, next), &rehearsal, &by)?;
            let cause = rehearsal.steps.iter().find_map(|step| step.code.as_deref());
            let deed = Deed {
                team: Some(team_id),
                actor: &Actor::parse(&by),
                act: Act::Rehearsed,
                target: None,
                detail: json!({ "passed": passed, "cause": cause, "next_secret": next.is_some() }),
                reference: None,
            };
            audit::record(tx, &deed)?;
            Ok((passed, holds))
        })
    })
    .await
}

/// Whether a team's live settings are still these. The caller holds its lock.
fn is_live(tx: &mut Tx<'_>, team: &TeamAndConnection) -> Result<bool, StorageError> {
    let live = teams::find(tx, &team.team.team_id)?.and_then(Tenant::connected);
    Ok(live.is_some_and(|live| live.connection.settings_key() == team.connection.settings_key()))
}
