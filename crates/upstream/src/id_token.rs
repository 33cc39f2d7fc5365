//! Whether the claims of a verified ID token speak of this sign-in (Core §3.1.3.7).

use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde_json::{Map, Value};
use vocabulary::{Subject, Timestamp};

use crate::algorithm::Algorithm;
use crate::discovery::TokensOf;
use crate::party::{Proofs, RelyingParty};
use crate::token_fault::TokenFault;

/// How far the provider's clock may be off, either way.
pub(crate) const SKEW: Duration = Duration::from_mins(1);

/// What an ID token is measured against.
pub(crate) struct Expected<'a> {
    pub(crate) party: &'a RelyingParty,
    pub(crate) tokens_of: &'a TokensOf,
    pub(crate) proofs: &'a Proofs,
    pub(crate) access_token: &'a str,
    pub(crate) algorithm: Algorithm,
    /// When the exchange began: what had expired before is expired.
    pub(crate) begun: Timestamp,
    /// When the token was here: what is issued later comes from a clock ahead of ours.
    pub(crate) received: Timestamp,
}

/// Checks every claim and tells who it is.
pub(crate) fn subject_of(claims: &Map<String, Value>, expected: &Expected) -> Result<Subject, TokenFault> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.tokens_of.iss.as_str()) {
        return Err(TokenFault::Issuer);
    }
    if expected.tokens_of.tid.as_deref().is_some_and(|tenant| text("tid") != Some(tenant)) {
        return Err(TokenFault::Tenant);
    }
    check_audience(claims, expected.party.client_id.as_str())?;
    check_times(claims, expected)?;
    check_session(claims, expected)?;
    let nonce = text("nonce").ok_or(TokenFault::Nonce)?;
    verify_slices_are_equal(nonce.as_bytes(), expected.proofs.nonce.as_bytes())
        .map_err(|_other| TokenFault::Nonce)?;
    if let Some(at_hash) = claims.get("at_hash") {
        let computed = expected.algorithm.half_hash(expected.access_token);
        if at_hash.as_str() != Some(&computed) {
            return Err(TokenFault::AccessTokenHash);
        }
    }
    Subject::parse(text("sub").unwrap_or_default()).map_err(|_wrong| TokenFault::Subject)
}

/// `aud` names us; where it names others too, or `azp` is there, `azp` is us.
pub(crate) fn check_audience(claims: &Map<String, Value>, client_id: &str) -> Result<(), TokenFault> {
    let several = match claims.get("aud") {
        Some(Value::String(audience)) if audience == client_id => false,
        Some(Value::Array(audiences)) if audiences.iter().any(|audience| audience == client_id) => {
            audiences.len() > 1
        }
        _ => return Err(TokenFault::Audience),
    };
    match claims.get("azp") {
        Some(azp) if azp == client_id => Ok(()),
        None if !several => Ok(()),
        _ => Err(TokenFault::AuthorizedParty),
    }
}

/// In whole seconds, as claims count: 60 seconds off is fine, 61 are not.
fn check_times(claims: &Map<String, Value>, expected: &Expected) -> Result<(), TokenFault> {
    let required = |name: &'static str| claims.get(name).and_then(moment).ok_or(TokenFault::Time(name));
    let earliest = expected.begun.minus(SKEW).seconds();
    let latest = expected.received.plus(SKEW).seconds();
    if required("exp")?.seconds() < earliest {
        return Err(TokenFault::Expired);
    }
    if required("iat")?.seconds() > latest {
        return Err(TokenFault::NotYetValid);
    }
    if claims.contains_key("nbf") && required("nbf")?.seconds() > latest {
        return Err(TokenFault::NotYetValid);
    }
    Ok(())
}

