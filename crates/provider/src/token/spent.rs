//! Codes that were used: a unique insert decides who was first.

use std::time::Duration;

use diesel::prelude::*;
use storage::schema::spent_codes;
use storage::{StorageError, Tx, each};

use crate::authorization::Code;
use crate::grant::{self, Reused};

/// How far the clocks of two nodes may differ: a spent code is remembered that much longer.
const SKEW: Duration = Duration::from_mins(10);

/// Whether a code was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// This is the one use.
    First,
    /// It was, and what came of that has ended now: whoever brought it first may not have been the one it was for.
    Again,
}

/// Uses a code for what comes of it, if anything stays.
pub(super) fn spend(tx: &mut Tx<'_>, code: &Code, grant: Option<&str>) -> Result<Use, StorageError> {
    let row = (
        spent_codes::hash.eq(&code.id),
        spent_codes::grant_id.eq(grant),
        spent_codes::expires_at.eq(code.expires_at().plus(SKEW).millis()),
    );
    let first = each!(&mut **tx, c => diesel::insert_into(spent_codes::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    if first == 1 {
        return Ok(Use::First);
    }
    end_what_came_of(tx, code)?;
    Ok(Use::Again)
}

/// Ends the grant that came of a code, if it was used.
pub(super) fn end_what_came_of(tx: &mut Tx<'_>, code: &Code) -> Result<(), StorageError> {
    let before = spent_codes::table.find(&code.id).select(spent_codes::grant_id);
    let before: Option<Option<String>> = each!(&mut **tx, c => before.get_result(c).optional())?;
    let Some(id) = before.flatten() else { return Ok(()) };
    let Some(grant) = grant::find(tx, &id)? else { return Ok(()) };
    grant::end_reused(tx, &grant, Reused::Code)
}

/// Forgets everything of ours that has expired anyway: codes that were used, grants and their tokens.
pub fn tidy(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let over = spent_codes::table.filter(spent_codes::expires_at.lt(tx.now().millis()));
    let codes = each!(&mut **tx, c => diesel::delete(over).execute(c))?;
    Ok(codes + grant::tidy(tx)?)
}
