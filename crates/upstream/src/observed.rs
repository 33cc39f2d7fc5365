//! What is known of a provider's health, from what was asked of it anyway. It lives in memory, beside the caches.

use vocabulary::Timestamp;

use crate::cache::Connection;

/// What this process knows of one connection's provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// When its metadata was last fetched.
    pub metadata_fetched_at: Option<Timestamp>,
    /// When its keys were last fetched.
    pub keys_fetched_at: Option<Timestamp>,
    /// How many of its keys can verify signatures.
    pub keys: usize,
    /// Until when nobody is made to wait for it, because it failed several times in a row. A moment that has
    /// passed: the next call is a try.
    pub breaker_open_until: Option<Timestamp>,
    /// What last went wrong, in at most 200 characters, without secrets. Made-up codes are not kept.
    pub last_trouble: Option<(Timestamp, String)>,
}

impl Observed {
    pub(crate) fn of(connection: &Connection) -> Self {
        let keys = connection.keys.kept();
        Self {
            metadata_fetched_at: connection.metadata.kept().map(|(_, since)| since),
            keys_fetched_at: keys.as_ref().map(|(_, since)| *since),
            keys: keys.map_or(0, |(keys, _)| keys.len()),
            breaker_open_until: connection.open_until(),
            last_trouble: connection.last_trouble().map(|(when, trouble)| (when, trouble.detail())),
        }
    }
}
