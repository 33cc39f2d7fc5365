//! Finishing a sign-in: every check in the order of docs/architecture.md, each state used once, one transaction at the end.

use std::sync::Arc;

use audit::{Act, Actor, Deed};
use health::Event;
use people::{CameBy, Profile, Visit};
use roles::{Clerk, Promotion};
use sealing::OpaqueToken;
use serde_json::json;
use sessions::NewSession;
use teams::OpenTeam;
use upstream::{Granted, Proofs, Refusal, Remark, VerifiedIdentity};
use vocabulary::{ReferenceId, ReturnTo, Role, TeamId, Timestamp};

use crate::attempt::Attempt;
use crate::callback::{Arrival, Callback};
use crate::deps::Deps;
use crate::failures::Verdict;
use crate::next_secret::{self, Opened};
use crate::policy;
use crate::refused::{Refused, SignInError};
use crate::spent;
use crate::state::State;
use crate::trace::Trace;

/// Somebody is in.
#[derive(Debug)]
pub struct Finished {
    /// The token of their new session.
    pub token: OpaqueToken,
    /// Their team.
    pub team: Arc<OpenTeam>,
    /// As what they came in.
    pub role: Role,
    /// Where they were going.
    pub return_to: Option<ReturnTo>,
    /// The key of the attempt's cookie, which is of no more use.
    pub attempt_key: String,
}

/// Finishes the sign-in that `arrival` answers, at the door of `team_id`.
pub async fn finish(deps: &Deps, team_id: &TeamId, arrival: Arrival<'_>) -> Result<Finished, Refused> {
    let trace = Trace::of_callback(deps.clock.now());
    let mut known = Known { team: None, return_to: None, ours: false, trace };
    let subject = team_id.as_str();
    if let Verdict::Wait(wait) = deps.failures.verdict(arrival.address, subject) {
        return Err(known.refuse(deps, SignInError::RateLimited(wait)));
    }
    let outcome = story(deps, team_id, &arrival, &mut known).await;
    known.count(deps, outcome.as_ref().err());
    outcome.map_err(|error| {
        if error.is_made_up() {
            deps.failures.note(arrival.address, subject);
        }
        known.refuse(deps, error)
    })
}

/// What is known of an attempt so far, for the page that refuses it.
struct Known {
    team: Option<Arc<OpenTeam>>,
    return_to: Option<ReturnTo>,
    /// Whether it is an attempt of ours for this team, begun in this browser with these settings, and unspent.
    ours: bool,
    trace: Trace,
}

impl Known {
    /// Counts somebody who came back. Of two who bring the same state at once, one counts.
    fn count(&self, deps: &Deps, error: Option<&SignInError>) {
        let event = match error {
            Some(SignInError::StateUsed) => return,
            Some(_) => Event::Refused,
            None => Event::Finished,
        };
        if let (Some(team), true) = (&self.team, self.ours) {
            deps.health.count(team, event, deps.clock.now());
        }
    }

    fn refuse(self, deps: &Deps, error: SignInError) -> Refused {
        let reference = ReferenceId::random(&*deps.chance);
        let trace = self.trace.over(deps.clock.now());
        Refused { error, reference, team: self.team, return_to: self.return_to, trace }
    }
}

async fn story(
    deps: &Deps,
    team_id: &TeamId,
    arrival: &Arrival<'_>,
    known: &mut Known,
) -> Result<Finished, SignInError> {
    let state = State::parse(&deps.keys, arrival.callback.state()).ok_or(SignInError::StateUnknown)?;
    known.trace.begun(state.issued());
    let team = deps.registry.open_team(team_id).await?.ok_or(SignInError::TeamUnknown)?;
    known.team = Some(Arc::clone(&team));
    let sealed = (arrival.cookie)(&state.key());
    let attempt = sealed.and_then(|sealed| Attempt::open(&deps.keys, state, &sealed));
    known.return_to = attempt.as_ref().and_then(Attempt::return_to);
    if state.is_expired(deps.clock.now()) {
        return Err(SignInError::StateExpired);
    }
    if is_spent(deps, state).await? {
        return Err(SignInError::StateUsed);
    }
    let attempt = attempt.ok_or(SignInError::AttemptCookieMissing)?;
    let arrived_at = deps.address(arrival.path.as_str());
    if attempt.team != *team_id || attempt.redirect_uri != arrived_at || attempt.rehearsed_by.is_some() {
        return Err(SignInError::AttemptTeamMismatch);
    }
    let team = as_begun(deps, team, &attempt).await?.ok_or(SignInError::SettingsChanged)?;
    let party = deps.party(&team);
    if attempt.redirect_uri != party.redirect_uri {
        return Err(SignInError::SettingsChanged);
    }
    known.ours = true;
    deps.upstream.check_response_issuer(&party, arrival.callback.iss(), deps.clock.now()).await?;
    spend(deps, state).await?;
    let granted = granted(&arrival.callback)?;
    let secrets = Opened::of(&team, &deps.keys)?;
    let Attempt { nonce, code_verifier, .. } = &attempt;
    let proofs = Proofs {
        state: arrival.callback.state().to_owned(),
        nonce: nonce.clone(),
        code_verifier: code_verifier.clone(),
    };
    let (now, seen) = (deps.clock.now(), &mut known.trace.seen);
    let secrets = secrets.as_secrets();
    let identity = deps.upstream.exchange(&party, secrets, &granted, &proofs, now, seen).await?;
    if seen.took_next_secret() {
        next_secret::take_over(deps, &team).await;
    }
    let profile = policy::admit(&team, &identity)?;
    let came_by = attempt.came_by();
    let entry = Entry { profile, identity, came_by, begun: state.issued() };
    let (token, role) = enter(deps, &team, entry).await?;
    Ok(Finished { token, team, role, return_to: known.return_to.take(), attempt_key: state.key() })
}

