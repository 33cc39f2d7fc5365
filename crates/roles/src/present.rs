//! Who can act for a team: the one reading of it that letters, the page and the last-admin rule share.

use diesel::prelude::*;
use storage::schema::{connections, memberships, people};
use storage::{Connection, StorageError, each};
use vocabulary::{Email, PersonId, Role, TeamId, Timestamp};

/// A team's active admins who can still come in: those of its live connection.
pub fn present_admins(connection: &mut Connection, team: &TeamId) -> Result<Vec<PersonId>, StorageError> {
    Ok(admins(connection, team)?.into_iter().map(|(id, _)| id).collect())
}

/// Whether an active admin came in through the team's live connection since then.
pub fn has_admin_since(
    connection: &mut Connection,
    team: &TeamId,
    since: Timestamp,
) -> Result<bool, StorageError> {
    let query = memberships::table
        .inner_join(people::table.on(people::id.eq(memberships::person_id)))
        .inner_join(connections::table.on(connections::id.eq(people::connection_id)))
        .filter(connections::live)
        .filter(memberships::team_id.eq(team.as_str()))
        .filter(memberships::role.eq(Role::Admin.as_str()))
        .filter(memberships::active)
        .filter(people::last_sign_in.ge(since.millis()))
        .count();
    let found: i64 = each!(connection, c => query.get_result(c))?;
    Ok(found > 0)
}

/// A team's active admins who can still come in, with their emails: those of its live connection.
pub(crate) fn admins(
    connection: &mut Connection,
    team: &TeamId,
) -> Result<Vec<(PersonId, Option<Email>)>, StorageError> {
    let query = memberships::table
        .inner_join(people::table.on(people::id.eq(memberships::person_id)))
        .inner_join(connections::table.on(connections::id.eq(people::connection_id)))
        .filter(connections::live)
        .filter(memberships::team_id.eq(team.as_str()))
        .filter(memberships::role.eq(Role::Admin.as_str()))
        .filter(memberships::active)
        .select((people::id, people::email));
    let rows: Vec<(String, Option<String>)> = each!(connection, c => query.load(c))?;
    let unreadable = || StorageError::Unavailable("a row of people cannot be read".to_owned());
    rows.into_iter()
        .map(|(id, email)| {
            let email = email.and_then(|text| Email::parse(&text).ok());
            Ok((PersonId::parse(&id).ok_or_else(unreadable)?, email))
        })
        .collect()
}
