//! Making, rotating and revoking a team's tokens. Each decides under the team's lock, inside the transaction that
//! acts, and leaves its row on the record.

use audit::{Act, Actor, Deed};
use diesel::prelude::*;
use roles::{Admin, Operator, RoleError};
use sealing::{OpaqueToken, TokenPrefix};
use serde_json::json;
use storage::schema::team_tokens;
use storage::{StorageError, Subject, Tx, each};
use teams::TeamAndConnection;
use vocabulary::{Chance, PersonId, TeamId, Timestamp, Version, random_id};

use super::{MOST, Row, Seen, TeamToken, list};
use crate::{Scope, TeamBearer, named};

/// Who acts.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// Somebody of the team.
    Person(&'a PersonId),
    /// An operator.
    Operator(&'a Operator),
    /// A program of the team, with a token for admins.
    Token(&'a TeamBearer),
}

/// A token about to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What to call it.
    pub name: String,
    /// What it opens.
    pub scope: Scope,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// A token with its value, which is nowhere else.
#[derive(Debug)]
pub struct Made {
    /// The value.
    pub value: OpaqueToken,
    /// The rest.
    pub token: TeamToken,
}

/// Whether there was anything to revoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// It works no more.
    Now,
    /// Somebody else has revoked it before.
    Before,
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
    /// A token of this scope is for admins.
    #[error("Only team admins make and manage tokens of this scope.")]
    NotAdmin,
    /// There is no such token, or none that the caller sees.
    #[error("There is no such token in this team.")]
    Unknown,
    /// Somebody has rotated it meanwhile.
    #[error("Somebody else changed this a moment ago.")]
    Stale,
    /// Its time is over; a new value would be as dead.
    #[error("This token has expired. Make another one.")]
    Expired,
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

impl From<RoleError> for TeamTokenError {
    fn from(error: RoleError) -> Self {
        match error {
            RoleError::NotAdmin => Self::NotAdmin,
            RoleError::Unknown => Self::Unknown,
            RoleError::Stale(_) | RoleError::LastAdmin(_) => Self::Stale,
            RoleError::Storage(error) => Self::Storage(error),
        }
    }
}

/// Who acts, as it stands under the team's lock.
struct Standing {
    actor: Actor,
    /// Whose tokens they are that they make.
    maker: Option<PersonId>,
    sees: Seen,
}

/// Locks the team and finds out who acts.
fn standing(tx: &mut Tx<'_>, team: &TeamId, by: By<'_>) -> Result<Standing, TeamTokenError> {
    teams::lock_roles(tx, team)?;
    let now = teams::find(tx, team)?.ok_or(TeamTokenError::TeamUnknown)?;
    match by {
        By::Person(id) => {
            let found = roles::find(tx, team, id)?.filter(|standing| standing.active && now.is_open());
            let sees = Seen::by(found.ok_or(TeamTokenError::Unknown)?.role);
            Ok(Standing { actor: Actor::Person(id.clone()), maker: Some(id.clone()), sees })
        }
        By::Operator(operator) => {
            Ok(Standing { actor: operator.actor().clone(), maker: None, sees: Seen::All })
        }
        By::Token(bearer) => {
            let admin = admin(tx, bearer)?;
            let (actor, maker) = (admin.actor().clone(), bearer.known().maker.clone());
            Ok(Standing { actor, maker, sees: Seen::All })
        }
    }
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
    let now = teams::find(tx, &known.team_id)?.filter(TeamAndConnection::is_open);
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

/// Makes a token for `team`.
pub fn make(
    tx: &mut Tx<'_>,
    chance: &dyn Chance,
    team: &TeamId,
    by: By<'_>,
    new: &NewToken,
) -> Result<Made, TeamTokenError> {
    let standing = standing(tx, team, by)?;
    if !standing.sees.has(new.scope) {
        return Err(TeamTokenError::NotAdmin);
    }
    let name = named(&new.name).ok_or(TeamTokenError::Name)?;
    let now = tx.now();
    if new.expires_at.is_some_and(|end| end <= now) {
        return Err(TeamTokenError::EndsBefore);
    }
    if list(tx, team, Seen::All, now)?.len() >= MOST {
        return Err(TeamTokenError::TooMany);
    }
    let value = OpaqueToken::mint(TokenPrefix::Team, chance);
    let id = random_id(chance);
    let row = (
        team_tokens::id.eq(&id),
        team_tokens::team_id.eq(team.as_str()),
        team_tokens::hash.eq(value.hash().as_str().to_owned()),
        team_tokens::name.eq(&name),
        team_tokens::scope.eq(new.scope.as_str()),
        team_tokens::maker.eq(standing.maker.as_ref().map(PersonId::as_str)),
        team_tokens::version.eq(1),
        team_tokens::shown.eq(false),
        team_tokens::made_at.eq(now.millis()),
        team_tokens::expires_at.eq(new.expires_at.map(Timestamp::millis)),
    );
    each!(&mut **tx, c => diesel::insert_into(team_tokens::table).values(row).execute(c))
        .map_err(StorageError::from)?;
    record(tx, team, &standing.actor, Act::TeamTokenMade, &id, new.scope)?;
    made(tx, team, value, &id)
}

/// Gives a token another value; the old one is dead at once. Whoever rotates it is its maker from now on: they alone
/// know the value. `seen` is the version the caller decided upon.
pub fn rotate(
    tx: &mut Tx<'_>,
    chance: &dyn Chance,
    team: &TeamId,
    by: By<'_>,
    id: &str,
    seen: Version,
) -> Result<Made, TeamTokenError> {
    let standing = standing(tx, team, by)?;
    let row = live(tx, team, id)?.ok_or(TeamTokenError::Unknown)?;
    let scope = row.scope()?;
    if !standing.sees.has(scope) {
        return Err(TeamTokenError::Unknown);
    }
    if row.version != seen.0 {
        return Err(TeamTokenError::Stale);
    }
    if row.is_expired(tx.now()) {
        return Err(TeamTokenError::Expired);
    }
    let value = OpaqueToken::mint(TokenPrefix::Team, chance);
    let changes = (
        team_tokens::hash.eq(value.hash().as_str().to_owned()),
        team_tokens::maker.eq(standing.maker.as_ref().map(PersonId::as_str)),
        team_tokens::version.eq(row.version.saturating_add(1)),
        team_tokens::shown.eq(false),
        team_tokens::made_at.eq(tx.now().millis()),
        team_tokens::used_at.eq(None::<i64>),
    );
    let this = team_tokens::table.filter(team_tokens::id.eq(id));
    each!(&mut **tx, c => diesel::update(this).set(changes).execute(c)).map_err(StorageError::from)?;
    tx.changed(Subject::Token, &row.hash);
    record(tx, team, &standing.actor, Act::TeamTokenRotated, id, scope)?;
    made(tx, team, value, id)
}

/// Revokes a token for good.
pub fn revoke(tx: &mut Tx<'_>, team: &TeamId, by: By<'_>, id: &str) -> Result<Revoked, TeamTokenError> {
    let standing = standing(tx, team, by)?;
    if !is_id(id) {
        return Err(TeamTokenError::Unknown);
    }
    let this =
        team_tokens::table.filter(team_tokens::id.eq(id)).filter(team_tokens::team_id.eq(team.as_str()));
    let found: Option<(Row, Option<i64>)> = each!(&mut **tx, c => this
        .select((Row::as_select(), team_tokens::revoked_at))
        .get_result(c)
        .optional())
    .map_err(StorageError::from)?;
    let (row, revoked_at) = found.ok_or(TeamTokenError::Unknown)?;
    let scope = row.scope()?;
    if !standing.sees.has(scope) {
        return Err(TeamTokenError::Unknown);
    }
    if revoked_at.is_some() {
        return Ok(Revoked::Before);
    }
    let row_of_it = team_tokens::table.filter(team_tokens::id.eq(id));
    let now = team_tokens::revoked_at.eq(tx.now().millis());
    each!(&mut **tx, c => diesel::update(row_of_it).set(now).execute(c)).map_err(StorageError::from)?;
    tx.changed(Subject::Token, &row.hash);
    record(tx, team, &standing.actor, Act::TeamTokenRevoked, id, scope)?;
    Ok(Revoked::Now)
}

/// Whether the value of this token may be shown to its maker: once after it came into being, never again.
pub fn may_show(tx: &mut Tx<'_>, team: &TeamId, id: &str, version: Version) -> Result<bool, StorageError> {
    let this = team_tokens::table
        .filter(team_tokens::id.eq(id))
        .filter(team_tokens::team_id.eq(team.as_str()))
        .filter(team_tokens::version.eq(version.0))
        .filter(team_tokens::revoked_at.is_null())
        .filter(team_tokens::shown.eq(false));
    let rows = each!(&mut **tx, c => diesel::update(this).set(team_tokens::shown.eq(true)).execute(c))?;
    Ok(rows == 1)
}

/// Forgets all tokens of a team that is being removed.
pub fn end_team(tx: &mut Tx<'_>, team: &TeamId) -> Result<usize, StorageError> {
    let all = team_tokens::table.filter(team_tokens::team_id.eq(team.as_str()));
    let gone: Vec<String> =
        each!(&mut **tx, c => diesel::delete(all).returning(team_tokens::hash).get_results(c))?;
    for hash in &gone {
        tx.changed(Subject::Token, hash);
    }
    Ok(gone.len())
}

/// Whether a text may be the id of a token at all; databases differ about odd ones.
fn is_id(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The row of a token that was not revoked.
fn live(tx: &mut Tx<'_>, team: &TeamId, id: &str) -> Result<Option<Row>, StorageError> {
    if !is_id(id) {
        return Ok(None);
    }
    let query = team_tokens::table
        .filter(team_tokens::id.eq(id))
        .filter(team_tokens::team_id.eq(team.as_str()))
        .filter(team_tokens::revoked_at.is_null());
    Ok(each!(&mut **tx, c => query.select(Row::as_select()).get_result(c).optional())?)
}

fn made(tx: &mut Tx<'_>, team: &TeamId, value: OpaqueToken, id: &str) -> Result<Made, TeamTokenError> {
    let now = tx.now();
    let token = super::find(tx, team, Seen::All, id, now)?.ok_or(TeamTokenError::Unknown)?;
    Ok(Made { value, token })
}

fn record(
    tx: &mut Tx<'_>,
    team: &TeamId,
    actor: &Actor,
    act: Act,
    id: &str,
    scope: Scope,
) -> Result<(), StorageError> {
    let detail = json!({ "token": id, "scope": scope });
    audit::record(tx, &Deed { team: Some(team), actor, act, target: None, detail, reference: None })
}
