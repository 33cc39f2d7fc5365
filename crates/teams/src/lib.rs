//! The tenant registry: Team ID → connection, policy, state.
//!
//! Owns the tables `teams`, `connections`, `connection_versions`, `launch_names` and `secret_lives`. The invariants: a Team ID is never used again, not
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
pub mod secret_life;
mod settings;
mod team;
mod tenant;
mod token_choice;
mod trouble;
pub mod versions;
mod write;

pub use callback_path::{CallbackPath, CallbackPathError};
pub use connection::{Connection, ConnectionOptions, Requirement, RequirementError, State, settings_key};
pub use hold::{hold, hold_alone, hold_as, lock_roles};
pub use launch_names::{LaunchName, Named};
pub use lookup::{find_connected, is_taken, with_admin_email};
pub use registry::{OpenTeam, Registry};
pub use secret_life::{NextSecret, SecretLife};
pub use settings::note_logout_tested;
pub use team::{Status, Team, TeamAndConnection, Turned};
pub use tenant::{Tenant, find, list, search};
pub use token_choice::{TokenChoice, TokenOwners, choose_tokens};
pub use trouble::TeamError;
pub use write::{
    Edit, Founding, NewTeam, PlainHttp, Registrar, add, found, remove, resume, set, set_sso_required,
    spend_promotion, suspend,
};
