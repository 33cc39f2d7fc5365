//! The rows of `connection_versions`.

use diesel::prelude::*;
use storage::schema::connection_versions;
use storage::{Connection as Database, StorageError, Tx, each};
use vocabulary::{ClientId, ConnectionId, Issuer, TeamId, Timestamp, Version};

use super::SettingsVersion;
use crate::settings::{KeptSecret, options_json};

/// Which of a team's versions a row is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Being worked on.
    Pending,
    /// Live until another took its place.
    Previous,
}

impl Kind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Previous => "previous",
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = connection_versions)]
struct Row {
    connection_id: String,
    version: i64,
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_secret_set_at: Option<i64>,
    client_secret_set_by: Option<String>,
    options: Option<String>,
    tested_at: Option<i64>,
}

pub(super) fn find(
    database: &mut Database,
    team_id: &TeamId,
    kind: Kind,
) -> Result<Option<SettingsVersion>, StorageError> {
    let query = connection_versions::table.find((team_id.as_str(), kind.as_str()));
    let row: Option<Row> = each!(database, c => query.select(Row::as_select()).get_result(c).optional())?;
    let unreadable = || StorageError::Unavailable(format!("a version of team {team_id} cannot be read"));
    row.map(|row| words(row).ok_or_else(unreadable)).transpose()
}

fn words(row: Row) -> Option<SettingsVersion> {
    Some(SettingsVersion {
        id: ConnectionId::parse(&row.connection_id)?,
        version: Version(row.version),
        issuer: read(row.issuer.as_deref(), |text| Issuer::parse(text).ok())?,
        client_id: read(row.client_id.as_deref(), |text| ClientId::parse(text).ok())?,
        secret: KeptSecret {
            sealed: row.client_secret,
            set_at: row.client_secret_set_at.map(Timestamp::from_millis),
            set_by: row.client_secret_set_by,
        },
        options: read(row.options.as_deref(), |text| serde_json::from_str(text).ok())?,
        tested_at: row.tested_at.map(Timestamp::from_millis),
        is_live: false,
    })
}

/// What stands there must be readable; nothing may stand there.
#[expect(clippy::option_option, reason = "unreadable, nothing, and something are three")]
fn read<T>(text: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    match text {
        None => Some(None),
        Some(text) => parse(text).map(Some),
    }
}

/// Puts a version in the place of the one before it.
pub(super) fn put(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    kind: Kind,
    version: &SettingsVersion,
) -> Result<(), StorageError> {
    forget(tx, team_id, kind)?;
    let row = (
        connection_versions::team_id.eq(team_id.as_str()),
        connection_versions::kind.eq(kind.as_str()),
        connection_versions::connection_id.eq(version.id.as_str()),
        connection_versions::version.eq(version.version.0),
        connection_versions::issuer.eq(version.issuer.as_ref().map(Issuer::as_str)),
        connection_versions::client_id.eq(version.client_id.as_ref().map(ClientId::as_str)),
        connection_versions::client_secret.eq(version.secret.sealed.clone()),
        connection_versions::client_secret_set_at.eq(version.secret.set_at.map(Timestamp::millis)),
        connection_versions::client_secret_set_by.eq(version.secret.set_by.clone()),
        connection_versions::options.eq(version.options.as_ref().map(options_json).transpose()?),
        connection_versions::tested_at.eq(version.tested_at.map(Timestamp::millis)),
        connection_versions::changed_at.eq(tx.now().millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(connection_versions::table).values(row).execute(c))?;
    Ok(())
}

/// Forgets a version; says whether there was one.
pub(super) fn forget(tx: &mut Tx<'_>, team_id: &TeamId, kind: Kind) -> Result<bool, StorageError> {
    let row = connection_versions::table.find((team_id.as_str(), kind.as_str()));
    Ok(each!(&mut **tx, c => diesel::delete(row).execute(c))? == 1)
}

/// Puts `now` in the place of the secret that was sealed as `before`, in all of a team's versions that have it for this
/// client, or for none yet.
pub(crate) fn replace_secret(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    before: &str,
    client_id: &ClientId,
    now: &KeptSecret,
) -> Result<(), StorageError> {
    let of_client = connection_versions::client_id
        .is_null()
        .or(connection_versions::client_id.assume_not_null().eq(client_id.as_str()));
    let same = connection_versions::table
        .filter(connection_versions::team_id.eq(team_id.as_str()))
        .filter(connection_versions::client_secret.eq(before))
        .filter(of_client);
    let now = (
        connection_versions::client_secret.eq(now.sealed.clone()),
        connection_versions::client_secret_set_at.eq(now.set_at.map(Timestamp::millis)),
        connection_versions::client_secret_set_by.eq(now.set_by.clone()),
    );
    each!(&mut **tx, c => diesel::update(same).set(now).execute(c))?;
    Ok(())
}
