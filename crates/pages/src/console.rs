//! The operators' console: all teams, from outside. Every page stands in one frame of its own.

mod facts;
mod frame;
mod new;
mod once;
mod sure;
mod team;
mod teams;

pub use facts::{
    ConnectionFacts, ConsoleDeed, LinkFacts, OtherSettings, TeamAdmin, TeamField, TeamFields, TeamHealth,
    TeamProblem,
};
pub use frame::{Console, ConsoleTab};
pub use new::{NewTeamField, NewTeamForm, NewTeamProblem, NewTeamTyped};
pub use once::{Once, ShownOnce};
pub use sure::{ConsoleSure, DangerousDeed};
pub use team::OneTeam;
pub use teams::{ConsoleTeam, ConsoleTeams, TeamStanding};
