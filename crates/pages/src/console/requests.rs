//! `/operator/requests`: what waits for a decision, rivals for one Team ID together; then what was decided.

use askama::Template;
use vocabulary::{TeamId, Timestamp};

use super::{Console, ConsoleTab};
use crate::moment::Moment;
use crate::page::html;
use crate::team::Pager;
use crate::words::console::requests as say;
use crate::{Face, assets, words};

/// How many rivals for one Team ID the list shows.
const RIVALS_SHOWN: usize = 4;

/// A list of requests.
#[derive(Clone, Debug)]
pub struct ConsoleRequests {
    /// The frame.
    pub console: Console,
    /// Which ones.
    pub shown: RequestsShown,
    /// How many wait for a decision.
    pub open: u64,
    /// Open ones, those for one Team ID together; none unless the queue is shown.
    pub queue: Vec<Vec<RequestRow>>,
    /// The others, the latest first.
    pub others: Vec<RequestRow>,
    /// To the neighbouring pages.
    pub pager: Pager,
    /// The present moment.
    pub now: Timestamp,
}

/// Which requests a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestsShown {
    /// Open ones, and on the first page some of those decided last.
    Queue,
    /// Decided ones.
    Decided,
    /// Those whose contact has not proved the address.
    Unconfirmed,
}

/// A request in a list.
#[derive(Clone, Debug)]
pub struct RequestRow {
    /// Its id.
    pub id: String,
    /// Who asks.
    pub company: String,
    /// Who is written to.
    pub contact: String,
    /// The Team ID they want.
    pub team_id: TeamId,
    /// Who is to become admin.
    pub admin_email: String,
    /// Their identity provider, if they named one.
    pub issuer: Option<String>,
    /// How far it has come.
    pub standing: RequestStanding,
    /// When it was made.
    pub made_at: Timestamp,
}

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestStanding {
    /// The contact has not proved the address.
    Unconfirmed,
    /// An operator is to decide.
    Waiting,
    /// The contact was asked something; an operator is to decide.
    Asked,
    /// Its team was added.
    Approved,
    /// It was refused.
    Rejected,
}

impl RequestStanding {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Unconfirmed => say::UNCONFIRMED,
            Self::Waiting => say::WAITING,
            Self::Asked => say::ASKED,
            Self::Approved => say::APPROVED,
            Self::Rejected => say::REJECTED,
        }
    }

    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Unconfirmed | Self::Asked | Self::Rejected => "badge",
            Self::Waiting => "badge warn",
            Self::Approved => "badge good",
        }
    }
}

#[derive(Template)]
#[template(path = "console/requests.html")]
struct Html<'a> {
    face: &'a Face,
    console: &'a Console,
    page: &'a ConsoleRequests,
}

impl ConsoleRequests {
    /// The page as HTML. A row leads to `/operator/requests/{id}`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, console: &self.console, page: self })
    }

    fn made(&self, row: &RequestRow) -> Moment {
        Moment::tell(row.made_at, self.now)
    }

    const fn others_title(&self) -> &'static str {
        match self.shown {
            RequestsShown::Queue | RequestsShown::Decided => say::DECIDED,
            RequestsShown::Unconfirmed => say::NOT_CONFIRMED,
        }
    }
}

/// The rivals that are shown, and how many more there are.
fn some(rivals: &[RequestRow]) -> (&[RequestRow], usize) {
    let shown = rivals.get(..RIVALS_SHOWN).unwrap_or(rivals);
    (shown, rivals.len().saturating_sub(shown.len()))
}
