//! The worker: takes letters out of the outbox one by one and hands them to the carrier, at least once each.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use storage::{Database, StorageError, Tx, blocking};
use tokio::sync::watch;
use vocabulary::{Clock, TeamId, Timestamp};

use crate::carrier::{Carrier, Failure};
use crate::desk::Desk;
use crate::outbox::{self, Waiting};

/// How often the outbox is looked at when nothing is due.
const POLL: Duration = Duration::from_secs(2);
/// How long the worker rests after the database could not be used.
const REST: Duration = Duration::from_secs(10);
/// How long a letter waits after its first, second, … failed attempt; the last value repeats.
const WAITS: [Duration; 4] =
    [Duration::from_mins(1), Duration::from_mins(5), Duration::from_mins(15), Duration::from_hours(1)];
const LONGEST_WAIT: Duration = Duration::from_hours(4);
/// The longest wait while the carrier cannot be used at all: it is back at any moment, and then nothing waits for hours.
const LONGEST_OUTAGE_WAIT: Duration = Duration::from_mins(5);
/// How old a letter grows before it is given up.
const PATIENCE: Duration = Duration::from_hours(72);
/// A letter that the mail server does not want is given up at this attempt.
const REFUSALS: i64 = 3;

/// A letter that will not be sent any more.
#[derive(Clone, Debug)]
pub struct GivenUp {
    /// The letter's id, which its `Message-ID` begins with.
    pub id: String,
    /// The team it was about.
    pub team_id: Option<TeamId>,
    /// Whom it was for.
    pub recipient: String,
    /// Its subject, one line.
    pub subject: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What was wrong in the end: one line of at most 200 characters.
    pub reason: String,
    /// When it was written.
    pub written_at: Timestamp,
}

/// What came of the letters that were due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Taken by the carrier.
    pub sent: u32,
    /// To be tried again later.
    pub postponed: u32,
    /// Lost, and on record.
    pub given_up: u32,
}

