//! `/operator/audit`: what was done, in all teams and in none.

use askama::Template;
use vocabulary::Timestamp;

use super::{Console, ConsoleTab};
use crate::door::FieldProblem;
use crate::moment::Moment;
use crate::page::{encoded, html};
use crate::team::Pager;
use crate::words::console::record::{self, self as say};
use crate::{Face, assets, words};

/// The record.
#[derive(Clone, Debug)]
pub struct ConsoleRecord {
    /// The frame.
    pub console: Console,
    /// How it is narrowed.
    pub filter: RecordFilter,
    /// Every kind of act, by its stable word.
    pub acts: Vec<&'static str>,
    /// One page of deeds, the latest first.
    pub rows: Vec<ConsoleDeed>,
    /// Where all that matches is to be had; none when the filter can't be read.
    pub export: Option<String>,
    /// To the neighbouring pages.
    pub pager: Pager,
    /// The present moment.
    pub now: Timestamp,
}

/// How the record is narrowed, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct RecordFilter {
    /// A Team ID.
    pub team: String,
    /// An act's stable word.
    pub act: String,
    /// Who did it, as rows of the record have it.
    pub actor: String,
    /// A reference.
    pub reference: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What can't be read of it.
    pub problem: Option<FieldProblem>,
}

/// Something that was done.
#[derive(Clone, Debug)]
pub struct ConsoleDeed {
    /// When.
    pub at: Timestamp,
    /// The team it belongs to.
    pub team: Option<String>,
    /// Who did it, in words.
    pub actor: String,
    /// The same as rows of the record have it.
    pub actor_id: String,
    /// What they did; `…` stands for the target, which comes last without it.
    pub act: String,
    /// The act's stable word.
    pub word: String,
    /// To whom.
    pub target: Option<String>,
    /// What else is known, as the record has it.
    pub detail: Option<String>,
    /// The reference id of the sign-in it belongs to.
    pub reference: Option<String>,
}

#[derive(Template)]
#[template(path = "console/record.html")]
struct Html<'a> {
    face: &'a Face,
    console: &'a Console,
    page: &'a ConsoleRecord,
}

impl ConsoleRecord {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, console: &self.console, page: self })
    }

    fn when(&self, row: &ConsoleDeed) -> Moment {
        Moment::tell(row.at, self.now)
    }

    /// Whether the column of references is needed.
    fn has_references(&self) -> bool {
        self.rows.iter().any(|row| row.reference.is_some())
    }

    fn is_chosen(&self, act: &str) -> bool {
        self.filter.act == act
    }
}

impl RecordFilter {
    fn is_empty(&self) -> bool {
        let Self { team, act, actor, reference, from, to, problem: _ } = self;
        [team, act, actor, reference, from, to].into_iter().all(String::is_empty)
    }
}

impl ConsoleDeed {
    /// What stands before the target's name, and what after it.
    pub(super) fn around_target(&self) -> (&str, &str) {
        self.act.split_once('…').unwrap_or((&self.act, ""))
    }

    /// Where all that this actor did is listed.
    pub(super) fn by_same(&self) -> String {
        format!("/operator/audit?actor={}", encoded(&self.actor_id))
    }
}
