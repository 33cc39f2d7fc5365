//! The operators' console: all teams, from outside. Every page stands in one frame of its own.

mod frame;
mod teams;

pub use frame::{Console, ConsoleTab};
pub use teams::{ConsoleTeam, ConsoleTeams, TeamStanding};
