//! Ending break-glass before its time.

use std::time::Duration;

use audit::Act;
use diesel::prelude::*;
use roles::Operator;
use serde_json::json;
use storage::schema::break_glass;
use storage::{StorageError, Tx, each};
use vocabulary::{PersonId, TeamId};

use super::{Breaker, GlassError, nothing, record};

/// Ends it, by its holder's word.
pub fn end(tx: &mut Tx<'_>, breaker: &Breaker<'_>) -> Result<(), GlassError> {
    let this = break_glass::table.find(&breaker.glass.id);
    let now = break_glass::ended_at.eq(tx.now().millis());
    each!(&mut **tx, c => diesel::update(this).set(now).execute(c)).map_err(StorageError::from)?;
    record(tx, breaker.team(), &breaker.actor(), Act::BreakGlassEnded, None, nothing())?;
    Ok(())
}

/// Ends all there is in a team, or what there is for one person of it; says whether there was any.
pub fn revoke(
    tx: &mut Tx<'_>,
    operator: &Operator,
    team: &TeamId,
    person: Option<&PersonId>,
) -> Result<bool, GlassError> {
    teams::lock_roles(tx, team)?;
    if teams::find(tx, team)?.is_none() {
        return Err(GlassError::Unknown(team.clone()));
    }
    let ended = match person {
        Some(person) => end_of_person(tx, team, person)?,
        None => end_all(tx, team)?,
    };
    if ended > 0 {
        let detail = json!({ "all": person.is_none() });
        record(tx, team, operator.actor(), Act::BreakGlassRevoked, person, detail)?;
    }
    Ok(ended > 0)
}

/// Ends all there is in a team.
pub fn end_all(tx: &mut Tx<'_>, team: &TeamId) -> Result<usize, StorageError> {
    let now = tx.now().millis();
    let lasting = break_glass::table
        .filter(break_glass::team_id.eq(team.as_str()))
        .filter(break_glass::ended_at.is_null())
        .filter(break_glass::expires_at.gt(now));
    Ok(each!(&mut **tx, c => diesel::update(lasting).set(break_glass::ended_at.eq(now)).execute(c))?)
}

pub(super) fn end_of_person(
    tx: &mut Tx<'_>,
    team: &TeamId,
    person: &PersonId,
) -> Result<usize, StorageError> {
    let now = tx.now().millis();
    let lasting = break_glass::table
        .filter(break_glass::team_id.eq(team.as_str()))
        .filter(break_glass::person_id.eq(person.as_str()))
        .filter(break_glass::ended_at.is_null())
        .filter(break_glass::expires_at.gt(now));
    Ok(each!(&mut **tx, c => diesel::update(lasting).set(break_glass::ended_at.eq(now)).execute(c))?)
}

/// Forgets what was over a month ago.
pub fn tidy(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let old = tx.now().minus(Duration::from_hours(30 * 24)).millis();
    let gone = break_glass::table.filter(break_glass::expires_at.lt(old));
    Ok(each!(&mut **tx, c => diesel::delete(gone).execute(c))?)
}
