//! How long a personal token lasts without its person.

use std::time::Duration;

use vocabulary::Timestamp;

/// The operator's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A personal token stops when its person's last sign-in at their identity provider is older, and works again once
    /// they have signed in.
    pub personal_max_auth_age: Duration,
}

impl Limits {
    /// Whether this sign-in is recent enough for personal tokens.
    #[must_use]
    pub fn is_recent(self, last_sign_in: Timestamp, now: Timestamp) -> bool {
        now.since(last_sign_in) <= self.personal_max_auth_age
    }
}
