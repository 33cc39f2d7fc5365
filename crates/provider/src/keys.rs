//! The keys that sign. A key is published, then signs, then retires, each by the times in its row: no node needs to
//! be told, and no client that keeps the key set for its max-age ever meets a signature it cannot verify.
//!
//! There is one RS256 and one ES256 key at all times, made by whoever needs them first, their private halves sealed.

mod key;
mod ring;
mod rotate;
mod row;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::error::Unspecified;
use sealing::KeyRing;
use serde::Serialize;
use serde::de::DeserializeOwned;
use storage::{Cache, Database, StorageError, Subject};
use vocabulary::{Chance, SigningAlgorithm, Timestamp};

pub use key::Unusable;
pub use ring::KeyState;
pub use rotate::{LEAD, ListedKey, tidy};

use crate::jwt::TokenType;
use ring::{Key, Member, Ring};

/// How long clients may keep the key set (`Cache-Control: max-age`).
pub const MAX_AGE: Duration = Duration::from_mins(5);

/// Why nothing is signed, verified or rotated.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The private half of the key that signs cannot be used.
    #[error(
        "The key {kid}, which signs tokens, cannot be used: {why}. Put back into secrets.keys the key that it was \
         sealed with."
    )]
    Unusable {
        /// Which one.
        kid: String,
        /// Why.
        why: Unusable,
    },
    /// A row that no version of Teamdoor wrote.
    #[error(
        "The key {kid} in the table signing_keys is damaged. Restore it from a backup, or delete its row."
    )]
    Damaged {
        /// Which one.
        kid: String,
    },
    /// A next key is published already and does not sign yet.
    #[error("The next keys are published already and sign from {signs_from}. Rotate again after that.")]
    Pending {
        /// From when on it signs.
        signs_from: Timestamp,
    },
    /// What was to be signed is no JSON.
    #[error("what is to be signed is no JSON: {0}")]
    Claims(serde_json::Error),
    /// The cryptographic library refused.
    #[error("the cryptographic library refused")]
    Refused,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<Unspecified> for KeysError {
    fn from(Unspecified: Unspecified) -> Self {
        Self::Refused
    }
}

/// The signing keys; clone it freely.
#[derive(Clone)]
pub struct SigningKeys {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    ring: Arc<KeyRing>,
    chance: Arc<dyn Chance>,
    warm: Arc<Cache<Arc<Ring>>>,
    /// Parsing costs, and a key never changes: what was parsed before is taken from here.
    parsed: Mutex<HashMap<String, Arc<Key>>>,
}

impl SigningKeys {
    /// The keys of this database, sealed with `ring`; nothing is asked of it yet.
    #[must_use]
    pub fn new(database: &Database, ring: Arc<KeyRing>, chance: Arc<dyn Chance>) -> Self {
        let warm = Cache::following(database.feed(), Subject::SigningKeys, 1);
        let (database, parsed) = (database.clone(), Mutex::default());
        Self { inner: Arc::new(Inner { database, ring, chance, warm, parsed }) }
    }

    /// The key set as a JSON document (RFC 7517 §5); may be kept for [`MAX_AGE`].
    pub async fn key_set(&self, now: Timestamp) -> Result<String, KeysError> {
        Ok(self.ring_soon(now).await?.key_set(now))
    }

    /// Signs claims into a token of this type. The work is done where it holds nobody up.
    pub async fn sign(
        &self,
        algorithm: SigningAlgorithm,
        token_type: TokenType,
        claims: &(impl Serialize + ?Sized),
        now: Timestamp,
    ) -> Result<String, KeysError> {
        let claims = serde_json::to_vec(claims).map_err(KeysError::Claims)?;
        let this = self.clone();
        storage::blocking(move || this.ring(now)?.sign(algorithm, token_type, &claims, now)).await
    }

    /// The same on a thread that may wait, and that holds no connection: it may need one.
    pub fn sign_now(
        &self,
        algorithm: SigningAlgorithm,
        token_type: TokenType,
        claims: &(impl Serialize + ?Sized),
        now: Timestamp,
    ) -> Result<String, KeysError> {
        let claims = serde_json::to_vec(claims).map_err(KeysError::Claims)?;
        self.ring(now)?.sign(algorithm, token_type, &claims, now)
    }

    /// The claims of a token that we signed as one of this type; nothing for any other text, and nothing when they
    /// are not what `T` asks. Whether the token is of today, and for whom, is the caller's to judge: an
    /// `id_token_hint` may have expired, an access token may not.
    pub async fn verify<T: DeserializeOwned>(
        &self,
        jws: &str,
        token_type: TokenType,
        now: Timestamp,
    ) -> Result<Option<T>, KeysError> {
        Ok(claims(&*self.ring_soon(now).await?, jws, token_type))
    }

    /// The same on a thread that may wait, and that holds no connection.
    pub fn verify_now<T: DeserializeOwned>(
        &self,
        jws: &str,
        token_type: TokenType,
        now: Timestamp,
    ) -> Result<Option<T>, KeysError> {
        Ok(claims(&*self.ring(now)?, jws, token_type))
    }

    async fn ring_soon(&self, now: Timestamp) -> Result<Arc<Ring>, KeysError> {
        if let Some(ring) = self.inner.warm.get(row::ALL).filter(|ring| ring.missing().is_empty()) {
            return Ok(ring);
        }
        let this = self.clone();
        storage::blocking(move || this.ring(now)).await
    }

    /// All keys; the first of each kind is made if there is none.
    fn ring(&self, now: Timestamp) -> Result<Arc<Ring>, KeysError> {
        let ring = match self.inner.warm.get(row::ALL) {
            Some(ring) => ring,
            None => self.load()?,
        };
        let missing = ring.missing();
        if missing.is_empty() {
            return Ok(ring);
        }
        self.make_first(&missing, now)?;
        self.load()
    }

    fn load(&self) -> Result<Arc<Ring>, KeysError> {
        let found = self.inner.warm.load(row::ALL, || {
            let rows = self.inner.database.read(row::read)?;
            let mut parsed = self.inner.parsed.lock().unwrap_or_else(PoisonError::into_inner);
            parsed.retain(|kid, _key| rows.iter().any(|row| row.kid == *kid));
            let mut members = Vec::with_capacity(rows.len());
            for row in &rows {
                let key = match parsed.get(&row.kid) {
                    Some(key) => Arc::clone(key),
                    None => Arc::new(Key::parse(row, &self.inner.ring)?),
                };
                parsed.insert(row.kid.clone(), Arc::clone(&key));
                members.push(Member::new(key, row));
            }
            Ok::<_, KeysError>(Some(Arc::new(Ring(members))))
        })?;
        Ok(found.unwrap_or_default())
    }
}

fn claims<T: DeserializeOwned>(ring: &Ring, jws: &str, token_type: TokenType) -> Option<T> {
    serde_json::from_slice(&ring.verified(jws, token_type)?).ok()
}
