//! Who may use an app: the one place where that is decided.

use vocabulary::{Role, TeamId};

use crate::app::App;

/// Why somebody may not use an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAdmitted {
    /// The app is not for their team.
    Team,
    /// It asks for more than their role.
    Role,
}

/// Whether somebody of this team with this role may use the app. Every grant, refresh, look-up of a token,
/// forward-auth answer and tile asks here, with the role of that moment.
pub fn admits(app: &App, team: &TeamId, role: Role) -> Result<(), NotAdmitted> {
    let is_for_team = app.options.teams.as_ref().is_none_or(|teams| teams.contains(team));
    if !is_for_team {
        return Err(NotAdmitted::Team);
    }
    match (app.options.min_role, role) {
        (Role::Member, _) | (Role::Admin, Role::Admin) => Ok(()),
        (Role::Admin, Role::Member) => Err(NotAdmitted::Role),
    }
}
