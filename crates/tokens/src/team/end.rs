//! Tokens that end with something else: with their person, with their team.

use audit::{Act, Actor};
use diesel::prelude::*;
use storage::schema::team_tokens;
use storage::{StorageError, Subject, Tx, each};
use vocabulary::{PersonId, TeamId};

use super::Row;
use super::change::record;

/// Revokes somebody's personal tokens for good, in `actor`'s name, and says how many there were. Locks the team first,
/// so that none is made or rotated meanwhile.
pub fn end_personal_of(
    tx: &mut Tx<'_>,
    team: &TeamId,
    person: &PersonId,
    actor: &Actor,
) -> Result<usize, StorageError> {
    teams::lock_roles(tx, team)?;
    let theirs = team_tokens::table
        .filter(team_tokens::team_id.eq(team.as_str()))
        .filter(team_tokens::maker.eq(person.as_str()))
        .filter(team_tokens::personal)
        .filter(team_tokens::revoked_at.is_null());
    let now = team_tokens::revoked_at.eq(tx.now().millis());
    let gone: Vec<Row> = each!(&mut **tx, c => diesel::update(theirs)
        .set(now)
        .returning(Row::as_returning())
        .get_results(c))?;
    for row in &gone {
        tx.changed(Subject::Token, &row.hash);
        record(tx, team, actor, Act::TeamTokenRevoked, &row.id, row.scope()?)?;
    }
    Ok(gone.len())
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
