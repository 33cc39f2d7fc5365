//! Who is in a team: everyone sees everyone.

use diesel::prelude::*;
use people::{Person, PersonRow};
use storage::schema::{memberships, people as people_table};
use storage::{Connection, StorageError, each, like_pattern, lower};
use vocabulary::{PersonId, Role, TeamId, Timestamp};

use crate::membership::{Membership, MembershipRow};
use crate::present;

/// A person with their standing.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// Who.
    pub person: Person,
    /// As what.
    pub membership: Membership,
}

/// Which people of a team are meant.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those whose name or email contains this, capitals or not.
    pub search: Option<String>,
    /// Only those of this role.
    pub role: Option<Role>,
    /// Only those whose sign-in or standing changed since.
    pub changed_since: Option<Timestamp>,
    /// Only those with an id after this one.
    pub after: Option<PersonId>,
}

/// People of a team by id, at most `limit`.
pub fn colleagues(
    connection: &mut Connection,
    team: &TeamId,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Colleague>, StorageError> {
    let pattern = filter.search.as_ref().map_or_else(|| "%".to_owned(), |text| like_pattern(text));
    let after = filter.after.as_ref().map_or("", |id| id.as_str()).to_owned();
    let roles: Vec<&str> = filter.role.map_or_else(|| vec!["member", "admin"], |role| vec![role.as_str()]);
    let since = filter.changed_since.map_or(i64::MIN, Timestamp::millis);
    let rows: Vec<(PersonRow, MembershipRow)> = each!(connection, c => people_table::table
        .inner_join(memberships::table.on(memberships::person_id.eq(people_table::id)))
        .filter(people_table::team_id.eq(team.as_str()))
        .filter(people_table::id.gt(after))
        .filter(people_table::last_sign_in.ge(since).or(memberships::changed_at.ge(since)))
        .filter(memberships::role.eq_any(roles))
        .filter(
            lower(people_table::name.assume_not_null()).like(lower(pattern.clone())).escape('\\')
                .or(lower(people_table::email.assume_not_null()).like(lower(pattern.clone())).escape('\\'))
                .or(lower(people_table::subject).like(lower(pattern)).escape('\\')),
        )
        .order(people_table::id)
        .limit(limit)
        .select((PersonRow::as_select(), MembershipRow::as_select()))
        .load(c))?;
    rows.into_iter().map(colleague_of).collect()
}

/// One person of a team with their standing.
pub fn colleague(
    connection: &mut Connection,
    team: &TeamId,
    id: &PersonId,
) -> Result<Option<Colleague>, StorageError> {
    let query = people_table::table
        .inner_join(memberships::table.on(memberships::person_id.eq(people_table::id)))
        .filter(people_table::team_id.eq(team.as_str()))
        .filter(people_table::id.eq(id.as_str()));
    let row: Option<(PersonRow, MembershipRow)> = each!(connection, c => query
        .select((PersonRow::as_select(), MembershipRow::as_select()))
        .first(c)
        .optional())?;
    row.map(colleague_of).transpose()
}

/// How many people a team has, and how many of them are active admins who can still come in.
pub fn count(connection: &mut Connection, team: &TeamId) -> Result<(i64, usize), StorageError> {
    let all = memberships::table.filter(memberships::team_id.eq(team.as_str()));
    let people = each!(connection, c => all.count().get_result(c))?;
    Ok((people, present::admins(connection, team)?.len()))
}

/// The names of people who are still here, by id; whoever was erased is missing.
pub fn names(
    connection: &mut Connection,
    team: &TeamId,
    ids: &[PersonId],
) -> Result<std::collections::HashMap<PersonId, String>, StorageError> {
    let ids: Vec<&str> = ids.iter().map(PersonId::as_str).collect();
    let query = people_table::table
        .filter(people_table::team_id.eq(team.as_str()))
        .filter(people_table::id.eq_any(ids));
    let rows: Vec<PersonRow> = each!(connection, c => query.select(PersonRow::as_select()).load(c))?;
    rows.into_iter()
        .map(|row| Person::try_from(row).map(|person| (person.id.clone(), person.shown_name().to_owned())))
        .collect()
}

fn colleague_of((person, membership): (PersonRow, MembershipRow)) -> Result<Colleague, StorageError> {
    Ok(Colleague { person: person.try_into()?, membership: membership.try_into()? })
}
