//! Teamdoor as Relying Party (OpenID Connect Core 1.0): metadata and keys of identity providers, the
//! authorization request, the code exchange, ID-token verification, and the checks of a connection.
//! Invariants: no byte leaves for an address that the guard has not vetted, and a `VerifiedIdentity` exists
//! only after every check of its ID token. Knows nothing of teams and keeps nothing but bounded caches.
//!
//! The protocol's documents are read by small structs of our own instead of a Relying Party library: the
//! one at hand reads keys once and never again, accepts any `iat`, leaves `azp` and `at_hash` to its caller,
//! refuses a whole metadata document for a field nobody uses, and brings a second set of cryptography with
//! an open advisory. Signatures are verified by `aws-lc-rs` with keys parsed once per key set.

mod algorithm;
mod authorization;
mod breaker;
mod cache;
mod check;
mod difference;
mod discovery;
mod end_session;
mod errand;
mod exchange;
mod fetching;
mod id_token;
mod identity;
mod jws;
mod keys;
mod logout_token;
mod messenger;
mod observed;
mod options;
mod outbound;
mod outside;
mod party;
mod probe;
mod profile;
mod refusal;
mod revocation_token;
mod seen;
mod signature;
mod token_endpoint;
mod token_fault;
mod trouble;
mod upstream;
mod userinfo;

#[cfg(test)]
mod testing;

pub use check::Check;
pub use difference::Difference;
pub use end_session::EndSession;
pub use identity::{RawIdToken, VerifiedIdentity};
pub use logout_token::LogoutToken;
pub use messenger::{Messenger, Reply, Silence};
pub use observed::Observed;
pub use options::{Options, OptionsError, Timeouts};
pub use outbound::ForbiddenAddress;
pub use outside::OutsideFault;
pub use party::{Granted, Hints, Prompt, Proofs, RelyingParty, Secrets};
pub use probe::Probe;
pub use refusal::Refusal;
pub use revocation_token::RevocationToken;
pub use seen::Seen;
pub use token_fault::TokenFault;
pub use trouble::{Endpoint, Remark, Trouble};
pub use upstream::Upstream;
