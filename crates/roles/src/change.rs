//! Changing what somebody may do. Refusals come in one order: not an admin, stale version, last
//! admin.

use audit::{Act, Actor, Deed};
use diesel::prelude::*;
use mail::Desk;
use serde_json::json;
use storage::schema::memberships;
use storage::{StorageError, Subject, Tx, each};
use vocabulary::{Chance, PersonId, Role, TeamId, Version};

use crate::authority::Authority;
use crate::letters;
use crate::membership::{self, Membership};
use crate::present;

/// Why a change is refused.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// The caller is no admin of this team, or not any more.
    #[error("Only team admins can change roles.")]
    NotAdmin,
    /// There is no such person in this team.
    #[error("There is no such person in this team.")]
    Unknown,
    /// Somebody changed it a moment ago; this is how it stands.
    #[error("Somebody else changed this a moment ago.")]
    Stale(Membership),
    /// The team would be left without an admin.
    #[error("{0} needs at least one admin. Make someone else an admin first.")]
    LastAdmin(TeamId),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What the caller saw before deciding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// This version and no other.
    Version(Version),
    /// Whatever stands there.
    Any,
}

/// Whether anything came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is so now.
    Yes(Membership),
    /// It was so already.
    No(Membership),
}

impl Changed {
    /// How it stands now.
    #[must_use]
    pub const fn membership(&self) -> &Membership {
        match self {
            Self::Yes(membership) | Self::No(membership) => membership,
        }
    }
}

/// What changing people needs at hand: letters and ids.
#[derive(Clone, Copy)]
pub struct Clerk<'a> {
    /// Writes the letters.
    pub desk: &'a Desk,
    /// Makes ids.
    pub chance: &'a dyn Chance,
}

/// Makes somebody a member or an admin, and tells them and the other admins.
pub fn set(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    authority: &Authority<'_, '_>,
    team: &TeamId,
    person: &PersonId,
    role: Role,
    expected: Expected,
) -> Result<Changed, RoleError> {
    let before = decide(tx, authority, team, person, expected)?;
    if before.role == role {
        return Ok(Changed::No(before));
    }
    if role == Role::Member {
        keep_an_admin(tx, team, &before)?;
    }
    let after = store(tx, &before, role, before.active)?;
    let detail = json!({ "from": before.role, "to": role });
    record(tx, authority, team, Act::RoleSet, person, detail)?;
    letters::role_changed(tx, clerk, team, person, role, &authority.actor())?;
    Ok(Changed::Yes(after))
}

/// Turns somebody's access off or on. Off, they are powerless with their next request.
pub fn set_active(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    authority: &Authority<'_, '_>,
    team: &TeamId,
    person: &PersonId,
    active: bool,
    expected: Expected,
) -> Result<Changed, RoleError> {
    let before = decide(tx, authority, team, person, expected)?;
    if before.active == active {
        return Ok(Changed::No(before));
    }
    if !active {
        keep_an_admin(tx, team, &before)?;
    }
    let after = store(tx, &before, before.role, active)?;
    let act = if active { Act::Activated } else { Act::Deactivated };
    record(tx, authority, team, act, person, json!({}))?;
    letters::access_changed(tx, clerk, team, person, active, &authority.actor())?;
    Ok(Changed::Yes(after))
}

/// Erases somebody: membership and personal data go, the record keeps their id.
pub fn erase(
    tx: &mut Tx<'_>,
    authority: &Authority<'_, '_>,
    team: &TeamId,
    person: &PersonId,
    expected: Expected,
) -> Result<(), RoleError> {
    let before = decide(tx, authority, team, person, expected)?;
    keep_an_admin(tx, team, &before)?;
    let row = memberships::table.find(person.as_str());
    each!(&mut **tx, c => diesel::delete(row).execute(c)).map_err(StorageError::from)?;
    ::people::erase(tx, person)?;
    tx.changed(Subject::Person, person.as_str());
    record(tx, authority, team, Act::Erased, person, json!({}))
}

/// Locks the team and finds out, for whoever may change people there, how somebody stands and whether the caller has seen
/// it so.
pub fn decide(
    tx: &mut Tx<'_>,
    authority: &Authority<'_, '_>,
    team: &TeamId,
    person: &PersonId,
    expected: Expected,
) -> Result<Membership, RoleError> {
    if !authority.reaches(team) {
        return Err(RoleError::NotAdmin);
    }
    teams::lock_roles(tx, team)?;
    let standing = membership::find(tx, team, person)?.ok_or(RoleError::Unknown)?;
    match expected {
        Expected::Version(seen) if seen != standing.version => Err(RoleError::Stale(standing)),
        Expected::Version(_) | Expected::Any => Ok(standing),
    }
}

/// Refuses when `leaving` is the last active admin who can still come in: one of the live connection.
fn keep_an_admin(tx: &mut Tx<'_>, team: &TeamId, leaving: &Membership) -> Result<(), RoleError> {
    if leaving.role != Role::Admin || !leaving.active {
        return Ok(());
    }
    match present::admins(tx, team)?.as_slice() {
        [(last, _)] if *last == leaving.person => Err(RoleError::LastAdmin(team.clone())),
        _ => Ok(()),
    }
}

pub(crate) fn store(
    tx: &mut Tx<'_>,
    before: &Membership,
    role: Role,
    active: bool,
) -> Result<Membership, StorageError> {
    let row =
        memberships::table.find(before.person.as_str()).filter(memberships::version.eq(before.version.0));
    let version = before.version.0.saturating_add(1);
    let changes = (
        memberships::role.eq(role.as_str()),
        memberships::active.eq(active),
        memberships::version.eq(version),
        memberships::changed_at.eq(tx.now().millis()),
    );
    let rows = each!(&mut **tx, c => diesel::update(row).set(changes).execute(c))?;
    if rows != 1 {
        return Err(StorageError::Unavailable("a membership changed under the team's lock".to_owned()));
    }
    tx.changed(Subject::Person, before.person.as_str());
    Ok(Membership { person: before.person.clone(), role, active, version: Version(version) })
}

fn record(
    tx: &mut Tx<'_>,
    authority: &Authority<'_, '_>,
    team: &TeamId,
    act: Act,
    target: &PersonId,
    detail: serde_json::Value,
) -> Result<(), RoleError> {
    let actor: Actor = authority.actor();
    let deed = Deed { team: Some(team), actor: &actor, act, target: Some(target), detail, reference: None };
    Ok(audit::record(tx, &deed)?)
}
