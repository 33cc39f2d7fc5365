//! A session as it is kept.

use diesel::prelude::*;
use sealing::{KeyRing, Label, Purpose, TokenHash};
use storage::schema::sessions;
use storage::{Connection, StorageError, each};
use vocabulary::{PersonId, TeamId, Timestamp};

/// Somebody's open session in one browser.
#[derive(Clone, Debug)]
pub struct Session {
    /// The hash of its token.
    pub hash: TokenHash,
    /// The one team it is good for.
    pub team_id: TeamId,
    /// Whose it is.
    pub person_id: PersonId,
    /// Through which connection it was opened.
    pub connection_id: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was last used, to within a minute.
    pub seen_at: Timestamp,
    /// When it ends however much it is used.
    pub absolute_until: Timestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct Row {
    team_id: String,
    person_id: String,
    connection_id: String,
    opened_at: i64,
    seen_at: i64,
    absolute_until: i64,
}

/// The session with this hash.
pub(crate) fn find(connection: &mut Connection, hash: &TokenHash) -> Result<Option<Session>, StorageError> {
    let query = sessions::table.find(hash.as_str());
    let row: Option<Row> = each!(connection, c => query.select(Row::as_select()).get_result(c).optional())?;
    Ok(row.and_then(|row| {
        Some(Session {
            hash: hash.clone(),
            team_id: TeamId::parse(&row.team_id).ok()?,
            person_id: PersonId::parse(&row.person_id)?,
            connection_id: row.connection_id,
            opened_at: Timestamp::from_millis(row.opened_at),
            seen_at: Timestamp::from_millis(row.seen_at),
            absolute_until: Timestamp::from_millis(row.absolute_until),
        })
    }))
}

/// The ID token by which the session was opened, for `id_token_hint`; none when it was not kept or the key ring
/// cannot open it.
pub fn id_token(
    connection: &mut Connection,
    keys: &KeyRing,
    hash: &TokenHash,
) -> Result<Option<String>, StorageError> {
    let query = sessions::table.find(hash.as_str()).select(sessions::id_token);
    let sealed: Option<Option<String>> = each!(connection, c => query.get_result(c).optional())?;
    let label = Label { purpose: Purpose::IdToken, context: hash.as_str() };
    let plain = sealed.flatten().and_then(|sealed| keys.open(&label, &sealed).ok());
    Ok(plain.and_then(|plain| String::from_utf8(plain.to_vec()).ok()))
}
