//! What an identity provider says has ended: sessions end by its word, and a sign-in that was under way when
//! the word came opens none.

use std::time::Duration;

use diesel::prelude::*;
use storage::schema::{ended_at_idp, sessions};
use storage::{Connection, StorageError, Subject as Changed, Tx, each};
use vocabulary::{ConnectionId, Email, PersonId, Subject, Timestamp};

use crate::open::NewSession;

/// How long a word is kept. A sign-in takes an hour at most; the rest is for clocks that differ.
const KEPT: Duration = Duration::from_hours(2);

/// Whose sessions have ended there (OpenID Connect Back-Channel Logout 1.0 §2.4).
#[derive(Clone, Copy, Debug)]
pub enum EndedAtIdp<'a> {
    /// The session of this `sid`.
    Session(&'a str),
    /// All sessions of this `sub`.
    Subject(&'a Subject),
    /// The session of this `sid`, which is one of this `sub`.
    SessionOf(&'a str, &'a Subject),
    /// What anybody with this email is about to open: whose sessions they are is not known yet.
    SignInsOf(&'a Email),
}

/// The words by which the rows are found again.
const SID: &str = "sid";
const SUB: &str = "sub";
const EMAIL: &str = "email";
/// Somebody's sessions whose `sid` there is not known.
const SUB_WITHOUT_SID: &str = "sub_without_sid";

/// Ends what has ended at the connection's identity provider, keeps its word for sign-ins under way, and says
/// whose sessions ended, one entry for each. A session whose `sid` we never learnt ends with any of its person's.
pub fn end_at_idp(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    which: EndedAtIdp<'_>,
) -> Result<Vec<PersonId>, StorageError> {
    teams::hold_alone(tx, connection)?;
    match which {
        EndedAtIdp::Session(sid) => {
            keep(tx, connection, SID, sid)?;
            end_session(tx, connection, sid)
        }
        EndedAtIdp::Subject(subject) => {
            keep(tx, connection, SUB, subject.as_str())?;
            end_of_subject(tx, connection, subject, WhoseSid::Any)
        }
        EndedAtIdp::SessionOf(sid, subject) => {
            keep(tx, connection, SID, sid)?;
            keep(tx, connection, SUB_WITHOUT_SID, subject.as_str())?;
            let mut ended = end_session(tx, connection, sid)?;
            ended.extend(end_of_subject(tx, connection, subject, WhoseSid::Unknown)?);
            Ok(ended)
        }
        EndedAtIdp::SignInsOf(email) => {
            keep(tx, connection, EMAIL, &email.key())?;
            Ok(Vec::new())
        }
    }
}

fn keep(tx: &mut Tx<'_>, connection: &ConnectionId, what: &str, value: &str) -> Result<(), StorageError> {
    let told_at = ended_at_idp::told_at.eq(tx.now().millis());
    let key = (
        ended_at_idp::connection_id.eq(connection.as_str()),
        ended_at_idp::what.eq(what),
        ended_at_idp::value.eq(value),
    );
    each!(&mut **tx, c => diesel::insert_into(ended_at_idp::table)
        .values((key, told_at))
        .on_conflict((ended_at_idp::connection_id, ended_at_idp::what, ended_at_idp::value))
        .do_update()
        .set(told_at)
        .execute(c))?;
    Ok(())
}

/// The hash of a session that ended, and whose it was.
type Gone = (String, String);

fn end_session(tx: &mut Tx<'_>, connection: &ConnectionId, sid: &str) -> Result<Vec<PersonId>, StorageError> {
    let rows = sessions::table
        .filter(sessions::connection_id.eq(connection.as_str()))
        .filter(sessions::idp_sid.eq(sid));
    let gone = (sessions::hash, sessions::person_id);
    let gone: Vec<Gone> = each!(&mut **tx, c => diesel::delete(rows).returning(gone).get_results(c))?;
    Ok(announce(tx, &gone))
}

#[derive(Clone, Copy)]
enum WhoseSid {
    Any,
    Unknown,
}

fn end_of_subject(
    tx: &mut Tx<'_>,
    connection: &ConnectionId,
    subject: &Subject,
    whose: WhoseSid,
) -> Result<Vec<PersonId>, StorageError> {
    let Some(person) = people::by_subject(tx, connection, subject)? else {
        return Ok(Vec::new());
    };
    let rows = sessions::table.filter(sessions::person_id.eq(person.id.as_str()));
    let gone = (sessions::hash, sessions::person_id);
    let gone: Vec<Gone> = match whose {
        WhoseSid::Any => each!(&mut **tx, c => diesel::delete(rows).returning(gone).get_results(c)),
        WhoseSid::Unknown => each!(&mut **tx, c => diesel::delete(rows)
            .filter(sessions::idp_sid.is_null())
            .returning(gone)
            .get_results(c)),
    }?;
    Ok(announce(tx, &gone))
}

fn announce(tx: &mut Tx<'_>, gone: &[Gone]) -> Vec<PersonId> {
    for (hash, _) in gone {
        tx.changed(Changed::Session, hash);
    }
    gone.iter().filter_map(|(_, person)| PersonId::parse(person)).collect()
}

/// Whether a sign-in that began at `begun` was ended by its provider before it was through. A `sid` that ended
/// is over for good; all of somebody's sessions ended as of the moment we were told.
pub(crate) fn ended_meanwhile(
    connection: &mut Connection,
    new: &NewSession<'_>,
) -> Result<bool, StorageError> {
    let mut since_begun = |what, value: &str| {
        let told = told_at(connection, new.connection, what, value)?;
        Ok::<_, StorageError>(told.is_some_and(|told| told >= new.begun))
    };
    if since_begun(SUB, new.subject.as_str())? {
        return Ok(true);
    }
    if let Some(email) = new.email
        && since_begun(EMAIL, &email.key())?
    {
        return Ok(true);
    }
    match new.idp_sid {
        Some(sid) => Ok(told_at(connection, new.connection, SID, sid)?.is_some()),
        None => since_begun(SUB_WITHOUT_SID, new.subject.as_str()),
    }
}

fn told_at(
    connection: &mut Connection,
    of: &ConnectionId,
    what: &str,
    value: &str,
) -> Result<Option<Timestamp>, StorageError> {
    let row = ended_at_idp::table.find((of.as_str(), what, value)).select(ended_at_idp::told_at);
    let told: Option<i64> = each!(connection, c => row.get_result(c).optional())?;
    Ok(told.map(Timestamp::from_millis))
}

/// Forgets words that no sign-in under way can still contradict.
pub(crate) fn tidy(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let old = ended_at_idp::table.filter(ended_at_idp::told_at.lt(tx.now().minus(KEPT).millis()));
    Ok(each!(&mut **tx, c => diesel::delete(old).execute(c))?)
}
