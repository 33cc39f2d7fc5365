//! What an attempt leaves besides its cause: how long its stages took, and the names of the claims that came.

use std::time::Duration;

use audit::Timings;
use upstream::{Endpoint, Seen};
use vocabulary::Timestamp;

/// What is known of an attempt when it ends otherwise. One that never came back leaves nothing of it.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    began: Option<Timestamp>,
    back: Option<Timestamp>,
    over: Option<Timestamp>,
    /// What the exchange saw.
    pub(crate) seen: Seen,
}

impl Trace {
    /// Somebody came back, with whatever it is.
    pub(crate) fn of_callback(back: Timestamp) -> Self {
        Self { back: Some(back), ..Self::default() }
    }

    /// It is an answer to what began then.
    pub(crate) const fn begun(&mut self, at: Timestamp) {
        self.began = Some(at);
    }

    /// It ends now.
    pub(crate) const fn over(mut self, now: Timestamp) -> Self {
        self.over = Some(now);
        self
    }

    pub(crate) fn timings(&self) -> Timings {
        let between = |from: Option<Timestamp>, to: Option<Timestamp>| Some(millis(to?.since(from?)));
        let asked = |at| self.seen.took(at).map(millis);
        Timings {
            away: between(self.began, self.back),
            token: asked(Endpoint::Token),
            userinfo: asked(Endpoint::UserInfo),
            whole: between(self.back, self.over),
        }
    }

    pub(crate) fn claims(&self) -> Vec<String> {
        self.seen.claim_names()
    }
}

fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_measured_as_far_as_it_came() {
        assert_eq!(Trace::default().timings(), Timings::default());
        let back = Timestamp::from_millis(6_000);
        let mut trace = Trace::of_callback(back);
        assert_eq!(trace.timings(), Timings::default());
        trace.begun(Timestamp::from_millis(1_500));
        let timings = trace.over(back.plus(Duration::from_millis(7))).timings();
        assert_eq!(timings, Timings { away: Some(4_500), whole: Some(7), ..Timings::default() });
    }
}