/// What the provider says about its own session: that the person signed in there recently enough, where we
/// asked (Core §3.1.3.7, rule 13), and that it has not yet ended (IPSIE SL1).
fn check_session(claims: &Map<String, Value>, expected: &Expected) -> Result<(), TokenFault> {
    if let Some(most) = expected.party.max_auth_age {
        let signed_in = claims.get("auth_time").and_then(moment).ok_or(TokenFault::AuthTime)?.seconds();
        let earliest = expected.begun.minus(SKEW).minus(most).seconds();
        let latest = expected.received.plus(SKEW).seconds();
        if !(earliest..=latest).contains(&signed_in) {
            return Err(TokenFault::AuthTime);
        }
    }
    let Some(ends) = claims.get("session_expiry") else {
        return Ok(());
    };
    let ends = moment(ends).ok_or(TokenFault::SessionExpiry)?;
    if ends.seconds() < expected.begun.minus(SKEW).seconds() {
        return Err(TokenFault::SessionExpiry);
    }
    Ok(())
}

/// A `NumericDate` (RFC 7519 §2): a number of seconds, fractions allowed, never a text.
pub(crate) fn moment(claim: &Value) -> Option<Timestamp> {
    if let Some(seconds) = claim.as_i64() {
        return Some(Timestamp::from_seconds(seconds));
    }
    let seconds = Duration::try_from_secs_f64(claim.as_f64()?).ok()?.as_secs();
    i64::try_from(seconds).ok().map(Timestamp::from_seconds)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{NOW, party, proofs};

    fn claims() -> Value {
        let now = NOW.seconds();
        json!({
            "iss": "https://acme.okta.test", "aud": "client-1", "sub": "00u1", "nonce": "the-nonce",
            "iat": now, "exp": now + 300, "at_hash": Algorithm::Es256.half_hash("the-access-token"),
        })
    }

    fn judge(claims: &Value) -> Result<Subject, TokenFault> {
        judge_at(&party("https://acme.okta.test"), None, claims)
    }

    fn judge_at(party: &RelyingParty, tid: Option<&str>, claims: &Value) -> Result<Subject, TokenFault> {
        let expected = Expected {
            party,
            tokens_of: &TokensOf { iss: party.issuer.to_string(), tid: tid.map(str::to_owned) },
            proofs: &proofs(),
            access_token: "the-access-token",
            algorithm: Algorithm::Es256,
            begun: NOW,
            received: NOW,
        };
        subject_of(claims.as_object().unwrap(), &expected)
    }

    fn with(name: &str, value: Value) -> Result<Subject, TokenFault> {
        let mut changed = claims();
        changed[name] = value;
        judge(&changed)
    }

    #[test]
    fn a_right_token_tells_its_subject() {
        assert_eq!(judge(&claims()).unwrap().as_str(), "00u1");
        let now = NOW.seconds();
        for (name, value) in [
            ("aud", json!(["client-1"])),
            ("azp", json!("client-1")),
            ("nbf", json!(now + 60)),
            ("iat", json!(now + 60)),
            ("exp", json!(now - 60)),
            ("exp", json!(now.to_string().parse::<f64>().unwrap() + 0.5)),
            ("unknown", json!({"any": ["thing"]})),
        ] {
            assert!(with(name, value.clone()).is_ok(), "{name} {value}");
        }
        let mut several = claims();
        several["aud"] = json!(["other", "client-1"]);
        several["azp"] = json!("client-1");
        assert!(judge(&several).is_ok());
    }

    #[test]
    fn every_wrong_claim_is_refused_for_its_own_reason() {
        let now = NOW.seconds();
        for (name, value, fault) in [
            ("iss", json!("https://acme.okta.test/"), TokenFault::Issuer),
            ("iss", json!(["https://acme.okta.test"]), TokenFault::Issuer),
            ("aud", json!("client-2"), TokenFault::Audience),
            ("aud", json!([]), TokenFault::Audience),
            ("aud", json!([["client-1"]]), TokenFault::Audience),
            ("aud", json!({"client-1": 1}), TokenFault::Audience),
            ("aud", json!(["client-1", "other"]), TokenFault::AuthorizedParty),
            ("azp", json!("other"), TokenFault::AuthorizedParty),
            ("azp", json!(null), TokenFault::AuthorizedParty),
            ("exp", json!((now + 300).to_string()), TokenFault::Time("exp")),
            ("exp", json!(null), TokenFault::Time("exp")),
            ("exp", json!(now - 61), TokenFault::Expired),
            ("exp", json!(-1), TokenFault::Expired),
            ("iat", json!(now.to_string()), TokenFault::Time("iat")),
            ("iat", json!(now + 61), TokenFault::NotYetValid),
            ("iat", json!(u64::MAX), TokenFault::Time("iat")),
            ("nbf", json!("soon"), TokenFault::Time("nbf")),
            ("nbf", json!(now + 61), TokenFault::NotYetValid),
            ("nonce", json!("another"), TokenFault::Nonce),
            ("nonce", json!(["the-nonce"]), TokenFault::Nonce),
            ("at_hash", json!("AAAA"), TokenFault::AccessTokenHash),
            ("at_hash", json!(7), TokenFault::AccessTokenHash),
            ("sub", json!(""), TokenFault::Subject),
            ("sub", json!(7), TokenFault::Subject),
            ("sub", json!("ü"), TokenFault::Subject),
            ("sub", json!("a".repeat(256)), TokenFault::Subject),
        ] {
            assert_eq!(with(name, value.clone()), Err(fault), "{name} {value}");
        }
        for (name, fault) in [
            ("iss", TokenFault::Issuer),
            ("aud", TokenFault::Audience),
            ("exp", TokenFault::Time("exp")),
            ("iat", TokenFault::Time("iat")),
            ("nonce", TokenFault::Nonce),
            ("sub", TokenFault::Subject),
        ] {
            let mut missing = claims();
            missing.as_object_mut().unwrap().remove(name);
            assert_eq!(judge(&missing), Err(fault), "{name}");
        }
    }

    #[test]
    fn a_sign_in_too_long_ago_is_none_where_we_asked_for_a_recent_one() {
        let hour =
            RelyingParty { max_auth_age: Some(Duration::from_hours(1)), ..party("https://acme.okta.test") };
        let now = NOW.seconds();
        let signed_in = |at: Value| {
            let mut changed = claims();
            changed["auth_time"] = at;
            (judge_at(&hour, None, &changed).is_ok(), judge(&changed).is_ok())
        };
        for recent in [now, now - 3600, now - 3660, now + 60] {
            assert_eq!(signed_in(json!(recent)), (true, true), "{recent}");
        }
        for wrong in [json!(now - 3661), json!(now + 61), json!(now.to_string()), json!(null)] {
            assert_eq!(signed_in(wrong.clone()), (false, true), "{wrong}");
        }
        assert_eq!(judge_at(&hour, None, &claims()), Err(TokenFault::AuthTime));
    }

    #[test]
    fn a_session_that_has_ended_lets_nobody_in() {
        let now = NOW.seconds();
        for good in [json!(now + 3600), json!(now - 60), json!(u32::MAX)] {
            assert!(with("session_expiry", good).is_ok());
        }
        for bad in [json!(now - 61), json!(0), json!("soon"), json!(null), json!([now + 3600])] {
            assert_eq!(with("session_expiry", bad.clone()), Err(TokenFault::SessionExpiry), "{bad}");
        }
    }

    #[test]
    fn at_a_shared_issuer_only_the_one_tenant_gets_in() {
        let party = party("https://acme.okta.test");
        let tid = |tid: Value| {
            let mut changed = claims();
            changed["tid"] = tid;
            judge_at(&party, Some("7f9c"), &changed)
        };
        assert!(tid(json!("7f9c")).is_ok());
        for other in [json!("7F9C"), json!("other"), json!(["7f9c"]), json!(null)] {
            assert_eq!(tid(other), Err(TokenFault::Tenant));
        }
        assert_eq!(judge_at(&party, Some("7f9c"), &claims()), Err(TokenFault::Tenant));
    }

    proptest! {
        #[test]
        fn no_clock_beyond_the_skew_is_believed(off in 61_i64..1_000_000_000) {
            let now = NOW.seconds();
            prop_assert!(with("exp", json!(now - off)).is_err());
            prop_assert!(with("iat", json!(now + off)).is_err());
            prop_assert!(with("nbf", json!(now + off)).is_err());
        }
    }
}
