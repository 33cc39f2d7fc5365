//! Opening a session at the end of a sign-in.

use std::time::Duration;

use diesel::prelude::*;
use sealing::{KeyRing, Label, OpaqueToken, Purpose, TokenPrefix};
use storage::schema::sessions;
use storage::{StorageError, Subject, Tx, each};
use vocabulary::{Chance, ConnectionId, PersonId, TeamId};

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
    /// How long it lasts at most.
    pub absolute: Duration,
}

/// How many sessions somebody may have at once; with one more the oldest ends.
const PER_PERSON: i64 = 50;

/// Opens a session and returns its token, which is nowhere else.
pub fn open(
    tx: &mut Tx<'_>,
    keys: &KeyRing,
    chance: &dyn Chance,
    new: &NewSession<'_>,
) -> Result<OpaqueToken, StorageError> {
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
        sessions::absolute_until.eq(tx.now().plus(new.absolute).millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(sessions::table).values(row).execute(c))?;
    end_surplus(tx, new.person)?;
    Ok(token)
}

fn end_surplus(tx: &mut Tx<'_>, person: &PersonId) -> Result<(), StorageError> {
    let theirs = sessions::table.filter(sessions::person_id.eq(person.as_str()));
    // Counted first: SQLite plans a statement with a bound LIMIT anew at every call.
    let count: i64 = each!(&mut **tx, c => theirs.count().get_result(c))?;
    if count <= PER_PERSON {
        return Ok(());
    }
    let surplus =
        theirs.order(sessions::opened_at.desc()).offset(PER_PERSON).limit(i64::MAX).select(sessions::hash);
    let surplus: Vec<String> = each!(&mut **tx, c => surplus.load(c))?;
    for hash in &surplus {
        each!(&mut **tx, c => diesel::delete(sessions::table.find(hash)).execute(c))?;
        tx.changed(Subject::Session, hash);
    }
    Ok(())
}
