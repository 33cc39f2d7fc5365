//! Pages in the middle of what an app asks of us: which team to use it with, and whether to sign out.

mod choose_team;
mod sign_out;

pub use choose_team::{ChooseTeam, TeamChoice};
pub use sign_out::{ConfirmSignOut, OpenTeamHere};
