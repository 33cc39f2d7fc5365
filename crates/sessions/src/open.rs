//! Opening a session at the end of a sign-in.

use std::time::Duration;

use diesel::prelude::*;
use sealing::{KeyRing, Label, OpaqueToken, Purpose, TokenPrefix};
use storage::schema::sessions;
use storage::{StorageError, Subject, Tx, each};
use vocabulary::{Chance, ConnectionId, Email, PersonId, Subject as IdpSubject, TeamId, Timestamp};

use crate::told;

/// A session about to be opened.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// The one team it is good for.
    pub team: &'a TeamId,
    /// Whose it is.
    pub person: &'a PersonId,
    /// Through which connection they came.
    pub connection: &'a ConnectionId,
    /// The identity provider's own name for the session there (`sid`).
    pub idp_sid: Option<&'a str>,
    /// The ID token, kept sealed as the hint for signing out there.
    pub id_token: &'a str,
    /// Who they are there (`sub`).
    pub subject: &'a IdpSubject,
    /// Their email there, whether believed or not.
    pub email: Option<&'a Email>,
    /// When they signed in there (`auth_time`), if it was told.
    pub auth_time: Option<Timestamp>,
    /// When the sign-in began: what the provider ended since then is not opened.
    pub begun: Timestamp,
    /// How long it lasts at most.
    pub absolute: Duration,
    /// When it ends at the latest, by the identity provider's word or the age of the sign-in there.
    pub ends_by: Option<Timestamp>,
}

/// Why no session was opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The identity provider has ended it already.
    #[error("the identity provider ended the session before it was opened here")]
    EndedMeanwhile,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// How many sessions somebody may have at once; with one more the oldest ends.
const PER_PERSON: i64 = 50;

/// Opens a session and returns its token, which is nowhere else.
pub fn open(
    tx: &mut Tx<'_>,
    keys: &KeyRing,
    chance: &dyn Chance,
    new: &NewSession<'_>,
) -> Result<OpaqueToken, OpenError> {
    let longest = tx.now().plus(new.absolute);
    let until = new.ends_by.map_or(longest, |ends_by| ends_by.min(longest));
    let over = until <= tx.now();
    if over || told::ended_meanwhile(tx, new)? {
        return Err(OpenError::EndedMeanwhile);
    }
    let token = OpaqueToken::mint(TokenPrefix::Session, chance);
    let hash = token.hash();
    let label = Label { purpose: Purpose::IdToken, context: hash.as_str() };
    let row = (
        sessions::hash.eq(hash.as_str()),
        sessions::team_id.eq(new.team.as_str()),
        sessions::person_id.eq(new.person.as_str()),
        sessions::connection_id.eq(new.connection.as_str()),
        sessions::idp_sid.eq(new.idp_sid),
        sessions::id_token.eq(keys.seal(chance, &label, new.id_token.as_bytes())),
        sessions::opened_at.eq(tx.now().millis()),
        sessions::seen_at.eq(tx.now().millis()),
        sessions::absolute_until.eq(until.millis()),
        sessions::auth_time.eq(new.auth_time.map(Timestamp::millis)),
    );
    each!(&mut **tx, c => diesel::insert_into(sessions::table).values(row).execute(c))
        .map_err(StorageError::from)?;
    end_surplus(tx, new.person, hash.as_str())?;
    Ok(token)
}

/// Ends the oldest sessions beyond the bound, never the one that is being opened.
fn end_surplus(tx: &mut Tx<'_>, person: &PersonId, opening: &str) -> Result<(), StorageError> {
    let theirs = sessions::table.filter(sessions::person_id.eq(person.as_str()));
    // Counted first: SQLite plans a statement with a bound LIMIT anew at every call.
    let count: i64 = each!(&mut **tx, c => theirs.count().get_result(c))?;
    if count <= PER_PERSON {
        return Ok(());
    }
    let surplus = theirs
        .filter(sessions::hash.ne(opening))
        .order(sessions::opened_at.desc())
        .offset(PER_PERSON - 1)
        .limit(i64::MAX)
        .select(sessions::hash);
    let surplus: Vec<String> = each!(&mut **tx, c => surplus.load(c))?;
    for hash in &surplus {
        each!(&mut **tx, c => diesel::delete(sessions::table.find(hash)).execute(c))?;
        tx.changed(Subject::Session, hash);
    }
    Ok(())
}
