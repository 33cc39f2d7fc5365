//! `/t/{team_id}/activity`: what happened in the team, the latest first.

use askama::Template;
use vocabulary::Timestamp;

use super::{House, Pager, Tab};
use crate::moment::Moment;
use crate::page::html;
use crate::{Face, assets, words};

/// The activity page.
#[derive(Clone, Debug)]
pub struct Activity {
    /// The frame.
    pub house: House,
    /// One page of deeds, the latest first.
    pub rows: Vec<ActivityRow>,
    /// Which of them are shown.
    pub filter: ActivityFilter,
    /// Where all that the filter fits leave as lines of JSON.
    pub export: String,
    /// To the neighbouring pages.
    pub pager: Pager,
    /// The present moment.
    pub now: Timestamp,
}

/// Which deeds are shown, as the fields have it; empty ones narrow nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivityFilter {
    /// One of the words of [`words::acts::KINDS`].
    pub kind: String,
    /// A part of a name or email, or a person's id.
    pub person: String,
    /// The first day, as `2026-05-03`.
    pub from: String,
    /// The last day.
    pub to: String,
}

/// A deed, in words.
#[derive(Clone, Debug)]
pub struct ActivityRow {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: String,
    /// What they did, e.g. `made … an admin`: `…` stands for the target; without it the target comes last.
    pub act: String,
    /// To whom or what.
    pub target: Option<String>,
    /// What else is to be known.
    pub detail: Option<String>,
    /// The reference id of the attempt or failure it belongs to.
    pub reference: Option<String>,
}

#[derive(Template)]
#[template(path = "team/activity.html")]
struct Html<'a> {
    face: &'a Face,
    house: &'a House,
    page: &'a Activity,
}

impl Activity {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, house: &self.house, page: self })
    }

    /// Whether the column of references is needed.
    fn has_references(&self) -> bool {
        self.rows.iter().any(|row| row.reference.is_some())
    }

    /// Whether anything at all stands in the record, as far as this page knows.
    fn is_bare(&self) -> bool {
        self.rows.is_empty() && !self.filter.narrows() && self.pager.previous.is_none()
    }

    fn when(&self, row: &ActivityRow) -> Moment {
        Moment::tell(row.at, self.now)
    }
}

impl ActivityFilter {
    fn narrows(&self) -> bool {
        *self != Self::default()
    }
}

impl ActivityRow {
    /// What stands before the target's name, and what after it.
    fn around_target(&self) -> (&str, &str) {
        self.act.split_once('…').unwrap_or((&self.act, ""))
    }
}
