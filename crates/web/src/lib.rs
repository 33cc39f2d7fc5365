//! The service's face: routes, cookies, headers, CSRF; one folder per journey, one file per act.
//!
//! The invariants: only here an error becomes a status; every answer carries the headers of `headers`;
//! whoever cannot be recognised is nobody.

mod answer;
mod api;
mod app;
mod assets;
mod console;
mod cookies;
mod csrf;
mod door;
mod export;
mod failed;
mod forward_auth;
mod headers;
mod health;
mod idp;
mod mark;
mod oauth2;
mod probes;
mod request;
mod requests;
mod routes;
mod sso;
mod team;
mod visitor;

pub use api::API_ROUTES;
pub use app::App;
pub use headers::add as with_headers;
pub use probes::Probes;
pub use routes::{ROUTES, configure};
