//! The door: ways in, ways back, ways out.

pub(crate) mod backchannel_logout;
pub(crate) mod callback;
pub(crate) mod find_team;
pub(crate) mod forget;
pub(crate) mod launch;
pub(crate) mod login;
pub(crate) mod login_sso;
pub(crate) mod logout;
mod outside;
pub(crate) mod refused;
pub(crate) mod revoke;
pub(crate) mod root;
pub(crate) mod signed_out;
pub(crate) mod team_login;
