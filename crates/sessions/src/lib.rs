//! Sessions: open, recognise, renew, end. One browser may hold one for each of several teams.
//!
//! Owns the tables `sessions` and `ended_at_idp`. The invariants: at rest a session is the hash of its token; a
//! session is good for one team, one person and one connection; limits are checked whenever it is read, and
//! whoever was deactivated, whose team was closed or whose connection was retired is nobody with the next
//! request; what the identity provider ended before it was opened is never opened.

mod end;
mod open;
mod recognise;
mod row;
mod told;

pub use end::{End, end, hold, tidy};
pub use open::{NewSession, OpenError, open};
pub use recognise::{Limits, Sessions, SignedIn};
pub use row::{Session, id_token};
pub use told::{EndedAtIdp, end_at_idp};
