//! The question before a team is suspended or removed, on a page of its own: the Team ID must be typed.

use askama::Template;
use vocabulary::TeamId;

use super::{Console, ConsoleTab};
use crate::page::html;
use crate::{Face, FieldProblem, assets, words};

/// "Suspend Acme?"
#[derive(Clone, Debug)]
pub struct ConsoleSure {
    /// The frame.
    pub console: Console,
    /// Which team.
    pub team_id: TeamId,
    /// Its name.
    pub team_name: String,
    /// What is asked about.
    pub deed: DangerousDeed,
    /// What stands in the field.
    pub typed: String,
    /// What is wrong with it, e.g. [`crate::words::console::team::TYPED_WRONG`].
    pub problem: Option<FieldProblem>,
}

/// What is asked about first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DangerousDeed {
    /// Nobody can sign in for the time being.
    Suspend,
    /// The team goes for good.
    Remove,
}

impl DangerousDeed {
    /// Its word in the form.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Remove => "remove",
        }
    }
}

#[derive(Template)]
#[template(path = "console/sure.html")]
struct Html<'a> {
    face: &'a Face,
    console: &'a Console,
    page: &'a ConsoleSure,
}

impl ConsoleSure {
    /// The page as HTML. Form: `POST /operator/teams/{team_id}` with `csrf`, `action` and the Team ID in `typed`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, console: &self.console, page: self })
    }

    fn title(&self) -> String {
        self.deed.question(&self.team_name)
    }
}
