//! A team's tokens: what is kept of one, who sees which, and the acts.

mod change;

use std::collections::HashMap;

use diesel::prelude::*;
use roles::Membership;
use sealing::TokenHash;
use serde::Serialize;
use storage::schema::{connections, memberships, people, team_tokens};
use storage::{Connection, StorageError, Tx, each};
use vocabulary::{PersonId, Role, TeamId, Timestamp, Version};

pub use change::{
    By, Made, NewToken, Revoked, TeamTokenError, admin, end_team, make, may_show, revoke, rotate,
};

use crate::Scope;
use crate::recognise::NOTED_EVERY;

/// How many tokens a team may have at once, whatever their scope.
pub const MOST: usize = 100;

/// How a token that was not revoked stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It works.
    Live,
    /// Its time is over.
    Expired,
    /// It is for admins, and its maker is none any more.
    MakerNotAdmin,
}

/// A team's token without its value.
#[derive(Clone, Debug, Serialize)]
pub struct TeamToken {
    /// Its key.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// What it opens.
    pub scope: Scope,
    /// How it stands.
    pub state: State,
    /// Who has made it, or rotated it last; none for the operator.
    pub maker: Option<PersonId>,
    /// Whether they have left: erased, their access off, or of an identity provider the team no longer has.
    pub maker_left: bool,
    /// When it got its value.
    pub made_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to within a minute.
    pub last_used_at: Option<Timestamp>,
    /// How often it got a value.
    #[serde(skip)]
    pub version: Version,
}

/// Which of a team's tokens somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The product's, which are everybody's.
    Product,
    /// All of them, as admins and operators do.
    All,
}

impl Seen {
    /// What somebody of this role sees.
    #[must_use]
    pub const fn by(role: Role) -> Self {
        match role {
            Role::Member => Self::Product,
            Role::Admin => Self::All,
        }
    }

    /// Whether a token of this scope is among it.
    #[must_use]
    pub fn has(self, scope: Scope) -> bool {
        self == Self::All || !scope.is_for_admins()
    }
}

/// What recognising a token needs to know of it.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) hash: TokenHash,
    pub(crate) team_id: TeamId,
    pub(crate) name: String,
    pub(crate) scope: Scope,
    pub(crate) maker: Option<PersonId>,
    /// Through which connection the maker comes.
    pub(crate) maker_connection: Option<String>,
    pub(crate) expires_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = team_tokens)]
pub(crate) struct Row {
    id: String,
    team_id: String,
    hash: String,
    name: String,
    scope: String,
    maker: Option<String>,
    version: i64,
    made_at: i64,
    expires_at: Option<i64>,
    used_at: Option<i64>,
}

impl Row {
    fn scope(&self) -> Result<Scope, StorageError> {
        Scope::parse(&self.scope).ok_or_else(unreadable)
    }

    fn maker(&self) -> Result<Option<PersonId>, StorageError> {
        self.maker.as_deref().map(|id| PersonId::parse(id).ok_or_else(unreadable)).transpose()
    }

    fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now.millis())
    }

    /// As it is shown, with the standing of its maker if they are still here.
    fn shown(&self, maker: Option<&Membership>, now: Timestamp) -> Result<TeamToken, StorageError> {
        let scope = self.scope()?;
        let is_admin = self.maker.is_none() || maker.is_some_and(|maker| maker.role == Role::Admin);
        let state = match (self.is_expired(now), scope.is_for_admins() && !is_admin) {
            (true, _) => State::Expired,
            (false, true) => State::MakerNotAdmin,
            (false, false) => State::Live,
        };
        Ok(TeamToken {
            id: self.id.clone(),
            name: self.name.clone(),
            scope,
            state,
            maker: self.maker()?,
            maker_left: self.maker.is_some() && maker.is_none(),
            made_at: Timestamp::from_millis(self.made_at),
            expires_at: self.expires_at.map(Timestamp::from_millis),
            last_used_at: self.used_at.map(Timestamp::from_millis),
            version: Version(self.version),
        })
    }
}

fn unreadable() -> StorageError {
    StorageError::Unavailable("a row of team_tokens cannot be read".to_owned())
}

