//! What an exchange saw, kept however it ends: how long the provider took, and which claims it sent.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::Instant;

use crate::trouble::{Endpoint, Remark};

/// So many names of claims are kept, each this long at most.
const MOST_NAMES: usize = 50;
const LONGEST_NAME: usize = 64;

/// What there was to see of one exchange. The caller holds it, so that a failure and an end by time-out leave it too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    took: Vec<(Endpoint, Duration)>,
    names: BTreeSet<String>,
    took_next_secret: bool,
}

impl Seen {
    /// How long an endpoint took to answer, or to be given up; none when it was not asked.
    #[must_use]
    pub fn took(&self, at: Endpoint) -> Option<Duration> {
        let of_endpoint = self.took.iter().filter(|(asked, _)| *asked == at).map(|(_, took)| *took);
        of_endpoint.reduce(Duration::saturating_add)
    }

    /// The names of the claims that a believed ID token and `UserInfo` carried, sorted: at most 50, each of at most
    /// 64 characters, without control characters. Never a value.
    #[must_use]
    pub fn claim_names(&self) -> Vec<String> {
        self.names.iter().cloned().collect()
    }

    /// Whether the provider rejected the current client secret and gave tokens for the next one.
    #[must_use]
    pub const fn took_next_secret(&self) -> bool {
        self.took_next_secret
    }

    pub(crate) const fn note_next_secret(&mut self, took: bool) {
        self.took_next_secret = took;
    }

    pub(crate) fn note(&mut self, claims: &Map<String, Value>) {
        for name in claims.keys() {
            if self.names.len() >= MOST_NAMES {
                return;
            }
            self.names.insert(Remark::new(name).as_str().chars().take(LONGEST_NAME).collect());
        }
    }

    /// Waits for a call and keeps how long it took, also when nobody waits for its end.
    pub(crate) async fn time<T>(&mut self, at: Endpoint, call: impl Future<Output = T>) -> T {
        let _watch = Watch { seen: self, at, began: Instant::now() };
        call.await
    }
}

/// Stops when it is dropped.
struct Watch<'a> {
    seen: &'a mut Seen,
    at: Endpoint,
    began: Instant,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.seen.took.push((self.at, self.began.elapsed()));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::run;

    fn noted(claims: &Value) -> Vec<String> {
        let mut seen = Seen::default();
        seen.note(claims.as_object().unwrap());
        seen.claim_names()
    }

    #[test]
    fn of_claims_the_names_are_kept_and_no_value() {
        assert_eq!(noted(&json!({"sub": "00u1", "email": "ada@acme.test"})), ["email", "sub"]);
        assert_eq!(noted(&json!({"a\u{202e}b\n": 1})), ["a b "]);
        let many: Map<String, Value> = (0..200).map(|n| (format!("{n:0>100}"), json!(n))).collect();
        let kept = noted(&Value::Object(many));
        assert!(kept.len() <= MOST_NAMES && kept.iter().all(|name| name.chars().count() == LONGEST_NAME));
    }

    #[test]
    fn a_call_that_nobody_waits_for_any_more_was_long_all_the_same() {
        run(async {
            let mut seen = Seen::default();
            assert_eq!(seen.took(Endpoint::Token), None);
            let forever = seen.time(Endpoint::Token, std::future::pending::<()>());
            assert!(tokio::time::timeout(Duration::from_millis(20), forever).await.is_err());
            assert!(seen.took(Endpoint::Token).unwrap() >= Duration::from_millis(20));
            seen.time(Endpoint::UserInfo, std::future::ready(())).await;
            assert!(seen.took(Endpoint::UserInfo).unwrap() < Duration::from_millis(20));
        });
    }
}
