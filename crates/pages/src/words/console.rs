//! The words of the operators' console.

pub mod health;
pub mod new;
pub mod record;
pub mod requests;
pub mod sign_ins;
pub mod team;

use crate::words::failures::Telling;

pub(crate) const TITLE: &str = "Operator console";
pub(crate) const TEAMS: &str = "Teams";
pub(crate) const REQUESTS: &str = "Requests";
pub(crate) const HEALTH: &str = "Health";
pub(crate) const SIGN_INS: &str = "Sign-ins";
pub(crate) const RECORD: &str = "Record";

/// Above a form that comes back.
pub(crate) const LOOK_AGAIN: &str = "Nothing was sent yet. Please look again at what is marked below.";

// All teams
pub(crate) const TEAMS_LEAD: &str = "Everybody who comes in by single sign-on belongs to one of these.";
pub(crate) const SEARCH_LABEL: &str = "Find a team by Team ID, name or admin email";
pub(crate) const SHOW_ALL_TEAMS: &str = "Show all teams";
pub(crate) const NO_TEAMS: &str = "No teams yet";
pub(crate) const NO_TEAMS_LEAD: &str =
    "Approve a request, or add a team; its own admin sets up the connection by a link.";
pub(crate) const TEAMS_CAPTION: &str = "By Team ID";
pub(crate) const STANDING: &str = "Sign-in";
pub(crate) const ISSUER: &str = "Issuer";
pub(crate) const FIRST_ADMIN: &str = "Admin email";
pub(crate) const ADDED: &str = "Added";
pub(crate) const OPEN: &str = "Open";
pub(crate) const TESTED: &str = "Tested, not enabled";
pub(crate) const SETTING_UP: &str = "Being set up";
pub(crate) const SUSPENDED: &str = "Suspended";

pub(crate) fn no_team_matches(search: &str) -> String {
    format!("No team matches “{search}”")
}

/// Signed in to the operators' team without being one of its admins.
#[must_use]
pub fn not_operator() -> Telling {
    Telling::new(
        "Only operators can use the console.",
        "Ask an admin of the operators' team to make you an admin there.",
    )
}

/// No team's admins are operators.
#[must_use]
pub fn no_operators() -> Telling {
    Telling::new(
        "There is no operator console here.",
        "Whoever runs the service names the operators' team in the setting operator.team.",
    )
}
