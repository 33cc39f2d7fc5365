//! How keys come and go: publish, sign, retire.

use std::time::Duration;

use audit::{Act, Actor, Deed};
use sealing::KeyRing;
use serde::Serialize;
use serde_json::json;
use storage::{StorageError, Tx};
use vocabulary::{Chance, SigningAlgorithm, Timestamp};

use super::key::Private;
use super::ring::{KeyState, Member};
use super::row::{self, Row};
use super::{KeysError, SigningKeys};

/// How long a new key stands in the key set before it signs. Whoever fetched the set a moment before it came keeps
/// that copy for [`MAX_AGE`](super::MAX_AGE); the rest is for clocks that differ and for caches on the way.
pub const LEAD: Duration = Duration::from_mins(15);

/// How long a key stays in the key set after its last signature. Clients verify a token when they get it, and the
/// longest-lived of what we sign is an ID token of an hour; a day is for those who keep tokens in a queue. That an ID
/// token comes back to us later as `id_token_hint` asks no key of the set: see [`HINTS`].
const STAYS: Duration = Duration::from_hours(24);

/// How long a key that left is known to us for ID tokens shown as `id_token_hint`, which an app keeps for as long as
/// its own session lasts. An older hint counts as none.
const HINTS: Duration = Duration::from_hours(30 * 24);

/// A key as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListedKey {
    /// Its id.
    pub kid: String,
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// What it is for now.
    pub state: KeyState,
    /// When it was made.
    pub made_at: Timestamp,
    /// From when on it signs.
    pub signs_from: Timestamp,
    /// When it leaves the key set; none before there is a next one.
    pub leaves_at: Option<Timestamp>,
}

/// A pair of halves that is not kept yet.
struct Fresh {
    kid: String,
    algorithm: SigningAlgorithm,
    public_key: String,
    private_key: String,
}

impl Fresh {
    fn make(algorithm: SigningAlgorithm, ring: &KeyRing, chance: &dyn Chance) -> Result<Self, KeysError> {
        let private = Private::generate(algorithm)?;
        let public = private.public()?;
        let kid = public.kid().to_owned();
        let private_key = private.seal(ring, chance, &kid)?;
        let public_key = serde_json::to_string(&public).map_err(KeysError::Claims)?;
        Ok(Self { kid, algorithm, public_key, private_key })
    }

    /// The row that comes after those there are.
    fn after(self, rows: &[Row], made_at: Timestamp, signs_from: Timestamp) -> Row {
        let alg = self.algorithm.as_str();
        let generations = rows.iter().filter(|row| row.alg == alg).map(|row| row.generation);
        Row {
            kid: self.kid,
            alg: alg.to_owned(),
            generation: generations.max().unwrap_or(0).saturating_add(1),
            public_key: self.public_key,
            private_key: self.private_key,
            made_at: made_at.millis(),
            signs_from: signs_from.millis(),
            leaves_at: None,
        }
    }
}

impl SigningKeys {
    /// Makes the first keys of these kinds. They sign at once, for nobody holds a copy of a key set without them. When
    /// another node was faster, its keys stand.
    pub(super) fn make_first(&self, kinds: &[SigningAlgorithm], now: Timestamp) -> Result<(), KeysError> {
        let mut fresh = self.make(kinds)?;
        let made = self.inner.database.write(now, |tx| {
            let there = row::read(tx)?;
            fresh.retain(|fresh| there.iter().all(|row| row.alg != fresh.algorithm.as_str()));
            let rows: Vec<Row> = fresh.into_iter().map(|fresh| fresh.after(&there, now, now)).collect();
            row::add(tx, &rows)
        });
        match made {
            Ok(()) | Err(StorageError::Duplicate(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn make(&self, kinds: &[SigningAlgorithm]) -> Result<Vec<Fresh>, KeysError> {
        kinds.iter().map(|kind| Fresh::make(*kind, &self.inner.ring, &*self.inner.chance)).collect()
    }

    /// Publishes a next key of each kind; it signs after [`LEAD`], until when the present one does. The answer is that
    /// moment. Refused with [`KeysError::Pending`] while a next key waits already. Waits for the database.
    pub fn rotate(&self, actor: &Actor, now: Timestamp) -> Result<Timestamp, KeysError> {
        if let Some(pending) = self.ring(now)?.pending(now) {
            return Err(KeysError::Pending { signs_from: pending.signs_from });
        }
        let fresh = self.make(&SigningAlgorithm::ALL)?;
        let signs_from = now.plus(LEAD);
        let rotated = self.inner.database.write(now, |tx| {
            let rows = row::read(tx)?;
            let latest = rows.iter().map(|row| row.signs_from).max().unwrap_or(0);
            if latest > now.millis() {
                return Err(KeysError::Pending { signs_from: Timestamp::from_millis(latest) });
            }
            row::end(tx, signs_from.plus(STAYS))?;
            let next: Vec<Row> = fresh.into_iter().map(|fresh| fresh.after(&rows, now, signs_from)).collect();
            row::add(tx, &next)?;
            record(tx, actor, &next, signs_from)?;
            Ok(signs_from)
        });
        match rotated {
            // Another node published the same generation a moment before.
            Err(KeysError::Storage(StorageError::Duplicate(_))) => Err(KeysError::Pending { signs_from }),
            rotated => rotated,
        }
    }

    /// Rotates when the newest key is as old as `every`; tells whether it did. Waits for the database.
    pub fn rotate_if_due(&self, every: Duration, now: Timestamp) -> Result<bool, KeysError> {
        let newest = self.ring(now)?.0.iter().map(|member| member.made_at).max();
        if newest.is_none_or(|newest| now.since(newest) < every) {
            return Ok(false);
        }
        match self.rotate(&Actor::Teamdoor, now) {
            Ok(_signs_from) => Ok(true),
            Err(KeysError::Pending { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Every key that is known. Waits for the database.
    pub fn list(&self, now: Timestamp) -> Result<Vec<ListedKey>, KeysError> {
        let ring = self.ring(now)?;
        let listed = |member: &Member| {
            let state = ring.state(member, now);
            let Member { key, made_at, signs_from, leaves_at } = member;
            let (kid, algorithm) = (key.kid.clone(), key.algorithm);
            let (made_at, signs_from, leaves_at) = (*made_at, *signs_from, *leaves_at);
            ListedKey { kid, algorithm, state, made_at, signs_from, leaves_at }
        };
        Ok(ring.0.iter().map(listed).collect())
    }
}

fn record(tx: &mut Tx<'_>, actor: &Actor, next: &[Row], signs_from: Timestamp) -> Result<(), StorageError> {
    let kids: Vec<&str> = next.iter().map(|row| row.kid.as_str()).collect();
    let detail = json!({ "kids": kids, "signs_from": signs_from });
    let deed = Deed { team: None, actor, act: Act::KeysRotated, target: None, detail, reference: None };
    audit::record(tx, &deed)
}

/// Forgets keys by which nothing is verified any more.
pub fn tidy(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let left = tx.now().minus(HINTS);
    row::forget(tx, left)
}
