//! Every word of the domain as a type that is right by construction: text is parsed once, at the edge,
//! and never checked again. Time and chance are arguments, so that tests can hold both still.

mod algorithm;
mod chance;
mod client;
mod email;
mod issuer;
mod person;
mod reference;
mod return_to;
mod team_id;
mod time;

pub use algorithm::SigningAlgorithm;
pub use chance::{Chance, ordered_id, random_id, read_crockford};
pub use client::{
    ClientAuth, ClientId, ClientIdError, ClientSecret, EmailTrust, Scopes, ScopesError, UnknownWord,
};
pub use email::{Domain, DomainError, Email, EmailError};
pub use issuer::{Issuer, IssuerError};
pub use person::{ConnectionId, PersonId, Role, Subject, SubjectError, Version};
pub use reference::ReferenceId;
pub use return_to::{ReturnTo, ReturnToError};
pub use team_id::{FromAddress, TeamId, TeamIdError, TypedTeamId, TypedTeamIdError};
pub use time::{Clock, SystemClock, Timestamp};
