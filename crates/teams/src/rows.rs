//! From rows to words: a row that cannot be read is the database's trouble, never a guess.

use diesel::prelude::*;
use storage::StorageError;
use storage::schema::{connections, teams};
use vocabulary::{ClientId, ConnectionId, Email, Issuer, PersonId, TeamId, Timestamp, Version};

use crate::callback_path::CallbackPath;
use crate::connection::{Connection, State};
use crate::secret_life::{LifeRow, SecretLife};
use crate::team::{Status, Team, TeamAndConnection};
use crate::tenant::Tenant;
use crate::token_choice::TokenOwners;

#[derive(Queryable, Selectable)]
#[diesel(table_name = teams)]
pub(crate) struct TeamRow {
    team_id: String,
    name: String,
    status: String,
    admin_email: String,
    promotion_spent_by: Option<String>,
    sso_required: bool,
    tokens: String,
    tokens_reveal: bool,
    created_at: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = connections)]
pub(crate) struct ConnectionRow {
    id: String,
    team_id: String,
    version: i64,
    state: String,
    issuer: String,
    client_id: String,
    client_secret: Option<String>,
    client_secret_set_at: Option<i64>,
    options: String,
    callback_path: Option<String>,
    logout_tested: bool,
    client_secret_set_by: Option<String>,
}

/// A team's row, its live connection's, and that of the secret's life.
pub(crate) type Rows = (TeamRow, ConnectionRow, Option<LifeRow>);

pub(crate) fn words((team, connection, life): Rows) -> Result<TeamAndConnection, StorageError> {
    let team_id = team.team_id.clone();
    let unreadable = || StorageError::Unavailable(format!("the rows of team {team_id} cannot be read"));
    let team = self::team(team).ok_or_else(unreadable)?;
    let secret_life = life.map(SecretLife::from).unwrap_or_default();
    let connection = self::connection(connection, secret_life).ok_or_else(unreadable)?;
    Ok(TeamAndConnection { team, connection })
}

/// The same for a team that may have no connection.
pub(crate) fn tenant(
    (team, connection, life): (TeamRow, Option<ConnectionRow>, Option<LifeRow>),
) -> Result<Tenant, StorageError> {
    if let Some(connection) = connection {
        return words((team, connection, life)).map(Tenant::from);
    }
    let unreadable = StorageError::Unavailable(format!("the row of team {} cannot be read", team.team_id));
    let team = self::team(team).ok_or(unreadable)?;
    Ok(Tenant { team, connection: None })
}

fn team(row: TeamRow) -> Option<Team> {
    Some(Team {
        team_id: TeamId::parse(&row.team_id).ok()?,
        name: row.name,
        status: Status::parse(&row.status)?,
        admin_email: Email::parse(&row.admin_email).ok()?,
        promotion_spent_by: row.promotion_spent_by.as_deref().and_then(PersonId::parse),
        sso_required: row.sso_required,
        tokens: TokenOwners::parse(&row.tokens)?,
        tokens_reveal: row.tokens_reveal,
        created_at: Timestamp::from_millis(row.created_at),
    })
}

fn connection(row: ConnectionRow, secret_life: SecretLife) -> Option<Connection> {
    let team_id = TeamId::parse(&row.team_id).ok()?;
    Some(Connection {
        id: ConnectionId::parse(&row.id)?,
        version: Version(row.version),
        state: State::parse(&row.state)?,
        issuer: Issuer::parse(&row.issuer).ok()?,
        client_id: ClientId::parse(&row.client_id).ok()?,
        sealed_secret: row.client_secret,
        client_secret_set_at: row.client_secret_set_at.map(Timestamp::from_millis),
        client_secret_set_by: row.client_secret_set_by,
        secret_life,
        options: serde_json::from_str(&row.options).ok()?,
        callback_path: row
            .callback_path
            .map_or_else(|| CallbackPath::usual(&team_id), CallbackPath::from_row),
        logout_tested: row.logout_tested,
    })
}
