//! `/t/{team_id}/settings/sso/sign-ins`: sign-ins that were refused, the latest first.

mod one;

use askama::Template;
use vocabulary::Timestamp;

pub use one::{Trace, TraceFacts, TraceReader, TraceTimes};

use crate::moment::Moment;
use crate::page::html;
use crate::team::{House, Pager, Tab};
use crate::words::traces as say;
use crate::{Face, assets, words};

/// The list.
#[derive(Clone, Debug)]
pub struct Traces {
    /// The frame.
    pub house: House,
    /// One page of refused sign-ins, the latest first.
    pub rows: Vec<TraceRow>,
    /// A reference that was looked for and is none of this team's.
    pub not_found: Option<String>,
    /// To the neighbouring pages.
    pub pager: Pager,
    /// The present moment.
    pub now: Timestamp,
}

/// A refused sign-in as a row.
#[derive(Clone, Debug)]
pub struct TraceRow {
    /// When.
    pub at: Timestamp,
    /// What the person's screen showed.
    pub reference: String,
    /// The stable code.
    pub code: String,
    /// How far it came.
    pub stage: String,
}

#[derive(Template)]
#[template(path = "sso/traces/list.html")]
struct Html<'a> {
    face: &'a Face,
    house: &'a House,
    page: &'a Traces,
}

impl Traces {
    /// The page as HTML. A row leads to `/t/{team_id}/settings/sso/sign-ins/{reference}`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, house: &self.house, page: self })
    }

    fn when(&self, row: &TraceRow) -> Moment {
        Moment::tell(row.at, self.now)
    }

    fn is_everything(&self) -> bool {
        self.not_found.is_none() && self.pager.previous.is_none()
    }
}

impl TraceRow {
    /// Why, in a sentence.
    #[must_use]
    pub fn message(&self) -> &'static str {
        say::cause(&self.code, &self.stage).message
    }
}
