//! The door to the database: short reads, and writes that are one transaction each.

use std::collections::HashSet;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use vocabulary::Timestamp;

use crate::address::Address;
use crate::connection::Connection;
use crate::each;
use crate::error::StorageError;
use crate::feed::{self, Change, Feed, Subject};

/// How a database is used.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it is.
    pub address: Address,
    /// How many connections are open at most.
    pub connections: u32,
    /// How long a caller waits for one.
    pub wait: Duration,
}

impl Options {
    /// What serves a small machine well: 8 connections, two seconds of patience.
    #[must_use]
    pub const fn new(address: Address) -> Self {
        Self { address, connections: 8, wait: Duration::from_secs(2) }
    }
}

struct Manager {
    address: Address,
}

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Connection, Self::Error> {
        Connection::open(&self.address).map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, _connection: &mut Connection) -> Result<(), Self::Error> {
        Ok(())
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        std::thread::panicking() || connection.is_broken()
    }
}

/// A database: clone it freely, all clones share their connections.
#[derive(Clone)]
pub struct Database {
    readers: Pool<Manager>,
    /// SQLite lets one write at a time: they queue here, in order, and none is refused as "busy".
    writers: Pool<Manager>,
    address: Address,
    feed: Arc<Feed>,
}

impl Database {
    /// Gets ready to connect; nothing is asked of the database yet.
    #[must_use]
    pub fn open(options: &Options) -> Self {
        let pool = |size| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(0))
                .connection_timeout(options.wait)
                .test_on_check_out(false)
                .error_handler(Box::new(LogConnectError))
                .build_unchecked(Manager { address: options.address.clone() })
        };
        let readers = pool(options.connections.max(1));
        let writers = if options.address.is_embedded() { pool(1) } else { readers.clone() };
        Self { readers, writers, address: options.address.clone(), feed: Arc::new(Feed::default()) }
    }

    /// Where it is.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// The feed of what changed, here and on other nodes.
    #[must_use]
    pub fn feed(&self) -> &Arc<Feed> {
        &self.feed
    }

    /// A connection outside the pool.
    pub(crate) fn connect(&self) -> Result<Connection, StorageError> {
        Connection::open(&self.address).map_err(|error| StorageError::Unavailable(error.to_string()))
    }

    /// Lends a connection for reading.
    pub fn read<T, E: From<StorageError>>(
        &self,
        deed: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        deed(&mut *connection(&self.readers)?)
    }

    /// Runs `deed` as one transaction: all of it is kept when it ends well, nothing otherwise. What it marked
    /// as changed reaches the feed with the same commit, and this process's followers right after.
    pub fn write<T, E: From<StorageError>>(
        &self,
        now: Timestamp,
        deed: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = connection(&self.writers)?;
        begin(&mut connection)?;
        let mut tx =
            Tx { connection: &mut connection, changes: HashSet::new(), now, brand: std::marker::PhantomData };
        let outcome = match deed(&mut tx) {
            Ok(result) => feed::append(&mut tx).map(|()| result).map_err(E::from),
            Err(error) => Err(error),
        };
        let changes = std::mem::take(&mut tx.changes);
        match outcome {
            Ok(result) => {
                commit(&mut connection)?;
                self.feed.announce(&changes);
                Ok(result)
            }
            Err(error) => {
                roll_back(&mut connection);
                Err(error)
            }
        }
    }
}

/// Longer than any call takes whose connection and whose server keep to their limits: waiting for a connection
/// two seconds, a statement five.
const PATIENCE: Duration = Duration::from_secs(8);

/// Runs `deed`, which waits for a database, where waiting holds nobody up. A server that takes what is said and
/// never answers keeps the thread, not the caller.
pub async fn blocking<T, E>(deed: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StorageError> + Send + 'static,
{
    match tokio::time::timeout(PATIENCE, tokio::task::spawn_blocking(deed)).await {
        Ok(outcome) => {
            outcome.unwrap_or_else(|stopped| Err(StorageError::Unavailable(stopped.to_string()).into()))
        }
        Err(_elapsed) => Err(StorageError::Unavailable(format!("no answer within {PATIENCE:?}")).into()),
    }
}

fn connection(pool: &Pool<Manager>) -> Result<PooledConnection<Manager>, StorageError> {
    pool.get().map_err(|error| StorageError::Unavailable(format!("no connection: {error}")))
}

fn begin(connection: &mut Connection) -> Result<(), StorageError> {
    Ok(match connection {
        Connection::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(&mut **c, "BEGIN IMMEDIATE"),
        Connection::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(&mut **c, "BEGIN"),
    }?)
}

fn commit(connection: &mut Connection) -> Result<(), StorageError> {
    let committed = each!(connection, c => AnsiTransactionManager::commit_transaction(c));
    committed.map_err(|error| {
        // A commit that failed leaves an open transaction behind on SQLite (disk full, busy).
        roll_back(connection);
        StorageError::from(error)
    })
}

fn roll_back(connection: &mut Connection) {
    if let Err(error) = each!(connection, c => AnsiTransactionManager::rollback_transaction(c)) {
        tracing::debug!(%error, "rolling back failed; the connection is given up");
    }
}

/// A write transaction under way. `'tx` brands proofs made inside it: none outlives it or serves another.
pub struct Tx<'tx> {
    connection: &'tx mut Connection,
    changes: HashSet<Change>,
    now: Timestamp,
    brand: std::marker::PhantomData<fn(&'tx ()) -> &'tx ()>,
}

impl Tx<'_> {
    /// The moment this transaction counts as.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Marks something as changed, for the caches of every node.
    pub fn changed(&mut self, subject: Subject, key: &str) {
        self.changes.insert(Change { subject, key: key.to_owned() });
    }

    pub(crate) const fn changes(&self) -> &HashSet<Change> {
        &self.changes
    }
}

impl Deref for Tx<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection
    }
}

#[derive(Debug)]
struct LogConnectError;

impl diesel::r2d2::HandleError<diesel::r2d2::Error> for LogConnectError {
    fn handle_error(&self, error: diesel::r2d2::Error) {
        tracing::warn!(%error, "connecting to the database failed");
    }
}