type OnGiveUp = dyn Fn(&mut Tx<'_>, &GivenUp) -> Result<(), StorageError> + Send + Sync;

/// Sends what waits in the outbox. Several may work on one database: a letter is claimed before it is sent.
#[derive(Clone)]
pub struct Worker {
    database: Database,
    desk: Arc<Desk>,
    carrier: Carrier,
    clock: Arc<dyn Clock>,
    on_give_up: Arc<OnGiveUp>,
}

/// What came of one look at the outbox.
enum Outcome {
    NothingDue,
    Sent,
    Postponed,
    /// Postponed, and others would fare no better now.
    CarrierUnreachable,
    GivenUp,
}

impl Worker {
    /// A worker that puts lost letters on record by `on_give_up`, in the transaction that takes them out.
    pub fn new(
        database: Database,
        desk: Arc<Desk>,
        carrier: Carrier,
        clock: Arc<dyn Clock>,
        on_give_up: impl Fn(&mut Tx<'_>, &GivenUp) -> Result<(), StorageError> + Send + Sync + 'static,
    ) -> Self {
        Self { database, desk, carrier, clock, on_give_up: Arc::new(on_give_up) }
    }

    /// Works until `stop` turns true or its sender is gone. A letter under way is finished first, which takes
    /// 32 seconds at most.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let pause = match self.deliver_one().await {
                Ok(Outcome::Sent | Outcome::Postponed | Outcome::GivenUp) => Duration::ZERO,
                Ok(Outcome::NothingDue | Outcome::CarrierUnreachable) => POLL,
                Err(error) => {
                    tracing::warn!(%error, "letters wait: the outbox cannot be used");
                    REST
                }
            };
            tokio::select! {
                _stopped = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Tries every letter that is due now, and ends early when the carrier cannot be reached.
    pub async fn deliver_due(&self) -> Result<Delivered, StorageError> {
        let mut delivered = Delivered::default();
        loop {
            match self.deliver_one().await? {
                Outcome::NothingDue => return Ok(delivered),
                Outcome::Sent => delivered.sent = delivered.sent.saturating_add(1),
                Outcome::Postponed => delivered.postponed = delivered.postponed.saturating_add(1),
                Outcome::CarrierUnreachable => {
                    delivered.postponed = delivered.postponed.saturating_add(1);
                    return Ok(delivered);
                }
                Outcome::GivenUp => delivered.given_up = delivered.given_up.saturating_add(1),
            }
        }
    }

    async fn deliver_one(&self) -> Result<Outcome, StorageError> {
        let Some(letter) = self.claim().await? else {
            return Ok(Outcome::NothingDue);
        };
        let message = match self.desk.message(&letter) {
            Ok(message) => message,
            Err(reason) => return self.give_up(letter, reason).await,
        };
        match self.carrier.take(&letter.id, &message).await {
            Ok(()) => self.strike(letter).await,
            Err(failure) => self.try_later(letter, failure).await,
        }
    }

    async fn claim(&self) -> Result<Option<Waiting>, StorageError> {
        let (database, now) = (self.database.clone(), self.clock.now());
        blocking(move || {
            // Looked at without a transaction first: an idle worker keeps no writer waiting.
            let candidates = database.read(|connection| outbox::due(connection, now))?;
            if candidates.is_empty() {
                return Ok(None);
            }
            database.write(now, |tx| outbox::claim(tx, &candidates))
        })
        .await
    }

    async fn strike(&self, letter: Waiting) -> Result<Outcome, StorageError> {
        tracing::debug!(letter = letter.id, "a letter was sent");
        let (database, now) = (self.database.clone(), self.clock.now());
        blocking(move || database.write(now, |tx| outbox::sent(tx, &letter))).await?;
        Ok(Outcome::Sent)
    }

    async fn try_later(&self, letter: Waiting, failure: Failure) -> Result<Outcome, StorageError> {
        let now = self.clock.now();
        let next = now.plus(wait_after(letter.attempts, &failure));
        let too_old = next > Timestamp::from_millis(letter.created_at).plus(PATIENCE);
        let unwanted = matches!(failure, Failure::Refused(_)) && letter.attempts >= REFUSALS;
        if too_old || unwanted {
            return self.give_up(letter, failure.reason().to_owned()).await;
        }
        tracing::warn!(
            letter = letter.id,
            attempts = letter.attempts,
            reason = failure.reason(),
            "a letter was not taken and will be tried again"
        );
        let database = self.database.clone();
        blocking(move || database.write(now, |tx| outbox::postpone(tx, &letter, next))).await?;
        Ok(match failure {
            Failure::Unreachable(_) => Outcome::CarrierUnreachable,
            Failure::Later(_) | Failure::Refused(_) => Outcome::Postponed,
        })
    }

    async fn give_up(&self, letter: Waiting, reason: String) -> Result<Outcome, StorageError> {
        tracing::warn!(letter = letter.id, attempts = letter.attempts, reason, "a letter was given up");
        let (database, now) = (self.database.clone(), self.clock.now());
        let on_give_up = Arc::clone(&self.on_give_up);
        blocking(move || {
            database.write(now, |tx| {
                if !outbox::abandon(tx, &letter)? {
                    return Ok(());
                }
                on_give_up(tx, &given_up(letter, reason))
            })
        })
        .await?;
        Ok(Outcome::GivenUp)
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("carrier", &self.carrier).finish_non_exhaustive()
    }
}

fn given_up(letter: Waiting, reason: String) -> GivenUp {
    GivenUp {
        team_id: letter.team_id.as_deref().and_then(|team| TeamId::parse(team).ok()),
        id: letter.id,
        recipient: letter.recipient,
        subject: letter.subject,
        attempts: letter.attempts,
        reason,
        written_at: Timestamp::from_millis(letter.created_at),
    }
}

fn wait_after(attempts: i64, failure: &Failure) -> Duration {
    let failures_before = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    let wait = WAITS.get(failures_before).copied().unwrap_or(LONGEST_WAIT);
    match failure {
        Failure::Unreachable(_) => wait.min(LONGEST_OUTAGE_WAIT),
        Failure::Later(_) | Failure::Refused(_) => wait,
    }
}

#[cfg(test)]
mod post_office;
#[cfg(test)]
mod tests;
