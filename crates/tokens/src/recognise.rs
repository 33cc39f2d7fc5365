//! Whose token it is: from its value to an operator or a team, without the database once warm.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use diesel::prelude::*;
use roles::Colleague;
use sealing::{OpaqueToken, TokenHash, TokenPrefix};
use storage::schema::tokens;
use storage::{Cache, Database, StorageError, Subject, each};
use teams::{OpenTeam, Registry};
use vocabulary::{PersonId, Role, Timestamp};

use crate::team::{Known, known, note_use};
use crate::{Limits, Scope};

/// A use is written down when the last one noted is older than this.
pub(crate) const NOTED_EVERY: Duration = Duration::from_mins(1);
/// How many tokens and makers are kept at hand.
const KEPT: u64 = 16_384;

/// Whoever came with a token that is good now.
#[derive(Clone, Debug)]
pub enum Bearer {
    /// An operator, by the token's name.
    Operator(String),
    /// A program of a team.
    Team(TeamBearer),
}

/// Whoever came with a team's token, as of this request.
#[derive(Clone, Debug)]
pub struct TeamBearer {
    warm: Arc<Warm>,
    team: Arc<OpenTeam>,
    person: Option<Arc<Colleague>>,
}

impl TeamBearer {
    /// The one team it is good for.
    #[must_use]
    pub fn team(&self) -> &OpenTeam {
        &self.team
    }

    /// Whose own it is, when it is personal.
    #[must_use]
    pub fn person(&self) -> Option<&Colleague> {
        self.person.as_deref()
    }

    /// The token's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.warm.known.id
    }

    /// What its maker called it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.warm.known.name
    }

    /// What it opens.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.warm.known.scope
    }

    /// When it ends by itself.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.warm.known.expires_at
    }

    pub(crate) fn known(&self) -> &Known {
        &self.warm.known
    }
}

#[derive(Debug)]
struct Warm {
    known: Known,
    used: AtomicI64,
}

/// Recognises tokens.
#[derive(Clone)]
pub struct Tokens {
    database: Database,
    registry: Registry,
    operators: Arc<Cache<String>>,
    warm: Arc<Cache<Arc<Warm>>>,
    makers: Arc<Cache<Arc<Colleague>>>,
    limits: Limits,
}

impl Tokens {
    /// Tokens of the operators and of the teams in `registry`.
    #[must_use]
    pub fn new(database: &Database, registry: &Registry, limits: Limits) -> Self {
        let feed = database.feed();
        Self {
            database: database.clone(),
            registry: registry.clone(),
            operators: Cache::following(feed, Subject::Token, 1024),
            warm: Cache::following(feed, Subject::Token, KEPT),
            makers: Cache::following(feed, Subject::Person, KEPT),
            limits,
        }
    }

