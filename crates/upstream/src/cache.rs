//! What is remembered of a provider: one slot for its metadata, one for its keys. A slot is filled by one
//! caller at a time, renewed before it ages, kept through the provider's failures, and never emptied by a
//! broken answer. Beside them a breaker for each endpoint.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use vocabulary::Timestamp;

use crate::breaker::Breaker;
use crate::discovery::Metadata;
use crate::keys::KeySet;
use crate::trouble::{Endpoint, RETRY_AFTER, Trouble};

/// How long a value may be used after its freshness when no newer one can be had.
const STALE_FOR: Duration = Duration::from_hours(24);
/// How long at most a failure is remembered, so that a provider that is down is not hammered. Usually that is as
/// long as people are told to wait; a provider that asks for more is asked once a minute all the same.
const FAILED_FOR_MOST: Duration = Duration::from_mins(1);
/// How often at most a key set is asked for again because of an unknown `kid`, or an ageing value is renewed.
const AGAIN_AFTER: Duration = Duration::from_secs(30);

/// How long metadata is not asked for again only because a key is missing.
const YOUNG_FOR: Duration = Duration::from_mins(5);

/// Everything remembered about one connection.
pub(crate) struct Connection {
    pub(crate) metadata: Slot<Metadata>,
    pub(crate) keys: Slot<KeySet>,
    /// Places for exchanges under way.
    pub(crate) places: Option<Semaphore>,
    breakers: Breakers,
    /// The last trouble of its provider, for those who look after it.
    last_trouble: Mutex<Option<(Timestamp, Trouble)>>,
}

#[derive(Default)]
struct Breakers {
    metadata: Breaker,
    keys: Breaker,
    token: Breaker,
    userinfo: Breaker,
}

impl Connection {
    pub(crate) fn new(places: Option<usize>) -> Self {
        Self {
            metadata: Slot::default(),
            keys: Slot::default(),
            places: places.map(Semaphore::new),
            breakers: Breakers::default(),
            last_trouble: Mutex::default(),
        }
    }

    pub(crate) const fn breaker(&self, at: Endpoint) -> &Breaker {
        match at {
            Endpoint::Metadata => &self.breakers.metadata,
            Endpoint::Keys => &self.breakers.keys,
            Endpoint::Token => &self.breakers.token,
            Endpoint::UserInfo => &self.breakers.userinfo,
        }
    }

    /// Until when the last of the breakers is open.
    pub(crate) fn open_until(&self) -> Option<Timestamp> {
        Endpoint::ALL.into_iter().filter_map(|at| self.breaker(at).open_until()).max()
    }

    /// Keeps a trouble that is the provider's; a made-up code is nobody's.
    pub(crate) fn note_trouble(&self, trouble: &Trouble, now: Timestamp) {
        if !matches!(trouble, Trouble::CodeRejected { .. }) {
            *self.last_trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, trouble.clone()));
        }
    }

    pub(crate) fn last_trouble(&self) -> Option<(Timestamp, Trouble)> {
        self.last_trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A value from the provider and how long it is fresh.
pub(crate) struct Fetched<T> {
    pub(crate) value: T,
    pub(crate) fresh_for: Duration,
}

/// One remembered value.
pub(crate) struct Slot<T> {
    state: Mutex<State<T>>,
    /// Held by the one who asks the provider.
    turn: tokio::sync::Mutex<()>,
}

struct State<T> {
    kept: Option<Kept<T>>,
    failed: Option<(Timestamp, Trouble)>,
    renewed: Option<Timestamp>,
    asked_again: Option<Timestamp>,
}

struct Kept<T> {
    value: Arc<T>,
    since: Timestamp,
    fresh_for: Duration,
}

/// What a slot holds at a moment.
pub(crate) enum Held<T> {
    /// Good.
    Fresh(Arc<T>),
    /// Good, and somebody should renew it soon.
    Ageing(Arc<T>),
    /// Good only while the provider fails.
    Stale(Arc<T>),
    /// Nothing that may be used.
    Nothing,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        let state = State { kept: None, failed: None, renewed: None, asked_again: None };
        Self { state: Mutex::new(state), turn: tokio::sync::Mutex::new(()) }
    }
}

