//! Whether somebody who is there may pass.

use apps::{App, NotAdmitted, admits};
use sessions::SignedIn;
use vocabulary::{Role, TeamId};

/// What a proxy asks for besides a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// This team alone.
    pub team: Option<TeamId>,
    /// At least this role.
    pub min_role: Role,
}

/// Why somebody who is there may not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The proxy asks for another team.
    OtherTeam,
    /// The proxy asks for more than their role.
    TooLittle,
    /// The app is not for them.
    NotAdmitted(NotAdmitted),
}

/// Whether somebody may pass: what the app registered is asked first, what the proxy demands can only narrow it.
pub fn may_pass(who: &SignedIn, app: Option<&App>, demand: &Demand) -> Result<(), Stopped> {
    let team = &who.team.team.team_id;
    if let Some(app) = app {
        admits(app, team, who.role).map_err(Stopped::NotAdmitted)?;
    }
    if demand.team.as_ref().is_some_and(|wanted| wanted != team) {
        return Err(Stopped::OtherTeam);
    }
    match (demand.min_role, who.role) {
        (Role::Member, _) | (Role::Admin, Role::Admin) => Ok(()),
        (Role::Admin, Role::Member) => Err(Stopped::TooLittle),
    }
}
