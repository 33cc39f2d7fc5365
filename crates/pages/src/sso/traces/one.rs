//! `/t/{team_id}/settings/sso/sign-ins/{reference}`: one sign-in that was refused, why, and what to do.

use askama::Template;
use vocabulary::{ReferenceId, Timestamp};

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
    page: &'a Trace,
}

impl Trace {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, house: &self.house, page: self })
    }

    fn cause(&self) -> &'static Cause {
        say::cause(&self.code, &self.stage)
    }

    fn seen(&self) -> Telling {
        (self.cause().seen)(&self.house.team_name, self.house.team_id.as_str())
    }

    fn when(&self) -> Moment {
        Moment::tell(self.at, self.now)
    }

    /// Each stage that was measured and how long it took.
    fn lasted(&self) -> Vec<(&'static str, String)> {
        let TraceTimes { away, token, userinfo, whole } = self.times;
        let all = [(say::AWAY, away), (say::TOKEN, token), (say::USERINFO, userinfo), (say::WHOLE, whole)];
        all.into_iter().filter_map(|(stage, millis)| Some((stage, say::lasted(millis?)))).collect()
    }

    fn job(&self, product: &str) -> String {
        self.cause().whose.label(self.idp, product)
    }

    /// The provider's words, where there are any; else what we noted ourselves.
    fn words_of_provider(&self) -> Option<&str> {
        say::words_of_provider(&self.code, &self.stage, &self.detail)
    }

    fn own_words(&self) -> String {
        say::own_words(self.idp)
    }
}
