//! The door: signing in, what can go wrong there, and having gone out. Each page is one card.

mod corporate_sso;
mod failure;
mod find_team;
mod login;
mod signed_out;

pub use corporate_sso::{CorporateSso, FieldProblem, PressedTile};
pub use failure::{Button, Failure, Kind};
pub use find_team::{FindTeam, FindTeamSent};
pub use login::{Login, RememberedTeam};
pub use signed_out::{AtIdp, Ended, Idps, SignedOut};
