//! One errand to a provider: a sign-in, a look at its metadata, a renewal. It has one deadline, however many
//! calls it makes, and every call goes through the breaker of its endpoint.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use vocabulary::Timestamp;

use crate::cache::Connection;
use crate::trouble::{Endpoint, Trouble};

/// When an errand began, by the clock and by the watch, and when it must be done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Errand {
    /// The moment it began; what had expired before is expired.
    pub(crate) now: Timestamp,
    began: Instant,
    pub(crate) deadline: Instant,
}

impl Errand {
    pub(crate) fn begin(now: Timestamp, total: Duration) -> Self {
        let began = Instant::now();
        Self { now, began, deadline: began + total }
    }

    /// The moment it has come to.
    pub(crate) fn moment(&self) -> Timestamp {
        self.now.plus(self.began.elapsed())
    }

    /// The same with a quarter of its time, for asking what can be done without: the rest is for what can't.
    pub(crate) fn hurried(self) -> Self {
        let quarter = (self.deadline - self.began) / 4;
        Self { deadline: self.deadline.min(Instant::now() + quarter), ..self }
    }

    /// Makes one call: refused at once while the endpoint's breaker is open, cut at the deadline, its outcome noted.
    /// A call that never began, or that nobody waits for any more, is no outcome.
    pub(crate) async fn call<T>(
        &self,
        connection: &Connection,
        at: Endpoint,
        call: impl Future<Output = Result<T, Trouble>>,
    ) -> Result<T, Trouble> {
        if Instant::now() >= self.deadline {
            return Err(Trouble::TimedOut { at });
        }
        let breaker = connection.breaker(at);
        let _pass = breaker.admit(at, self.moment())?;
        let outcome = timeout_at(self.deadline, call).await.unwrap_or(Err(Trouble::TimedOut { at }));
        let trouble = outcome.as_ref().err();
        breaker.note(trouble, self.moment());
        if let Some(trouble) = trouble {
            connection.note_trouble(trouble, self.moment());
        }
        outcome
    }
}
