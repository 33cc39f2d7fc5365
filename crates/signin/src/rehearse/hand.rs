//! Whether whoever began a rehearsal may still change the settings when it comes back: an hour may have passed.

use audit::Actor;
use diesel::prelude::*;
use storage::schema::{break_glass, setup_links};
use storage::{StorageError, Tx, each};
use teams::Status;
use vocabulary::{PersonId, Role, TeamId};

/// Whether the team is there and active, and they are an admin of it, by break-glass one that still counts, or their
/// setup link can be used.
pub(super) fn may_still(tx: &mut Tx<'_>, team_id: &TeamId, by: &Actor) -> Result<bool, StorageError> {
    teams::lock_roles(tx, team_id)?;
    let there = teams::find(tx, team_id)?.is_some_and(|tenant| tenant.team.status == Status::Active);
    if !there {
        return Ok(false);
    }
    match by {
        Actor::Person(person) => is_admin(tx, team_id, person),
        Actor::BreakGlass(person) => {
            let lasting = break_glass::table
                .filter(break_glass::team_id.eq(team_id.as_str()))
                .filter(break_glass::person_id.eq(person.as_str()))
                .filter(break_glass::opened_at.is_not_null())
                .filter(break_glass::ended_at.is_null())
                .filter(break_glass::expires_at.gt(tx.now().millis()))
                .count();
            let found: i64 = each!(&mut **tx, c => lasting.get_result(c))?;
            Ok(found > 0 && is_admin(tx, team_id, person)?)
        }
        Actor::SetupLink(id) => {
            let link = setup_links::table
                .find(id)
                .filter(setup_links::ended_at.is_null())
                .filter(setup_links::expires_at.gt(tx.now().millis()))
                .count();
            let found: i64 = each!(&mut **tx, c => link.get_result(c))?;
            Ok(found == 1)
        }
        Actor::Operator(_)
        | Actor::Console(_)
        | Actor::TeamToken(_)
        | Actor::Contact(_)
        | Actor::IdentityProvider
        | Actor::CommandLine
        | Actor::Teamdoor => Ok(false),
    }
}

fn is_admin(tx: &mut Tx<'_>, team_id: &TeamId, person: &PersonId) -> Result<bool, StorageError> {
    let standing = roles::find(tx, team_id, person)?;
    Ok(standing.is_some_and(|now| now.active && now.role == Role::Admin))
}