    /// How long personal tokens last without their person.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        self.limits
    }

    /// Whose token this is; nobody's, when anything about it is not as it should be.
    pub async fn recognise(&self, text: &str, now: Timestamp) -> Result<Option<Bearer>, StorageError> {
        let Some(token) = OpaqueToken::parse(text) else {
            return Ok(None);
        };
        let hash = token.hash();
        match token.prefix() {
            TokenPrefix::Operator => Ok(self.operator(hash).await?.map(Bearer::Operator)),
            TokenPrefix::Team => Ok(self.of_team(hash, now).await?.map(Bearer::Team)),
            TokenPrefix::Session
            | TokenPrefix::Client
            | TokenPrefix::Access
            | TokenPrefix::Refresh
            | TokenPrefix::Setup
            | TokenPrefix::BreakGlass
            | TokenPrefix::Request => Ok(None),
        }
    }

    async fn operator(&self, hash: TokenHash) -> Result<Option<String>, StorageError> {
        if let Some(name) = self.operators.get(hash.as_str()) {
            return Ok(Some(name));
        }
        let this = self.clone();
        storage::blocking(move || {
            let query = tokens::table
                .filter(tokens::hash.eq(hash.as_str()))
                .filter(tokens::revoked_at.is_null())
                .select(tokens::name);
            this.operators.load(hash.as_str(), || {
                this.database.read(|connection| Ok(each!(connection, c => query.get_result(c).optional())?))
            })
        })
        .await
    }

    async fn of_team(&self, hash: TokenHash, now: Timestamp) -> Result<Option<TeamBearer>, StorageError> {
        let found = if let Some(found) = self.at_hand(&hash, now) {
            found
        } else {
            let this = self.clone();
            storage::blocking(move || this.ask(&hash, now)).await?
        };
        if let Some(bearer) = &found {
            self.note(bearer, now).await;
        }
        Ok(found)
    }

    /// The answer when every row it needs is at hand.
    #[expect(clippy::option_option, reason = "whether an answer is at hand, and whether it is somebody")]
    fn at_hand(&self, hash: &TokenHash, now: Timestamp) -> Option<Option<TeamBearer>> {
        let warm = self.warm.get(hash.as_str())?;
        let team = self.registry.at_hand(&warm.known.team_id)?;
        let maker = match maker_asked(&warm.known) {
            Some(person) => Some(self.makers.get(person.as_str())?),
            None => None,
        };
        // A copy does not hear of every sign-in: whoever looks away for too long is asked of the database.
        let is_away = |maker: &Arc<Colleague>| !self.is_around(maker, now);
        if warm.known.personal && maker.as_ref().is_some_and(is_away) {
            return None;
        }
        Some(self.judge(warm, team, maker, now))
    }

    /// The answer of the database, which is kept at hand.
    fn ask(&self, hash: &TokenHash, now: Timestamp) -> Result<Option<TeamBearer>, StorageError> {
        let found = self.warm.load(hash.as_str(), || {
            let found = self.database.read(|connection| known(connection, hash))?;
            let warm = |(known, used): (Known, Option<Timestamp>)| {
                Arc::new(Warm { known, used: AtomicI64::new(used.map_or(i64::MIN, Timestamp::millis)) })
            };
            Ok::<_, StorageError>(found.map(warm))
        })?;
        let Some(warm) = found else { return Ok(None) };
        let Some(team) = self.registry.open_team_now(&warm.known.team_id)? else {
            return Ok(None);
        };
        let maker = match maker_asked(&warm.known) {
            Some(person) => self.makers.load(person.as_str(), || {
                self.database.read(|connection| {
                    let found = roles::colleague(connection, &warm.known.team_id, person)?;
                    Ok::<_, StorageError>(found.map(Arc::new))
                })
            })?,
            None => None,
        };
        Ok(self.judge(warm, team, maker, now))
    }

    /// The one place where a team's token is found good or not.
    fn judge(
        &self,
        warm: Arc<Warm>,
        team: Arc<OpenTeam>,
        maker: Option<Arc<Colleague>>,
        now: Timestamp,
    ) -> Option<TeamBearer> {
        let known = &warm.known;
        let is_live = known.expires_at.is_none_or(|end| now < end);
        let is_here = known.maker_connection.as_deref() == Some(team.connection.id.as_str());
        let maker = maker.filter(|maker| is_here && maker.membership.active);
        let is_backed = match (known.personal, maker_asked(known)) {
            (true, _) => maker.as_ref().is_some_and(|maker| self.is_around(maker, now)),
            (false, Some(_)) => maker.as_ref().is_some_and(|maker| maker.membership.role == Role::Admin),
            (false, None) => true,
        };
        let good = is_live && is_backed && team.team.team_id == known.team_id;
        let person = maker.filter(|_| known.personal);
        good.then_some(TeamBearer { warm, team, person })
    }

    /// Whether somebody has signed in lately enough for their personal tokens to work.
    fn is_around(&self, maker: &Colleague, now: Timestamp) -> bool {
        self.limits.is_recent(maker.person.last_sign_in, now)
    }

    /// Writes down that it was used, at most once a minute. Of many requests at once one writes; that it could not
    /// is no reason to turn anybody away.
    async fn note(&self, bearer: &TeamBearer, now: Timestamp) {
        let used = &bearer.warm.used;
        let before = used.load(Ordering::Relaxed);
        let is_due = before == i64::MIN || now.since(Timestamp::from_millis(before)) >= NOTED_EVERY;
        if !is_due
            || used.compare_exchange(before, now.millis(), Ordering::Relaxed, Ordering::Relaxed).is_err()
        {
            return;
        }
        let (database, hash) = (self.database.clone(), bearer.warm.known.hash.clone());
        let noted = storage::blocking(move || database.write(now, |tx| note_use(tx, &hash))).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "that a token was used could not be noted");
        }
    }
}

/// Whose standing decides, if anybody's: a product's shared token is the team's, whoever made it.
fn maker_asked(known: &Known) -> Option<&PersonId> {
    known.maker.as_ref().filter(|_| known.personal || known.scope.is_for_admins())
}
