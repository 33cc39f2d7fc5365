//! `/operator`: all teams, by Team ID, fifty at a time.

use askama::Template;
use vocabulary::{TeamId, Timestamp};

use super::{Console, ConsoleTab};
use crate::moment::Moment;
use crate::page::html;
use crate::team::Pager;
use crate::{Face, assets, words};

/// The list of teams.
#[derive(Clone, Debug)]
pub struct ConsoleTeams {
    /// The frame.
    pub console: Console,
    /// One page of them.
    pub teams: Vec<ConsoleTeam>,
    /// What is searched for.
    pub search: Option<String>,
    /// To the neighbouring pages.
    pub pager: Pager,
    /// The present moment.
    pub now: Timestamp,
}

/// A team in the list.
#[derive(Clone, Debug)]
pub struct ConsoleTeam {
    /// Its Team ID.
    pub team_id: TeamId,
    /// Its name.
    pub name: String,
    /// Who is, or is to be, its first admin.
    pub admin_email: String,
    /// Its identity provider, as far as there is one.
    pub issuer: Option<String>,
    /// Whether people can sign in.
    pub standing: TeamStanding,
    /// When it was added.
    pub created_at: Timestamp,
}

/// Whether people can sign in to a team, and what is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamStanding {
    /// They can.
    Open,
    /// Its settings have passed a test sign-in and are not enabled yet.
    Tested,
    /// Its connection is still being set up.
    SettingUp,
    /// It is closed for the time being.
    Suspended,
}

impl TeamStanding {
    /// In a word or two.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Open => words::console::OPEN,
            Self::Tested => words::console::TESTED,
            Self::SettingUp => words::console::SETTING_UP,
            Self::Suspended => words::console::SUSPENDED,
        }
    }

    /// The badge's kind.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Open => "badge good",
            Self::Tested | Self::SettingUp => "badge",
            Self::Suspended => "badge warn",
        }
    }
}

#[derive(Template)]
#[template(path = "console/teams.html")]
struct Html<'a> {
    face: &'a Face,
    console: &'a Console,
    page: &'a ConsoleTeams,
}

impl ConsoleTeams {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, console: &self.console, page: self })
    }

    fn added(&self, team: &ConsoleTeam) -> Moment {
        Moment::tell(team.created_at, self.now)
    }
}
