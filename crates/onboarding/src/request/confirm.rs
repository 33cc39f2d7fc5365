//! The contact's proof: a link in a letter. Opening it changes nothing, because mail scanners open links; its button
//! confirms the request, once.

use audit::{Act, Actor, Deed};
use diesel::prelude::*;
use mail::Occasion;
use roles::Clerk;
use sealing::{OpaqueToken, TokenPrefix};
use serde_json::json;
use storage::schema::requests;
use storage::{Connection, StorageError, Tx, each};
use vocabulary::Timestamp;

use crate::request::row::{self, Row};
use crate::request::{Look, Request, Status, look};

/// The request that a link leads to, whether it is confirmed already or not; none when the link is made up or too old.
pub fn at_link(
    connection: &mut Connection,
    token: &str,
    now: Timestamp,
) -> Result<Option<Request>, StorageError> {
    let token = OpaqueToken::parse(token).filter(|token| token.prefix() == TokenPrefix::Request);
    let Some(token) = token else { return Ok(None) };
    let query = requests::table
        .filter(requests::proof_hash.eq(token.hash().as_str().to_owned()))
        .filter(requests::proof_until.gt(now.millis()));
    let row: Option<Row> = each!(connection, c => query.select(Row::as_select()).get_result(c).optional())?;
    row.map(row::words).transpose()
}

/// Confirms the request that a link leads to and tells the operators. Pressed again, it changes nothing.
pub fn confirm(tx: &mut Tx<'_>, clerk: Clerk<'_>, token: &str) -> Result<Option<Request>, StorageError> {
    let now = tx.now();
    let Some(request) = at_link(tx, token, now)? else { return Ok(None) };
    let unconfirmed =
        requests::table.find(&request.id).filter(requests::status.eq(Status::Unconfirmed.as_str()));
    let waits = requests::status.eq(Status::Waiting.as_str());
    if each!(&mut **tx, c => diesel::update(unconfirmed).set(waits).execute(c))? == 0 {
        return Ok(Some(request));
    }
    let actor = &Actor::Contact(request.id.clone());
    let detail = json!({ "request": request.id, "team_id": request.team_id });
    let act = Act::RequestConfirmed;
    audit::record(tx, &Deed { team: None, actor, act, target: None, detail, reference: None })?;
    if let Some(confirmed) = look::find(tx, &request.id)? {
        tell_operators(tx, clerk, &confirmed)?;
    }
    Ok(Some(request))
}

/// Writes to the operators that a request waits for them.
pub(super) fn tell_operators(tx: &mut Tx<'_>, clerk: Clerk<'_>, waiting: &Look) -> Result<(), StorageError> {
    let occasion = Occasion::RequestWaiting {
        id: waiting.request.id.clone(),
        company: waiting.request.company.clone(),
        team_id: waiting.request.team_id.clone(),
        contact: waiting.request.contact.clone(),
        rivals: waiting.rivals.len(),
    };
    clerk.desk.write_to_operators(tx, clerk.chance, &occasion)
}
