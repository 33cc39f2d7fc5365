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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::thread;

    use super::*;

    fn cache<V: Clone + Send + Sync>() -> (Arc<Feed>, Arc<Cache<V>>) {
        let feed = Arc::<Feed>::default();
        let cache = Cache::following(&feed, Subject::Team, 10);
        (feed, cache)
    }

    fn team(key: &str) -> Change {
        Change { subject: Subject::Team, key: key.to_owned() }
    }

    fn read<V: Clone + Send + Sync>(cache: &Cache<V>, value: V, meanwhile: impl FnOnce()) -> Option<V> {
        let read = || {
            meanwhile();
            Ok::<_, StorageError>(Some(value))
        };
        cache.load("acme", read).unwrap();
        cache.entries.get("acme")
    }

    #[test]
    fn a_row_that_was_read_before_its_change_and_arrives_after_it_is_not_kept() {
        let (feed, cache) = cache();
        assert_eq!(read(&cache, "old", || feed.announce([&team("acme")])), None);
        assert_eq!(read(&cache, "old", || cache.lost_track()), None);
        assert_eq!(read(&cache, "new", || ()), Some("new"));
        feed.announce([&team("globex")]);
        assert_eq!(cache.entries.get("acme"), Some("new"), "another's change");
        cache.lost_track();
        assert_eq!(cache.entries.get("acme"), None);
    }

    #[test]
    fn a_copy_is_handed_out_by_a_fresh_feed_alone() {
        let (_feed, cache) = cache();
        assert_eq!(read(&cache, "new", || ()), Some("new"));
        assert_eq!(cache.get("acme"), None, "nobody follows the feed");
    }

    #[test]
    fn whoever_reads_while_others_change_never_keeps_an_old_row() {
        for _ in 0..50 {
            let (feed, cache) = cache();
            let row = AtomicU64::new(0);
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        for _ in 0..200 {
                            row.fetch_add(1, Ordering::SeqCst);
                            feed.announce([&team("acme")]);
                        }
                    });
                    scope.spawn(|| {
                        for _ in 0..400 {
                            let now = || Ok::<_, StorageError>(Some(row.load(Ordering::SeqCst)));
                            cache.load("acme", now).unwrap();
                        }
                    });
                }
            });
            let kept = cache.entries.get("acme");
            assert!(kept.is_none_or(|kept| kept == row.load(Ordering::SeqCst)), "{kept:?} of {row:?}");
        }
    }
}
