//! Forgetting requests: unproved ones after a day, rejected ones after 30, undecided ones after 90, approved ones with their team.

use std::time::Duration;

use diesel::prelude::*;
use storage::schema::requests;
use storage::{StorageError, Tx, each};
use vocabulary::TeamId;

use crate::request::Status;

/// For how long a rejected request is kept.
const REJECTED_KEPT: Duration = Duration::from_hours(30 * 24);

/// For how long one is that nobody decides.
const UNDECIDED_KEPT: Duration = Duration::from_hours(90 * 24);

/// Forgets requests whose contact did not prove the address in time, and rejected ones after 30 days.
pub fn tidy(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let now = tx.now();
    let unproved = requests::table
        .filter(requests::status.eq(Status::Unconfirmed.as_str()))
        .filter(requests::proof_until.le(now.millis()));
    let rejected = requests::table
        .filter(requests::status.eq(Status::Rejected.as_str()))
        .filter(requests::decided_at.le(now.minus(REJECTED_KEPT).millis()));
    let undecided = requests::table
        .filter(requests::status.eq_any([Status::Waiting.as_str(), Status::Asked.as_str()]))
        .filter(requests::made_at.le(now.minus(UNDECIDED_KEPT).millis()));
    let mut gone = each!(&mut **tx, c => diesel::delete(unproved).execute(c))?;
    gone += each!(&mut **tx, c => diesel::delete(rejected).execute(c))?;
    gone += each!(&mut **tx, c => diesel::delete(undecided).execute(c))?;
    Ok(gone)
}

/// Forgets the approved request of a team that is removed: it names people.
pub fn forget_team(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), StorageError> {
    let approved = requests::table
        .filter(requests::team_id.eq(team_id.as_str()))
        .filter(requests::status.eq(Status::Approved.as_str()));
    each!(&mut **tx, c => diesel::delete(approved).execute(c))?;
    Ok(())
}
