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
    /// To the neighbouring pages.
    pub pager: Pager,
    /// The present moment.
    pub now: Timestamp,
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

    fn when(&self, row: &ActivityRow) -> Moment {
        Moment::tell(row.at, self.now)
    }
}

impl ActivityRow {
    /// What stands before the target's name, and what after it.
    fn around_target(&self) -> (&str, &str) {
        self.act.split_once('…').unwrap_or((&self.act, ""))
    }
}
