//! Who acts on a team's tokens, found out under the team's lock; and why they are refused.

use audit::Actor;
use diesel::prelude::*;
use roles::{Admin, Operator, RoleError};
use sealing::TokenHash;
use storage::schema::sessions;
use storage::{StorageError, Tx, each};
use teams::{TeamAndConnection, Tenant};
use vocabulary::{PersonId, TeamId};

use super::list::live;
use super::{MOST, MOST_PERSONAL, Row, Seen};
use crate::{Scope, TeamBearer};

/// Somebody of the team, by the session they came with.
#[derive(Clone, Copy, Debug)]
pub struct Somebody<'a> {
    /// Who.
    pub person: &'a PersonId,
    /// Their session.
    pub session: &'a TokenHash,
}

/// Who acts.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// Somebody of the team.
    Person(Somebody<'a>),
    /// An operator.
    Operator(&'a Operator),
    /// A program of the team, with a token for admins.
    Token(&'a TeamBearer),
}

/// Why a team's tokens stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum TeamTokenError {
    /// The name is empty, too long or not readable.
    #[error("A token's name has 1 to 60 letters, digits, dashes, dots or blanks, for example build-server.")]
    Name,
    /// It would have ended before it began.
    #[error("A token must end in the future.")]
    EndsBefore,
    /// The team has as many as it may.
    #[error("A team has at most {MOST} API tokens. Revoke one that nobody needs first.")]
    TooMany,
    /// The person has as many as they may.
    #[error("A person has at most {MOST_PERSONAL} personal tokens. Revoke one that you don't need first.")]
    TooManyOfOne,
    /// A token of this scope is for admins, and so is the team's choice.
    #[error("Only team admins do this with tokens.")]
    NotAdmin,
    /// The team's tokens for the product are personal, and whoever asks is no person.
    #[error("This team's tokens for the product are personal: people make their own on the page API tokens.")]
    PersonalOnly,
    /// It is somebody else's own.
    #[error("This token is personal: only whose it is gives it another value.")]
    NotYours,
    /// Its value is not kept, so nobody can read it again.
    #[error("The value of this token is not kept, so it cannot be shown again.")]
    NotKept,
    /// There is no such token, or none that the caller sees.
    #[error("There is no such token in this team.")]
    Unknown,
    /// Somebody has rotated it meanwhile.
    #[error("Somebody else changed this a moment ago.")]
    Stale,
    /// Its time is over; a new value would be as dead.
    #[error("This token has expired. Make another one.")]
    Expired,
    /// The session by which the caller came has ended.
    #[error("The session has ended.")]
    SignedOut,
    /// The token with which the caller came is worth nothing any more.
    #[error("The token was revoked a moment ago.")]
    CallerRevoked,
    /// There is no such team.
    #[error("There is no such team.")]
    TeamUnknown,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Who acts, as it stands under the team's lock.
pub(super) struct Standing {
    pub(super) actor: Actor,
    /// Who it is, when it is a person.
    pub(super) person: Option<PersonId>,
    /// Whose tokens they are that they make.
    pub(super) maker: Option<PersonId>,
    pub(super) sees: Seen,
    pub(super) team: Tenant,
}

/// Locks the team and finds out who acts.
pub(super) fn standing(tx: &mut Tx<'_>, team: &TeamId, by: By<'_>) -> Result<Standing, TeamTokenError> {
    teams::lock_roles(tx, team)?;
    let now = teams::find(tx, team)?.ok_or(TeamTokenError::TeamUnknown)?;
    match by {
        By::Person(Somebody { person, session }) => {
            let found = roles::find(tx, team, person)?.filter(|standing| standing.active && now.is_open());
            let sees = Seen::by(person, found.ok_or(TeamTokenError::Unknown)?.role);
            if !is_open(tx, team, person, session)? {
                return Err(TeamTokenError::SignedOut);
            }
            let (actor, person) = (Actor::Person(person.clone()), Some(person.clone()));
            Ok(Standing { actor, maker: person.clone(), person, sees, team: now })
        }
        By::Operator(operator) => {
            let actor = operator.actor().clone();
            Ok(Standing { actor, person: None, maker: None, sees: Seen::All, team: now })
        }
        By::Token(bearer) => {
            let admin = admin(tx, bearer)?;
            let (actor, maker) = (admin.actor().clone(), bearer.known().maker.clone());
            Ok(Standing { actor, person: None, maker, sees: Seen::All, team: now })
        }
    }
}

/// Whether this session is still there. Whoever ends all that somebody has does so under the team's lock, so a session
/// that has ended leaves no token behind.
fn is_open(
    tx: &mut Tx<'_>,
    team: &TeamId,
    person: &PersonId,
    session: &TokenHash,
) -> Result<bool, StorageError> {
    let row = sessions::table
        .filter(sessions::hash.eq(session.as_str()))
        .filter(sessions::team_id.eq(team.as_str()))
        .filter(sessions::person_id.eq(person.as_str()));
    let found: i64 = each!(&mut **tx, c => row.count().get_result(c))?;
    Ok(found == 1)
}

/// Finds out, under the team's lock, that a program may still act for its team: the team is open, its token is there
/// and for admins, and its maker is one and can come in.
pub fn admin<'tx>(tx: &mut Tx<'tx>, bearer: &TeamBearer) -> Result<Admin<'tx>, TeamTokenError> {
    let known = bearer.known();
    let admin = roles::admin_by_token(tx, &known.team_id, &known.id, known.maker.as_ref());
    let admin = admin.map_err(|error| match error {
        RoleError::Storage(error) => TeamTokenError::Storage(error),
        RoleError::NotAdmin | RoleError::Unknown | RoleError::Stale(_) | RoleError::LastAdmin(_) => {
            TeamTokenError::CallerRevoked
        }
    })?;
    let now = teams::find_connected(tx, &known.team_id)?.filter(TeamAndConnection::is_open);
    let now = now.ok_or(TeamTokenError::CallerRevoked)?;
    let is_here =
        known.maker.is_none() || known.maker_connection.as_deref() == Some(now.connection.id.as_str());
    let row = live(tx, &known.team_id, &known.id)?.filter(|row| row.hash == known.hash.as_str());
    let is_good = |row: &Row| row.scope == Scope::TeamAdmin.as_str() && !row.is_expired(tx.now());
    if is_here && row.is_some_and(|row| is_good(&row)) {
        Ok(admin)
    } else {
        Err(TeamTokenError::CallerRevoked)
    }
}
