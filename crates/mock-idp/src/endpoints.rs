//! The addresses of an issuer, one file each.

pub(crate) mod admin;
pub(crate) mod authorize;
pub(crate) mod choose;
pub(crate) mod dashboard;
pub(crate) mod discovery;
pub(crate) mod elsewhere;
pub(crate) mod front;
pub(crate) mod keys;
pub(crate) mod logout;
pub(crate) mod session_cookie;
pub(crate) mod token;
pub(crate) mod userinfo;
