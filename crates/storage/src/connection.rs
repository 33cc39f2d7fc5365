//! A connection to either database. `each!` writes one expression for both, so that a query has one source.

use diesel::connection::SimpleConnection;
use diesel::r2d2::R2D2Connection;
use diesel::{Connection as _, ConnectionError, PgConnection, SqliteConnection};

use crate::address::Address;

/// An open connection.
pub enum Connection {
    /// To the embedded database.
    Sqlite(Box<SqliteConnection>),
    /// To a PostgreSQL server.
    Postgres(Box<PgConnection>),
}

/// Runs one expression against whichever database a `&mut Connection` leads to:
/// `each!(connection, c => teams::table.count().get_result::<i64>(c))`.
///
/// What is found by a unique key is read by `get_result`: `first` adds a bound `LIMIT`, for which SQLite plans
/// the statement anew at every call.
#[macro_export]
macro_rules! each {
    ($connection:expr, $c:ident => $body:expr) => {
        match &mut *$connection {
            $crate::Connection::Sqlite(connection) => {
                let $c = &mut **connection;
                $body
            }
            $crate::Connection::Postgres(connection) => {
                let $c = &mut **connection;
                $body
            }
        }
    };
}

/// How every SQLite connection is set up. `FULL`: a commit that was acknowledged survives a power cut.
const SQLITE: &str = "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                      PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -1024;";

impl Connection {
    pub(crate) fn open(address: &Address) -> Result<Self, ConnectionError> {
        match address {
            Address::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
                connection.batch_execute(SQLITE).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Self::Sqlite(Box::new(connection)))
            }
            Address::Postgres(url) => {
                PgConnection::establish(url).map(|connection| Self::Postgres(Box::new(connection)))
            }
        }
    }

    /// Whether the connection is of no more use and must not go back into the pool.
    pub(crate) fn is_broken(&mut self) -> bool {
        each!(self, c => c.is_broken())
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Connection(SQLite)",
            Self::Postgres(_) => "Connection(PostgreSQL)",
        })
    }
}
