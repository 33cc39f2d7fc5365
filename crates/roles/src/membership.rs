//! What somebody may do, as the database says.

use diesel::prelude::*;
use storage::schema::memberships;
use storage::{Connection, StorageError, Tx, each};
use vocabulary::{PersonId, Role, TeamId, Version};

/// Somebody's standing in their team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Whether their access is on.
    pub active: bool,
    /// How often this was changed.
    pub version: Version,
}

/// The row of `memberships`, for queries that join it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = memberships)]
pub(crate) struct MembershipRow {
    person_id: String,
    role: String,
    active: bool,
    version: i64,
}

impl TryFrom<MembershipRow> for Membership {
    type Error = StorageError;
    fn try_from(row: MembershipRow) -> Result<Self, StorageError> {
        let unreadable = || StorageError::Unavailable("a row of memberships cannot be read".to_owned());
        Ok(Self {
            person: PersonId::parse(&row.person_id).ok_or_else(unreadable)?,
            role: Role::parse(&row.role).ok_or_else(unreadable)?,
            active: row.active,
            version: Version(row.version),
        })
    }
}

/// Somebody's standing in this team; people of other teams have none.
pub fn find(
    connection: &mut Connection,
    team: &TeamId,
    person: &PersonId,
) -> Result<Option<Membership>, StorageError> {
    let query = memberships::table.find(person.as_str()).filter(memberships::team_id.eq(team.as_str()));
    let row: Option<MembershipRow> =
        each!(connection, c => query.select(MembershipRow::as_select()).get_result(c).optional())?;
    row.map(TryInto::try_into).transpose()
}

/// Forgets all memberships of a team that is being removed.
pub fn erase_team(tx: &mut Tx<'_>, team: &TeamId) -> Result<usize, StorageError> {
    let all = memberships::table.filter(memberships::team_id.eq(team.as_str()));
    Ok(each!(&mut **tx, c => diesel::delete(all).execute(c))?)
}
