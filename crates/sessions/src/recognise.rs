//! Who is asking: from a cookie's token to a person, without the database once warm.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use diesel::prelude::*;
use roles::Membership;
use sealing::{OpaqueToken, TokenHash, TokenPrefix};
use storage::schema::sessions;
use storage::{Cache, Database, StorageError, Subject, each};
use teams::{OpenTeam, Registry};
use vocabulary::{PersonId, Role, TeamId, Timestamp};

use crate::row::{self, Session};

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Unused for this long, a session is over.
    pub idle: Duration,
    /// After this long it is over however much it is used.
    pub absolute: Duration,
}

/// An operator's session that is unused for this long is over, however long others last.
const OPERATORS_IDLE: Duration = Duration::from_hours(1);
/// A use is written down when the last one noted is older than this.
const NOTED_EVERY: Duration = Duration::from_mins(1);
/// How many sessions and memberships are kept at hand.
const KEPT: u64 = 16_384;

/// Somebody with a live session of a team, as of this request.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Which session.
    pub hash: TokenHash,
    /// Of which team.
    pub team: Arc<OpenTeam>,
    /// Who.
    pub person: PersonId,
    /// As what. Good for showing; whoever changes something decides again inside the transaction.
    pub role: Role,
    /// When the session was opened.
    pub opened_at: Timestamp,
    /// When they signed in at their identity provider (`auth_time`): by its word, else when the session was opened.
    pub auth_time: Timestamp,
}

/// What somebody showed of a session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Its token, which the browser alone has.
    Token,
    /// Its hash, kept by whoever was let in before.
    Hash,
}

#[derive(Debug)]
struct Warm {
    session: Session,
    seen: AtomicI64,
}

/// Recognises sessions.
#[derive(Clone)]
pub struct Sessions {
    database: Database,
    registry: Registry,
    limits: Limits,
    operators: Option<TeamId>,
    warm: Arc<Cache<Arc<Warm>>>,
    memberships: Arc<Cache<Membership>>,
}

impl Sessions {
    /// Sessions of the teams in `registry`.
    #[must_use]
    pub fn new(database: &Database, registry: &Registry, limits: Limits) -> Self {
        Self {
            database: database.clone(),
            registry: registry.clone(),
            limits,
            operators: None,
            warm: Cache::following(database.feed(), Subject::Session, KEPT),
            memberships: Cache::following(database.feed(), Subject::Person, KEPT),
        }
    }

    /// The same, where the admins of a team are operators: its sessions end after an hour without use.
    #[must_use]
    pub fn with_operators(mut self, team: Option<TeamId>) -> Self {
        self.operators = team;
        self
    }

    /// For how long a session of a team may go unused.
    fn idle(&self, team: &TeamId) -> Duration {
        let is_theirs = self.operators.as_ref() == Some(team);
        if is_theirs { self.limits.idle.min(OPERATORS_IDLE) } else { self.limits.idle }
    }

