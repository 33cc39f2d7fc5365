//! Holding a team still: the locks that order what several nodes do at once. Everybody takes them in one order,
//! the team before its connection. On SQLite a writer is alone anyway.

use diesel::prelude::*;
use storage::schema::{connections, teams};
use storage::{StorageError, Tx, each};
use vocabulary::{ConnectionId, TeamId};

use crate::lookup;
use crate::team::TeamAndConnection;
use crate::versions;

/// Locks the team's roles until the transaction ends: whoever decides about roles decides alone.
/// Says whether there is such a team.
pub fn lock_roles(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<bool, StorageError> {
    let row = teams::table.find(team_id.as_str());
    let next = teams::roles_version.eq(teams::roles_version + 1);
    Ok(each!(&mut **tx, c => diesel::update(row).set(next).execute(c))? == 1)
}

/// Finds a team and holds it as it is until the transaction ends: whoever suspends, removes or changes it waits.
/// While its promotion is unspent its roles are locked too, before any person is touched, so that everybody takes
/// these locks in one order.
pub fn hold(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<Option<TeamAndConnection>, StorageError> {
    let found = lookup::find_connected(tx, team_id)?;
    let (Some(there), storage::Connection::Postgres(_)) = (&found, &mut **tx) else {
        return Ok(found);
    };
    if there.team.promotion_spent_by.is_none() {
        lock_roles(tx, team_id)?;
    }
    if let storage::Connection::Postgres(connection) = &mut **tx {
        let live =
            connections::table.filter(connections::team_id.eq(team_id.as_str())).filter(connections::live);
        live.select(connections::id).for_share().load::<String>(&mut **connection)?;
    }
    lookup::find_connected(tx, team_id)
}

/// Holds a team as [`hold`] does, if it is open with the very settings that `then` had, or a tested version has taken
/// their place since: what was verified by those may be acted on. Gives the team as it stands.
pub fn hold_as(tx: &mut Tx<'_>, then: &TeamAndConnection) -> Result<Option<TeamAndConnection>, StorageError> {
    let Some(now) = hold(tx, &then.team.team_id)?.filter(TeamAndConnection::is_open) else {
        return Ok(None);
    };
    let key = then.connection.settings_key();
    let stands =
        now.connection.settings_key() == key || versions::lets_end(tx, &then.team.team_id, &key)?.is_some();
    Ok(stands.then_some(now))
}

/// Holds a team's live connection alone until the transaction ends: whoever signs in through it waits.
pub fn hold_alone(tx: &mut Tx<'_>, id: &ConnectionId) -> Result<(), StorageError> {
    if let storage::Connection::Postgres(connection) = &mut **tx {
        let row = connections::table.find(id.as_str()).select(connections::id);
        row.for_no_key_update().load::<String>(&mut **connection)?;
    }
    Ok(())
}
