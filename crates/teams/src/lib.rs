//! The tenant registry: Team ID → connection, policy, state.
//!
//! Owns the tables `teams`, `connections` and `launch_names`. The invariants: a Team ID is never used again, not
//! even after removal; a team has one live connection; a callback path belongs to exactly one connection; a new
//! issuer is a new connection, so that subjects of the old one mean nothing there.

mod callback_path;
mod connection;
mod hold;
mod launch_names;
mod lookup;
mod registry;
mod rows;
mod rules;
mod team;
mod token_choice;
mod trouble;
mod write;

pub use callback_path::{CallbackPath, CallbackPathError};
pub use connection::{Connection, ConnectionOptions, Requirement, RequirementError, State, settings_key};
pub use hold::{hold, hold_alone, lock_roles};
pub use launch_names::{LaunchName, Named};
pub use lookup::{find, is_taken, list};
pub use registry::{OpenTeam, Registry};
pub use team::{Status, Team, TeamAndConnection, Turned};
pub use token_choice::{TokenChoice, TokenOwners, choose_tokens};
pub use trouble::TeamError;
pub use write::{
    Edit, NewTeam, PlainHttp, Registrar, add, note_logout_tested, remove, resume, set, spend_promotion,
    suspend,
};
