//! `/operator/sign-ins/{reference}`: what a reference on somebody's screen leads to: a refused sign-in, else what the
//! record has of it, else nothing.

use askama::Template;
use vocabulary::{ReferenceId, Timestamp};

use super::{Console, ConsoleDeed, ConsoleTab};
use crate::moment::Moment;
use crate::page::html;
use crate::sso::TraceFacts;
use crate::words::console::{record, sign_ins};
use crate::words::traces::{self, self as say};
use crate::{Face, assets, words};

/// A refused sign-in of any team.
#[derive(Clone, Debug)]
pub struct ConsoleTrace {
    /// The frame.
    pub console: Console,
    /// What is kept of it.
    pub facts: TraceFacts,
}

/// What the record has of a reference that is no refused sign-in's; perhaps nothing.
#[derive(Clone, Debug)]
pub struct ConsoleReference {
    /// The frame.
    pub console: Console,
    /// The reference.
    pub reference: ReferenceId,
    /// What was done, the latest first.
    pub rows: Vec<ConsoleDeed>,
    /// The stable code where nothing was.
    pub problem: Option<&'static str>,
    /// The present moment.
    pub now: Timestamp,
}

#[derive(Template)]
#[template(path = "console/trace.html")]
struct HtmlOfTrace<'a> {
    face: &'a Face,
    console: &'a Console,
    facts: &'a TraceFacts,
}

#[derive(Template)]
#[template(path = "console/reference.html")]
struct Html<'a> {
    face: &'a Face,
    console: &'a Console,
    page: &'a ConsoleReference,
}

impl ConsoleTrace {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&HtmlOfTrace { face, console: &self.console, facts: &self.facts })
    }
}

impl ConsoleReference {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, console: &self.console, page: self })
    }

    fn when(&self, row: &ConsoleDeed) -> Moment {
        Moment::tell(row.at, self.now)
    }

    /// The column of references would say the same on each row.
    #[expect(clippy::unused_self, reason = "the rows' template asks each page")]
    const fn has_references(&self) -> bool {
        false
    }
}
