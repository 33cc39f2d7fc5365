//! One word of a provider at a time: a flood of them takes neither the database nor the other teams.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use vocabulary::ConnectionId;

/// How long a word waits for its turn. A logout is not lost lightly: most providers say it once, whatever the
/// answer. Longer than this few of them wait for one.
const PATIENCE: Duration = Duration::from_secs(5);
/// For how many connections turns are kept; those that were not used for longest are forgotten first.
const KEPT: u64 = 10_000;

/// Whose turn it is, for each connection. Clones share everything.
#[derive(Clone)]
pub struct Turns {
    of: Cache<String, Arc<Semaphore>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { of: Cache::builder().max_capacity(KEPT).build() }
    }
}

impl Turns {
    /// Waits for this connection's turn, which lasts until what is returned is dropped; none when it did not
    /// come in time.
    pub(crate) async fn wait(&self, connection: &ConnectionId) -> Option<OwnedSemaphorePermit> {
        let one = || Arc::new(Semaphore::new(1));
        let turn = self.of.get_with(connection.as_str().to_owned(), one).acquire_owned();
        tokio::time::timeout(PATIENCE, turn).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use sealing::SystemChance;

    use super::*;

    #[tokio::test]
    async fn a_connection_that_is_busy_keeps_no_other_from_its_turn() {
        let turns = Turns::default();
        let [one, other] = [ConnectionId::random(&SystemChance), ConnectionId::random(&SystemChance)];
        let first = turns.wait(&one).await;
        assert!(first.is_some());
        let next = tokio::time::timeout(Duration::from_millis(50), turns.wait(&one)).await;
        assert!(next.is_err(), "it is somebody else's turn");
        assert!(turns.wait(&other).await.is_some());
        drop(first);
        assert!(turns.wait(&one).await.is_some());
    }
}
