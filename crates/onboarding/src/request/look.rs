//! Requests as operators look at them: with their rivals, and what is worth a second thought.

use diesel::prelude::*;
use serde::Serialize;
use storage::schema::requests;
use storage::{Connection, StorageError, each};
use vocabulary::{Issuer, TeamId};

use crate::request::row::{self, Row};
use crate::request::{Request, Status};

/// A request with what an operator should know before deciding.
#[derive(Clone, Debug, Serialize)]
pub struct Look {
    /// The request.
    #[serde(flatten)]
    pub request: Request,
    /// The ids of other open requests for the same Team ID.
    pub rivals: Vec<String>,
    /// What is worth a second thought.
    pub remarks: Vec<Remark>,
}

/// Something that forbids nothing and is worth a second thought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// A stable word: `team_id_taken`, `team_id_unlike_issuer`, `issuer_shared`, `rivals`.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
}

impl Remark {
    const fn new(code: &'static str, message: String) -> Self {
        Self { code, message }
    }
}

/// The subdomain of an issuer with which people expect its Team ID to begin; none when it does.
#[must_use]
pub fn unlike_issuer(team_id: &TeamId, issuer: &Issuer) -> Option<String> {
    let subdomain = issuer.subdomain().filter(|subdomain| subdomain != "localhost" && !issuer.is_shared())?;
    (!team_id.as_str().starts_with(&subdomain)).then_some(subdomain)
}

/// The request with this id.
pub fn find(connection: &mut Connection, id: &str) -> Result<Option<Look>, StorageError> {
    let Some(request) = row::find(connection, id)? else { return Ok(None) };
    let open = open_for(connection, std::slice::from_ref(&request))?;
    looked_at(connection, request, &open).map(Some)
}

/// Requests, the latest first: those with this status, or unless said all that are confirmed; those before `after`, at
/// most `limit`.
pub fn list(
    connection: &mut Connection,
    status: Option<Status>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Look>, StorageError> {
    let confirmed = [Status::Waiting, Status::Asked, Status::Approved, Status::Rejected];
    of(connection, status.as_ref().map_or(confirmed.as_slice(), std::slice::from_ref), after, limit)
}

/// Those that were decided, in the same way.
pub fn decided(
    connection: &mut Connection,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Look>, StorageError> {
    of(connection, &[Status::Approved, Status::Rejected], after, limit)
}

fn of(
    connection: &mut Connection,
    wanted: &[Status],
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Look>, StorageError> {
    let wanted: Vec<&str> = wanted.iter().map(|status| status.as_str()).collect();
    let query = requests::table
        .filter(requests::status.eq_any(wanted))
        .filter(requests::id.lt(after.unwrap_or(BEYOND_ALL).to_owned()))
        .order(requests::id.desc())
        .limit(limit);
    let rows: Vec<Row> = each!(connection, c => query.select(Row::as_select()).load(c))?;
    let found: Vec<Request> = rows.into_iter().map(row::words).collect::<Result<_, _>>()?;
    let open = open_for(connection, &found)?;
    found.into_iter().map(|request| looked_at(connection, request, &open)).collect()
}

/// Behind every id: they begin with a moment, and that with zeros.
pub(super) const BEYOND_ALL: &str = "z";

/// Id and Team ID of every open request for one of these requests' Team IDs.
fn open_for(
    connection: &mut Connection,
    requests: &[Request],
) -> Result<Vec<(String, String)>, StorageError> {
    let team_ids: Vec<&str> = requests.iter().map(|request| request.team_id.as_str()).collect();
    let query = requests::table
        .filter(requests::team_id.eq_any(team_ids))
        .filter(requests::status.eq_any([Status::Waiting.as_str(), Status::Asked.as_str()]))
        .order(requests::id)
        .limit(MOST_RIVALS)
        .select((requests::id, requests::team_id));
    Ok(each!(connection, c => query.load(c))?)
}

/// How many rivals a page tells of.
pub(super) const MOST_RIVALS: i64 = 1000;

pub(super) fn looked_at(
    connection: &mut Connection,
    request: Request,
    open: &[(String, String)],
) -> Result<Look, StorageError> {
    let is_rival =
        |(id, team_id): &&(String, String)| *id != request.id && team_id == request.team_id.as_str();
    let rivals: Vec<String> = open.iter().filter(is_rival).map(|(id, _)| id.clone()).collect();
    let remarks = if request.is_open() { remarks(connection, &request, &rivals)? } else { Vec::new() };
    Ok(Look { request, rivals, remarks })
}

fn remarks(
    connection: &mut Connection,
    request: &Request,
    rivals: &[String],
) -> Result<Vec<Remark>, StorageError> {
    let team_id = &request.team_id;
    let mut remarks = Vec::new();
    if teams::is_taken(connection, team_id)? {
        remarks.push(Remark::new("team_id_taken", format!("{team_id} is taken by now.")));
    }
    if !rivals.is_empty() {
        let message = format!("{} more ask for {team_id}.", rivals.len());
        remarks.push(Remark::new("rivals", message));
    }
    if let Some(issuer) = &request.issuer {
        if let Some(subdomain) = unlike_issuer(team_id, issuer) {
            let message =
                format!("People expect a Team ID that begins with {subdomain}; {team_id} does not.");
            remarks.push(Remark::new("team_id_unlike_issuer", message));
        }
        if issuer.is_shared() {
            let message = format!(
                "{issuer} is shared by many organisations. Approve with a requirement: hd=DOMAIN at Google, tid=TENANT at Entra."
            );
            remarks.push(Remark::new("issuer_shared", message));
        }
    }
    Ok(remarks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_id_that_begins_with_the_subdomain_is_as_expected() {
        let expected = |team_id: &str, issuer: &str| {
            unlike_issuer(&TeamId::parse(team_id).unwrap(), &Issuer::parse(issuer).unwrap())
        };
        for (team_id, issuer) in [
            ("acme", "https://acme.okta.com"),
            ("acme-labs", "https://acme.okta.com/oauth2/default"),
            ("acme", "http://localhost:3001/globex"),
            ("acme", "http://127.0.0.1:9"),
            ("acme", "https://accounts.google.com"),
        ] {
            assert_eq!(expected(team_id, issuer), None, "{team_id} {issuer}");
        }
        assert_eq!(expected("globex", "https://acme.okta.com").as_deref(), Some("acme"));
    }
}
