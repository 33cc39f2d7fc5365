//! Making, rotating and revoking a team's tokens. Each decides under the team's lock, inside the transaction that
//! acts, and leaves its row on the record.

use audit::{Act, Actor, Deed};
use diesel::prelude::*;
use sealing::{OpaqueToken, TokenPrefix};
use serde_json::json;
use storage::schema::team_tokens;
use storage::{StorageError, Subject, Tx, each};
use teams::TokenOwners;
use vocabulary::{PersonId, TeamId, Timestamp, Version, random_id};

use super::list::{count, live, shown};
use super::standing::{Standing, standing};
use super::{By, MOST, MOST_PERSONAL, Mint, Row, TeamToken, TeamTokenError, is_id, kept};
use crate::{Scope, named};

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

/// A token with its value.
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

/// Makes a token for `team`, or for whoever makes it, as the team chose.
pub fn make(
    tx: &mut Tx<'_>,
    mint: Mint<'_>,
    team: &TeamId,
    by: By<'_>,
    new: &NewToken,
) -> Result<Made, TeamTokenError> {
    let standing = standing(tx, team, by)?;
    if !standing.sees.makes(new.scope) {
        return Err(TeamTokenError::NotAdmin);
    }
    let owner = owner(&standing, new.scope)?;
    let name = named(&new.name).ok_or(TeamTokenError::Name)?;
    let now = tx.now();
    if new.expires_at.is_some_and(|end| end <= now) {
        return Err(TeamTokenError::EndsBefore);
    }
    let there = count(tx, team, owner)?;
    match owner {
        Some(_) if there >= MOST_PERSONAL => return Err(TeamTokenError::TooManyOfOne),
        None if there >= MOST => return Err(TeamTokenError::TooMany),
        Some(_) | None => {}
    }
    let value = OpaqueToken::mint(TokenPrefix::Team, mint.chance);
    let id = random_id(mint.chance);
    let row = (
        team_tokens::id.eq(&id),
        team_tokens::team_id.eq(team.as_str()),
        team_tokens::hash.eq(value.hash().as_str().to_owned()),
        team_tokens::value.eq(sealed(mint, &standing, new.scope, owner.is_some(), &id, &value)),
        team_tokens::name.eq(&name),
        team_tokens::scope.eq(new.scope.as_str()),
        team_tokens::personal.eq(owner.is_some()),
        team_tokens::maker.eq(standing.maker.as_ref().map(PersonId::as_str)),
        team_tokens::version.eq(1),
        team_tokens::shown.eq(false),
        team_tokens::made_at.eq(now.millis()),
        team_tokens::expires_at.eq(new.expires_at.map(Timestamp::millis)),
    );
    each!(&mut **tx, c => diesel::insert_into(team_tokens::table).values(row).execute(c))
        .map_err(StorageError::from)?;
    record(tx, team, &standing.actor, Act::TeamTokenMade, &id, new.scope)?;
    made(tx, mint, team, value, &id)
}

/// Whose own a new token is, if it is anybody's.
fn owner(standing: &Standing, scope: Scope) -> Result<Option<&PersonId>, TeamTokenError> {
    match (standing.team.team.tokens, scope) {
        (TokenOwners::Personal, Scope::Product) => {
            standing.person.as_ref().map(Some).ok_or(TeamTokenError::PersonalOnly)
        }
        (TokenOwners::Shared, Scope::Product) | (_, Scope::TeamRead | Scope::TeamAdmin) => Ok(None),
    }
}

/// What is kept of a value: nothing, unless everybody of the team may read it again.
fn sealed(
    mint: Mint<'_>,
    standing: &Standing,
    scope: Scope,
    personal: bool,
    id: &str,
    value: &OpaqueToken,
) -> Option<String> {
    let is_kept = standing.team.team.tokens_reveal && !personal && !scope.is_for_admins();
    is_kept.then(|| kept::seal(mint, id, value))
}

/// Gives a token another value; the old one is dead at once. Whoever rotates it is its maker from now on. A personal
/// one is rotated by its person alone. `seen` is the version the caller decided upon.
pub fn rotate(
    tx: &mut Tx<'_>,
    mint: Mint<'_>,
    team: &TeamId,
    by: By<'_>,
    id: &str,
    seen: Version,
) -> Result<Made, TeamTokenError> {
    let standing = standing(tx, team, by)?;
    let row = live(tx, team, id)?.ok_or(TeamTokenError::Unknown)?;
    let scope = row.scope()?;
    if !standing.sees.has(&row, scope) {
        return Err(TeamTokenError::Unknown);
    }
    if row.personal && !standing.person.as_ref().is_some_and(|person| row.is_of(person)) {
        return Err(TeamTokenError::NotYours);
    }
    if row.version != seen.0 {
        return Err(TeamTokenError::Stale);
    }
    if row.is_expired(tx.now()) {
        return Err(TeamTokenError::Expired);
    }
    let value = OpaqueToken::mint(TokenPrefix::Team, mint.chance);
    let changes = (
        team_tokens::hash.eq(value.hash().as_str().to_owned()),
        team_tokens::value.eq(sealed(mint, &standing, scope, row.personal, id, &value)),
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
    made(tx, mint, team, value, id)
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
    if !standing.sees.has(&row, scope) {
        return Err(TeamTokenError::Unknown);
    }
    if revoked_at.is_some() {
        return Ok(Revoked::Before);
    }
    let row_of_it = team_tokens::table.filter(team_tokens::id.eq(id));
    let gone = (team_tokens::revoked_at.eq(tx.now().millis()), team_tokens::value.eq(None::<String>));
    each!(&mut **tx, c => diesel::update(row_of_it).set(gone).execute(c)).map_err(StorageError::from)?;
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

fn made(
    tx: &mut Tx<'_>,
    mint: Mint<'_>,
    team: &TeamId,
    value: OpaqueToken,
    id: &str,
) -> Result<Made, TeamTokenError> {
    let row = live(tx, team, id)?.ok_or(TeamTokenError::Unknown)?;
    let now = tx.now();
    Ok(Made { value, token: shown(tx, team, &row, mint.limits, now)? })
}

pub(super) fn record(
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
