//! The operators' console: all teams, from outside. Every page stands in one frame of its own.

mod deeds;
mod facts;
mod frame;
mod health;
mod new;
mod once;
mod reference;
mod request;
mod requests;
mod sign_ins;
mod sure;
mod team;
mod teams;

pub use deeds::{ConsoleDeed, ConsoleRecord, RecordFilter};
pub use facts::{
    ConnectionFacts, LinkFacts, OtherSettings, TeamAdmin, TeamDeed, TeamField, TeamFields, TeamHealth,
    TeamProblem,
};
pub use frame::{Console, ConsoleTab};
pub use health::{ConsoleHealth, ConsoleLastBad, ConsoleWell, Wellness};
pub use new::{NewTeamField, NewTeamForm, NewTeamProblem, NewTeamTyped};
pub use once::{Once, ShownOnce};
pub use reference::{ConsoleReference, ConsoleTrace};
pub use request::{ConsoleRequest, RequestChecks, RequestDeeds, RequestText};
pub use requests::{ConsoleRequests, RequestRow, RequestStanding, RequestsShown};
pub use sign_ins::{ConsoleSignIn, ConsoleSignIns};
pub use sure::{ConsoleSure, DangerousDeed};
pub use team::OneTeam;
pub use teams::{ConsoleTeam, ConsoleTeams, TeamStanding};
