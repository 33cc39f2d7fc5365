//! How each connection fares: sign-ins started, returned, finished and refused, the last good and the last bad
//! one, and what that means in words.
//!
//! Owns the tables `connection_health` and `health_letters`. The invariants: a sign-in counts in memory and never
//! waits for the database; what several nodes counted adds up; counts are of the settings that hold now, older ones
//! are forgotten; of a turn for the worse the team's admins are told once. What was counted since the last writing,
//! some seconds of it, is lost with a node that crashes.

mod judgement;
mod ledger;
mod letters;
mod lookup;
mod report;
mod row;
mod write;

pub use judgement::Judgement;
pub use ledger::{Event, Ledger};
pub use letters::{Herald, admins_know};
pub use lookup::{Health, Place, of, worst_first};
pub use report::{LastBad, Report};
pub use write::{Observed, forget_team};
