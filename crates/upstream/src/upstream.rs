//! What callers hold: one client, and what is remembered of each connection.

use std::sync::Arc;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use vocabulary::Timestamp;

use crate::cache::{Connection, Held};
use crate::discovery::Metadata;
use crate::errand::Errand;
use crate::keys::KeySet;
use crate::observed::Observed;
use crate::options::{Options, OptionsError, Timeouts};
use crate::outbound::Outbound;
use crate::party::RelyingParty;
use crate::trouble::Trouble;

/// No more connections than this are remembered; those not used for longest are forgotten first.
const MOST_CONNECTIONS: u64 = 10_000;

/// Speaks to identity providers. Cheap to clone; clones share everything. Needs a tokio runtime.
#[derive(Clone)]
pub struct Upstream {
    inner: Arc<Inner>,
}

struct Inner {
    outbound: Outbound,
    connections: Cache<String, Arc<Connection>>,
    places: Option<usize>,
    timeouts: Timeouts,
}

impl Upstream {
    /// Reads the system's certificate authorities, so this takes some milliseconds: make one and clone it.
    pub fn new(options: &Options) -> Result<Self, OptionsError> {
        let connections = Cache::builder()
            .max_capacity(MOST_CONNECTIONS)
            // The newest always gets its place: locks and limits live in it.
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Ok(Self {
            inner: Arc::new(Inner {
                outbound: Outbound::new(options)?,
                connections,
                places: options.exchanges_in_flight_per_connection,
                timeouts: options.timeouts,
            }),
        })
    }

    /// Forgets what is remembered of a connection. The service needs no such thing: changed settings have
    /// another key.
    #[cfg(test)]
    pub(crate) fn forget(&self, connection: &str) {
        self.inner.connections.invalidate(connection);
    }

    pub(crate) fn outbound(&self) -> &Outbound {
        &self.inner.outbound
    }

    pub(crate) fn timeouts(&self) -> Timeouts {
        self.inner.timeouts
    }

    pub(crate) fn connection(&self, party: &RelyingParty) -> Arc<Connection> {
        let made = || Arc::new(Connection::new(self.inner.places));
        match self.inner.connections.get(&party.connection) {
            Some(connection) => connection,
            None => self.inner.connections.get_with(party.connection.clone(), made),
        }
    }

    /// What is known of a connection's provider; nothing for one that was not used since its settings changed, or
    /// not for long. Asks nobody.
    #[must_use]
    pub fn observed(&self, connection: &str) -> Option<Observed> {
        let connection = self.inner.connections.get(connection)?;
        Some(Observed::of(&connection))
    }

    pub(crate) fn errand(&self, now: Timestamp) -> Errand {
        Errand::begin(now, self.inner.timeouts.total)
    }

    /// The provider's metadata; no outbound call while it is fresh, none that the caller waits for while it
    /// is ageing.
    pub(crate) async fn metadata(
        &self,
        party: &RelyingParty,
        errand: Errand,
    ) -> Result<Arc<Metadata>, Trouble> {
        let (connection, now) = (self.connection(party), errand.now);
        let errand = match connection.metadata.look(now) {
            Held::Fresh(metadata) => return Ok(metadata),
            Held::Ageing(metadata) => {
                if connection.metadata.claim_renewal(now) {
                    let (this, party) = (self.clone(), party.clone());
                    tokio::spawn(async move {
                        let fetch = this.fetch_metadata(&party, &connection, this.errand(now));
                        connection.metadata.renew(now, fetch).await;
                    });
                }
                return Ok(metadata);
            }
            Held::Stale(_) => errand.hurried(),
            Held::Nothing => errand,
        };
        connection.metadata.get(now, self.fetch_metadata(party, &connection, errand)).await
    }

    /// The provider's keys, remembered in the same way.
    pub(crate) async fn keys(
        &self,
        party: &RelyingParty,
        metadata: &Arc<Metadata>,
        errand: Errand,
    ) -> Result<Arc<KeySet>, Trouble> {
        let (connection, now) = (self.connection(party), errand.now);
        let errand = match connection.keys.look(now) {
            Held::Fresh(keys) => return Ok(keys),
            Held::Ageing(keys) => {
                if connection.keys.claim_renewal(now) {
                    let (this, metadata) = (self.clone(), Arc::clone(metadata));
                    tokio::spawn(async move {
                        let fetch = this.fetch_keys(&metadata.keys, &connection, this.errand(now));
                        connection.keys.renew(now, fetch).await;
                    });
                }
                return Ok(keys);
            }
            Held::Stale(_) => errand.hurried(),
            Held::Nothing => errand,
        };
        connection.keys.get(now, self.fetch_keys(&metadata.keys, &connection, errand)).await
    }
}

impl std::fmt::Debug for Upstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upstream").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::party::Hints;
    use crate::testing::{NOW, Provider, local_upstream, proofs, run};

    const METADATA: &str = "/.well-known/openid-configuration";

    #[test]
    fn ageing_metadata_is_renewed_behind_the_callers_back() {
        run(async {
            let provider = Provider::start();
            let (upstream, party) = (local_upstream(), provider.party());
            let ask =
                async |now| upstream.authorization_request(&party, &proofs(), &Hints::default(), now).await;
            ask(NOW).await.unwrap();
            provider.set_metadata("authorization_endpoint", &provider.address("/moved"));
            let ageing = NOW.plus(Duration::from_mins(50));
            assert!(ask(ageing).await.unwrap().contains("/authorize?"), "nobody waits");
            for _ in 0..100 {
                tokio::time::sleep(Duration::from_millis(10)).await;
                if ask(ageing).await.unwrap().contains("/moved?") {
                    break;
                }
            }
            assert!(ask(ageing).await.unwrap().contains("/moved?"));
            assert_eq!(provider.count(METADATA), 2);
        });
    }

    #[test]
    fn a_provider_that_is_down_or_broken_is_bridged_for_a_day() {
        run(async {
            let provider = Provider::start();
            let (upstream, party) = (local_upstream(), provider.party());
            let ask =
                async |now| upstream.authorization_request(&party, &proofs(), &Hints::default(), now).await;
            ask(NOW).await.unwrap();
            for (hours, status, body) in [(2, 500, ""), (10, 200, "<html>"), (24, 200, "{}")] {
                provider.set(METADATA, status, body);
                assert!(ask(NOW.plus(Duration::from_hours(hours))).await.is_ok(), "{hours}");
            }
            assert!(ask(NOW.plus(Duration::from_hours(26))).await.is_err());
        });
    }

    #[test]
    fn a_provider_that_is_down_is_not_hammered() {
        run(async {
            let provider = Provider::start();
            provider.set(METADATA, 500, "");
            let (upstream, party) = (local_upstream(), provider.party());
            for _ in 0..20 {
                assert!(upstream.check_response_issuer(&party, None, NOW).await.is_err());
            }
            assert_eq!(provider.count(METADATA), 1);
        });
    }
}
