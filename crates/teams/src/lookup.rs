//! Finding teams that have a connection.

use diesel::prelude::*;
use storage::schema::{connections, secret_lives, teams};
use storage::{StorageError, each};
use vocabulary::{Email, TeamId};

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

#[diesel::declare_sql_function]
extern "SQL" {
    /// Without capitals, as the database folds them.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// The active teams, at most `limit`, whose admin email this is and in which nobody was promoted by it yet.
pub fn with_admin_email(
    connection: &mut storage::Connection,
    email: &Email,
    limit: i64,
) -> Result<Vec<TeamId>, StorageError> {
    let query = teams::table
        .filter(lower(teams::admin_email).eq(lower(email.as_str())))
        .filter(teams::status.eq(Status::Active.as_str()))
        .filter(teams::promotion_spent_by.is_null())
        .order(teams::team_id)
        .limit(limit)
        .select((teams::team_id, teams::admin_email));
    let rows: Vec<(String, String)> = each!(connection, c => query.load(c))?;
    let same = |row: &(String, String)| Email::parse(&row.1).is_ok_and(|theirs| theirs == *email);
    Ok(rows.iter().filter(|row| same(row)).filter_map(|row| TeamId::parse(&row.0).ok()).collect())
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
