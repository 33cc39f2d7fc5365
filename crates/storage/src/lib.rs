//! One connection over PostgreSQL and SQLite: pool, schema, migrations, `Database::read`,
//! `Database::write` and the change feed.
//!
//! Owns the tables `meta`, `change_counter` and `changes`. The invariant: whoever writes does so inside
//! `Database::write`, and every change that other nodes must hear of leaves with the same commit.

mod address;
mod cache;
mod connection;
mod database;
mod error;
mod feed;
mod meta;
mod migrations;
pub mod schema;
mod search;

pub use address::{Address, AddressError};
pub use cache::Cache;
pub use connection::Connection;
pub use database::{Database, Options, Tx, blocking};
pub use error::StorageError;
pub use feed::{Change, Feed, Follower, Pace, Subject, WakeUp, tidy};
pub use meta::{note, noted};
pub use migrations::{MigrationError, SchemaState};
pub use search::{like_pattern, lower};
