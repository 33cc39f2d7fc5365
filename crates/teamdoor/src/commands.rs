//! The commands, one file each.

pub(crate) mod app;
pub(crate) mod audit;
pub(crate) mod doctor;
pub(crate) mod keys;
pub(crate) mod log;
pub(crate) mod migrate;
pub(crate) mod operator;
pub(crate) mod person;
pub(crate) mod request;
pub(crate) mod role;
pub(crate) mod sign_in;
pub(crate) mod team;
pub(crate) mod token;
