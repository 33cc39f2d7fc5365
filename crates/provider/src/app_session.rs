//! Which apps a session was used with: they are told when it ends.

use diesel::prelude::*;
use sealing::TokenHash;
use storage::schema::app_sessions;
use storage::{StorageError, Tx, each};

use crate::digest::sid;
use crate::standing::Standing;

/// Notes that a session was used with an app.
pub(crate) fn note(tx: &mut Tx<'_>, session: &TokenHash, standing: &Standing) -> Result<(), StorageError> {
    let client = &standing.app.id;
    let row = (
        app_sessions::sid.eq(sid(session, client)),
        app_sessions::client_id.eq(client.as_str()),
        app_sessions::session_hash.eq(session.as_str()),
        app_sessions::team_id.eq(standing.team.team.team_id.as_str()),
        app_sessions::person_id.eq(standing.person.as_str()),
        app_sessions::opened_at.eq(tx.now().millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(app_sessions::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}
