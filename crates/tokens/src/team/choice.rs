//! What a team chooses for its tokens, and reading a value again where it chose to allow that.

use audit::{Act, Deed};
use serde_json::json;
use storage::{StorageError, Tx};
use teams::{Tenant, TokenChoice};
use vocabulary::TeamId;

use super::change::record;
use super::list::{live, shown};
use super::standing::standing;
use super::{By, Made, Mint, Seen, Somebody, TeamTokenError, kept};

/// Chooses whose the tokens for the product are that are made from now on, and whether members may read the value of a
/// shared one again. Those that are there stay as they are; once reading again is off, no value is kept.
pub fn choose(
    tx: &mut Tx<'_>,
    team: &TeamId,
    by: By<'_>,
    choice: TokenChoice,
) -> Result<Tenant, TeamTokenError> {
    let standing = standing(tx, team, by)?;
    if standing.sees != Seen::All {
        return Err(TeamTokenError::NotAdmin);
    }
    let before = &standing.team.team;
    let owners = choice.owners.unwrap_or(before.tokens);
    let reveal = choice.reveal.unwrap_or(before.tokens_reveal);
    if (owners, reveal) == (before.tokens, before.tokens_reveal) {
        return Ok(standing.team);
    }
    teams::choose_tokens(tx, team, owners, reveal)?;
    if !reveal {
        kept::forget(tx, team)?;
    }
    let (actor, act) = (&standing.actor, Act::TokensChosen);
    let detail = json!({ "tokens": owners, "reveal": reveal });
    audit::record(tx, &Deed { team: Some(team), actor, act, target: None, detail, reference: None })?;
    teams::find(tx, team)?.ok_or(TeamTokenError::TeamUnknown)
}

/// Reads the value of a shared token again, and puts on the record who did.
pub fn reveal(
    tx: &mut Tx<'_>,
    mint: Mint<'_>,
    team: &TeamId,
    by: Somebody<'_>,
    id: &str,
) -> Result<Made, TeamTokenError> {
    let standing = standing(tx, team, By::Person(by))?;
    let row = live(tx, team, id)?.ok_or(TeamTokenError::Unknown)?;
    let scope = row.scope()?;
    if !standing.sees.has(&row, scope) {
        return Err(TeamTokenError::Unknown);
    }
    if row.is_expired(tx.now()) {
        return Err(TeamTokenError::Expired);
    }
    let is_shared = !row.personal && !scope.is_for_admins();
    if !is_shared || !standing.team.team.tokens_reveal || row.value.is_none() {
        return Err(TeamTokenError::NotKept);
    }
    let unreadable =
        || StorageError::Unavailable("a sealed value of team_tokens cannot be opened".to_owned());
    let value = kept::open(mint.keys, &row).ok_or_else(unreadable)?;
    record(tx, team, &standing.actor, Act::TeamTokenRevealed, id, scope)?;
    let now = tx.now();
    Ok(Made { value, token: shown(tx, team, &row, mint.limits, now)? })
}
