//! `/operator/requests/{id}`: one request, what speaks for and against it, and the decision.

use askama::Template;
use vocabulary::Timestamp;

use super::{Console, ConsoleTab, RequestRow, RequestStanding};
use crate::door::FieldProblem;
use crate::moment::Moment;
use crate::page::html;
use crate::sso::{Finding, FindingState};
use crate::words::console::requests as say;
use crate::{Face, assets, words};

/// How many rivals the page shows.
const RIVALS_SHOWN: usize = 20;

/// A request.
#[derive(Clone, Debug)]
pub struct ConsoleRequest {
    /// The frame.
    pub console: Console,
    /// What every list shows of it.
    pub row: RequestRow,
    /// Our name at the provider, if they gave it.
    pub client_id: Option<String>,
    /// Whether a client secret came with it and is still here.
    pub has_secret: bool,
    /// What an operator last wrote to the contact.
    pub note: Option<String>,
    /// When it was decided, and by whom.
    pub decided: Option<(Timestamp, String)>,
    /// What is worth a second thought, each a sentence.
    pub remarks: Vec<String>,
    /// Other open requests for the same Team ID.
    pub rivals: Vec<RequestRow>,
    /// How its provider was found.
    pub checks: RequestChecks,
    /// What an operator may do; nothing once it is decided.
    pub deeds: Option<RequestDeeds>,
    /// The present moment.
    pub now: Timestamp,
}

/// How the provider of a request was found.
#[derive(Clone, Debug)]
pub struct RequestChecks {
    /// When, and what was found; none when nobody asked it yet.
    pub last: Option<(Timestamp, Vec<Finding>)>,
    /// Whether it can be asked: issuer and client id are there.
    pub possible: bool,
}

/// What an operator typed and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct RequestDeeds {
    /// A claim every ID token must carry.
    pub requirement: RequestText,
    /// A question to the contact.
    pub question: RequestText,
    /// Why it is rejected.
    pub reason: RequestText,
}

/// What stands in a field.
#[derive(Clone, Debug, Default)]
pub struct RequestText {
    /// What was typed.
    pub typed: String,
    /// What is wrong with it.
    pub problem: Option<FieldProblem>,
}

impl RequestChecks {
    /// What failed comes first.
    fn findings(&self) -> Vec<&Finding> {
        let all = self.last.iter().flat_map(|(_, findings)| findings);
        let (mut first, then): (Vec<_>, Vec<_>) =
            all.partition(|finding| finding.state == FindingState::Failed);
        first.extend(then);
        first
    }
}

#[derive(Template)]
#[template(path = "console/request.html")]
struct Html<'a> {
    face: &'a Face,
    console: &'a Console,
    page: &'a ConsoleRequest,
}

impl ConsoleRequest {
    /// The page as HTML. Its forms post to `/operator/requests/{id}`: `action` is `check`, `approve` (`requirement`),
    /// `ask` or `reject` (`text`).
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, console: &self.console, page: self })
    }

    fn told(&self, at: Timestamp) -> Moment {
        Moment::tell(at, self.now)
    }

    fn rivals_shown(&self) -> &[RequestRow] {
        self.rivals.get(..RIVALS_SHOWN).unwrap_or(&self.rivals)
    }

    /// The problem that the page is shown again for.
    fn problem(&self) -> Option<&FieldProblem> {
        let deeds = self.deeds.as_ref()?;
        [&deeds.requirement, &deeds.question, &deeds.reason]
            .into_iter()
            .find_map(|text| text.problem.as_ref())
    }

    fn is_approved(&self) -> bool {
        self.row.standing == RequestStanding::Approved
    }

    fn is_proved(&self) -> bool {
        self.row.standing != RequestStanding::Unconfirmed
    }
}
