//! The operators' console: all teams, from outside. Every page stands in one frame of its own.

mod deeds;
mod frame;
mod health;
mod reference;
mod request;
mod requests;
mod sign_ins;
mod teams;

pub use deeds::{ConsoleDeed, ConsoleRecord, RecordFilter};
pub use frame::{Console, ConsoleTab};
pub use health::{ConsoleHealth, ConsoleLastBad, ConsoleWell, Wellness};
pub use reference::{ConsoleReference, ConsoleTrace};
pub use request::{ConsoleRequest, RequestChecks, RequestDeeds, RequestText};
pub use requests::{ConsoleRequests, RequestRow, RequestStanding, RequestsShown};
pub use sign_ins::{ConsoleSignIn, ConsoleSignIns};
pub use teams::{ConsoleTeam, ConsoleTeams, TeamStanding};
