//! The table `signing_keys`.

use diesel::prelude::*;
use storage::schema::signing_keys;
use storage::{Connection, StorageError, Subject, Tx, each};
use vocabulary::Timestamp;

/// The feed's key for all signing keys.
pub(super) const ALL: &str = "*";

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys)]
pub(super) struct Row {
    pub(super) kid: String,
    pub(super) alg: String,
    /// Counted from one for each algorithm; of several who make the same one, one wins.
    pub(super) generation: i64,
    pub(super) public_key: String,
    /// Sealed.
    pub(super) private_key: String,
    pub(super) made_at: i64,
    pub(super) signs_from: i64,
    pub(super) leaves_at: Option<i64>,
}

/// Every key, those of one algorithm in the order in which they sign.
pub(super) fn read(connection: &mut Connection) -> Result<Vec<Row>, StorageError> {
    let rows = signing_keys::table.order((signing_keys::alg.desc(), signing_keys::generation));
    Ok(each!(connection, c => rows.select(Row::as_select()).load(c))?)
}

/// Adds keys. [`StorageError::Duplicate`] when another node added these generations first.
pub(super) fn add(tx: &mut Tx<'_>, rows: &[Row]) -> Result<(), StorageError> {
    for row in rows {
        each!(&mut **tx, c => diesel::insert_into(signing_keys::table).values(row).execute(c))?;
    }
    tx.changed(Subject::SigningKeys, ALL);
    Ok(())
}

/// Lets the keys that have no end yet leave the key set then.
pub(super) fn end(tx: &mut Tx<'_>, leaves_at: Timestamp) -> Result<(), StorageError> {
    let endless = signing_keys::table.filter(signing_keys::leaves_at.is_null());
    let then = signing_keys::leaves_at.eq(leaves_at.millis());
    each!(&mut **tx, c => diesel::update(endless).set(then).execute(c))?;
    Ok(())
}

/// Forgets the keys that left the key set before `left`.
pub(super) fn forget(tx: &mut Tx<'_>, left: Timestamp) -> Result<usize, StorageError> {
    let old = signing_keys::table.filter(signing_keys::leaves_at.lt(left.millis()));
    let count = each!(&mut **tx, c => diesel::delete(old).execute(c))?;
    if count > 0 {
        tx.changed(Subject::SigningKeys, ALL);
    }
    Ok(count)
}
