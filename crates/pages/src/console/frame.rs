//! The console's frame: who is at it, its sections, the way out.

use vocabulary::TeamId;

use crate::team::Notice;

/// What the frame around every page of the console shows.
#[derive(Clone, Debug)]
pub struct Console {
    /// The team whose admins are operators.
    pub operators: TeamId,
    /// Who is signed in: name, or else email.
    pub person_name: String,
    /// The CSRF token of this session, for every form.
    pub csrf: String,
    /// The section this page belongs to.
    pub active: ConsoleTab,
    /// What has just been done.
    pub notice: Option<Notice>,
}

/// The sections of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsoleTab {
    /// All teams.
    Teams,
    /// Companies that ask for a team.
    Requests,
    /// How connections fare.
    Health,
    /// Sign-ins that were refused.
    SignIns,
    /// Who did what.
    Record,
}
