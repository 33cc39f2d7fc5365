//! The house: what somebody sees after signing in to a team. Every page stands in the same quiet frame.

mod activity;
mod dashboard;
mod erase;
mod house;
mod people;
mod step_down;
mod token_sure;
mod tokens;

pub use activity::{Activity, ActivityFilter, ActivityRow};
pub use dashboard::{AppTile, Dashboard};
pub use erase::Erase;
pub use house::{House, Notice, Pager, SignOutAtIdp, SwitcherTeam, Tab, Undo};
pub use people::{Act, PersonRow, RoleButton, Team};
pub use step_down::StepDown;
pub use token_sure::{TokenAct, TokenSure};
pub use tokens::{
    FreshToken, TokenForm, TokenOwner, TokenRow, TokenRules, TokenStanding, Tokens, ValueShown,
};
