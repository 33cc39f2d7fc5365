//! Making a request: by a company itself, whose contact then proves the address, or by an operator.

use std::time::Duration;

use audit::{Act, Deed};
use diesel::prelude::*;
use mail::{Letter, Occasion};
use roles::{Clerk, Operator};
use sealing::{OpaqueToken, TokenPrefix};
use serde_json::json;
use storage::schema::requests;
use storage::{Connection, StorageError, Tx, each};
use teams::Registrar;
use vocabulary::Email;

use crate::request::confirm::tell_operators;
use crate::request::row::{self, Proof};
use crate::request::{Look, MakeError, NewRequest, RequestError, Status, look};

/// For how long a contact may prove the address.
pub const PROVE_WITHIN: Duration = Duration::from_hours(24);
/// How many requests of one contact may wait for proof, so that nobody's mailbox is filled by a form.
const OF_A_CONTACT: i64 = 5;
/// How many of all may.
const OF_ALL: i64 = 10_000;

#[diesel::declare_sql_function]
extern "SQL" {
    /// Without capitals, as the database folds them.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// Keeps a company's own request and writes the contact a letter whose link proves the address. Nothing is recorded
/// and no operator is told until then: anybody can fill in a form.
pub fn make(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    clerk: Clerk<'_>,
    new: &NewRequest,
) -> Result<(), MakeError> {
    // Of a team that is not open a stranger learns nothing here either; the operator sees that its name is taken.
    if teams::find(tx, &new.team_id)?.is_some_and(|tenant| tenant.is_open()) {
        return Err(MakeError::TeamIdTaken(new.team_id.clone()));
    }
    if unproved_of(tx, &new.contact)? >= OF_A_CONTACT {
        return Err(MakeError::ContactBusy);
    }
    if unproved(tx)? >= OF_ALL {
        return Err(MakeError::Full);
    }
    let token = OpaqueToken::mint(TokenPrefix::Request, registrar.chance);
    let proof = Proof { hash: token.hash(), until: tx.now().plus(PROVE_WITHIN) };
    row::insert(tx, registrar, new, Some(&proof))?;
    let occasion = Occasion::RequestProof {
        team_id: new.team_id.clone(),
        path: format!("/request/confirm/{}", token.reveal()),
        hours: PROVE_WITHIN.as_secs() / 3600,
    };
    clerk.desk.write(tx, clerk.chance, &Letter { to: new.contact.clone(), team_id: None, occasion })?;
    Ok(())
}

/// Keeps a request that an operator makes, which needs no proof.
pub fn add(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    clerk: Clerk<'_>,
    operator: &Operator,
    new: &NewRequest,
) -> Result<Look, RequestError> {
    if teams::is_taken(tx, &new.team_id)? {
        return Err(RequestError::TeamIdTaken(new.team_id.clone()));
    }
    let id = row::insert(tx, registrar, new, None)?;
    let (actor, detail) = (operator.actor(), json!({ "request": id, "team_id": new.team_id }));
    audit::record(
        tx,
        &Deed { team: None, actor, act: Act::RequestMade, target: None, detail, reference: None },
    )?;
    let made = look::find(tx, &id)?.ok_or(RequestError::Unknown)?;
    tell_operators(tx, clerk, &made)?;
    Ok(made)
}

/// How many requests of a contact wait for proof, however their address is capitalised.
fn unproved_of(connection: &mut Connection, contact: &Email) -> Result<i64, StorageError> {
    let query = requests::table
        .filter(requests::status.eq(Status::Unconfirmed.as_str()))
        .filter(lower(requests::contact).eq(lower(contact.as_str())));
    Ok(each!(connection, c => query.count().get_result(c))?)
}

fn unproved(connection: &mut Connection) -> Result<i64, StorageError> {
    let query = requests::table.filter(requests::status.eq(Status::Unconfirmed.as_str()));
    Ok(each!(connection, c => query.count().get_result(c))?)
}