impl<T> Slot<T> {
    pub(crate) fn look(&self, now: Timestamp) -> Held<T> {
        let state = self.state();
        let Some(kept) = &state.kept else {
            return Held::Nothing;
        };
        let age = now.since(kept.since);
        let value = Arc::clone(&kept.value);
        if age < kept.fresh_for * 3 / 4 {
            Held::Fresh(value)
        } else if age < kept.fresh_for {
            Held::Ageing(value)
        } else if age < kept.fresh_for + STALE_FOR {
            Held::Stale(value)
        } else {
            Held::Nothing
        }
    }

    /// Whether the caller is the one to renew an ageing value.
    pub(crate) fn claim_renewal(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        let due = state.renewed.is_none_or(|last| now.since(last) >= AGAIN_AFTER);
        if due {
            state.renewed = Some(now);
        }
        due
    }

    /// Renews an ageing value; a failure leaves it as it is.
    pub(crate) async fn renew(
        &self,
        now: Timestamp,
        fetch: impl Future<Output = Result<Fetched<T>, Trouble>>,
    ) {
        let _turn = self.turn.lock().await;
        if let Ok(fetched) = fetch.await {
            self.keep(now, fetched);
        }
    }

    /// The value: remembered, or fetched by whoever comes first while the others wait for it.
    pub(crate) async fn get(
        &self,
        now: Timestamp,
        fetch: impl Future<Output = Result<Fetched<T>, Trouble>>,
    ) -> Result<Arc<T>, Trouble> {
        let _turn = match self.look(now) {
            Held::Fresh(value) | Held::Ageing(value) => return Ok(value),
            // One caller waits for a provider that may be down; the others go on with what there is.
            Held::Stale(value) => match self.turn.try_lock() {
                Ok(turn) => turn,
                Err(_taken) => return Ok(value),
            },
            Held::Nothing => self.turn.lock().await,
        };
        let stale = match self.look(now) {
            Held::Fresh(value) | Held::Ageing(value) => return Ok(value),
            Held::Stale(value) => Some(value),
            Held::Nothing => None,
        };
        if let Some(trouble) = self.recent_failure(now) {
            return stale.ok_or(trouble);
        }
        let began = Instant::now();
        let trouble = match fetch.await {
            Ok(fetched) => return Ok(self.keep(now, fetched)),
            Err(trouble) => trouble,
        };
        self.state().failed = Some((now.plus(began.elapsed()), trouble.clone()));
        stale.ok_or(trouble)
    }

    /// A newer value than `seen`, which lacked something: fetched at most once in 30 seconds, whoever asks.
    /// `None` when it is too early to ask again. A first fetch by `get` does not count.
    pub(crate) async fn newer_than(
        &self,
        seen: &Arc<T>,
        now: Timestamp,
        fetch: impl Future<Output = Result<Fetched<T>, Trouble>>,
    ) -> Result<Option<Arc<T>>, Trouble> {
        let _turn = self.turn.lock().await;
        {
            let mut state = self.state();
            let current = state.kept.as_ref().map(|kept| &kept.value);
            if let Some(newer) = current.filter(|value| !Arc::ptr_eq(value, seen)) {
                return Ok(Some(Arc::clone(newer)));
            }
            if state.asked_again.is_some_and(|last| now.since(last) < AGAIN_AFTER) {
                return Ok(None);
            }
            state.asked_again = Some(now);
        }
        let fetched = fetch.await?;
        Ok(Some(self.keep(now, fetched)))
    }

    /// A newer value, where the kept one is older than a few minutes; otherwise, and when there is none to be
    /// had, nothing.
    pub(crate) async fn younger(
        &self,
        now: Timestamp,
        fetch: impl Future<Output = Result<Fetched<T>, Trouble>>,
    ) -> Option<Arc<T>> {
        let _turn = self.turn.lock().await;
        let (kept, since) = self.kept()?;
        if now.since(since) < YOUNG_FOR {
            return Some(kept);
        }
        fetch.await.ok().map(|fetched| self.keep(now, fetched))
    }

    fn keep(&self, now: Timestamp, fetched: Fetched<T>) -> Arc<T> {
        let value = Arc::new(fetched.value);
        let mut state = self.state();
        state.failed = None;
        state.kept = Some(Kept { value: Arc::clone(&value), since: now, fresh_for: fetched.fresh_for });
        value
    }

    fn recent_failure(&self, now: Timestamp) -> Option<Trouble> {
        let state = self.state();
        let (when, trouble) = state.failed.as_ref()?;
        let wait = trouble.retry_after().unwrap_or(RETRY_AFTER).min(FAILED_FOR_MOST);
        (now.since(*when) < wait).then(|| trouble.clone())
    }

