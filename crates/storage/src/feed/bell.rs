//! What tells a node without delay that the feed has grown: `NOTIFY` on PostgreSQL, `PRAGMA data_version` on
//! SQLite. It makes a node quick and nothing else: behind a transaction pooler it may never ring.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::connection::Connection;
use crate::database::Tx;
use crate::error::StorageError;

/// Rings at every node when this transaction commits. On SQLite its commit is heard by itself.
pub(super) fn ring(tx: &mut Tx<'_>) -> Result<(), StorageError> {
    match &mut **tx {
        Connection::Sqlite(_) => Ok(()),
        Connection::Postgres(c) => Ok(c.batch_execute("NOTIFY teamdoor_changes")?),
    }
}

/// A bell on the connection that follows the feed.
#[derive(Debug)]
pub(super) enum Bell {
    /// There is none.
    None,
    /// The server passes `NOTIFY` on to this connection.
    Postgres,
    /// SQLite counts the commits of others; so many were known.
    Sqlite(i64),
}

impl Bell {
    /// Hangs one up; none, where that is refused.
    pub(super) fn hang(connection: &mut Connection) -> Self {
        let hung = match connection {
            Connection::Sqlite(c) => data_version(c).map(Self::Sqlite),
            Connection::Postgres(c) => c.batch_execute("LISTEN teamdoor_changes").map(|()| Self::Postgres),
        };
        hung.unwrap_or_else(|error| {
            tracing::warn!(%error, "nothing wakes the change feed; it is read four times a second");
            Self::None
        })
    }

    /// How long to wait between two looks. One costs a few microseconds on PostgreSQL, where a node hears others,
    /// and ten times that on SQLite, where it hears a command beside it.
    pub(super) const fn interval(&self) -> Duration {
        match self {
            Self::Postgres => Duration::from_millis(10),
            Self::Sqlite(_) => Duration::from_millis(40),
            Self::None => Duration::from_millis(50),
        }
    }

    /// Whether it has rung since the last time; asks nothing of a server. Who cannot say has the feed read.
    pub(super) fn has_rung(&mut self, connection: &mut Connection) -> bool {
        match (self, connection) {
            (Self::Postgres, Connection::Postgres(c)) => {
                let mut rung = false;
                for notification in c.notifications_iter() {
                    rung = true;
                    // A broken connection says so for ever.
                    if notification.is_err() {
                        break;
                    }
                }
                rung
            }
            (Self::Sqlite(known), Connection::Sqlite(c)) => {
                let before = *known;
                data_version(c).map(|now| *known = now).is_err() || *known != before
            }
            _ => false,
        }
    }
}

/// Another number after each commit of another connection, in this process or not
/// (<https://www.sqlite.org/pragma.html#pragma_data_version>).
fn data_version(connection: &mut SqliteConnection) -> QueryResult<i64> {
    diesel::dsl::sql::<BigInt>("PRAGMA data_version").get_result(connection)
}
