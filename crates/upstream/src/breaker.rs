//! A breaker for one endpoint of one provider: after some failures in a row nobody is made to wait there any more,
//! until one call, let through as a try, is answered.
//!
//! Only silence counts, and 429 and 5xx: a provider that says no, or talks nonsense, is alive. So nobody can open
//! it with made-up codes. Each endpoint has its own, because an answer at one says nothing about another: metadata
//! that cannot be renewed must not stop sign-ins that go on with what is remembered.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use vocabulary::Timestamp;

use crate::trouble::{Endpoint, Remark, Trouble};

/// It opens at this many failures in a row.
const MOST_FAILURES: u32 = 5;
/// How long it stays open at first; each failed try doubles that.
const FIRST_PAUSE: Duration = Duration::from_secs(10);
/// How long it stays open at most.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// What those are told who come while the one try is under way.
const WHILE_TRYING: Duration = Duration::from_secs(2);

/// One endpoint's breaker.
#[derive(Debug, Default)]
pub(crate) struct Breaker(Mutex<State>);

#[derive(Clone, Copy, Debug)]
enum State {
    Closed { failures: u32 },
    Open { until: Timestamp, pause: Duration, trying: Trying },
}

/// Whether the one call that is let through once the pause is over is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trying {
    No,
    Now,
}

impl Default for State {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

/// Leave for one call.
#[derive(Debug)]
pub(crate) enum Pass<'a> {
    /// One of many.
    Usual,
    /// The one try; when it is dropped, somebody else may try.
    Try(&'a Breaker),
}

impl Breaker {
    /// Leave for one call, or the trouble that it would run into.
    pub(crate) fn admit(&self, at: Endpoint, now: Timestamp) -> Result<Pass<'_>, Trouble> {
        self.check(at, now)?;
        let mut state = self.state();
        match &mut *state {
            State::Closed { .. } => Ok(Pass::Usual),
            State::Open { trying: Trying::Now, .. } => Err(refusal(at, WHILE_TRYING)),
            State::Open { trying, .. } => {
                *trying = Trying::Now;
                Ok(Pass::Try(self))
            }
        }
    }

    /// The trouble that a call would run into now; takes no leave.
    pub(crate) fn check(&self, at: Endpoint, now: Timestamp) -> Result<(), Trouble> {
        match *self.state() {
            State::Open { until, .. } if is_ahead(until, now) => Err(refusal(at, until.since(now))),
            State::Open { trying: Trying::Now, .. } => Err(refusal(at, WHILE_TRYING)),
            State::Open { trying: Trying::No, .. } | State::Closed { .. } => Ok(()),
        }
    }

    /// Notes how a call ended.
    pub(crate) fn note(&self, trouble: Option<&Trouble>, now: Timestamp) {
        let mut state = self.state();
        let Some(silence) = trouble.filter(|trouble| trouble.is_silence()) else {
            *state = State::default();
            return;
        };
        *state = match *state {
            State::Closed { failures } if failures + 1 < MOST_FAILURES => {
                State::Closed { failures: failures + 1 }
            }
            State::Closed { .. } => open(FIRST_PAUSE, silence, now),
            // A call that had begun before it opened tells nothing new.
            State::Open { until, .. } if is_ahead(until, now) => *state,
            State::Open { pause, .. } => open(pause * 2, silence, now),
        };
    }

    /// Until when it is open; when that has passed, the next call is the try.
    pub(crate) fn open_until(&self) -> Option<Timestamp> {
        match *self.state() {
            State::Open { until, .. } => Some(until),
            State::Closed { .. } => None,
        }
    }

    /// No code panics while it holds this lock; if some did, what it left is as good as before.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if let Self::Try(breaker) = self
            && let State::Open { trying, .. } = &mut *breaker.state()
        {
            *trying = Trying::No;
        }
    }
}

/// Open for this long, or for as long as the provider asks us to wait.
fn open(pause: Duration, silence: &Trouble, now: Timestamp) -> State {
    let pause = pause.max(silence.retry_after().unwrap_or_default()).min(LONGEST_PAUSE);
    State::Open { until: now.plus(pause), pause, trying: Trying::No }
}

/// A clock that was put back leaves no breaker open for hours.
fn is_ahead(until: Timestamp, now: Timestamp) -> bool {
    let wait = until.since(now);
    !wait.is_zero() && wait <= LONGEST_PAUSE
}

