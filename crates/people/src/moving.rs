//! A team's new identity provider. Whoever comes from there for the first time with a trusted email that one person had,
//! trusted too, at a provider of the last 30 days, is that person. Who they were there is kept, so that they are
//! themselves again where the team goes back.

use diesel::prelude::*;
use storage::schema::{former_subjects, people};
use storage::{Connection, StorageError, Tx, each};
use teams::versions;
use vocabulary::{ConnectionId, Email, PersonId, Subject, TeamId};

use crate::{EmailStanding, Profile, lower};

/// Who of a connection's people an email names by which they are moved: the only one who has it, trusted. Where several
/// had it, nobody: an email never tells two people apart.
pub fn named(
    connection: &mut Connection,
    team: &TeamId,
    at: &ConnectionId,
    email: &Email,
) -> Result<Option<PersonId>, StorageError> {
    Ok(only(&with_email_at(connection, team, at, email)?))
}

/// Two at most of a connection's people who have an email: their ids, and whether it was trusted.
fn with_email_at(
    connection: &mut Connection,
    team: &TeamId,
    at: &ConnectionId,
    email: &Email,
) -> Result<Vec<(String, bool)>, StorageError> {
    let same = people::table
        .filter(people::team_id.eq(team.as_str()))
        .filter(people::connection_id.eq(at.as_str()))
        .filter(lower(people::email).eq(lower(email.as_str())))
        .select((people::id, people::email_trusted))
        .limit(2);
    Ok(each!(connection, c => same.load(c))?)
}

fn only(found: &[(String, bool)]) -> Option<PersonId> {
    match found {
        [(id, true)] => PersonId::parse(id),
        _ => None,
    }
}

/// Who it was that had this subject at a connection before the team moved on.
pub fn formerly(
    connection: &mut Connection,
    at: &ConnectionId,
    subject: &Subject,
) -> Result<Option<PersonId>, StorageError> {
    let query =
        former_subjects::table.find((at.as_str(), subject.as_str())).select(former_subjects::person_id);
    let found: Option<String> = each!(connection, c => query.get_result(c).optional())?;
    Ok(found.as_deref().and_then(PersonId::parse))
}

/// Whether somebody can come in through a connection: it is theirs, or was before the team moved on.
pub fn is_known_at(
    connection: &mut Connection,
    person: &PersonId,
    at: &ConnectionId,
) -> Result<bool, StorageError> {
    let now = people::table.find(person.as_str()).filter(people::connection_id.eq(at.as_str())).count();
    let before = former_subjects::table
        .filter(former_subjects::person_id.eq(person.as_str()))
        .filter(former_subjects::connection_id.eq(at.as_str()))
        .count();
    let (now, before): (i64, i64) =
        (each!(connection, c => now.get_result(c))?, each!(connection, c => before.get_result(c))?);
    Ok(now + before > 0)
}

/// Moves whoever this is to the connection they come through now, and gives their id; none for somebody new.
pub(crate) fn move_in(
    tx: &mut Tx<'_>,
    team: &TeamId,
    connection: &ConnectionId,
    profile: &Profile,
) -> Result<Option<String>, StorageError> {
    let person = match formerly(tx, connection, &profile.subject)? {
        Some(person) => Some(person),
        None => by_email(tx, team, connection, profile)?,
    };
    let Some(person) = person else { return Ok(None) };
    let here = people::table.find(person.as_str()).filter(people::team_id.eq(team.as_str()));
    let was: Option<(String, String)> = each!(&mut **tx, c => here
        .select((people::connection_id, people::subject))
        .get_result(c)
        .optional())?;
    let Some((old_connection, old_subject)) = was else { return Ok(None) };
    let former = (
        former_subjects::connection_id.eq(&old_connection),
        former_subjects::subject.eq(&old_subject),
        former_subjects::person_id.eq(person.as_str()),
    );
    each!(&mut **tx, c => diesel::insert_into(former_subjects::table)
        .values(former)
        .on_conflict_do_nothing()
        .execute(c))?;
    let returned = former_subjects::table.find((connection.as_str(), profile.subject.as_str()));
    each!(&mut **tx, c => diesel::delete(returned).execute(c))?;
    let now = (people::connection_id.eq(connection.as_str()), people::subject.eq(profile.subject.as_str()));
    let mine = people::table.find(person.as_str()).filter(people::connection_id.eq(&old_connection));
    let moved = each!(&mut **tx, c => diesel::update(mine).set(now).execute(c))?;
    Ok((moved == 1).then(|| person.as_str().to_owned()))
}

/// The person whom a trusted email names at the latest of the providers before where anybody has it.
fn by_email(
    tx: &mut Tx<'_>,
    team: &TeamId,
    connection: &ConnectionId,
    profile: &Profile,
) -> Result<Option<PersonId>, StorageError> {
    let (Some(email), EmailStanding::Trusted) = (&profile.email, profile.standing) else {
        return Ok(None);
    };
    for before in versions::predecessors(tx, connection)? {
        let found = with_email_at(tx, team, &before, email)?;
        if !found.is_empty() {
            return Ok(only(&found));
        }
    }
    Ok(None)
}

/// Forgets who people of a team were; the last step before they are forgotten themselves.
pub(crate) fn forget(tx: &mut Tx<'_>, person: &PersonId) -> Result<(), StorageError> {
    let rows = former_subjects::table.filter(former_subjects::person_id.eq(person.as_str()));
    each!(&mut **tx, c => diesel::delete(rows).execute(c))?;
    Ok(())
}

/// The same for all of a team's people.
pub(crate) fn forget_team(tx: &mut Tx<'_>, team: &TeamId) -> Result<(), StorageError> {
    let ids = people::table.filter(people::team_id.eq(team.as_str())).select(people::id);
    let rows = former_subjects::table.filter(former_subjects::person_id.eq_any(ids));
    each!(&mut **tx, c => diesel::delete(rows).execute(c))?;
    Ok(())
}
