//! Writing down what was counted: in batches, each a short transaction, behind everybody's back.

use diesel::prelude::*;
use storage::schema::{connection_health, connections};
use storage::{Database, StorageError, Tx, each};
use vocabulary::{ConnectionId, TeamId, Timestamp};

use crate::judgement::Judgement;
use crate::ledger::{Ledger, Tally};
use crate::letters::{self, Herald};
use crate::row::Row;

/// How many connections one transaction writes: other writers wait for it.
const BATCH: usize = 100;

/// What this node knows of a connection's identity provider.
#[derive(Clone, Copy, Debug, Default)]
pub struct Observed {
    /// When its metadata was last fetched.
    pub metadata_fetched_at: Option<Timestamp>,
    /// When its keys were.
    pub keys_fetched_at: Option<Timestamp>,
    /// Until when it is not asked, because it did not answer.
    pub breaker_open_until: Option<Timestamp>,
}

impl Ledger {
    /// Writes down what was counted since the last time. `observed` tells what is known of the provider of a
    /// connection, by the key of its settings; `herald` tells its team's admins of a turn. What could not be written
    /// is kept for the next time.
    pub fn write_down(
        &self,
        database: &Database,
        now: Timestamp,
        herald: Herald<'_>,
        observed: impl Fn(&str) -> Option<Observed>,
    ) -> Result<(), StorageError> {
        let all = self.take();
        for (n, batch) in all.chunks(BATCH).enumerate() {
            let written = database.write(now, |tx| {
                batch.iter().try_for_each(|(id, tally)| write_one(tx, id, tally, herald, &observed))
            });
            if let Err(error) = written {
                self.put_back(all.iter().skip(n * BATCH).cloned());
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Adds a tally to its row; one of settings that hold no more is dropped.
fn write_one(
    tx: &mut Tx<'_>,
    id: &ConnectionId,
    tally: &Tally,
    herald: Herald<'_>,
    observed: &impl Fn(&str) -> Option<Observed>,
) -> Result<(), StorageError> {
    let version = tally.version.0;
    let holding = connections::table
        .filter(connections::id.eq(id.as_str()))
        .filter(connections::live)
        .filter(connections::version.eq(version))
        .select(connections::version);
    let holds: Option<i64> = each!(&mut **tx, c => holding.get_result(c).optional())?;
    if holds.is_none() {
        return Ok(());
    }
    begin(tx, id, tally)?;
    let row = connection_health::table.find(id.as_str());
    let sums = (
        connection_health::started.eq(connection_health::started + tally.started),
        connection_health::finished.eq(connection_health::finished + tally.finished),
        connection_health::refused.eq(connection_health::refused + tally.refused),
    );
    // From here to the end of the transaction the row is this node's alone.
    each!(&mut **tx, c => diesel::update(row).set(sums).execute(c))?;
    let mut fresh: Row = each!(&mut **tx, c => row.select(Row::as_select()).get_result(c))?;
    fresh.take_in(tally);
    if let Some(observed) = observed(&teams::settings_key(id, tally.version)) {
        fresh.observe(&observed);
    }
    let judgement = Judgement::of(&fresh, tx.now());
    fresh.unwell = judgement.is_unwell();
    each!(&mut **tx, c => diesel::update(row).set(&fresh).execute(c))?;
    letters::tell(tx, herald, &tally.team_id, &fresh, judgement)
}

/// Sees to it that there is a row, with counts of these settings.
fn begin(tx: &mut Tx<'_>, id: &ConnectionId, tally: &Tally) -> Result<(), StorageError> {
    let (version, since) = (tally.version.0, tally.since.millis());
    let counts = (
        connection_health::version.eq(version),
        connection_health::since.eq(since),
        connection_health::started.eq(0),
        connection_health::finished.eq(0),
        connection_health::refused.eq(0),
        connection_health::bad_in_a_row.eq(0),
        connection_health::unreachable_until.eq(None::<i64>),
    );
    let key = (
        connection_health::connection_id.eq(id.as_str()),
        connection_health::team_id.eq(tally.team_id.as_str()),
        connection_health::unwell.eq(false),
    );
    let new = (key, counts);
    let added = each!(&mut **tx, c => diesel::insert_into(connection_health::table)
        .values(new)
        .on_conflict_do_nothing()
        .execute(c))?;
    if added == 1 {
        // A connection that takes the place of another: what was known of that one is of no more use.
        let others = connection_health::table
            .filter(connection_health::team_id.eq(tally.team_id.as_str()))
            .filter(connection_health::connection_id.ne(id.as_str()));
        each!(&mut **tx, c => diesel::delete(others).execute(c))?;
        return Ok(());
    }
    let older = connection_health::table.find(id.as_str()).filter(connection_health::version.lt(version));
    each!(&mut **tx, c => diesel::update(older).set(counts).execute(c))?;
    Ok(())
}

/// Forgets a team that is removed.
pub fn forget_team(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), StorageError> {
    let all = connection_health::table.filter(connection_health::team_id.eq(team_id.as_str()));
    each!(&mut **tx, c => diesel::delete(all).execute(c))?;
    letters::forget(tx, team_id)
}
