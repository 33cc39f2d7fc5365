//! Wrong issuers, audiences, subjects, nonces.

use serde_json::{Value, json};

use crate::{
    claims::{Claims, at_hash, set},
    misbehaviour::ClaimsFault,
};

const OTHER_CLIENT: &str = "another-client";

pub(super) fn spoil(claims: &mut Claims, fault: ClaimsFault) {
    let ours = claims.get("aud").cloned().unwrap_or_default();
    match fault {
        ClaimsFault::IssOther => set(claims, "iss", "https://evil.test"),
        ClaimsFault::IssWithSlash => {
            let slashed = format!("{}/", claims.get("iss").and_then(Value::as_str).unwrap_or_default());
            set(claims, "iss", slashed);
        }
        ClaimsFault::IssMissing => drop(claims.remove("iss")),
        ClaimsFault::AudOther => set(claims, "aud", OTHER_CLIENT),
        ClaimsFault::AudEmpty => set(claims, "aud", json!([])),
        ClaimsFault::AudMissing => drop(claims.remove("aud")),
        ClaimsFault::AudObject => set(claims, "aud", json!({ "client": ours })),
        ClaimsFault::AudSeveralWithoutAzp => set(claims, "aud", json!([ours, OTHER_CLIENT])),
        ClaimsFault::AudSeveralAzpOther => {
            set(claims, "aud", json!([ours, OTHER_CLIENT]));
            set(claims, "azp", OTHER_CLIENT);
        }
        ClaimsFault::AzpOther => set(claims, "azp", OTHER_CLIENT),
        ClaimsFault::NonceOther => set(claims, "nonce", "the-nonce-of-another-attempt"),
        ClaimsFault::NonceMissing => drop(claims.remove("nonce")),
        ClaimsFault::NonceEmpty => set(claims, "nonce", ""),
        ClaimsFault::SubMissing => drop(claims.remove("sub")),
        ClaimsFault::SubEmpty => set(claims, "sub", ""),
        ClaimsFault::SubLong => set(claims, "sub", "s".repeat(256)),
        ClaimsFault::SubNumber => set(claims, "sub", 7),
        ClaimsFault::SubNotAscii => set(claims, "sub", "00uädä"),
        ClaimsFault::SubNull => set(claims, "sub", Value::Null),
        ClaimsFault::AtHashOther => set(claims, "at_hash", at_hash("another access token")),
        ClaimsFault::AudList => set(claims, "aud", json!([ours])),
        ClaimsFault::AzpOurs => set(claims, "azp", ours),
        ClaimsFault::SubLongest => set(claims, "sub", "s".repeat(255)),
        ClaimsFault::AtHashMissing => drop(claims.remove("at_hash")),
        ClaimsFault::UnknownClaims => {
            for (place, value) in
                [json!(null), json!(1.5), json!([{}]), json!({"a": []})].into_iter().enumerate()
            {
                set(claims, &format!("practice_{place}"), value);
            }
        }
        ClaimsFault::AudSeveralAzpOurs => {
            set(claims, "aud", json!([ours, OTHER_CLIENT]));
            set(claims, "azp", ours);
        }
        // A JSON object in memory has each name once; this one is written into the text.
        ClaimsFault::SubTwice => {}
    }
}
