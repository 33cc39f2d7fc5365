//! The table `rehearsals`: the last one of each team, for a day. It holds what the provider said of whoever tried.

use std::time::Duration;

use diesel::prelude::*;
use storage::schema::rehearsals;
use storage::{Connection, StorageError, Tx, each};
use vocabulary::{TeamId, Timestamp};

use super::outcome::Rehearsal;

/// For how long a result is kept; the mark that it left on the settings stays.
const KEPT: Duration = Duration::from_hours(24);

/// A team's last rehearsal.
#[derive(Clone, Debug)]
pub struct KeptRehearsal {
    /// The key of the settings it was made with.
    pub settings: String,
    /// What came of it.
    pub rehearsal: Rehearsal,
    /// Whose it was, as the record names them.
    pub made_by: String,
    /// When.
    pub at: Timestamp,
}

impl KeptRehearsal {
    /// Whether it was made with a next client secret: then its key is that of [`super::next_secret_key`].
    #[must_use]
    pub fn is_of_next_secret(&self) -> bool {
        self.settings.contains(' ')
    }
}

/// The team's last rehearsal, if it is recent: from `now` back by a day at most.
pub fn last_rehearsal(
    connection: &mut Connection,
    team_id: &TeamId,
    now: Timestamp,
) -> Result<Option<KeptRehearsal>, StorageError> {
    let query = rehearsals::table
        .find(team_id.as_str())
        .filter(rehearsals::at.ge(now.minus(KEPT).millis()))
        .select((rehearsals::settings, rehearsals::result, rehearsals::made_by, rehearsals::at));
    let row: Option<(String, String, String, i64)> = each!(connection, c => query.get_result(c).optional())?;
    Ok(row.and_then(|(settings, result, made_by, at)| {
        let rehearsal = serde_json::from_str(&result).ok()?;
        Some(KeptRehearsal { settings, rehearsal, made_by, at: Timestamp::from_millis(at) })
    }))
}

pub(super) fn keep(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    settings: &str,
    rehearsal: &Rehearsal,
    by: &str,
) -> Result<(), StorageError> {
    // Of two who come back at once, each sees what the other kept.
    teams::lock_roles(tx, team_id)?;
    forget_rehearsal(tx, team_id)?;
    let result =
        serde_json::to_string(rehearsal).map_err(|error| StorageError::Unavailable(error.to_string()))?;
    let row = (
        rehearsals::team_id.eq(team_id.as_str()),
        rehearsals::settings.eq(settings),
        rehearsals::passed.eq(rehearsal.passed()),
        rehearsals::result.eq(result),
        rehearsals::made_by.eq(by),
        rehearsals::at.eq(tx.now().millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(rehearsals::table).values(row).execute(c))?;
    Ok(())
}

/// Forgets a team's last rehearsal.
pub fn forget_rehearsal(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), StorageError> {
    let row = rehearsals::table.find(team_id.as_str());
    each!(&mut **tx, c => diesel::delete(row).execute(c))?;
    Ok(())
}

/// Forgets rehearsals older than a day.
pub fn tidy_rehearsals(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let old = rehearsals::table.filter(rehearsals::at.lt(tx.now().minus(KEPT).millis()));
    Ok(each!(&mut **tx, c => diesel::delete(old).execute(c))?)
}
