//! A team's tokens: what is kept of one, how it stands, and who sees which.

mod change;
mod choice;
mod end;
mod kept;
mod list;
mod standing;

use diesel::prelude::*;
use sealing::TokenHash;
use serde::Serialize;
use storage::StorageError;
use storage::schema::team_tokens;
use vocabulary::{PersonId, Role, TeamId, Timestamp, Version};

pub use change::{Made, NewToken, Revoked, make, may_show, revoke, rotate};
pub use choice::{choose, reveal};
pub use end::{end_personal_of, end_team};
pub use kept::Mint;
pub use list::{Page, find, list, names};
pub(crate) use list::{known, note_use};
pub use standing::{By, Somebody, TeamTokenError, admin};

use crate::{Limits, Scope};
use list::Maker;

/// How many tokens a team may have at once besides personal ones, whatever their scope.
pub const MOST: i64 = 100;
/// How many personal ones each of its people may have at once.
pub const MOST_PERSONAL: i64 = 20;

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
    /// It is personal, and whose it is has not signed in for long, or comes by a provider the team no longer has.
    MakerAway,
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
    /// Whether it is its maker's alone.
    pub personal: bool,
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
    /// Whether its value is kept, to be read again.
    #[serde(skip)]
    pub kept: bool,
}

/// Which of a team's tokens somebody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The product's that are everybody's, and this member's own.
    Member(PersonId),
    /// All of them, as admins and operators do.
    All,
}

impl Seen {
    /// What somebody of this role sees.
    #[must_use]
    pub fn by(person: &PersonId, role: Role) -> Self {
        match role {
            Role::Member => Self::Member(person.clone()),
            Role::Admin => Self::All,
        }
    }

    /// Whether whoever sees so much makes tokens of this scope.
    pub(crate) fn makes(&self, scope: Scope) -> bool {
        *self == Self::All || !scope.is_for_admins()
    }

    /// Whether this one is among it.
    fn has(&self, row: &Row, scope: Scope) -> bool {
        match self {
            Self::All => true,
            Self::Member(person) => !scope.is_for_admins() && (!row.personal || row.is_of(person)),
        }
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
    pub(crate) personal: bool,
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
    personal: bool,
    maker: Option<String>,
    version: i64,
    made_at: i64,
    expires_at: Option<i64>,
    used_at: Option<i64>,
    value: Option<String>,
}

impl Row {
    fn scope(&self) -> Result<Scope, StorageError> {
        Scope::parse(&self.scope).ok_or_else(unreadable)
    }

    fn maker(&self) -> Result<Option<PersonId>, StorageError> {
        self.maker.as_deref().map(|id| PersonId::parse(id).ok_or_else(unreadable)).transpose()
    }

    fn is_of(&self, person: &PersonId) -> bool {
        self.maker.as_deref() == Some(person.as_str())
    }

    fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now.millis())
    }

    /// As it is shown, with the standing of its maker if they are still here.
    fn shown(
        &self,
        maker: Option<&Maker>,
        limits: Limits,
        now: Timestamp,
    ) -> Result<TeamToken, StorageError> {
        let scope = self.scope()?;
        let is_admin = self.maker.is_none() || maker.is_some_and(|maker| maker.role == Role::Admin);
        let is_around = maker.is_some_and(|maker| limits.is_recent(maker.last_sign_in, now));
        let state = if self.is_expired(now) {
            State::Expired
        } else if scope.is_for_admins() && !is_admin {
            State::MakerNotAdmin
        } else if self.personal && !is_around {
            State::MakerAway
        } else {
            State::Live
        };
        Ok(TeamToken {
            id: self.id.clone(),
            name: self.name.clone(),
            scope,
            personal: self.personal,
            state,
            maker: self.maker()?,
            maker_left: self.maker.is_some() && maker.is_none(),
            made_at: Timestamp::from_millis(self.made_at),
            expires_at: self.expires_at.map(Timestamp::from_millis),
            last_used_at: self.used_at.map(Timestamp::from_millis),
            version: Version(self.version),
            kept: self.value.is_some(),
        })
    }
}

fn unreadable() -> StorageError {
    StorageError::Unavailable("a row of team_tokens cannot be read".to_owned())
}

/// Whether a text may be the id of a token at all; databases differ about odd ones.
fn is_id(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
