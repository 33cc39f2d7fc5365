//! Finding teams that have a connection.

use diesel::prelude::*;
use storage::schema::{connections, secret_lives, teams};
use storage::{StorageError, each};
use vocabulary::TeamId;

use crate::callback_path::CallbackPath;
use crate::rows::{ConnectionRow, Rows, TeamRow, words};
use crate::secret_life::LifeRow;
use crate::team::{Status, TeamAndConnection};

/// The team called `team_id` with its live connection; removed ones and those without one are not found.
pub fn find_connected(
    connection: &mut storage::Connection,
    team_id: &TeamId,
) -> Result<Option<TeamAndConnection>, StorageError> {
    let query = teams::table
        .inner_join(connections::table)
        .left_join(secret_lives::table.on(secret_lives::connection_id.eq(connections::id)))
        .filter(teams::team_id.eq(team_id.as_str()))
        .filter(connections::live)
        .filter(teams::status.ne(Status::Removed.as_str()));
    let row: Option<Rows> = each!(connection, c => query
        .select((TeamRow::as_select(), ConnectionRow::as_select(), Option::<LifeRow>::as_select()))
        .get_result(c)
        .optional())?;
    row.map(words).transpose()
}

/// Whether a Team ID can't be given to a new team: it is in use, or belonged to a removed one.
pub fn is_taken(connection: &mut storage::Connection, team_id: &TeamId) -> Result<bool, StorageError> {
    let query = teams::table.find(team_id.as_str()).select(teams::team_id);
    let found: Option<String> = each!(connection, c => query.get_result(c).optional())?;
    Ok(found.is_some())
}

/// The team whose live connection has this path as its own.
pub(crate) fn by_callback_path(
    connection: &mut storage::Connection,
    path: &CallbackPath,
) -> Result<Option<TeamAndConnection>, StorageError> {
    let query =
        connections::table.filter(connections::callback_path.eq(path.as_str())).select(connections::team_id);
    let team_id: Option<String> = each!(connection, c => query.get_result(c).optional())?;
    match team_id.and_then(|id| TeamId::parse(&id).ok()) {
        Some(team_id) => find_connected(connection, &team_id),
        None => Ok(None),
    }
}
