//! States that were used: a unique insert decides who was first.

use std::time::Duration;

use diesel::prelude::*;
use storage::schema::spent_states;
use storage::{Connection, StorageError, Tx, each};

use crate::state::State;

/// How far the clocks of two nodes may differ: a spent state is remembered that much longer.
const SKEW: Duration = Duration::from_mins(10);

/// Whether this state was used before.
pub(crate) fn is_spent(connection: &mut Connection, state: State) -> Result<bool, StorageError> {
    let query = spent_states::table.find(state.key()).select(spent_states::expires_at);
    let found: Option<i64> = each!(connection, c => query.get_result(c).optional())?;
    Ok(found.is_some())
}

/// Spends a state; says whether this was the one call that did.
pub(crate) fn spend(tx: &mut Tx<'_>, state: State) -> Result<bool, StorageError> {
    let row = (
        spent_states::hash.eq(state.key()),
        spent_states::expires_at.eq(state.expires().plus(SKEW).millis()),
    );
    let won = each!(&mut **tx, c => diesel::insert_into(spent_states::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(won == 1)
}

/// Forgets spent states that have expired anyway.
pub fn tidy(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let over = spent_states::table.filter(spent_states::expires_at.lt(tx.now().millis()));
    Ok(each!(&mut **tx, c => diesel::delete(over).execute(c))?)
}
