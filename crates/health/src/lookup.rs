//! Reading how connections fare: one team's, or all of them, the unwell first.

use ::teams::{CallbackPath, Status};
use diesel::prelude::*;
use storage::schema::{connection_health, connections, teams};
use storage::{Connection, StorageError, each};
use vocabulary::{TeamId, Timestamp};

use crate::judgement::Judgement;
use crate::row::Row;

/// How a team's connection fares.
#[derive(Clone, Debug)]
pub struct Health {
    /// Whose connection.
    pub team_id: TeamId,
    /// The path of its redirect URI.
    pub callback_path: String,
    /// Whether it stands among the unwell: as it was judged when it was last written down.
    part: Part,
    pub(crate) row: Row,
}

/// Where a page of [`worst_first`] ends. As text `unwell.acme` or `rest.acme`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    part: Part,
    team_id: TeamId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Unwell,
    Rest,
}

impl Place {
    /// Reads a place as [`Display`](std::fmt::Display) writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (part, team_id) = text.split_once('.')?;
        let part = match part {
            "unwell" => Part::Unwell,
            "rest" => Part::Rest,
            _ => return None,
        };
        Some(Self { part, team_id: TeamId::parse(team_id).ok()? })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = match self.part {
            Part::Unwell => "unwell",
            Part::Rest => "rest",
        };
        write!(f, "{part}.{}", self.team_id)
    }
}

impl Health {
    /// Where it stands in [`worst_first`].
    #[must_use]
    pub fn place(&self) -> Place {
        Place { part: self.part, team_id: self.team_id.clone() }
    }

    /// How it fares at this moment.
    #[must_use]
    pub fn judgement(&self, now: Timestamp) -> Judgement {
        Judgement::of(&self.row, now)
    }
}

/// Team, version of its settings, path of its redirect URI, what is known.
type Found = (String, i64, Option<String>, Option<Row>);

/// The health of a team's live connection; none when there is no such team.
pub fn of(connection: &mut Connection, team_id: &TeamId) -> Result<Option<Health>, StorageError> {
    let query = teams::table
        .inner_join(connections::table)
        .left_join(connection_health::table.on(connection_health::connection_id.eq(connections::id)))
        .filter(teams::team_id.eq(team_id.as_str()))
        .filter(teams::status.ne(Status::Removed.as_str()))
        .filter(connections::live);
    let found: Option<Found> = each!(connection, c => query
        .select((teams::team_id, connections::version, connections::callback_path, Option::<Row>::as_select()))
        .get_result(c)
        .optional())?;
    found.map(read).transpose()
}

/// All teams, those that are not well first, each part by Team ID: those after `after`, at most `limit`.
pub fn worst_first(
    connection: &mut Connection,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Health>, StorageError> {
    let mut found = Vec::new();
    let (unwell_after, rest_after) = match after {
        None => (Some(""), ""),
        Some(Place { part: Part::Unwell, team_id }) => (Some(team_id.as_str()), ""),
        Some(Place { part: Part::Rest, team_id }) => (None, team_id.as_str()),
    };
    if let Some(after) = unwell_after {
        found = unwell(connection, after, limit)?;
    }
    let room = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(limit));
    if room > 0 {
        found.extend(rest(connection, rest_after, room)?);
    }
    found.into_iter().map(read).collect()
}

fn unwell(connection: &mut Connection, after: &str, limit: i64) -> Result<Vec<Found>, StorageError> {
    let query = connection_health::table
        .inner_join(connections::table.on(connections::id.eq(connection_health::connection_id)))
        .inner_join(teams::table.on(teams::team_id.eq(connection_health::team_id)))
        .filter(connection_health::unwell.eq(true))
        .filter(connection_health::team_id.gt(after))
        .filter(connection_health::version.eq(connections::version))
        .filter(connections::live)
        .filter(teams::status.ne(Status::Removed.as_str()))
        .order(connection_health::team_id)
        .limit(limit);
    let rows: Vec<(String, i64, Option<String>, Row)> = each!(connection, c => query
        .select((connection_health::team_id, connections::version, connections::callback_path, Row::as_select()))
        .load(c))?;
    Ok(rows.into_iter().map(|(team, version, path, row)| (team, version, path, Some(row))).collect())
}

fn rest(connection: &mut Connection, after: &str, limit: i64) -> Result<Vec<Found>, StorageError> {
    let query = teams::table
        .inner_join(connections::table)
        .left_join(connection_health::table.on(connection_health::connection_id.eq(connections::id)))
        .filter(teams::team_id.gt(after))
        .filter(teams::status.ne(Status::Removed.as_str()))
        .filter(connections::live)
        .filter(
            connection_health::connection_id
                .is_null()
                .or(connection_health::unwell.eq(false))
                .or(connection_health::version.ne(connections::version)),
        )
        .order(teams::team_id)
        .limit(limit);
    Ok(each!(connection, c => query
        .select((teams::team_id, connections::version, connections::callback_path, Option::<Row>::as_select()))
        .load(c))?)
}

fn read((team_id, version, path, row): Found) -> Result<Health, StorageError> {
    let unreadable = |_no_team_id| StorageError::Unavailable(format!("{team_id} is no Team ID"));
    let team_id = TeamId::parse(&team_id).map_err(unreadable)?;
    let row = match row {
        None => Row::default(),
        Some(row) if row.version != version => row.of_other_settings(),
        Some(row) => row,
    };
    let part = if row.unwell { Part::Unwell } else { Part::Rest };
    let callback_path = path.unwrap_or_else(|| CallbackPath::usual(&team_id).as_str().to_owned());
    Ok(Health { team_id, callback_path, part, row })
}
