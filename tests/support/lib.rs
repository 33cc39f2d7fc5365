//! What the journeys share: a database of one's own for each test, on SQLite and on PostgreSQL.

pub mod database;

pub use database::{Kind, TestDatabase};
