//! The migrations inside the binary: twin folders with equal names, one for each database.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connection::Connection;
use crate::database::Database;
use crate::error::StorageError;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// How the database's schema stands to this binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// As this binary needs it.
    Current,
    /// Older: these migrations are to come.
    Behind(Vec<String>),
    /// Newer: these migrations are unknown to this binary.
    Ahead(Vec<String>),
}

/// Why migrating did not work.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database cannot be asked.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A migration failed. On PostgreSQL those before it stand, on SQLite none does; a rerun does the rest.
    #[error("a migration failed: {0}")]
    Failed(String),
}

impl From<diesel::result::Error> for MigrationError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Storage(error.into())
    }
}

impl Database {
    /// Compares the schema with what this binary knows.
    pub fn schema_state(&self) -> Result<SchemaState, MigrationError> {
        self.read(state)
    }

    /// Brings an older schema up to date and says what was done. Two that migrate at once wait for each other.
    pub fn migrate(&self) -> Result<Vec<String>, MigrationError> {
        if let crate::Address::Sqlite(path) = self.address()
            && let Some(folder) = path.parent()
        {
            // What is kept here is for the service alone.
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| {
                MigrationError::Failed(format!("cannot make the folder {}: {error}", folder.display()))
            })?;
        }
        self.read(|connection| match connection {
            // Under the write lock: of two that start at once, the second finds nothing left to do.
            Connection::Sqlite(c) => c.immediate_transaction(|c| applied(c.run_pending_migrations(SQLITE))),
            Connection::Postgres(c) => {
                let lock =
                    |c: &mut diesel::PgConnection, sql| c.batch_execute(sql).map_err(StorageError::from);
                lock(c, "SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock(7206135)")?;
                let done = applied(c.run_pending_migrations(POSTGRES));
                lock(c, "SELECT pg_advisory_unlock(7206135); RESET lock_timeout; RESET statement_timeout")?;
                done
            }
        })
    }
}

type Outcome<'a> =
    Result<Vec<diesel::migration::MigrationVersion<'a>>, Box<dyn std::error::Error + Send + Sync>>;

fn applied(outcome: Outcome<'_>) -> Result<Vec<String>, MigrationError> {
    let versions = outcome.map_err(|error| MigrationError::Failed(error.to_string()))?;
    Ok(versions.iter().map(ToString::to_string).collect())
}

fn state(connection: &mut Connection) -> Result<SchemaState, MigrationError> {
    let (known, there) = match connection {
        Connection::Sqlite(c) => {
            (names::<diesel::sqlite::Sqlite>(&SQLITE)?, applied(c.applied_migrations())?)
        }
        Connection::Postgres(c) => (names::<diesel::pg::Pg>(&POSTGRES)?, applied(c.applied_migrations())?),
    };
    let ahead: Vec<String> = there.iter().filter(|version| !known.contains(version)).cloned().collect();
    let behind: Vec<String> = known.iter().filter(|version| !there.contains(version)).cloned().collect();
    Ok(match (ahead.is_empty(), behind.is_empty()) {
        (true, true) => SchemaState::Current,
        (true, false) => SchemaState::Behind(behind),
        (false, _) => SchemaState::Ahead(ahead),
    })
}

fn names<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Result<Vec<String>, MigrationError> {
    let migrations: Vec<Box<dyn Migration<DB>>> =
        source.migrations().map_err(|error| MigrationError::Failed(error.to_string()))?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}
