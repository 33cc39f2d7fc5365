//! The operator's decision: approve, ask, reject; each with its letter to the contact.

use audit::{Act, Deed};
use diesel::prelude::*;
use mail::{Letter, Occasion};
use roles::{Clerk, Operator};
use sealing::{Label, Purpose};
use serde_json::json;
use storage::schema::requests;
use storage::{StorageError, Tx, each};
use teams::versions::{self, Said};
use teams::{ConnectionOptions, Founding, NewTeam, Registrar, Requirement, State};
use vocabulary::{ClientSecret, TeamId};

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

/// The team of an approved request comes about, as a draft. What is there of a connection that is not whole yet waits
/// for the setup link.
fn come_about(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    operator: &Operator,
    request: &Request,
    requirement: Option<&Requirement>,
) -> Result<(), RequestError> {
    let (team_id, name) = (request.team_id.clone(), Some(request.company.clone()));
    let (admin_email, client_secret) = (request.admin_email.clone(), client_secret(registrar, request)?);
    let (Some(issuer), Some(client_id)) = (&request.issuer, &request.client_id) else {
        crate::found(tx, operator, &Founding { team_id: team_id.clone(), name, admin_email })?;
        let (issuer, client_id) = (request.issuer.clone(), request.client_id.clone());
        let said = Said { issuer, client_id, client_secret, requirement: requirement.cloned() };
        if said.issuer.is_some() || said.client_id.is_some() || said.client_secret.is_some() {
            versions::save(tx, registrar, &team_id, &said, &operator.actor().to_text())?;
        }
        return Ok(());
    };
    let new = NewTeam {
        team_id,
        name,
        admin_email,
        issuer: issuer.clone(),
        client_id: client_id.clone(),
        client_secret,
        options: ConnectionOptions { requirement: requirement.cloned(), ..ConnectionOptions::usual(issuer) },
        callback_path: None,
        state: State::Draft,
    };
    crate::add(tx, registrar, operator, &new)?;
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
