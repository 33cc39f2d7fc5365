//! The authorization endpoint's half of the story: from a request to a code, to an error for the app, or to what the
//! person has to be asked first. Nothing is written.

mod answer;
mod asked_claims;
mod code;
mod decide;
mod fault;
mod prompt;
mod read;
mod request;
#[cfg(test)]
mod tests;

pub use answer::{Answer, refuse};
pub(crate) use asked_claims::{AskedClaims, Claim};
pub(crate) use code::Code;
pub use decide::{Again, Decision, authorize};
pub use fault::{AuthorizationError, PageFault, Unreadable};
pub use prompt::Prompt;
pub use read::read;
pub use request::AuthorizationRequest;
