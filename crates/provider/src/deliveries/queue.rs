//! The table `logout_deliveries`: one row for each app that has not been told yet of a session's end.

use std::time::Duration;

use diesel::prelude::*;
use storage::schema::logout_deliveries;
use storage::{Connection, StorageError, Tx, each};
use vocabulary::{Chance, Timestamp, ordered_id};

use super::told_of::AppSession;

/// How long a delivery belongs to the node that claimed it; longer than any attempt takes.
pub(super) const LEASE: Duration = Duration::from_secs(30);
/// How many due deliveries are looked at in one step.
const CANDIDATES: i64 = 64;

/// A delivery on its way.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = logout_deliveries)]
pub(super) struct Delivery {
    pub(super) id: String,
    pub(super) client_id: String,
    pub(super) person_id: String,
    pub(super) sid: Option<String>,
    /// How often it was claimed.
    pub(super) attempts: i64,
    pub(super) created_at: i64,
}

/// Puts one in, due at once.
pub(super) fn insert(tx: &mut Tx<'_>, chance: &dyn Chance, ended: &AppSession) -> Result<(), StorageError> {
    let now = tx.now();
    let row = (
        logout_deliveries::id.eq(ordered_id(chance, now)),
        logout_deliveries::client_id.eq(&ended.client_id),
        logout_deliveries::person_id.eq(&ended.person_id),
        logout_deliveries::sid.eq(&ended.sid),
        logout_deliveries::attempts.eq(0),
        logout_deliveries::next_attempt_at.eq(now.millis()),
        logout_deliveries::created_at.eq(now.millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(logout_deliveries::table).values(row).execute(c))?;
    Ok(())
}

/// Some that are due, the longest waiting first, of all apps but the busy ones: however much waits for those, it hides
/// nobody else's.
pub(super) fn due(
    connection: &mut Connection,
    now: Timestamp,
    busy: &[String],
) -> Result<Vec<Delivery>, StorageError> {
    let query = logout_deliveries::table
        .filter(logout_deliveries::next_attempt_at.le(now.millis()))
        .filter(logout_deliveries::client_id.ne_all(busy))
        .order((logout_deliveries::next_attempt_at, logout_deliveries::id))
        .limit(CANDIDATES);
    Ok(each!(connection, c => query.select(Delivery::as_select()).load(c))?)
}

/// Claims one that was due, unless another node took it since it was read.
pub(super) fn claim(tx: &mut Tx<'_>, seen: &Delivery) -> Result<Option<Delivery>, StorageError> {
    let now = tx.now();
    let free = logout_deliveries::table
        .find(&seen.id)
        .filter(logout_deliveries::attempts.eq(seen.attempts))
        .filter(logout_deliveries::next_attempt_at.le(now.millis()));
    let attempts = seen.attempts.saturating_add(1);
    let mine = (
        logout_deliveries::attempts.eq(attempts),
        logout_deliveries::next_attempt_at.eq(now.plus(LEASE).millis()),
    );
    let claimed = each!(&mut **tx, c => diesel::update(free).set(mine).execute(c))? == 1;
    Ok(claimed.then(|| Delivery { attempts, ..seen.clone() }))
}

/// Takes out one that arrived, whoever has claimed it by now: it need not go twice.
pub(super) fn arrived(tx: &mut Tx<'_>, delivery: &Delivery) -> Result<(), StorageError> {
    each!(&mut **tx, c => diesel::delete(logout_deliveries::table.find(&delivery.id)).execute(c))?;
    Ok(())
}

/// Lets a claimed one wait until `moment`, unless the claim was lost.
pub(super) fn postpone(tx: &mut Tx<'_>, delivery: &Delivery, moment: Timestamp) -> Result<(), StorageError> {
    let mine =
        logout_deliveries::table.find(&delivery.id).filter(logout_deliveries::attempts.eq(delivery.attempts));
    let later = logout_deliveries::next_attempt_at.eq(moment.millis());
    each!(&mut **tx, c => diesel::update(mine).set(later).execute(c))?;
    Ok(())
}

/// Takes out a claimed one that will not arrive. Says whether the claim still held.
pub(super) fn abandon(tx: &mut Tx<'_>, delivery: &Delivery) -> Result<bool, StorageError> {
    let mine =
        logout_deliveries::table.find(&delivery.id).filter(logout_deliveries::attempts.eq(delivery.attempts));
    Ok(each!(&mut **tx, c => diesel::delete(mine).execute(c))? == 1)
}
