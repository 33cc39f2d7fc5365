//! The door: puts the rooms together and opens them by command. A library too, so that tests build the very
//! same service in their own process.

mod cli;
mod commands;
mod demo;
mod demo_customer;
mod demo_product;
mod demo_settings;
mod demo_tiles;
mod house;
mod service;
mod trouble;

pub use cli::run;
pub use demo_tiles::demo_tiles;
pub use house::{House, Parts};
pub use service::Service;
pub use trouble::Trouble;
