//! The words of refused sign-ins across teams.

use crate::words::traces::Whose;

pub(crate) const LEAD: &str = "Who could not come in within the last 14 days, in all teams, and why.";
pub(crate) const REFERENCE_HINT: &str =
    "As somebody reads it to you: capitals, blanks and the dash don't matter.";
pub(crate) const FIND_ONE: &str = "Find by reference";
pub(crate) const TEAM_LABEL: &str = "Team ID";
pub(crate) const SHOW: &str = "Show";
pub(crate) const ALL_TEAMS: &str = "All teams";
pub(crate) const TO_ALL: &str = "All refused sign-ins";
pub(crate) const NONE_OF_TEAM: &str =
    "A refused sign-in stands here for 14 days, a thousand for each team. Is the Team ID right?";
pub(crate) const UNKNOWN: &str = "Nothing is kept under this reference";
pub(crate) const UNKNOWN_LEAD: &str = "It is no refused sign-in of the last 14 days, and nothing in the record belongs to it. Look for it in the log of the service: every error page that has a reference left a line there.";
pub(crate) const IN_RECORD: &str = "In the record";
pub(crate) const IN_RECORD_LEAD: &str =
    "It is no refused sign-in of the last 14 days. This is what the record has of it.";

pub(crate) fn no_reference(typed: &str) -> String {
    format!("“{typed}” is no reference. One looks like 7K2F-9QXM.")
}

pub(crate) fn none_of(team: &str) -> String {
    format!("No sign-in of “{team}” was refused")
}

/// Stands before the remedy, for an operator.
pub(crate) fn job(whose: Whose, idp: Option<&str>) -> String {
    match (whose, idp) {
        (Whose::Person, _) => "For the person:".to_owned(),
        (Whose::TeamAdmin, _) => "For an admin of the team:".to_owned(),
        (Whose::IdpAdmin, Some(idp)) => format!("For their {idp} administrator:"),
        (Whose::IdpAdmin, None) => "For the administrator of their sign-in service:".to_owned(),
        (Whose::Operator, _) => "For you:".to_owned(),
    }
}
