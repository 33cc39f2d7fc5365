//! `/t/{team_id}/settings/sso/sign-ins/{reference}`: one sign-in that was refused, why, and what to do.

use askama::Template;
use vocabulary::{ReferenceId, TeamId, Timestamp};

use crate::moment::Moment;
use crate::page::html;
use crate::team::{House, Tab};
use crate::words::failures::Telling;
use crate::words::traces::{self as say, Cause};
use crate::{Face, assets, words};

/// A refused sign-in with all that is kept of it.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The frame.
    pub house: House,
    /// What is kept.
    pub facts: TraceFacts,
}

/// What is kept of a refused sign-in, and who reads it.
#[derive(Clone, Debug)]
pub struct TraceFacts {
    /// Whose door it was.
    pub team_id: TeamId,
    /// That team's name.
    pub team_name: String,
    /// Who reads it.
    pub reader: TraceReader,
    /// What the person's screen showed.
    pub reference: ReferenceId,
    /// When.
    pub at: Timestamp,
    /// The stable code.
    pub code: String,
    /// How far it came.
    pub stage: String,
    /// What the log knew.
    pub detail: String,
    /// How long it took.
    pub times: TraceTimes,
    /// The names of the claims that came.
    pub claims: Vec<String>,
    /// What people call the identity provider, where it has a name.
    pub idp: Option<&'static str>,
    /// The present moment.
    pub now: Timestamp,
}

/// Who reads of a refused sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceReader {
    /// An admin of the team.
    Admin,
    /// An operator.
    Operator,
}

/// How long the stages of a sign-in took, in milliseconds; one it did not come to has none.
#[derive(Clone, Copy, Debug, Default)]
pub struct TraceTimes {
    /// From leaving for the identity provider to coming back.
    pub away: Option<u64>,
    /// The token endpoint's answer.
    pub token: Option<u64>,
    /// `UserInfo`'s answer.
    pub userinfo: Option<u64>,
    /// From coming back to being refused.
    pub whole: Option<u64>,
}

#[derive(Template)]
#[template(path = "sso/traces/one.html")]
struct Html<'a> {
    face: &'a Face,
    house: &'a House,
    facts: &'a TraceFacts,
}

impl Trace {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, house: &self.house, facts: &self.facts })
    }
}

impl TraceFacts {
    pub(crate) fn cause(&self) -> &'static Cause {
        say::cause(&self.code, &self.stage)
    }

    pub(crate) fn seen(&self) -> Telling {
        (self.cause().seen)(&self.team_name, self.team_id.as_str())
    }

    pub(crate) fn when(&self) -> Moment {
        Moment::tell(self.at, self.now)
    }

    /// Each stage that was measured and how long it took.
    pub(crate) fn lasted(&self) -> Vec<(&'static str, String)> {
        let TraceTimes { away, token, userinfo, whole } = self.times;
        let all = [(say::AWAY, away), (say::TOKEN, token), (say::USERINFO, userinfo), (say::WHOLE, whole)];
        all.into_iter().filter_map(|(stage, millis)| Some((stage, say::lasted(millis?)))).collect()
    }

    pub(crate) fn job(&self, product: &str) -> String {
        match self.reader {
            TraceReader::Admin => self.cause().whose.label(self.idp, product),
            TraceReader::Operator => words::console::sign_ins::job(self.cause().whose, self.idp),
        }
    }

    /// The provider's words, where there are any; else what we noted ourselves.
    pub(crate) fn words_of_provider(&self) -> Option<&str> {
        say::words_of_provider(&self.code, &self.stage, &self.detail)
    }

    pub(crate) fn own_words(&self) -> String {
        say::own_words(self.idp)
    }
}
