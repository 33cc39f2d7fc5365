//! Of which secrets a letter is due: 30, 7 and 1 days before they expire, and once they have. What was told is noted in
//! the row by a conditional update, so that of several nodes one writes.

use std::time::Duration;

use diesel::prelude::*;
use storage::schema::{connections, secret_lives, teams};
use storage::{Connection, StorageError, Tx, each};
use vocabulary::{TeamId, Timestamp};

use crate::team::{Status, Team};
use crate::tenant;

/// So many days before; the last is when it has expired.
const STEPS: [i64; 4] = [30, 7, 1, 0];

/// A secret that expires soon, or has.
#[derive(Clone, Debug)]
pub struct Expiry {
    /// Whose.
    pub team: Team,
    /// When.
    pub at: Timestamp,
    /// In how many days, a part counting as a whole; none when it has.
    pub days: u64,
    /// Whether the next one waits to take over.
    pub next_waits: bool,
}

pub(super) const fn days(count: u64) -> Duration {
    Duration::from_hours(24 * count)
}

/// The moment from which a step is taken, of a secret that expires now.
fn horizon(step: i64, now: Timestamp) -> i64 {
    now.plus(days(u64::try_from(step).unwrap_or_default())).millis()
}

/// The last step that has come of a secret that expires at `at`.
pub(super) fn step(at: Timestamp, now: Timestamp) -> Option<i64> {
    STEPS.into_iter().rev().find(|step| at.millis() <= horizon(*step, now))
}

/// Teams of whose secret a letter is due, at most `limit`.
pub fn expiring(
    connection: &mut Connection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<TeamId>, StorageError> {
    let due = |step: i64| {
        let untold = secret_lives::told_days.is_null().or(secret_lives::told_days.assume_not_null().gt(step));
        secret_lives::expires_at.assume_not_null().le(horizon(step, now)).and(untold)
    };
    let [month, week, day, over] = STEPS;
    let query = secret_lives::table
        .inner_join(connections::table.on(connections::id.eq(secret_lives::connection_id)))
        .inner_join(teams::table.on(teams::team_id.eq(connections::team_id)))
        .filter(secret_lives::expires_at.is_not_null())
        .filter(connections::live)
        .filter(teams::status.eq(Status::Active.as_str()))
        .filter(due(month).or(due(week)).or(due(day)).or(due(over)))
        .order(secret_lives::expires_at)
        .limit(limit)
        .select(teams::team_id);
    let found: Vec<String> = each!(connection, c => query.load(c))?;
    Ok(found.iter().filter_map(|id| TeamId::parse(id).ok()).collect())
}

/// Notes that a team's admins are told now, if they are not told yet; the letter belongs into the same transaction.
pub fn note_told(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<Option<Expiry>, StorageError> {
    let tenant = tenant::find(tx, team_id)?.filter(|tenant| tenant.team.status == Status::Active);
    let Some(there) = tenant.and_then(tenant::Tenant::connected) else { return Ok(None) };
    let (life, now) = (there.connection.secret_life, tx.now());
    let Some((at, step)) = life.expires_at.and_then(|at| Some((at, step(at, now)?))) else { return Ok(None) };
    let row = secret_lives::table
        .find(there.connection.id.as_str())
        .filter(secret_lives::expires_at.eq(at.millis()))
        .filter(secret_lives::told_days.is_null().or(secret_lives::told_days.assume_not_null().gt(step)));
    let told = secret_lives::told_days.eq(step);
    if each!(&mut **tx, c => diesel::update(row).set(told).execute(c))? == 0 {
        return Ok(None);
    }
    let days = at.since(now).as_millis().div_ceil(days(1).as_millis());
    let days = u64::try_from(days).unwrap_or(u64::MAX);
    Ok(Some(Expiry { team: there.team, at, days, next_waits: life.next.is_some() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_come_30_7_and_1_days_before_and_when_it_is_over() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let (hour, in_days) = (Duration::from_hours(1), |count| now.plus(days(count)));
        let table = [
            (in_days(30).plus(hour), None),
            (in_days(30), Some(30)),
            (in_days(7).plus(hour), Some(30)),
            (in_days(7), Some(7)),
            (in_days(1).plus(hour), Some(7)),
            (in_days(1), Some(1)),
            (now.plus(hour), Some(1)),
            (now, Some(0)),
            (now.minus(days(400)), Some(0)),
        ];
        for (at, expected) in table {
            assert_eq!(step(at, now), expected, "{at}");
        }
    }
}
