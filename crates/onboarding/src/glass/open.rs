//! Opening break-glass by link and code: once, in one browser.

use audit::{Act, Actor};
use diesel::prelude::*;
use sealing::{KeyRing, OpaqueToken};
use serde_json::json;
use storage::schema::break_glass;
use storage::{StorageError, Tx, each};

use super::code::Code;
use super::{Glass, GlassError, Row, WRONG_CODES, record, standing, unopened};

/// What came of a code.
#[derive(Debug)]
pub enum Opened {
    /// It was the right one.
    Yes(Box<Glass>),
    /// It was wrong; so many more may be tried.
    Wrong {
        /// How many; with none left it is over.
        left: i64,
    },
}

/// Tries a code at a link. A wrong one is counted, so that its transaction must be kept.
pub fn open(tx: &mut Tx<'_>, keys: &KeyRing, token: &OpaqueToken, code: &Code) -> Result<Opened, GlassError> {
    let now = tx.now();
    let first = unopened(tx, token, now)?;
    let team = standing(tx, &first)?.tenant.team.team_id;
    teams::lock_roles(tx, &team)?;
    // Once more under the lock: of two who try at the same time, the second sees what came of the first.
    let row = unopened(tx, token, now)?;
    let glass = standing(tx, &row)?;
    if !code.is_of(keys, &row.id, &row.code_hash) {
        return Ok(Opened::Wrong { left: count_wrong(tx, &glass, &row)? });
    }
    let this = break_glass::table.find(&row.id);
    let opened = break_glass::opened_at.eq(now.millis());
    each!(&mut **tx, c => diesel::update(this).set(opened).execute(c)).map_err(StorageError::from)?;
    let actor = Actor::BreakGlass(glass.person.id.clone());
    record(tx, &team, &actor, Act::BreakGlassOpened, None, json!({}))?;
    Ok(Opened::Yes(Box::new(glass)))
}

/// Counts a wrong code and says how many are left.
fn count_wrong(tx: &mut Tx<'_>, glass: &Glass, row: &Row) -> Result<i64, StorageError> {
    let wrong = row.wrong_codes.saturating_add(1);
    let is_over = wrong >= WRONG_CODES;
    let this = break_glass::table.find(&row.id);
    let ended = is_over.then(|| tx.now().millis());
    let counted = (break_glass::wrong_codes.eq(wrong), break_glass::ended_at.eq(ended));
    each!(&mut **tx, c => diesel::update(this).set(counted).execute(c))?;
    // Whoever tried has the link; who they are is what the code would have said.
    let (team, person) = (&glass.tenant.team.team_id, Some(&glass.person.id));
    record(tx, team, &Actor::Teamdoor, Act::BreakGlassWrongCode, person, json!({ "wrong": wrong }))?;
    if is_over {
        let why = json!({ "why": "wrong codes" });
        record(tx, team, &Actor::Teamdoor, Act::BreakGlassEnded, person, why)?;
    }
    Ok(WRONG_CODES.saturating_sub(wrong).max(0))
}
