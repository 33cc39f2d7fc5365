//! The table `outbox`: one row per letter on its way.

use std::time::Duration;

use diesel::prelude::*;
use storage::schema::outbox;
use storage::{Connection, StorageError, Tx, each};
use vocabulary::Timestamp;

/// How long a letter belongs to the worker that claimed it; longer than any sending takes.
pub(crate) const LEASE: Duration = Duration::from_mins(1);
/// How many due letters a worker looks at to claim one of them.
const CANDIDATES: i64 = 16;

/// A letter on its way.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox)]
pub(crate) struct Waiting {
    pub(crate) id: String,
    pub(crate) team_id: Option<String>,
    pub(crate) recipient: String,
    pub(crate) subject: String,
    pub(crate) body_text: String,
    pub(crate) body_html: String,
    /// How often it was claimed.
    pub(crate) attempts: i64,
    pub(crate) created_at: i64,
}

/// How many letters are on their way.
pub fn waiting(connection: &mut Connection) -> Result<i64, StorageError> {
    let query = outbox::table.count();
    Ok(each!(connection, c => query.get_result(c))?)
}

/// The letters on their way, as somebody sees them who looks whether they leave.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    /// How many there are.
    pub letters: i64,
    /// When the oldest was written.
    pub oldest: Option<Timestamp>,
}

/// How many letters are on their way, and since when.
pub fn queue(connection: &mut Connection) -> Result<Queue, StorageError> {
    let query = outbox::table.select(diesel::dsl::min(outbox::created_at));
    let oldest: Option<i64> = each!(connection, c => query.get_result(c))?;
    Ok(Queue { letters: waiting(connection)?, oldest: oldest.map(Timestamp::from_millis) })
}

/// Puts a letter in, due at once.
pub(crate) fn insert(tx: &mut Tx<'_>, letter: &Waiting) -> Result<(), StorageError> {
    each!(&mut **tx, c => diesel::insert_into(outbox::table)
        .values((letter, outbox::next_attempt_at.eq(letter.created_at)))
        .execute(c))?;
    Ok(())
}

/// Some letters that are due, the longest waiting first: their ids and how often each was claimed.
pub(crate) fn due(connection: &mut Connection, now: Timestamp) -> Result<Vec<(String, i64)>, StorageError> {
    let query = outbox::table
        .filter(outbox::next_attempt_at.le(now.millis()))
        .order((outbox::next_attempt_at, outbox::id))
        .limit(CANDIDATES)
        .select((outbox::id, outbox::attempts));
    Ok(each!(connection, c => query.load(c))?)
}

/// Claims the first of `candidates` that no other worker took since they were read. Conditional updates decide:
/// of several workers one counts a changed row.
pub(crate) fn claim(tx: &mut Tx<'_>, candidates: &[(String, i64)]) -> Result<Option<Waiting>, StorageError> {
    let now = tx.now();
    for (id, attempts) in candidates {
        let free = outbox::table
            .find(id)
            .filter(outbox::attempts.eq(attempts))
            .filter(outbox::next_attempt_at.le(now.millis()));
        let mine = (
            outbox::attempts.eq(attempts.saturating_add(1)),
            outbox::next_attempt_at.eq(now.plus(LEASE).millis()),
        );
        if each!(&mut **tx, c => diesel::update(free).set(mine).execute(c))? == 1 {
            let letter = each!(&mut **tx, c => outbox::table
                .find(id)
                .select(Waiting::as_select())
                .first(c))?;
            return Ok(Some(letter));
        }
    }
    Ok(None)
}

/// Takes out a letter that was sent, whoever has claimed it by now: it need not go twice.
pub(crate) fn sent(tx: &mut Tx<'_>, letter: &Waiting) -> Result<(), StorageError> {
    each!(&mut **tx, c => diesel::delete(outbox::table.find(&letter.id)).execute(c))?;
    Ok(())
}

/// Lets a claimed letter wait until `moment`, unless the claim was lost.
pub(crate) fn postpone(tx: &mut Tx<'_>, letter: &Waiting, moment: Timestamp) -> Result<(), StorageError> {
    let mine = outbox::table.find(&letter.id).filter(outbox::attempts.eq(letter.attempts));
    let later = outbox::next_attempt_at.eq(moment.millis());
    each!(&mut **tx, c => diesel::update(mine).set(later).execute(c))?;
    Ok(())
}

/// Takes out a claimed letter that will not be sent. Says whether the claim still held.
pub(crate) fn abandon(tx: &mut Tx<'_>, letter: &Waiting) -> Result<bool, StorageError> {
    let mine = outbox::table.find(&letter.id).filter(outbox::attempts.eq(letter.attempts));
    Ok(each!(&mut **tx, c => diesel::delete(mine).execute(c))? == 1)
}
