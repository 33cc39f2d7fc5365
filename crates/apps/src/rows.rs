//! Apps as they are kept.

use diesel::prelude::*;
use sealing::TokenHash;
use storage::schema::apps;
use storage::{Connection, StorageError, each};
use vocabulary::{ClientId, Timestamp, Version};

use crate::app::{App, Kind, Secrets};
use crate::uri::AppHost;

#[derive(Queryable, Selectable)]
#[diesel(table_name = apps)]
struct Row {
    id: String,
    name: String,
    secret_hash: Option<String>,
    old_secret_hash: Option<String>,
    old_secret_until: Option<i64>,
    host: Option<String>,
    options: String,
    version: i64,
    created_at: i64,
}

impl TryFrom<Row> for App {
    type Error = StorageError;
    fn try_from(row: Row) -> Result<Self, StorageError> {
        let unreadable =
            || StorageError::Unavailable(format!("the row of the app {} cannot be read", row.id));
        let hash = |text: &str| TokenHash::parse(text).ok_or_else(unreadable);
        let old = match (&row.old_secret_hash, row.old_secret_until) {
            (Some(old), Some(until)) => Some((hash(old)?, Timestamp::from_millis(until))),
            _ => None,
        };
        let kind = match &row.secret_hash {
            Some(present) => Kind::Confidential(Secrets { present: hash(present)?, old }),
            None => Kind::Public,
        };
        Ok(Self {
            id: ClientId::parse(&row.id).map_err(|_unreadable| unreadable())?,
            kind,
            host: row.host.as_deref().map(AppHost::parse).transpose().map_err(|_unreadable| unreadable())?,
            options: serde_json::from_str(&row.options).map_err(|_unreadable| unreadable())?,
            version: Version(row.version),
            created_at: Timestamp::from_millis(row.created_at),
            name: row.name,
        })
    }
}

/// The app with this client id.
pub fn find(connection: &mut Connection, id: &ClientId) -> Result<Option<App>, StorageError> {
    let query = apps::table.find(id.as_str());
    let row: Option<Row> = each!(connection, c => query.select(Row::as_select()).get_result(c).optional())?;
    row.map(TryInto::try_into).transpose()
}

/// The app on this host.
pub(crate) fn find_by_host(connection: &mut Connection, host: &AppHost) -> Result<Option<App>, StorageError> {
    let query = apps::table.filter(apps::host.eq(host.as_str()));
    let row: Option<Row> = each!(connection, c => query.select(Row::as_select()).get_result(c).optional())?;
    row.map(TryInto::try_into).transpose()
}

/// All apps in the order of their names.
pub fn list(connection: &mut Connection) -> Result<Vec<App>, StorageError> {
    let query = apps::table.order((apps::name, apps::id));
    let rows: Vec<Row> = each!(connection, c => query.select(Row::as_select()).load(c))?;
    rows.into_iter().map(TryInto::try_into).collect()
}
