//! What waits for an operator's decision: open requests, those for one Team ID side by side.

use diesel::dsl::max;
use diesel::prelude::*;
use storage::schema::requests;
use storage::{Connection, StorageError, each};

use crate::request::look::{BEYOND_ALL, looked_at};
use crate::request::row::{self, Row};
use crate::request::{Look, Request, Status};

/// How many requests for one Team ID stand side by side.
const SIDE_BY_SIDE: i64 = 20;
const OPEN: [&str; 2] = [Status::Waiting.as_str(), Status::Asked.as_str()];

/// The open requests for one Team ID.
#[derive(Clone, Debug)]
pub struct Rivals {
    /// The id of the latest of them: where they stand in the queue.
    pub latest: String,
    /// Who asked, the first first.
    pub looks: Vec<Look>,
}

/// How many requests are open.
pub fn open_count(connection: &mut Connection) -> Result<i64, StorageError> {
    let query = requests::table.filter(requests::status.eq_any(OPEN));
    Ok(each!(connection, c => query.count().get_result(c))?)
}

/// Open requests by Team ID, the one that was asked for last first: those before `after`, at most `limit` Team IDs.
pub fn queue(
    connection: &mut Connection,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Rivals>, StorageError> {
    let latest = requests::table
        .filter(requests::status.eq_any(OPEN))
        .group_by(requests::team_id)
        .select((requests::team_id, max(requests::id)))
        .having(max(requests::id).lt(after.unwrap_or(BEYOND_ALL).to_owned()))
        .order(max(requests::id).desc())
        .limit(limit);
    let latest: Vec<(String, Option<String>)> = each!(connection, c => latest.load(c))?;
    let mut queue = Vec::new();
    for (team_id, latest) in latest {
        let looks = rivals(connection, &team_id)?;
        queue.extend(latest.map(|latest| Rivals { latest, looks }));
    }
    Ok(queue)
}

/// The open requests for one Team ID, the first first; of very many the first [`SIDE_BY_SIDE`], so that whoever floods
/// one name hides nobody who asks for another.
fn rivals(connection: &mut Connection, team_id: &str) -> Result<Vec<Look>, StorageError> {
    let query = requests::table
        .filter(requests::team_id.eq(team_id))
        .filter(requests::status.eq_any(OPEN))
        .order(requests::id)
        .limit(SIDE_BY_SIDE);
    let rows: Vec<Row> = each!(connection, c => query.select(Row::as_select()).load(c))?;
    let found: Vec<Request> = rows.into_iter().map(row::words).collect::<Result<_, _>>()?;
    let open: Vec<_> = found.iter().map(|one| (one.id.clone(), one.team_id.to_string())).collect();
    found.into_iter().map(|one| looked_at(connection, one, &open)).collect()
}