/// The tokens of a team that were not revoked, the latest first; at most [`MOST`].
pub fn list(
    connection: &mut Connection,
    team: &TeamId,
    seen: Seen,
    now: Timestamp,
) -> Result<Vec<TeamToken>, StorageError> {
    let query = team_tokens::table
        .filter(team_tokens::team_id.eq(team.as_str()))
        .filter(team_tokens::revoked_at.is_null())
        .order((team_tokens::made_at.desc(), team_tokens::id));
    let rows: Vec<Row> = each!(connection, c => query.select(Row::as_select()).load(c))?;
    let makers = present(connection, team, rows.iter().filter_map(|row| row.maker.as_deref()))?;
    let shown = |row: &Row| row.shown(row.maker.as_ref().and_then(|id| makers.get(id)), now);
    let all: Vec<TeamToken> = rows.iter().map(shown).collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|token| seen.has(token.scope)).collect())
}

/// One of them.
pub fn find(
    connection: &mut Connection,
    team: &TeamId,
    seen: Seen,
    id: &str,
    now: Timestamp,
) -> Result<Option<TeamToken>, StorageError> {
    Ok(list(connection, team, seen, now)?.into_iter().find(|token| token.id == id))
}

/// The names of a team's tokens by id, of revoked ones too, for whoever reads the record.
pub fn names(
    connection: &mut Connection,
    team: &TeamId,
    ids: &[String],
) -> Result<HashMap<String, String>, StorageError> {
    let query = team_tokens::table
        .filter(team_tokens::team_id.eq(team.as_str()))
        .filter(team_tokens::id.eq_any(ids))
        .select((team_tokens::id, team_tokens::name));
    let rows: Vec<(String, String)> = each!(connection, c => query.load(c))?;
    Ok(rows.into_iter().collect())
}

/// How those of these people stand who can still come in: active, and of the live connection.
fn present<'a>(
    connection: &mut Connection,
    team: &TeamId,
    ids: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Membership>, StorageError> {
    let ids: Vec<&str> = ids.collect();
    let query = memberships::table
        .inner_join(people::table.on(people::id.eq(memberships::person_id)))
        .inner_join(connections::table.on(connections::id.eq(people::connection_id)))
        .filter(connections::live)
        .filter(memberships::team_id.eq(team.as_str()))
        .filter(memberships::active)
        .filter(memberships::person_id.eq_any(ids))
        .select((memberships::person_id, memberships::role, memberships::version));
    let rows: Vec<(String, String, i64)> = each!(connection, c => query.load(c))?;
    let standing = |(id, role, version): (String, String, i64)| {
        let person = PersonId::parse(&id)?;
        let membership =
            Membership { person, role: Role::parse(&role)?, active: true, version: Version(version) };
        Some((id, membership))
    };
    Ok(rows.into_iter().filter_map(standing).collect())
}

/// The token with this hash, if it was not revoked, and when it was last used.
pub(crate) fn known(
    connection: &mut Connection,
    hash: &TokenHash,
) -> Result<Option<(Known, Option<Timestamp>)>, StorageError> {
    let query = team_tokens::table
        .left_join(people::table.on(people::id.nullable().eq(team_tokens::maker)))
        .filter(team_tokens::hash.eq(hash.as_str()))
        .filter(team_tokens::revoked_at.is_null());
    let row: Option<(Row, Option<String>)> = each!(connection, c => query
        .select((Row::as_select(), people::connection_id.nullable()))
        .get_result(c)
        .optional())?;
    let Some((row, maker_connection)) = row else {
        return Ok(None);
    };
    let known = Known {
        hash: hash.clone(),
        team_id: TeamId::parse(&row.team_id).map_err(|_not_one| unreadable())?,
        scope: row.scope()?,
        maker: row.maker()?,
        maker_connection,
        expires_at: row.expires_at.map(Timestamp::from_millis),
        id: row.id,
        name: row.name,
    };
    Ok(Some((known, row.used_at.map(Timestamp::from_millis))))
}

/// Notes that a token is used now, unless another node has done so within the minute. Caches may keep their copies.
pub(crate) fn note_use(tx: &mut Tx<'_>, hash: &TokenHash) -> Result<(), StorageError> {
    let (now, minute_ago) = (tx.now().millis(), tx.now().minus(NOTED_EVERY).millis());
    let is_due = team_tokens::used_at.is_null().or(team_tokens::used_at.le(minute_ago));
    let row = team_tokens::table.filter(team_tokens::hash.eq(hash.as_str())).filter(is_due);
    each!(&mut **tx, c => diesel::update(row).set(team_tokens::used_at.eq(now)).execute(c))?;
    Ok(())
}
