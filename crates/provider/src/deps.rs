//! What the provider needs at hand.

use std::sync::Arc;
use std::time::Duration;

use apps::Apps;
use sealing::KeyRing;
use sessions::Sessions;
use storage::{Database, StorageError};
use teams::Registry;
use tokens::Tokens;
use url::Url;
use vocabulary::{Chance, Clock, Timestamp};

use crate::grant::Grants;
use crate::keys::{KeysError, SigningKeys};

/// How long things last that apps are given.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// An opaque access token.
    pub access_token: Duration,
    /// A refresh token that is not used.
    pub refresh_token: Duration,
    /// How long ago somebody may have signed in at their identity provider for what they left with an app
    /// (`offline_access`) to go on.
    pub refresh_max_auth_age: Duration,
}

/// The rooms below, put together once at the start; clones share everything.
#[derive(Clone)]
pub struct Deps {
    /// The database.
    pub database: Database,
    /// Open teams.
    pub registry: Registry,
    /// Sessions.
    pub sessions: Sessions,
    /// The apps behind the door.
    pub apps: Apps,
    /// Tokens of teams.
    pub tokens: Tokens,
    /// What apps were granted.
    pub grants: Grants,
    /// Seals codes.
    pub keys: Arc<KeyRing>,
    /// Signs tokens.
    pub signing: SigningKeys,
    /// Makes secrets and ids.
    pub chance: Arc<dyn Chance>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Where we are.
    pub public_url: Url,
    /// How long things last.
    pub lifetimes: Lifetimes,
}

impl Deps {
    /// Who we are in everything we sign and answer (`iss`): the public URL without its last slash.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// A signing key that cannot be used is our own trouble, as a database that cannot be asked is: the same answer later
/// may be another one.
pub(crate) fn own_trouble(error: KeysError) -> StorageError {
    match error {
        KeysError::Storage(error) => error,
        KeysError::Unusable { .. }
        | KeysError::Damaged { .. }
        | KeysError::Pending { .. }
        | KeysError::Claims(_)
        | KeysError::Refused => StorageError::Unavailable(error.to_string()),
    }
}
