//! For whom break-glass can be: the active admins of a team, at whatever provider they signed in last. That the present
//! one knows nobody is a case it is for.

use std::fmt;

use people::Person;
use roles::{Colleague, Filter};
use storage::{Connection, StorageError};
use vocabulary::{Email, PersonId, Role, TeamId};

use super::GlassError;

/// How many admins a refusal names.
const NAMED: usize = 10;

/// A team's active admins, as a sentence for the operator.
#[derive(Clone, Debug)]
pub struct AdminNames(Vec<String>);

impl fmt::Display for AdminNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(all) = self;
        if all.is_empty() {
            return f.write_str("At present it has none: give the role to somebody first.");
        }
        let first: Vec<&str> = all.iter().take(NAMED).map(String::as_str).collect();
        let more = if all.len() > NAMED { ", …" } else { "" };
        write!(f, "At present these are: {}{more}.", first.join(", "))
    }
}

/// The active admin whom an operator names by id, or by an email that no other active admin has.
pub fn admin_named(connection: &mut Connection, team: &TeamId, said: &str) -> Result<PersonId, GlassError> {
    if teams::find(connection, team)?.is_none() {
        return Err(GlassError::Unknown(team.clone()));
    }
    if let Some(id) = PersonId::parse(said) {
        return Ok(id);
    }
    let email = Email::parse(said).ok();
    let all = all(connection, team)?;
    let found: Vec<&Colleague> =
        all.iter().filter(|admin| email.is_some() && admin.person.email == email).collect();
    match found.as_slice() {
        [one] => Ok(one.person.id.clone()),
        [] => Err(GlassError::NotAdmin(team.clone(), names(&all))),
        several => Err(GlassError::SeveralAdmins(team.clone(), names(several.iter().copied()))),
    }
}

/// Somebody who is an active admin of the team.
pub(super) fn active(
    connection: &mut Connection,
    team: &TeamId,
    person: &PersonId,
) -> Result<Option<Person>, StorageError> {
    let found = roles::colleague(connection, team, person)?.filter(is_active);
    Ok(found.map(|admin| admin.person))
}

/// Who the active admins are.
pub(super) fn all_named(connection: &mut Connection, team: &TeamId) -> Result<AdminNames, StorageError> {
    Ok(names(&all(connection, team)?))
}

fn all(connection: &mut Connection, team: &TeamId) -> Result<Vec<Colleague>, StorageError> {
    let filter = Filter { role: Some(Role::Admin), ..Filter::default() };
    let admins = roles::colleagues(connection, team, &filter, 1000)?;
    Ok(admins.into_iter().filter(is_active).collect())
}

fn is_active(colleague: &Colleague) -> bool {
    colleague.membership.active && colleague.membership.role == Role::Admin
}

fn names<'a>(admins: impl IntoIterator<Item = &'a Colleague>) -> AdminNames {
    let name = |admin: &Colleague| {
        let email = admin.person.email.as_ref().map_or("no email", Email::as_str);
        format!("{} ({email}, {})", admin.person.shown_name(), admin.person.id)
    };
    AdminNames(admins.into_iter().map(name).collect())
}
