//! Teamdoor as `OpenID` Provider: what apps behind the door are told about who is signed in, by which keys it is
//! signed, and that they hear when it ends.
//!
//! Owns the tables `signing_keys`, `spent_codes`, `grants`, `grant_tokens`, `app_sessions` and `logout_deliveries`.
//! The invariants: a code is redeemed once; nothing is granted that the session, the membership and the app do not
//! carry at that moment; no key signs before every app can know it, and none leaves the key set while an app may meet
//! something it signed.

mod app_session;
mod authorization;
mod bearer;
mod claims;
mod client;
mod deliveries;
mod deps;
mod digest;
pub mod forward_auth;
mod grant;
mod introspection;
mod jwt;
pub mod keys;
pub mod logout;
mod metadata;
mod parameters;
mod revocation;
mod scope;
mod standing;
#[cfg(test)]
mod testing;
mod token;
mod userinfo;

pub use authorization::{
    Again, Answer, AuthorizationError, AuthorizationRequest, Decision, PageFault, Prompt, Unreadable,
    authorize, read, refuse,
};
pub use client::{Credentials, Scheme};
pub use deliveries::Deliveries;
pub use deps::{Deps, Lifetimes};
pub use digest::sid;
pub use grant::{Grant, Grants, end_grants_of, end_grants_of_app, end_grants_of_team};
pub use introspection::introspect;
pub use jwt::TokenType;
pub use keys::{KeysError, SigningKeys};
pub use metadata::metadata;
pub use revocation::revoke;
pub use token::{TokenError, TokenResponse, tidy, token};
pub use userinfo::{BearerError, userinfo};
