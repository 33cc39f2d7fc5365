//! The frame: whose team this is, who is signed in, the sections, the way to other teams and out.

use vocabulary::TeamId;

/// What the frame around every page of a team shows.
#[derive(Clone, Debug)]
pub struct House {
    /// The team's id.
    pub team_id: TeamId,
    /// The team's name.
    pub team_name: String,
    /// Who is signed in: name, or else email.
    pub person_name: String,
    /// The CSRF token of this session, for every form.
    pub csrf: String,
    /// The teams open in this browser, this one included.
    pub switcher: Vec<SwitcherTeam>,
    /// The section this page belongs to.
    pub active: Tab,
    /// What has just been done.
    pub notice: Option<Notice>,
}

/// A team open in this browser.
#[derive(Clone, Debug)]
pub struct SwitcherTeam {
    /// Its Team ID.
    pub team_id: TeamId,
    /// Its name.
    pub name: String,
    /// Whether it is the one this page belongs to.
    pub current: bool,
}

/// The sections of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The dashboard.
    Apps,
    /// People and roles.
    Team,
    /// What happened.
    Activity,
}

/// A polite message about what has just been done.
#[derive(Clone, Debug)]
pub struct Notice {
    /// One sentence.
    pub text: String,
    /// The way back, where there is one.
    pub undo: Option<Undo>,
}

/// A form that takes back what has just been done; the CSRF token is added.
#[derive(Clone, Debug)]
pub struct Undo {
    /// Where it posts to.
    pub action: String,
    /// Its hidden fields, as name and value.
    pub fields: Vec<(String, String)>,
}

/// The ways to the neighbouring pages of a list, as addresses.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    /// To the page before.
    pub previous: Option<String>,
    /// To the page after.
    pub next: Option<String>,
}
