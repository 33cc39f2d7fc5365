//! The append-only record of what was done, written in the same transaction as the deed, and the short
//! memory of sign-ins that were refused.
//!
//! Owns the tables `audit` and `sign_ins`. The invariant: a row names people by id alone, never by name or
//! email, so that erasing a person leaves the acts and takes the person.

mod deeds;
mod kinds;
mod record;
mod refusals;
mod timings;

pub use deeds::{Act, Actor, Deed, record};
pub use kinds::Kind;
pub use record::{Entry, Filter, deeds, of_team};
pub use refusals::{Kept, Last, Refused, by_reference, refusals, refusals_of_team, refused, tidy};
pub use timings::Timings;
