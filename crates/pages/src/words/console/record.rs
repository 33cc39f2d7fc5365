//! The words of the record across teams.

pub(crate) const LEAD: &str =
    "Who did what, in all teams and in none. Rows are written with the deed and stay.";
pub(crate) const NARROW: &str = "Narrow the record";
pub(crate) const TEAM: &str = "Team ID";
pub(crate) const ACT: &str = "Act";
pub(crate) const ANY_ACT: &str = "any";
pub(crate) const ACTOR: &str = "By";
pub(crate) const REFERENCE: &str = "Reference";
pub(crate) const FROM: &str = "From";
pub(crate) const TO: &str = "To";
pub(crate) const SHOW: &str = "Show";
pub(crate) const SHOW_ALL: &str = "Show everything";
pub(crate) const EXPORT: &str = "Export";
pub(crate) const EXPORT_HINT: &str = "All that matches, a JSON object on each line.";
pub(crate) const NONE: &str = "Nothing matches";
pub(crate) const NONE_LEAD: &str = "Show more by leaving a field empty. Days are in UTC.";
/// Without a team.
pub(crate) const NO_TEAM: &str = "–";

/// Who works at the command line.
pub const COMMAND_LINE: &str = "The command line";
/// A team's identity provider.
pub const IDP: &str = "The identity provider";

/// An operator in the console.
#[must_use]
pub fn by_console(name: &str) -> String {
    format!("{name}, operator")
}

/// The bearer of an operator token.
#[must_use]
pub fn by_operator_token(name: &str) -> String {
    format!("Operator token {name}")
}

/// The bearer of a team's token.
#[must_use]
pub fn by_team_token(id: &str) -> String {
    format!("API token {id}")
}

/// A field that can't be read.
#[must_use]
pub fn no_team_id(typed: &str) -> String {
    format!("“{typed}” is no Team ID.")
}

/// Likewise.
#[must_use]
pub fn no_act(typed: &str) -> String {
    format!("“{typed}” is no act; one looks like person.role_set.")
}

/// Likewise.
#[must_use]
pub fn no_actor(typed: &str) -> String {
    format!("“{typed}” names nobody as the record does; that looks like operator:deploy.")
}

/// Likewise.
#[must_use]
pub fn no_reference(typed: &str) -> String {
    format!("“{typed}” is no reference; one looks like 7K2F-9QXM.")
}

/// Likewise.
#[must_use]
pub fn no_day(typed: &str) -> String {
    format!("“{typed}” is no day; one looks like 2026-05-03.")
}
