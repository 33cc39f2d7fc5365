//! The rows of `secret_lives`. Whoever writes one holds the team's lock; a switch is decided by one conditional update
//! all the same.

use diesel::prelude::*;
use storage::schema::secret_lives;
use storage::{StorageError, Tx, each};
use vocabulary::{ConnectionId, TeamId, Timestamp};

use super::{NextSecret, SecretLife};
use crate::settings::KeptSecret;

#[derive(Queryable, Selectable)]
#[diesel(table_name = secret_lives)]
pub(crate) struct LifeRow {
    expires_at: Option<i64>,
    next_secret: Option<String>,
    next_set_at: Option<i64>,
    next_set_by: Option<String>,
    next_expires_at: Option<i64>,
    next_tested_at: Option<i64>,
}

impl From<LifeRow> for SecretLife {
    fn from(row: LifeRow) -> Self {
        let LifeRow { expires_at, next_secret, next_set_at, next_set_by, next_expires_at, next_tested_at } =
            row;
        let moment = |millis: Option<i64>| millis.map(Timestamp::from_millis);
        Self {
            expires_at: moment(expires_at),
            next: next_secret.map(|sealed| NextSecret {
                sealed,
                set_at: moment(next_set_at).unwrap_or_default(),
                set_by: next_set_by,
                expires_at: moment(next_expires_at),
                tested_at: moment(next_tested_at),
            }),
        }
    }
}

pub(super) fn set_next(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    id: &ConnectionId,
    kept: &KeptSecret,
    expires_at: Option<Timestamp>,
) -> Result<(), StorageError> {
    make(tx, team_id, id)?;
    let row = secret_lives::table.find(id.as_str());
    let now = (
        secret_lives::next_secret.eq(kept.sealed.clone()),
        secret_lives::next_set_at.eq(kept.set_at.map(Timestamp::millis)),
        secret_lives::next_set_by.eq(kept.set_by.clone()),
        secret_lives::next_expires_at.eq(expires_at.map(Timestamp::millis)),
        secret_lives::next_tested_at.eq(None::<i64>),
    );
    each!(&mut **tx, c => diesel::update(row).set(now).execute(c))?;
    Ok(())
}

pub(super) fn set_expiry(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    id: &ConnectionId,
    expires_at: Option<Timestamp>,
    told_days: Option<i64>,
) -> Result<(), StorageError> {
    make(tx, team_id, id)?;
    let row = secret_lives::table.find(id.as_str());
    let now = (
        secret_lives::expires_at.eq(expires_at.map(Timestamp::millis)),
        secret_lives::told_days.eq(told_days),
    );
    each!(&mut **tx, c => diesel::update(row).set(now).execute(c))?;
    Ok(())
}

/// Sees to it that there is a row to write to.
fn make(tx: &mut Tx<'_>, team_id: &TeamId, id: &ConnectionId) -> Result<(), StorageError> {
    let row = (secret_lives::connection_id.eq(id.as_str()), secret_lives::team_id.eq(team_id.as_str()));
    each!(&mut **tx, c => diesel::insert_into(secret_lives::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub(super) fn mark_tested(tx: &mut Tx<'_>, id: &ConnectionId) -> Result<(), StorageError> {
    let row = secret_lives::table.find(id.as_str());
    let now = secret_lives::next_tested_at.eq(tx.now().millis());
    each!(&mut **tx, c => diesel::update(row).set(now).execute(c))?;
    Ok(())
}

/// The life of the next secret becomes the current one's, if it is still next; says whether it was.
pub(super) fn take_over(tx: &mut Tx<'_>, id: &ConnectionId, next: &NextSecret) -> Result<bool, StorageError> {
    let row = secret_lives::table.find(id.as_str()).filter(secret_lives::next_secret.eq(next.sealed.clone()));
    let now = (
        secret_lives::expires_at.eq(next.expires_at.map(Timestamp::millis)),
        secret_lives::told_days.eq(None::<i64>),
        nothing_next(),
    );
    Ok(each!(&mut **tx, c => diesel::update(row).set(now).execute(c))? == 1)
}

/// Forgets the next secret; the current one's day stays.
pub(crate) fn drop_next(tx: &mut Tx<'_>, id: &ConnectionId) -> Result<(), StorageError> {
    let row = secret_lives::table.find(id.as_str());
    each!(&mut **tx, c => diesel::update(row).set(nothing_next()).execute(c))?;
    Ok(())
}

type NothingNext = (
    diesel::dsl::Eq<secret_lives::next_secret, Option<String>>,
    diesel::dsl::Eq<secret_lives::next_set_at, Option<i64>>,
    diesel::dsl::Eq<secret_lives::next_set_by, Option<String>>,
    diesel::dsl::Eq<secret_lives::next_expires_at, Option<i64>>,
    diesel::dsl::Eq<secret_lives::next_tested_at, Option<i64>>,
);

fn nothing_next() -> NothingNext {
    (
        secret_lives::next_secret.eq(None),
        secret_lives::next_set_at.eq(None),
        secret_lives::next_set_by.eq(None),
        secret_lives::next_expires_at.eq(None),
        secret_lives::next_tested_at.eq(None),
    )
}

/// Forgets all of it.
pub(crate) fn forget(tx: &mut Tx<'_>, id: &ConnectionId) -> Result<(), StorageError> {
    let row = secret_lives::table.find(id.as_str());
    each!(&mut **tx, c => diesel::delete(row).execute(c))?;
    Ok(())
}

/// The same for all connections of a team, retired ones too.
pub(crate) fn forget_team(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), StorageError> {
    let all = secret_lives::table.filter(secret_lives::team_id.eq(team_id.as_str()));
    each!(&mut **tx, c => diesel::delete(all).execute(c))?;
    Ok(())
}
