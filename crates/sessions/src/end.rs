//! Ending sessions.

use diesel::prelude::*;
use sealing::TokenHash;
use storage::schema::sessions;
use storage::{StorageError, Subject, Tx, each};
use vocabulary::{ConnectionId, PersonId, TeamId};

use crate::told;

/// Which sessions end.
#[derive(Clone, Copy, Debug)]
pub enum End<'a> {
    /// This one.
    One(&'a TokenHash),
    /// All of somebody's, in every browser.
    Person(&'a PersonId),
    /// All of a team.
    Team(&'a TeamId),
    /// All that were opened through a connection.
    Connection(&'a ConnectionId),
}

/// Ends sessions and says how many there were. Every node lets go of them.
pub fn end(tx: &mut Tx<'_>, which: End<'_>) -> Result<usize, StorageError> {
    let gone: Vec<String> = match which {
        End::One(hash) => {
            let rows = sessions::table.find(hash.as_str());
            each!(&mut **tx, c => diesel::delete(rows).returning(sessions::hash).get_results(c))?
        }
        End::Person(id) => {
            let rows = sessions::table.filter(sessions::person_id.eq(id.as_str()));
            each!(&mut **tx, c => diesel::delete(rows).returning(sessions::hash).get_results(c))?
        }
        End::Team(id) => {
            let rows = sessions::table.filter(sessions::team_id.eq(id.as_str()));
            each!(&mut **tx, c => diesel::delete(rows).returning(sessions::hash).get_results(c))?
        }
        End::Connection(id) => {
            let rows = sessions::table.filter(sessions::connection_id.eq(id.as_str()));
            each!(&mut **tx, c => diesel::delete(rows).returning(sessions::hash).get_results(c))?
        }
    };
    for hash in &gone {
        tx.changed(Subject::Session, hash);
    }
    Ok(gone.len())
}

/// Whether a session is there; if so, it stays until this transaction is over: whoever ends it meanwhile waits, and then
/// finds what was written here.
pub fn hold(tx: &mut Tx<'_>, hash: &TokenHash) -> Result<bool, StorageError> {
    let row = sessions::table.find(hash.as_str()).select(sessions::hash);
    let found: Option<String> = match &mut **tx {
        storage::Connection::Postgres(c) => row.for_key_share().get_result(&mut **c).optional()?,
        // A writer is alone there.
        storage::Connection::Sqlite(c) => row.get_result(&mut **c).optional()?,
    };
    Ok(found.is_some())
}

/// Forgets sessions whose absolute limit has passed, and what providers said long ago. Neither is worth
/// anything long before this is called.
pub fn tidy(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let over = sessions::table.filter(sessions::absolute_until.lt(tx.now().millis()));
    let gone = each!(&mut **tx, c => diesel::delete(over).execute(c))?;
    Ok(gone + told::tidy(tx)?)
}
