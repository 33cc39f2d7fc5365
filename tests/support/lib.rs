//! What the journeys share: a database of one's own for each test, on SQLite and on PostgreSQL; the whole
//! service with a practice identity provider beside it; a browser that keeps cookies; a clock moved by hand; a search for
//! client secrets in all that comes of it.

pub mod behind;
pub mod browser;
pub mod canary;
pub mod clock;
pub mod command;
pub mod database;
pub mod product;
pub mod world;

pub use browser::{Answer, Browser};
pub use clock::HandClock;
pub use command::{KEY, Said, command, command_with, command_with_key};
pub use database::{Kind, TestDatabase};
pub use product::Product;
pub use world::{Node, World};
