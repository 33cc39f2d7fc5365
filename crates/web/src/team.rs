//! A team's pages: everyone sees everyone, admins change people.

pub(crate) mod activity;
pub(crate) mod apps;
pub(crate) mod change;
pub(crate) mod dashboard;
pub(crate) mod house;
pub(crate) mod people;
pub(crate) mod role;
pub(crate) mod tokens;
