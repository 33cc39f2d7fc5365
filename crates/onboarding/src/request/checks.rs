//! What can be found out of the provider that a request names, for the operator to see.

use diesel::prelude::*;
use serde_json::json;
use storage::schema::requests;
use storage::{StorageError, Tx, each};
use teams::ConnectionOptions;
use upstream::{Check, RelyingParty};

use crate::request::Request;

/// Who we would be at the provider that a request names, with this redirect URI; none while it names none, or no
/// client id.
#[must_use]
pub fn party(request: &Request, redirect_uri: String) -> Option<RelyingParty> {
    let issuer = request.issuer.clone()?;
    let options = ConnectionOptions::usual(&issuer);
    Some(RelyingParty {
        connection: format!("request.{}", request.id),
        issuer,
        aliases: Vec::new(),
        tenant: None,
        client_id: request.client_id.clone()?,
        client_auth: options.client_auth,
        scopes: options.scopes,
        redirect_uri,
        email_trust: options.email_trust,
        max_auth_age: None,
    })
}

/// Keeps how the provider was found, for the next operator who looks.
pub fn keep_checks(tx: &mut Tx<'_>, id: &str, checks: &[Check]) -> Result<(), StorageError> {
    let found = json!({ "at": tx.now(), "checks": checks }).to_string();
    let row = requests::table.find(id);
    each!(&mut **tx, c => diesel::update(row).set(requests::checks.eq(found)).execute(c))?;
    Ok(())
}
