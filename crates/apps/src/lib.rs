//! Apps: the products behind the door, as an operator registers them; who they are, where they may be sent back
//! to, which teams may use them and as what.
//!
//! Owns the table `apps`. The invariants: whether somebody may use an app is said by [`admits`] alone; a secret is at
//! rest as its hash; what an address of an app may be is decided once, when it is registered.

mod admits;
mod app;
mod edit;
mod json;
mod registry;
mod rows;
mod trouble;
mod uri;
mod words;

pub use admits::{NotAdmitted, admits};
pub use app::{App, AppOptions, Kind, Secrets};
pub use edit::{Edit, HostEdit, NewApp, OldSecret, Secrecy, add, remove, rotate_secret, set};
pub use json::Made;
pub use registry::Apps;
pub use rows::{find, list};
pub use trouble::AppError;
pub use uri::{AppHost, RedirectUri, UriError, WebUri};
pub use words::{AccessTokens, Pkce, Place};
