//! `/operator/sign-ins`: refused sign-ins of all teams, the latest first.

use askama::Template;
use vocabulary::Timestamp;

use super::{Console, ConsoleTab};
use crate::moment::Moment;
use crate::page::html;
use crate::team::Pager;
use crate::words::console::sign_ins as say;
use crate::words::traces;
use crate::{Face, assets, words};

/// The list.
#[derive(Clone, Debug)]
pub struct ConsoleSignIns {
    /// The frame.
    pub console: Console,
    /// One page of them.
    pub rows: Vec<ConsoleSignIn>,
    /// The team whose alone are shown, as it was typed.
    pub team: Option<String>,
    /// What was typed as a reference and can't be one.
    pub no_reference: Option<String>,
    /// To the neighbouring pages.
    pub pager: Pager,
    /// The present moment.
    pub now: Timestamp,
}

/// A refused sign-in as a row.
#[derive(Clone, Debug)]
pub struct ConsoleSignIn {
    /// When.
    pub at: Timestamp,
    /// What the person's screen showed.
    pub reference: String,
    /// Whose door it was.
    pub team_id: String,
    /// The stable code.
    pub code: String,
    /// How far it came.
    pub stage: String,
}

#[derive(Template)]
#[template(path = "console/sign_ins.html")]
struct Html<'a> {
    face: &'a Face,
    console: &'a Console,
    page: &'a ConsoleSignIns,
}

impl ConsoleSignIns {
    /// The page as HTML. A row leads to `/operator/sign-ins/{reference}`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, console: &self.console, page: self })
    }

    fn when(&self, row: &ConsoleSignIn) -> Moment {
        Moment::tell(row.at, self.now)
    }
}

impl ConsoleSignIn {
    /// Why, in a sentence.
    fn message(&self) -> &'static str {
        traces::cause(&self.code, &self.stage).message
    }
}
