//! Writes ID tokens: right ones, and every kind of wrong one.

mod claims_faults;
mod jws;
mod signature_faults;
mod times_faults;

use serde_json::Value;
use vocabulary::Timestamp;

pub(crate) use jws::Draft;
pub(crate) use signature_faults::write as spoil_signature;

use crate::{
    claims::of_id_token,
    config::{Client, Person},
    issuer::{Grant, Issuer},
    misbehaviour::{ClaimsFault, KeysFault},
};

/// The secret of the symmetric key that `KeysFault::Symmetric` publishes.
pub(crate) const SYMMETRIC: &[u8] = b"a symmetric key that was published";

/// The ID token for this grant (OpenID Connect Core §2), with what is switched on at this issuer.
pub(crate) fn mint(
    issuer: &Issuer,
    client: &Client,
    grant: &Grant,
    person: &Person,
    access_token: &str,
    now: Timestamp,
) -> String {
    let mut claims = of_id_token(issuer, grant, person, access_token, now);
    if let Some(fault) = issuer.faults.claims {
        claims_faults::spoil(&mut claims, fault);
    }
    if let Some(fault) = issuer.faults.times {
        times_faults::spoil(&mut claims, now, fault);
    }
    let mut payload = Value::Object(claims).to_string();
    if issuer.faults.claims == Some(ClaimsFault::SubTwice) {
        payload = payload.replacen('{', "{\"sub\":\"00usomeoneelse\",", 1);
    }
    let draft = Draft::new("JWT", payload.into_bytes(), issuer.signing_key());
    if issuer.faults.keys == Some(KeysFault::Symmetric) {
        return draft.signed_by_secret(SYMMETRIC);
    }
    match issuer.faults.signature {
        Some(fault) => signature_faults::write(draft, fault, issuer, client),
        None => draft.signed(),
    }
}
