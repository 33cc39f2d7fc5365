//! The tenant registry: Team ID → connection, policy, state.
//!
//! Owns the tables `teams` and `connections`. The invariants: a Team ID is never used again, not even after
//! removal; a team has one live connection; a callback path belongs to exactly one connection; a new issuer
//! is a new connection, so that subjects of the old one mean nothing there.

mod callback_path;
mod connection;
mod lookup;
mod registry;
mod rows;
mod rules;
mod team;
mod trouble;
mod write;

pub use callback_path::{CallbackPath, CallbackPathError};
pub use connection::{Connection, ConnectionOptions, Requirement, RequirementError, State};
pub use lookup::{find, list};
pub use registry::{OpenTeam, Registry};
pub use team::{Status, Team, TeamAndConnection, Turned};
pub use trouble::TeamError;
pub use write::{
    Edit, NewTeam, PlainHttp, Registrar, add, hold, lock_roles, remove, resume, set, spend_promotion, suspend,
};
