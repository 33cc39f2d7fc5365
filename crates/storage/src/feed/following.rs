//! The thread of a node that follows the feed: waits for the bell, reads, tells, and starts anew when its
//! connection breaks.

use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use diesel::prelude::*;

use super::bell::Bell;
use super::{Change, Feed, Subject};
use crate::connection::Connection;
use crate::database::Database;
use crate::each;
use crate::error::StorageError;
use crate::schema::{change_counter, changes};

/// How long a node that can't connect waits before it tries again.
const AGAIN: Duration = Duration::from_millis(250);

/// When a node reads the feed.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Whether it is woken by what is written.
    pub wake_up: WakeUp,
    /// How long it sleeps at most. Longer than a second, its caches are trusted after a read alone.
    pub poll: Duration,
}

/// Whether a node is woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WakeUp {
    /// Where the database can.
    On,
    /// It sleeps until its time is over.
    Off,
}

impl Default for Pace {
    fn default() -> Self {
        Self { wake_up: WakeUp::On, poll: Duration::from_millis(250) }
    }
}

impl Database {
    /// Follows the feed in a thread of its own until `Feed::stop`. The first position is read before this
    /// returns, so that nothing that happens later is missed.
    pub fn follow(&self) -> Result<JoinHandle<()>, StorageError> {
        self.follow_at(Pace::default())
    }

    /// The same at another pace.
    pub fn follow_at(&self, pace: Pace) -> Result<JoinHandle<()>, StorageError> {
        let following = Following::begin(self.clone(), pace)?;
        Ok(thread::spawn(move || following.run()))
    }
}

struct Following {
    database: Database,
    /// Of its own: when all others are busy, changes are still heard of.
    connection: Connection,
    bell: Bell,
    pace: Pace,
    /// The number of the last change that was told.
    seen: i64,
}

impl Following {
    /// Connects and starts at the present position; whatever was kept until now may have changed unheard.
    fn begin(database: Database, pace: Pace) -> Result<Self, StorageError> {
        let mut connection = database.connect()?;
        let bell = match pace.wake_up {
            WakeUp::On => Bell::hang(&mut connection),
            WakeUp::Off => Bell::None,
        };
        let began = database.feed().elapsed();
        let seen = head(&mut connection)?;
        database.feed().lost_track();
        database.feed().good_since(began);
        Ok(Self { database, connection, bell, pace, seen })
    }

    fn run(mut self) {
        while !self.database.feed().is_stopped() {
            self.wait();
            match self.database.feed().read_after(self.seen, &mut self.connection) {
                Ok(seen) => self.seen = seen,
                Err(error) => {
                    tracing::warn!(%error, "the change feed cannot be read; caches are bypassed");
                    match Self::begin(self.database.clone(), self.pace) {
                        Ok(anew) => self = anew,
                        Err(_still) => thread::sleep(AGAIN),
                    }
                }
            }
        }
    }

    /// Until the bell rings, the time is over, or all ends.
    fn wait(&mut self) {
        let began = Instant::now();
        while let Some(left) = self.pace.poll.checked_sub(began.elapsed()) {
            thread::sleep(left.min(self.bell.interval()));
            if self.database.feed().is_stopped() || self.bell.has_rung(&mut self.connection) {
                return;
            }
        }
    }
}

impl Feed {
    /// Tells what changed after `seen`, and says up to where everything is told now.
    fn read_after(&self, seen: i64, connection: &mut Connection) -> Result<i64, StorageError> {
        let began = self.elapsed();
        let head = head(connection)?;
        let told = if head == seen { seen } else { self.tell(seen, head, &after(seen, connection)?) };
        self.good_since(began);
        Ok(told)
    }

    /// Tells the news after `seen`. More of them than were read, a gap, or a word nobody knows: then anything
    /// may have changed. So it may when the counter went back, because a backup was put in its place.
    fn tell(&self, seen: i64, head: i64, news: &[(i64, String, String)]) -> i64 {
        let last = news.last().map_or(seen, |(n, _, _)| *n);
        let contiguous =
            news.iter().zip(seen.saturating_add(1)..).all(|((n, _, _), expected)| *n == expected);
        let known: Vec<Change> = news
            .iter()
            .filter_map(|(_, kind, key)| Some(Change { subject: Subject::parse(kind)?, key: key.clone() }))
            .collect();
        if contiguous && known.len() == news.len() && seen < head && head <= last {
            self.announce(&known);
            last
        } else {
            self.lost_track();
            head
        }
    }
}

/// The number of the last change.
fn head(connection: &mut Connection) -> Result<i64, StorageError> {
    Ok(each!(connection, c => change_counter::table.select(change_counter::n).first(c))?)
}

fn after(seen: i64, connection: &mut Connection) -> Result<Vec<(i64, String, String)>, StorageError> {
    let query = changes::table
        .select((changes::n, changes::kind, changes::key))
        .filter(changes::n.gt(seen))
        .order(changes::n)
        .limit(1000);
    Ok(each!(connection, c => query.load(c))?)
}
