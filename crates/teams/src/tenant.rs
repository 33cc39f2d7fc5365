//! A tenant as the operator sees it: a team that may have no connection yet.

use diesel::prelude::*;
use serde::Serialize;
use serde::ser::SerializeStruct;
use storage::schema::{connections, secret_lives, teams};
use storage::{StorageError, each, like_pattern, lower};
use vocabulary::{Issuer, TeamId};

use crate::connection::{Connection, ConnectionOptions, State};
use crate::rows::{self, ConnectionRow, TeamRow};
use crate::secret_life::LifeRow;
use crate::team::{Status, Team, TeamAndConnection};

/// A team with its live connection, if it has one: the customer's own admin may still be setting it up.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// The team.
    pub team: Team,
    /// Its live connection.
    pub connection: Option<Connection>,
}

impl Tenant {
    /// How far its connection has come; a team without one is a draft.
    #[must_use]
    pub fn state(&self) -> State {
        self.connection.as_ref().map_or(State::Draft, |connection| connection.state)
    }

    /// The team with its connection, when there is one.
    #[must_use]
    pub fn connected(self) -> Option<TeamAndConnection> {
        Some(TeamAndConnection { team: self.team, connection: self.connection? })
    }

    /// The options that hold at `issuer` until others are said: the present ones, or at another identity
    /// provider the usual ones, so that its predecessor's aliases and trust are not its own.
    #[must_use]
    pub fn options_at(&self, issuer: &Issuer) -> ConnectionOptions {
        let present = self.connection.as_ref().filter(|connection| connection.answers_to(issuer.as_str()));
        present.map_or_else(|| ConnectionOptions::usual(issuer), |connection| connection.options.clone())
    }

    /// Whether people can sign in: an active team with an enabled connection.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.team.status == Status::Active && self.state() == State::Enabled
    }
}

impl From<TeamAndConnection> for Tenant {
    fn from(there: TeamAndConnection) -> Self {
        Self { team: there.team, connection: Some(there.connection) }
    }
}

impl Serialize for Tenant {
    /// The team as the API shows it; without a connection `connection` is null.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let team = &self.team;
        let mut json = serializer.serialize_struct("Team", 11)?;
        json.serialize_field("team_id", &team.team_id)?;
        json.serialize_field("name", &team.name)?;
        json.serialize_field("status", &team.status)?;
        json.serialize_field("state", &self.state())?;
        json.serialize_field("sso_required", &team.sso_required)?;
        json.serialize_field("tokens", &team.tokens)?;
        json.serialize_field("tokens_reveal", &team.tokens_reveal)?;
        json.serialize_field("admin_email", &team.admin_email)?;
        json.serialize_field("admin_promoted", &team.promotion_spent_by)?;
        json.serialize_field("created_at", &team.created_at)?;
        json.serialize_field("connection", &self.connection)?;
        json.end()
    }
}

/// The team called `team_id`, whether or not it has a connection; removed ones are not found.
pub fn find(connection: &mut storage::Connection, team_id: &TeamId) -> Result<Option<Tenant>, StorageError> {
    let query = teams::table
        .left_join(connections::table.on(connections::team_id.eq(teams::team_id).and(connections::live)))
        .left_join(secret_lives::table.on(secret_lives::connection_id.eq(connections::id)))
        .filter(teams::team_id.eq(team_id.as_str()))
        .filter(teams::status.ne(Status::Removed.as_str()));
    let row: Option<(TeamRow, Option<ConnectionRow>, Option<LifeRow>)> = each!(connection, c => query
        .select((TeamRow::as_select(), Option::<ConnectionRow>::as_select(), Option::<LifeRow>::as_select()))
        .get_result(c)
        .optional())?;
    row.map(rows::tenant).transpose()
}

/// Teams by Team ID, those after `after`, at most `limit`; removed ones are left out.
pub fn list(
    connection: &mut storage::Connection,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Tenant>, StorageError> {
    search(connection, None, after, limit)
}

/// The same, only those whose Team ID, name or admin email contains `text`, capitals or not.
pub fn search(
    connection: &mut storage::Connection,
    text: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Tenant>, StorageError> {
    let pattern = like_pattern(text.unwrap_or_default());
    let query = teams::table
        .left_join(connections::table.on(connections::team_id.eq(teams::team_id).and(connections::live)))
        .left_join(secret_lives::table.on(secret_lives::connection_id.eq(connections::id)))
        .filter(teams::team_id.gt(after.unwrap_or_default().to_owned()))
        .filter(teams::status.ne(Status::Removed.as_str()))
        .filter(
            lower(teams::team_id)
                .like(lower(pattern.clone()))
                .escape('\\')
                .or(lower(teams::name).like(lower(pattern.clone())).escape('\\'))
                .or(teams::admin_email.like(lower(pattern)).escape('\\')),
        )
        .order(teams::team_id)
        .limit(limit);
    let rows: Vec<(TeamRow, Option<ConnectionRow>, Option<LifeRow>)> = each!(connection, c => query
        .select((TeamRow::as_select(), Option::<ConnectionRow>::as_select(), Option::<LifeRow>::as_select()))
        .load(c))?;
    rows.into_iter().map(rows::tenant).collect()
}
