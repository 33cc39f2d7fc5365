//! A few facts about this database itself, such as a value that proves the master key.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use vocabulary::Timestamp;

use crate::connection::Connection;
use crate::database::{Database, Tx};
use crate::each;
use crate::error::StorageError;
use crate::schema::meta;

/// What is noted under `key`.
pub fn noted(connection: &mut Connection, key: &str) -> Result<Option<String>, StorageError> {
    let query = meta::table.find(key).select(meta::value);
    Ok(each!(connection, c => query.get_result(c).optional())?)
}

/// Notes `value` under `key`, unless something is noted there already. Says what stands there now.
pub fn note(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<String, StorageError> {
    each!(&mut **tx, c => diesel::insert_into(meta::table)
        .values((meta::key.eq(key), meta::value.eq(value)))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(noted(tx, key)?.unwrap_or_else(|| value.to_owned()))
}

impl Database {
    /// What time the database server has; none where the database is a file of this machine.
    pub fn server_time(&self) -> Result<Option<Timestamp>, StorageError> {
        self.read(|connection| {
            let Connection::Postgres(server) = connection else { return Ok(None) };
            let now = sql::<BigInt>("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
            let millis: i64 = now.get_result(&mut **server)?;
            Ok(Some(Timestamp::from_millis(millis)))
        })
    }
}