fn refusal(at: Endpoint, wait: Duration) -> Trouble {
    let detail = Remark::new("it failed several times in a row and is given a pause");
    // In whole seconds upwards: who waits that long comes when it is over.
    let retry_after = Duration::from_secs(wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX));
    Trouble::Unreachable { at, detail, retry_after }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOW;

    const TOKEN: Endpoint = Endpoint::Token;

    fn after(seconds: u64) -> Timestamp {
        NOW.plus(Duration::from_secs(seconds))
    }

    fn fail(breaker: &Breaker, now: Timestamp) {
        breaker.note(Some(&Trouble::TimedOut { at: TOKEN }), now);
    }

    fn opened() -> Breaker {
        let breaker = Breaker::default();
        (0..MOST_FAILURES).for_each(|_| fail(&breaker, NOW));
        breaker
    }

    fn wait(breaker: &Breaker, now: Timestamp) -> Option<u64> {
        let trouble = breaker.check(TOKEN, now).err()?;
        assert!(matches!(trouble, Trouble::Unreachable { at: TOKEN, .. }));
        trouble.retry_after().map(|wait| wait.as_secs())
    }

    #[test]
    fn five_failures_in_a_row_open_it_for_ten_seconds() {
        let breaker = Breaker::default();
        for _ in 0..4 {
            fail(&breaker, NOW);
        }
        breaker.note(None, NOW);
        for _ in 0..4 {
            fail(&breaker, NOW);
            assert!(breaker.admit(TOKEN, NOW).is_ok());
        }
        fail(&breaker, NOW);
        assert_eq!(wait(&breaker, NOW), Some(10));
        assert_eq!(wait(&breaker, NOW.plus(Duration::from_millis(1))), Some(10));
        assert_eq!(wait(&breaker, after(9)), Some(1));
        assert_eq!(wait(&breaker, after(10)), None);
        assert_eq!(breaker.open_until(), Some(after(10)));
    }

    #[test]
    fn only_silence_counts() {
        let breaker = Breaker::default();
        let alive = [
            Trouble::CodeRejected { detail: Remark::default() },
            Trouble::ClientRejected { detail: Remark::default() },
            Trouble::protocol(TOKEN, "html"),
        ];
        for trouble in alive {
            (0..4).for_each(|_| fail(&breaker, NOW));
            breaker.note(Some(&trouble), NOW);
        }
        assert_eq!(breaker.open_until(), None);
    }

    #[test]
    fn one_call_is_let_through_as_a_try_and_its_answer_closes_it() {
        let breaker = opened();
        let pass = breaker.admit(TOKEN, after(10)).unwrap();
        assert_eq!(wait(&breaker, after(10)), Some(2), "the others wait for the one");
        assert!(breaker.admit(TOKEN, after(10)).is_err());
        drop(pass);
        let pass = breaker.admit(TOKEN, after(10)).expect("the first went away, the next one tries");
        breaker.note(None, after(10));
        drop(pass);
        assert!(breaker.admit(TOKEN, after(10)).is_ok() && breaker.admit(TOKEN, after(10)).is_ok());
    }

    #[test]
    fn every_failed_try_doubles_the_pause_up_to_five_minutes() {
        let (breaker, mut now) = (opened(), NOW);
        for pause in [10, 20, 40, 80, 160, 300, 300] {
            assert_eq!(wait(&breaker, now), Some(pause));
            now = now.plus(Duration::from_secs(pause));
            let pass = breaker.admit(TOKEN, now).unwrap();
            fail(&breaker, now);
            drop(pass);
        }
        breaker.note(None, now);
        (0..MOST_FAILURES).for_each(|_| fail(&breaker, now));
        assert_eq!(wait(&breaker, now), Some(10), "an answer forgets all of that");
    }

    #[test]
    fn calls_that_had_begun_before_it_opened_change_nothing() {
        let breaker = opened();
        fail(&breaker, after(5));
        assert_eq!(wait(&breaker, after(5)), Some(5));
    }

    #[test]
    fn it_stays_open_for_as_long_as_the_provider_asks() {
        let breaker = Breaker::default();
        let busy = Trouble::Unreachable {
            at: TOKEN,
            detail: Remark::default(),
            retry_after: Duration::from_secs(42),
        };
        (0..MOST_FAILURES).for_each(|_| breaker.note(Some(&busy), NOW));
        assert_eq!(wait(&breaker, NOW), Some(42));
    }

    #[test]
    fn a_clock_that_is_put_back_leaves_no_door_shut() {
        let breaker = opened();
        assert_eq!(wait(&breaker, NOW.minus(Duration::from_hours(3))), None);
    }
}
