//! `/operator/health`: how the connections of all teams fare, those that are not well first.

use askama::Template;
use vocabulary::{TeamId, Timestamp};

use super::{Console, ConsoleTab};
use crate::moment::Moment;
use crate::page::html;
use crate::team::Pager;
use crate::words::console::health as say;
use crate::{Face, assets, words};

/// The list.
#[derive(Clone, Debug)]
pub struct ConsoleHealth {
    /// The frame.
    pub console: Console,
    /// One page of connections.
    pub rows: Vec<ConsoleWell>,
    /// To the neighbouring pages.
    pub pager: Pager,
    /// The present moment.
    pub now: Timestamp,
}

/// How a connection fares.
#[derive(Clone, Debug)]
pub struct ConsoleWell {
    /// Whose.
    pub team_id: TeamId,
    /// In one word.
    pub wellness: Wellness,
    /// In a sentence or two.
    pub message: String,
    /// What to do; none when there is nothing to do.
    pub remedy: Option<String>,
    /// How many people were sent to the identity provider.
    pub started: i64,
    /// How many of them came back.
    pub returned: i64,
    /// How many of those came in.
    pub finished: i64,
    /// How many did not.
    pub refused: i64,
    /// The last good sign-in.
    pub last_good: Option<Timestamp>,
    /// The last one that ended otherwise.
    pub last_bad: Option<ConsoleLastBad>,
}

/// A sign-in that ended otherwise.
#[derive(Clone, Debug)]
pub struct ConsoleLastBad {
    /// When.
    pub at: Timestamp,
    /// The stable code.
    pub cause: String,
    /// What the person's screen showed.
    pub reference: String,
}

/// How a connection fares, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wellness {
    /// People come in.
    Well,
    /// Nobody has come in yet, and nothing speaks against it.
    Quiet,
    /// People are sent out and none comes back.
    NobodyComesBack,
    /// Several were refused in a row.
    Failing,
    /// The identity provider does not answer.
    Unreachable,
}

impl Wellness {
    const fn text(self) -> &'static str {
        match self {
            Self::Well => say::WELL,
            Self::Quiet => say::QUIET,
            Self::NobodyComesBack => say::NOBODY_COMES_BACK,
            Self::Failing => say::FAILING,
            Self::Unreachable => say::UNREACHABLE,
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Well => "badge good",
            Self::Quiet => "badge",
            Self::NobodyComesBack | Self::Failing | Self::Unreachable => "badge warn",
        }
    }
}

#[derive(Template)]
#[template(path = "console/health.html")]
struct Html<'a> {
    face: &'a Face,
    console: &'a Console,
    page: &'a ConsoleHealth,
}

impl ConsoleHealth {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, console: &self.console, page: self })
    }

    fn told(&self, at: Timestamp) -> Moment {
        Moment::tell(at, self.now)
    }
}

impl ConsoleWell {
    fn counts(&self) -> String {
        say::counts(self.started, self.returned, self.finished, self.refused)
    }
}