/// The team with the settings that an attempt was begun with: those it has, or those that a tested version has taken
/// the place of since.
async fn as_begun(
    deps: &Deps,
    team: Arc<OpenTeam>,
    attempt: &Attempt,
) -> Result<Option<Arc<OpenTeam>>, SignInError> {
    if attempt.settings == team.connection.settings_key() {
        return Ok(Some(team));
    }
    let (registry, key) = (deps.registry.clone(), attempt.settings.clone());
    let team_id = team.team.team_id.clone();
    Ok(storage::blocking(move || registry.as_it_was(&team_id, &key)).await?)
}

pub(crate) async fn is_spent(deps: &Deps, state: State) -> Result<bool, SignInError> {
    let database = deps.database.clone();
    storage::blocking(move || {
        database.read(|connection| Ok::<_, SignInError>(spent::is_spent(connection, state)?))
    })
    .await
}

/// Spends the state; of two that arrive at once, the database lets one win.
pub(crate) async fn spend(deps: &Deps, state: State) -> Result<(), SignInError> {
    let (database, now) = (deps.database.clone(), deps.clock.now());
    let won =
        storage::blocking(move || database.write(now, |tx| Ok::<_, SignInError>(spent::spend(tx, state)?)))
            .await?;
    if won { Ok(()) } else { Err(SignInError::StateUsed) }
}

pub(crate) fn granted(callback: &Callback) -> Result<Granted, SignInError> {
    match callback {
        Callback::Granted { code, iss, .. } => Ok(Granted { code: code.clone(), iss: iss.clone() }),
        Callback::Refused { error, description, .. } => Err(SignInError::IdpRefused {
            refusal: Refusal::of(error, description.as_deref()),
            error: Remark::new(error).to_string(),
            description: Remark::new(description.as_deref().unwrap_or_default()).to_string(),
        }),
    }
}

/// Somebody about to come in.
struct Entry {
    profile: Profile,
    identity: VerifiedIdentity,
    came_by: CameBy,
    begun: Timestamp,
}

/// The one transaction in which somebody comes in.
async fn enter(deps: &Deps, team: &Arc<OpenTeam>, entry: Entry) -> Result<(OpaqueToken, Role), SignInError> {
    let Entry { profile, identity, came_by, begun } = entry;
    let (deps, team, now) = (deps.clone(), Arc::clone(team), deps.clock.now());
    storage::blocking(move || {
        deps.database.write(now, |tx| {
            let (team_id, connection) = (&team.team.team_id, &team.connection);
            let fresh = teams::hold_as(tx, &team)?.ok_or(SignInError::SettingsChanged)?;
            let clerk = Clerk { desk: &deps.desk, chance: &*deps.chance };
            let (person, visit) =
                people::recognise(tx, clerk.chance, team_id, &connection.id, &profile, came_by)?;
            let standing = roles::admit(tx, team_id, &person)?;
            if !standing.active {
                return Err(SignInError::Deactivated);
            }
            let promotion = roles::promote_if_due(tx, clerk, &fresh.team, &person, &standing)?;
            let new = NewSession {
                team: team_id,
                person: &person.id,
                connection: &connection.id,
                idp_sid: identity.sid.as_deref(),
                id_token: identity.id_token.reveal(),
                subject: &profile.subject,
                email: profile.email.as_ref(),
                auth_time: identity.auth_time,
                begun,
                absolute: deps.sessions.limits().absolute,
                ends_by: ends_by(&deps, &identity),
            };
            let token = sessions::open(tx, &deps.keys, clerk.chance, &new)?;
            let detail = json!({
                "by": came_by.as_str(),
                "first": visit == Visit::First,
                "moved": visit == Visit::Moved,
                "promotion": promotion_note(&promotion),
                "notes": identity.notes,
            });
            let actor = Actor::Person(person.id.clone());
            let deed = Deed {
                team: Some(team_id),
                actor: &actor,
                act: Act::SignedIn,
                target: None,
                detail,
                reference: None,
            };
            audit::record(tx, &deed)?;
            Ok((token, promotion.role_after(standing.role)))
        })
    })
    .await
}

/// When the session ends at the latest: by the provider's word (`session_expiry`), or once the sign-in there
/// (`auth_time`) is older than we accept.
fn ends_by(deps: &Deps, identity: &VerifiedIdentity) -> Option<Timestamp> {
    let too_old = identity.auth_time.zip(deps.max_auth_age).map(|(at, most)| at.plus(most));
    [identity.session_expiry, too_old].into_iter().flatten().min()
}

/// Why a promotion that looks due did not happen; the team reads it in its activity.
const fn promotion_note(promotion: &Promotion) -> Option<&'static str> {
    match promotion {
        Promotion::EmailNotTrusted => Some("email_not_trusted"),
        Promotion::EmailChanged => Some("email_changed"),
        Promotion::NotDue | Promotion::Promoted(_) => None,
    }
}