    /// The limits in force.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        self.limits
    }

    /// Who holds this token in this team; nobody, when anything about it is not as it should be.
    pub async fn recognise(
        &self,
        team: &TeamId,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<SignedIn>, StorageError> {
        match session_hash(token) {
            Some(hash) => self.recognise_as(team, &hash, Shown::Token, now).await,
            None => Ok(None),
        }
    }

    /// The same for whoever was let in by a session before and kept no more than its hash: an app's grant, a cookie on
    /// an app's host.
    pub async fn recognise_by_hash(
        &self,
        team: &TeamId,
        hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<SignedIn>, StorageError> {
        self.recognise_as(team, hash, Shown::Hash, now).await
    }

    async fn recognise_as(
        &self,
        team: &TeamId,
        hash: &TokenHash,
        shown: Shown,
        now: Timestamp,
    ) -> Result<Option<SignedIn>, StorageError> {
        let hash = hash.clone();
        if let Some(found) = self.at_hand(team, &hash, now) {
            return Ok(found);
        }
        let (this, team) = (self.clone(), team.clone());
        storage::blocking(move || this.ask(&team, &hash, shown, now)).await
    }

    /// The answer when every row it needs is at hand and nothing is due to be written.
    #[expect(clippy::option_option, reason = "whether an answer is at hand, and whether it is somebody")]
    fn at_hand(&self, team: &TeamId, hash: &TokenHash, now: Timestamp) -> Option<Option<SignedIn>> {
        let warm = self.warm.get(hash.as_str())?;
        let membership = self.memberships.get(warm.session.person_id.as_str())?;
        let open = self.registry.at_hand(&warm.session.team_id)?;
        let seen = Timestamp::from_millis(warm.seen.load(Ordering::Relaxed));
        if now.since(seen) >= NOTED_EVERY {
            return None;
        }
        Some(self.judge(team, &warm.session, seen, &membership, open, now))
    }

    /// The answer of the database, which is also noted and kept at hand.
    fn ask(
        &self,
        team: &TeamId,
        hash: &TokenHash,
        shown: Shown,
        now: Timestamp,
    ) -> Result<Option<SignedIn>, StorageError> {
        let found = self.warm.load(hash.as_str(), || {
            let found = self.database.read(|connection| row::find(connection, hash))?;
            let warm =
                |session: Session| Arc::new(Warm { seen: AtomicI64::new(session.seen_at.millis()), session });
            Ok::<_, StorageError>(found.map(warm))
        })?;
        let Some(warm) = found else { return Ok(None) };
        let (of_team, person) = (&warm.session.team_id, &warm.session.person_id);
        let membership = self.memberships.load(person.as_str(), || {
            self.database.read(|connection| roles::find(connection, of_team, person))
        })?;
        let open = self.registry.open_team_now(of_team)?;
        let (Some(membership), Some(open)) = (membership, open) else {
            return Ok(None);
        };
        let seen = warm.session.seen_at;
        let answer = self.judge(team, &warm.session, seen, &membership, open, now);
        // An app that asks on and on is nobody at the browser: it keeps no operator's session alive.
        let is_use = shown == Shown::Token || self.operators.as_ref() != Some(team);
        if answer.is_some() && is_use && now.since(seen) >= NOTED_EVERY {
            self.note(hash, now)?;
            warm.seen.store(now.millis(), Ordering::Relaxed);
        }
        Ok(answer)
    }

    /// Of these sessions those that stand now, and whose they are, by one look at the database. That is no use of them:
    /// nothing is noted.
    pub fn standing(
        &self,
        hashes: &[TokenHash],
        now: Timestamp,
    ) -> Result<HashMap<TokenHash, SignedIn>, StorageError> {
        let found = self.database.read(|connection| row::with_memberships(connection, hashes))?;
        let mut standing = HashMap::new();
        for (session, membership) in found {
            let Some(open) = self.registry.open_team_now(&session.team_id)? else { continue };
            let (team, seen) = (&session.team_id, session.seen_at);
            if let Some(who) = self.judge(team, &session, seen, &membership, open, now) {
                standing.insert(session.hash, who);
            }
        }
        Ok(standing)
    }

    /// The one place where a session is found good or not.
    fn judge(
        &self,
        team: &TeamId,
        session: &Session,
        seen: Timestamp,
        membership: &Membership,
        open: Arc<OpenTeam>,
        now: Timestamp,
    ) -> Option<SignedIn> {
        let good = session.team_id == *team
            && open.team.team_id == *team
            && membership.person == session.person_id
            && membership.active
            && session.connection_id == open.connection.id.as_str()
            && now < session.absolute_until
            && now.since(session.opened_at) < self.limits.absolute
            && now.since(seen) < self.idle(team);
        good.then(|| SignedIn {
            hash: session.hash.clone(),
            team: open,
            person: session.person_id.clone(),
            role: membership.role,
            opened_at: session.opened_at,
            auth_time: session.auth_time.unwrap_or(session.opened_at),
        })
    }

    fn note(&self, hash: &TokenHash, now: Timestamp) -> Result<(), StorageError> {
        self.database.write(now, |tx| {
            let row = sessions::table.find(hash.as_str()).filter(sessions::seen_at.lt(now.millis()));
            let seen = sessions::seen_at.eq(now.millis());
            each!(&mut **tx, c => diesel::update(row).set(seen).execute(c))?;
            Ok(())
        })
    }
}

/// The hash of a session token; none when the text is no such token.
fn session_hash(token: &str) -> Option<TokenHash> {
    let token = OpaqueToken::parse(token)?;
    (token.prefix() == TokenPrefix::Session).then(|| token.hash())
}
