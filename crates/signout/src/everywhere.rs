//! Somebody is out of a team: whoever says so, everything ends by which they were in.
//!
//! [`end_all_of`] is the one place that knows what that is. Deactivation, erasure, "sign out everywhere" by whomever and
//! the provider's revocation all come through it.

use audit::{Act, Actor, Deed};
use roles::{Authority, Changed, Clerk, Expected, RoleError};
use serde::Serialize;
use serde_json::json;
use sessions::End;
use storage::{StorageError, Tx};
use vocabulary::{PersonId, TeamId};

/// What ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// Sessions, in every browser.
    pub sessions: usize,
    /// Personal API tokens, for good.
    pub tokens: usize,
    /// What apps were granted, with what was to outlive the sessions.
    pub grants: usize,
}

/// Ends everything by which somebody is in a team, in `actor`'s name. Locks the team before it touches anything of theirs.
pub(crate) fn end_all_of(
    tx: &mut Tx<'_>,
    team: &TeamId,
    person: &PersonId,
    actor: &Actor,
) -> Result<Ended, StorageError> {
    let tokens = tokens::team::end_personal_of(tx, team, person, actor)?;
    let sessions = sessions::end(tx, End::Person(person))?;
    // After the sessions: what an app is being granted by one of them is there to be found then.
    let grants = provider::end_grants_of(tx, person)?;
    Ok(Ended { sessions, tokens, grants })
}

/// Signs somebody out everywhere, as an admin of their team or an operator, and records it.
pub fn everywhere(
    tx: &mut Tx<'_>,
    authority: &Authority<'_, '_>,
    team: &TeamId,
    person: &PersonId,
) -> Result<Ended, RoleError> {
    roles::decide(tx, authority, team, person, Expected::Any)?;
    let actor = authority.actor();
    let ended = end_all_of(tx, team, person, &actor)?;
    let (act, target, detail) = (Act::SessionsEnded, Some(person), json!(ended));
    audit::record(tx, &Deed { team: Some(team), actor: &actor, act, target, detail, reference: None })?;
    Ok(ended)
}

/// Turns somebody's access off or on. Off, everything ends by which they were in; what ended does not come back.
pub fn set_access(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    authority: &Authority<'_, '_>,
    team: &TeamId,
    person: &PersonId,
    active: bool,
    expected: Expected,
) -> Result<Changed, RoleError> {
    let changed = roles::set_active(tx, clerk, authority, team, person, active, expected)?;
    // On the way back too: a sign-in that ran against the deactivation may have left a session.
    if matches!(changed, Changed::Yes(_)) {
        end_all_of(tx, team, person, &authority.actor())?;
    }
    Ok(changed)
}

/// Erases somebody, and everything ends by which they were in.
pub fn erase(
    tx: &mut Tx<'_>,
    authority: &Authority<'_, '_>,
    team: &TeamId,
    person: &PersonId,
    expected: Expected,
) -> Result<(), RoleError> {
    roles::erase(tx, authority, team, person, expected)?;
    end_all_of(tx, team, person, &authority.actor())?;
    Ok(())
}
