//! Bounded copies of rows that never outlive a change.

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::StorageError;
use crate::feed::{Change, Feed, Follower, Subject};

/// Copies of the rows of one subject by their key, let go when the feed names them, bypassed when the feed
/// cannot be trusted. A row that was read before a change and arrives after it is not kept.
pub struct Cache<V: Clone + Send + Sync + 'static> {
    entries: moka::sync::Cache<String, V>,
    feed: Arc<Feed>,
    subject: Subject,
    /// Counts what was let go: whoever read while it moved on must not keep what was read.
    let_go: Mutex<u64>,
}

impl<V: Clone + Send + Sync + 'static> Cache<V> {
    /// At most `capacity` copies of rows of `subject`.
    #[must_use]
    pub fn following(feed: &Arc<Feed>, subject: Subject, capacity: u64) -> Arc<Self> {
        let cache = Arc::new(Self {
            entries: moka::sync::Cache::new(capacity),
            feed: Arc::clone(feed),
            subject,
            let_go: Mutex::new(0),
        });
        feed.subscribe(&cache);
        cache
    }

    /// The copy of `key`, if there is one and it may be trusted.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<V> {
        if self.feed.is_fresh() { self.entries.get(key) } else { None }
    }

    /// Reads `key` with `read` and keeps a copy of what was found.
    pub fn load<E: From<StorageError>>(
        &self,
        key: &str,
        read: impl FnOnce() -> Result<Option<V>, E>,
    ) -> Result<Option<V>, E> {
        let before = *self.let_go.lock().unwrap_or_else(PoisonError::into_inner);
        let found = read()?;
        if let Some(value) = &found {
            let now = self.let_go.lock().unwrap_or_else(PoisonError::into_inner);
            if *now == before {
                self.entries.insert(key.to_owned(), value.clone());
            }
        }
        Ok(found)
    }
}

impl<V: Clone + Send + Sync + 'static> Follower for Cache<V> {
    fn changed(&self, change: &Change) {
        if change.subject == self.subject {
            let mut count = self.let_go.lock().unwrap_or_else(PoisonError::into_inner);
            *count = count.wrapping_add(1);
            self.entries.invalidate(&change.key);
        }
    }

    fn lost_track(&self) {
        let mut count = self.let_go.lock().unwrap_or_else(PoisonError::into_inner);
        *count = count.wrapping_add(1);
        self.entries.invalidate_all();
    }
}
