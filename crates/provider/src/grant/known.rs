//! Grants as every request asks for them: warm ones without the database.

use std::sync::Arc;

use people::Person;
use roles::Membership;
use sealing::TokenHash;
use storage::{Cache, Connection, Database, StorageError, Subject};
use vocabulary::{PersonId, TeamId};

use super::row::KnownToken;
use super::{Grant, row};

/// How many of each kind are kept at hand.
const KEPT: u64 = 16_384;

/// Finds what apps were granted, and the people who granted it.
#[derive(Clone)]
pub struct Grants {
    database: Database,
    tokens: Arc<Cache<Arc<KnownToken>>>,
    granted: Arc<Cache<Arc<Grant>>>,
    people: Arc<Cache<Arc<Person>>>,
    memberships: Arc<Cache<Membership>>,
}

impl Grants {
    /// The grants in `database`.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        let feed = database.feed();
        Self {
            database: database.clone(),
            tokens: Cache::following(feed, Subject::Token, KEPT),
            granted: Cache::following(feed, Subject::Grant, KEPT),
            people: Cache::following(feed, Subject::Person, KEPT),
            memberships: Cache::following(feed, Subject::Person, KEPT),
        }
    }

    /// The opaque access token with this hash, expired or not.
    pub(crate) async fn access_token(
        &self,
        hash: &TokenHash,
    ) -> Result<Option<Arc<KnownToken>>, StorageError> {
        let asked = hash.clone();
        self.soon(&self.tokens, hash.as_str(), move |connection| {
            Ok(row::access_token(connection, &asked)?.map(Arc::new))
        })
        .await
    }

    /// The grant with this id.
    pub(crate) async fn find(&self, id: &str) -> Result<Option<Arc<Grant>>, StorageError> {
        let asked = id.to_owned();
        self.soon(&self.granted, id, move |connection| Ok(row::find(connection, &asked)?.map(Arc::new))).await
    }

    /// Somebody of this team.
    pub(crate) async fn person(
        &self,
        team: &TeamId,
        id: &PersonId,
    ) -> Result<Option<Arc<Person>>, StorageError> {
        let (team, asked) = (team.clone(), id.clone());
        self.soon(&self.people, id.as_str(), move |connection| {
            Ok(people::find(connection, &team, &asked)?.map(Arc::new))
        })
        .await
    }

    /// The same, asking the database in any case: a sign-in that changed nothing else is told by no feed.
    pub(crate) async fn person_now(
        &self,
        team: &TeamId,
        id: &PersonId,
    ) -> Result<Option<Arc<Person>>, StorageError> {
        let (team, id, this) = (team.clone(), id.clone(), self.clone());
        storage::blocking(move || {
            this.people.load(id.as_str(), || {
                this.database.read(|connection| Ok(people::find(connection, &team, &id)?.map(Arc::new)))
            })
        })
        .await
    }

    /// Somebody's standing in this team.
    pub(crate) async fn membership(
        &self,
        team: &TeamId,
        person: &PersonId,
    ) -> Result<Option<Membership>, StorageError> {
        let (team, asked) = (team.clone(), person.clone());
        self.soon(&self.memberships, person.as_str(), move |connection| {
            roles::find(connection, &team, &asked)
        })
        .await
    }

    async fn soon<V: Clone + Send + Sync + 'static>(
        &self,
        cache: &Arc<Cache<V>>,
        key: &str,
        read: impl FnOnce(&mut Connection) -> Result<Option<V>, StorageError> + Send + 'static,
    ) -> Result<Option<V>, StorageError> {
        if let Some(found) = cache.get(key) {
            return Ok(Some(found));
        }
        let (database, cache, key) = (self.database.clone(), Arc::clone(cache), key.to_owned());
        storage::blocking(move || cache.load(&key, || database.read(read))).await
    }
}
