//! The change feed: what changed, in order and without gaps, so that every node's caches let go in time.
//!
//! A writer numbers its changes last of all, under the counter's row, inside its own transaction; a node reads
//! the numbers it has not seen, when a bell rings and every quarter of a second besides. A gap, or a second
//! without a read, makes a node distrust its caches.

mod bell;
mod following;

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use diesel::prelude::*;

pub use following::{Pace, WakeUp};

use crate::database::Tx;
use crate::each;
use crate::error::StorageError;
use crate::schema::{change_counter, changes};

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A team or its connection; the key is the Team ID.
    Team,
    /// A person's membership; the key is the person's id.
    Person,
    /// A session that ended; the key is its hash.
    Session,
    /// An API token; the key is its hash.
    Token,
    /// An app behind the door; the key is its client id, its host, or `*` for the list of all.
    App,
    /// What an app was granted; the key is the grant's id.
    Grant,
    /// The keys that sign ID tokens; the key is `*`.
    SigningKeys,
}

impl Subject {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Person => "person",
            Self::Session => "session",
            Self::Token => "token",
            Self::App => "app",
            Self::Grant => "grant",
            Self::SigningKeys => "signing_keys",
        }
    }

    const ALL: [Self; 7] =
        [Self::Team, Self::Person, Self::Session, Self::Token, Self::App, Self::Grant, Self::SigningKeys];

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Something that changed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// What kind of thing.
    pub subject: Subject,
    /// Which one.
    pub key: String,
}

/// Whoever keeps copies of rows and must let go of them.
pub trait Follower: Send + Sync {
    /// This one changed.
    fn changed(&self, change: &Change);
    /// Some changes were missed: anything may have changed.
    fn lost_track(&self);
}

/// Without a read for this long, caches are not to be trusted.
const TRUST: Duration = Duration::from_secs(1);

/// This node's view of the feed.
pub struct Feed {
    followers: Mutex<Vec<Weak<dyn Follower>>>,
    /// Milliseconds after `born` at which the last good read began; negative while not following.
    read: AtomicI64,
    born: Instant,
    stop: AtomicBool,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            followers: Mutex::default(),
            read: AtomicI64::new(-1),
            born: Instant::now(),
            stop: AtomicBool::new(false),
        }
    }
}

impl Feed {
    /// Tells `follower` of changes from now on, for as long as it lives.
    pub fn subscribe(&self, follower: &Arc<impl Follower + 'static>) {
        let weak = Arc::downgrade(follower);
        self.followers.lock().unwrap_or_else(PoisonError::into_inner).push(weak);
    }

    /// Whether caches that follow this feed may be trusted now.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        let read = self.read.load(Ordering::Acquire);
        read >= 0 && self.elapsed().saturating_sub(read) <= i64::try_from(TRUST.as_millis()).unwrap_or(0)
    }

    fn elapsed(&self) -> i64 {
        i64::try_from(self.born.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    /// A read that began then was good, and what it found has been told.
    fn good_since(&self, began: i64) {
        self.read.store(began, Ordering::Release);
    }

    pub(crate) fn announce<'a>(&self, changes: impl IntoIterator<Item = &'a Change>) {
        let changes: Vec<&Change> = changes.into_iter().collect();
        if !changes.is_empty() {
            self.each_follower(|follower| changes.iter().for_each(|change| follower.changed(change)));
        }
    }

    fn lost_track(&self) {
        self.each_follower(|follower| follower.lost_track());
    }

    fn each_follower(&self, tell: impl Fn(&dyn Follower)) {
        let mut followers = self.followers.lock().unwrap_or_else(PoisonError::into_inner);
        followers.retain(|follower| follower.strong_count() > 0);
        for follower in followers.iter().filter_map(Weak::upgrade) {
            tell(&*follower);
        }
    }

    /// Ends the thread that follows.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

/// Numbers and keeps the transaction's changes; called last, so that the counter's row is the last lock.
pub(crate) fn append(tx: &mut Tx<'_>) -> Result<(), StorageError> {
    let count = i64::try_from(tx.changes().len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(());
    }
    bell::ring(tx)?;
    let last: i64 = each!(&mut **tx, c => diesel::update(change_counter::table)
        .set(change_counter::n.eq(change_counter::n + count))
        .returning(change_counter::n)
        .get_result(c))?;
    let at = tx.now().millis();
    let rows: Vec<_> = tx
        .changes()
        .iter()
        .zip(last.saturating_sub(count).saturating_add(1)..)
        .map(|(change, n)| {
            let Change { subject, key } = change.clone();
            (changes::n.eq(n), changes::kind.eq(subject.as_str()), changes::key.eq(key), changes::at.eq(at))
        })
        .collect();
    // PostgreSQL takes at most 65 535 values in one statement.
    for page in rows.chunks(1000) {
        each!(&mut **tx, c => diesel::insert_into(changes::table).values(page).execute(c))?;
    }
    Ok(())
}

/// Forgets changes older than an hour; a node that slept longer notices the gap.
pub fn tidy(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let hour_ago = tx.now().minus(Duration::from_hours(1)).millis();
    Ok(each!(&mut **tx, c => diesel::delete(changes::table.filter(changes::at.lt(hour_ago))).execute(c))?)
}
