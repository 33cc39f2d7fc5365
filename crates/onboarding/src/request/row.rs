//! A request as it is kept.

use diesel::prelude::*;
use sealing::{Label, Purpose, TokenHash};
use storage::schema::requests;
use storage::{Connection, StorageError, Tx, each};
use teams::Registrar;
use vocabulary::{ClientId, Email, Issuer, TeamId, Timestamp, ordered_id};

use crate::request::{NewRequest, Request, Status};

#[derive(Queryable, Selectable)]
#[diesel(table_name = requests)]
pub(super) struct Row {
    id: String,
    status: String,
    company: String,
    contact: String,
    team_id: String,
    admin_email: String,
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    note: Option<String>,
    checks: Option<String>,
    made_at: i64,
    decided_at: Option<i64>,
    decided_by: Option<String>,
}

impl Row {
    /// The row in words; `None` only when somebody else wrote it.
    fn read(self) -> Option<Request> {
        Some(Request {
            status: Status::parse(&self.status)?,
            contact: Email::parse(&self.contact).ok()?,
            team_id: TeamId::parse(&self.team_id).ok()?,
            admin_email: Email::parse(&self.admin_email).ok()?,
            issuer: self.issuer.map(|text| Issuer::parse(&text)).transpose().ok()?,
            client_id: self.client_id.map(|text| ClientId::parse(&text)).transpose().ok()?,
            checks: self.checks.and_then(|text| serde_json::from_str(&text).ok()),
            made_at: Timestamp::from_millis(self.made_at),
            decided_at: self.decided_at.map(Timestamp::from_millis),
            id: self.id,
            company: self.company,
            sealed_secret: self.client_secret,
            note: self.note,
            decided_by: self.decided_by,
        })
    }
}

pub(super) fn words(row: Row) -> Result<Request, StorageError> {
    row.read().ok_or_else(|| StorageError::Unavailable("a row of requests cannot be read".to_owned()))
}

/// The request with this id.
pub(super) fn find(connection: &mut Connection, id: &str) -> Result<Option<Request>, StorageError> {
    let query = requests::table.find(id);
    let row: Option<Row> = each!(connection, c => query.select(Row::as_select()).get_result(c).optional())?;
    row.map(words).transpose()
}

/// The proof that a contact is to bring: the hash of a link's token, and until when it counts.
pub(super) struct Proof {
    pub(super) hash: TokenHash,
    pub(super) until: Timestamp,
}

/// Keeps a new request, its secret sealed. With a proof to come it is unconfirmed, otherwise it waits for a decision.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    new: &NewRequest,
    proof: Option<&Proof>,
) -> Result<String, StorageError> {
    let id = ordered_id(registrar.chance, tx.now());
    let label = Label { purpose: Purpose::RequestSecret, context: &id };
    let secret = new.client_secret.as_ref();
    let sealed =
        secret.map(|secret| registrar.keys.seal(registrar.chance, &label, secret.reveal().as_bytes()));
    let status = if proof.is_some() { Status::Unconfirmed } else { Status::Waiting };
    let row = (
        requests::id.eq(&id),
        requests::status.eq(status.as_str()),
        requests::company.eq(&new.company),
        requests::contact.eq(new.contact.as_str()),
        requests::team_id.eq(new.team_id.as_str()),
        requests::admin_email.eq(new.admin_email.as_str()),
        requests::issuer.eq(new.issuer.as_ref().map(Issuer::as_str)),
        requests::client_id.eq(new.client_id.as_ref().map(ClientId::as_str)),
        requests::client_secret.eq(sealed),
        requests::proof_hash.eq(proof.map(|proof| proof.hash.as_str())),
        requests::proof_until.eq(proof.map(|proof| proof.until.millis())),
        requests::made_at.eq(tx.now().millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(requests::table).values(row).execute(c))?;
    Ok(id)
}
