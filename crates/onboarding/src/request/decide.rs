//! The operator's decision: approve, ask, reject; each with its letter to the contact.

use audit::{Act, Deed};
use diesel::prelude::*;
use mail::{Letter, Occasion};
use roles::{Clerk, Operator};
use sealing::{Label, Purpose};
use serde_json::json;
use storage::schema::requests;
use storage::{StorageError, Tx, each};
use teams::{Registrar, Requirement};
use vocabulary::{ClientSecret, TeamId};

use crate::Beginning;
use crate::request::{Look, Note, Request, RequestError, Status, look, row};

/// Approves a request: its team is added, and the contact hears of it. `requirement` is what an issuer shared by many
/// organisations needs. The secret moves into the team's connection. Rivals stay as they are.
pub fn approve(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    clerk: Clerk<'_>,
    operator: &Operator,
    id: &str,
    requirement: Option<&Requirement>,
) -> Result<Look, RequestError> {
    let request = open(tx, id)?;
    turn(tx, operator, id, Status::Approved, None)?;
    come_about(tx, registrar, operator, &request, requirement)?;
    record(tx, operator, Act::RequestApproved, &request)?;
    crate::make_link(tx, clerk, operator, &request.team_id, Some(&request.contact))?;
    look::find(tx, id)?.ok_or(RequestError::Unknown)
}

/// Asks the contact something by letter; the request stays open.
pub fn ask(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    operator: &Operator,
    id: &str,
    note: &Note,
) -> Result<Look, RequestError> {
    let occasion = |team_id, text| Occasion::RequestAsked { team_id, text };
    say(tx, clerk, operator, (id, note), (Status::Asked, Act::RequestAsked), occasion)
}

/// Rejects a request and tells the contact why. Its secret goes at once, all of it in 30 days.
pub fn reject(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    operator: &Operator,
    id: &str,
    note: &Note,
) -> Result<Look, RequestError> {
    let occasion = |team_id, text| Occasion::RequestRejected { team_id, text };
    say(tx, clerk, operator, (id, note), (Status::Rejected, Act::RequestRejected), occasion)
}

/// Turns an open request with a text for its contact.
fn say(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    operator: &Operator,
    (id, note): (&str, &Note),
    (to, act): (Status, Act),
    occasion: impl FnOnce(TeamId, String) -> Occasion,
) -> Result<Look, RequestError> {
    let request = open(tx, id)?;
    turn(tx, operator, id, to, Some(note))?;
    record(tx, operator, act, &request)?;
    write(tx, clerk, &request, occasion(request.team_id.clone(), note.as_str().to_owned()))?;
    look::find(tx, id)?.ok_or(RequestError::Unknown)
}

/// The team of an approved request comes about, as a draft.
fn come_about(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    operator: &Operator,
    request: &Request,
    requirement: Option<&Requirement>,
) -> Result<(), RequestError> {
    let new = Beginning {
        team_id: request.team_id.clone(),
        name: Some(request.company.clone()),
        admin_email: request.admin_email.clone(),
        issuer: request.issuer.clone(),
        client_id: request.client_id.clone(),
        client_secret: client_secret(registrar, request)?,
        requirement: requirement.cloned(),
    };
    crate::begin(tx, registrar, operator, new)?;
    Ok(())
}

/// The secret that came with a request.
fn client_secret(registrar: &Registrar<'_>, request: &Request) -> Result<Option<ClientSecret>, RequestError> {
    let Some(sealed) = &request.sealed_secret else { return Ok(None) };
    let label = Label { purpose: Purpose::RequestSecret, context: &request.id };
    let plain = registrar.keys.open(&label, sealed).map_err(|_not_ours| RequestError::SecretLost)?;
    let secret = std::str::from_utf8(&plain).ok().and_then(ClientSecret::parse);
    secret.map(Some).ok_or(RequestError::SecretLost)
}

/// A request that an operator may decide about.
fn open(tx: &mut Tx<'_>, id: &str) -> Result<Request, RequestError> {
    let request = row::find(tx, id)?.ok_or(RequestError::Unknown)?;
    match request.status {
        Status::Waiting | Status::Asked => Ok(request),
        Status::Unconfirmed => Err(RequestError::Unconfirmed),
        Status::Approved | Status::Rejected => Err(RequestError::Decided),
    }
}

/// Gives an open request its new status, unless somebody decided it meanwhile. A secret stays with an open one alone.
fn turn(
    tx: &mut Tx<'_>,
    operator: &Operator,
    id: &str,
    to: Status,
    note: Option<&Note>,
) -> Result<(), RequestError> {
    let row = requests::table
        .find(id)
        .filter(requests::status.eq_any([Status::Waiting.as_str(), Status::Asked.as_str()]));
    let status = requests::status.eq(to.as_str());
    let won =
        each!(&mut **tx, c => diesel::update(row).set(status).execute(c)).map_err(StorageError::from)?;
    if won == 0 {
        return Err(RequestError::Decided);
    }
    let row = requests::table.find(id);
    if let Some(note) = note {
        let note = requests::note.eq(note.as_str());
        each!(&mut **tx, c => diesel::update(row).set(note).execute(c)).map_err(StorageError::from)?;
    }
    if to != Status::Asked {
        let decided = (
            requests::client_secret.eq(None::<String>),
            requests::decided_at.eq(tx.now().millis()),
            requests::decided_by.eq(operator.actor().to_text()),
        );
        each!(&mut **tx, c => diesel::update(row).set(decided).execute(c)).map_err(StorageError::from)?;
    }
    Ok(())
}

fn write(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    request: &Request,
    occasion: Occasion,
) -> Result<(), StorageError> {
    clerk.desk.write(tx, clerk.chance, &Letter { to: request.contact.clone(), team_id: None, occasion })
}

fn record(tx: &mut Tx<'_>, operator: &Operator, act: Act, request: &Request) -> Result<(), StorageError> {
    let (actor, detail) = (operator.actor(), json!({ "request": request.id, "team_id": request.team_id }));
    audit::record(tx, &Deed { team: None, actor, act, target: None, detail, reference: None })
}