    /// What is kept, however old, and since when.
    pub(crate) fn kept(&self) -> Option<(Arc<T>, Timestamp)> {
        self.state().kept.as_ref().map(|kept| (Arc::clone(&kept.value), kept.since))
    }

    /// No code panics while it holds this lock; if some did, what it left is as good as before.
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::testing::{NOW, run};

    const HOUR: Duration = Duration::from_hours(1);

    type Answer = std::future::Ready<Result<Fetched<u32>, Trouble>>;

    fn answer(value: u32) -> Answer {
        std::future::ready(Ok(Fetched { value, fresh_for: HOUR }))
    }

    fn down() -> Answer {
        std::future::ready(Err(Trouble::unreachable(Endpoint::Keys, "down")))
    }

    #[test]
    fn many_callers_ask_once() {
        run(async {
            let slot = Arc::new(Slot::default());
            let asked = Arc::new(AtomicU32::new(0));
            let callers: Vec<_> = (0..50)
                .map(|_| {
                    let (slot, asked) = (Arc::clone(&slot), Arc::clone(&asked));
                    tokio::spawn(async move {
                        let fetch = async {
                            asked.fetch_add(1, Ordering::SeqCst);
                            tokio::time::sleep(Duration::from_millis(20)).await;
                            answer(7).await
                        };
                        slot.get(NOW, fetch).await.map(|value| *value)
                    })
                })
                .collect();
            for caller in callers {
                assert_eq!(caller.await.unwrap(), Ok(7));
            }
            assert_eq!(asked.load(Ordering::SeqCst), 1);
        });
    }

    #[test]
    fn a_value_is_fresh_then_ageing_then_stale_then_gone() {
        run(async {
            let slot = Slot::default();
            slot.get(NOW, answer(1)).await.unwrap();
            let at = |after| slot.look(NOW.plus(after));
            assert!(matches!(at(HOUR / 2), Held::Fresh(_)));
            assert!(matches!(at(HOUR * 4 / 5), Held::Ageing(_)));
            assert!(matches!(at(HOUR), Held::Stale(_)));
            assert!(matches!(at(HOUR * 24), Held::Stale(_)));
            assert!(matches!(at(HOUR * 25), Held::Nothing));
            assert!(slot.claim_renewal(NOW));
            assert!(!slot.claim_renewal(NOW.plus(Duration::from_secs(29))));
            assert!(slot.claim_renewal(NOW.plus(Duration::from_secs(30))));
        });
    }

    #[test]
    fn a_stale_value_serves_while_the_provider_fails() {
        run(async {
            let slot = Slot::default();
            slot.get(NOW, answer(1)).await.unwrap();
            slot.renew(NOW, down()).await;
            let later = NOW.plus(HOUR * 2);
            assert_eq!(slot.get(later, down()).await.as_deref(), Ok(&1));
            let recovered = later.plus(RETRY_AFTER * 2);
            assert_eq!(slot.get(recovered, answer(2)).await.as_deref(), Ok(&2));
            let too_late = recovered.plus(HOUR * 30);
            assert!(slot.get(too_late, down()).await.is_err());
        });
    }

    #[test]
    fn a_failure_is_remembered_for_a_few_seconds() {
        run(async {
            let slot = Slot::default();
            assert!(slot.get(NOW, down()).await.is_err());
            let soon = NOW.plus(Duration::from_secs(4));
            assert!(slot.get(soon, answer(1)).await.is_err());
            assert!(slot.get(NOW.plus(RETRY_AFTER * 2), answer(1)).await.is_ok());
        });
    }

    #[test]
    fn an_unknown_key_is_looked_for_once_in_thirty_seconds() {
        run(async {
            let slot = Slot::default();
            let first = slot.get(NOW, answer(1)).await.unwrap();
            let second = slot.newer_than(&first, NOW, answer(2)).await.unwrap().unwrap();
            assert_eq!(*second, 2);
            let for_another = slot.newer_than(&first, NOW, down()).await.unwrap().unwrap();
            assert_eq!(*for_another, 2, "somebody else has looked meanwhile");
            let soon = NOW.plus(Duration::from_secs(29));
            assert!(slot.newer_than(&second, soon, answer(3)).await.unwrap().is_none());
            let later = NOW.plus(AGAIN_AFTER);
            assert!(slot.newer_than(&second, later, down()).await.is_err());
            assert_eq!(slot.get(later, down()).await.as_deref(), Ok(&2), "a failure takes nothing");
        });
    }
}
