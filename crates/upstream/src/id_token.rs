//! Whether the claims of a verified ID token speak of this sign-in (Core §3.1.3.7).

use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde_json::{Map, Value};
use vocabulary::{Subject, Timestamp};

use crate::algorithm::Algorithm;
use crate::party::{Proofs, RelyingParty};

/// How far the provider's clock may be off, either way.
const SKEW: Duration = Duration::from_mins(1);

/// The types an ID token may call itself; most have none.
pub(crate) const TYPES: [&str; 2] = ["JWT", "application/jwt"];

/// The check that an ID token failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenFault {
    /// Not three parts of Base64 with JSON inside.
    #[error("it is not a signed JWT")]
    Shape,
    /// Over 64 KiB.
    #[error("it is too long")]
    TooLong,
    /// `alg` is missing, symmetric, `none`, unknown or not announced by the provider.
    #[error("its algorithm is not one we believe")]
    Algorithm,
    /// The header carries `crit`, `jwk`, `jku`, `x5u`, `zip` or `b64`.
    #[error("its header wants rules or keys of its own")]
    Header,
    /// `typ` says that it is another kind of token.
    #[error("it is another kind of token")]
    Type,
    /// No key of the provider fits, not even after asking again.
    #[error("no key of the provider fits")]
    UnknownKey,
    /// The key it names did not sign it.
    #[error("its signature is wrong")]
    Signature,
    /// `iss` is not the connection's issuer.
    #[error("iss is missing or another issuer")]
    Issuer,
    /// `aud` does not contain our client id.
    #[error("aud is missing or does not name us")]
    Audience,
    /// `azp` is not our client id, or missing with several audiences.
    #[error("azp is missing or does not name us")]
    AuthorizedParty,
    /// A time is missing or not a number.
    #[error("{0} is missing or not a number")]
    Time(&'static str),
    /// `exp` has passed.
    #[error("it has expired; are both clocks right?")]
    Expired,
    /// `iat` or `nbf` lies ahead.
    #[error("it is not valid yet; are both clocks right?")]
    NotYetValid,
    /// `nonce` is not the attempt's.
    #[error("nonce is missing or belongs to another attempt")]
    Nonce,
    /// `at_hash` does not fit the access token.
    #[error("at_hash does not fit the access token")]
    AccessTokenHash,
    /// `sub` is not 1 to 255 printable ASCII characters.
    #[error("sub is missing or not 1 to 255 printable ASCII characters")]
    Subject,
}

/// What an ID token is measured against.
pub(crate) struct Expected<'a> {
    pub(crate) party: &'a RelyingParty,
    pub(crate) proofs: &'a Proofs,
    pub(crate) access_token: &'a str,
    pub(crate) algorithm: Algorithm,
    /// When the exchange began: what had expired before is expired.
    pub(crate) begun: Timestamp,
    /// When the token was here: what is issued later comes from a clock ahead of ours.
    pub(crate) received: Timestamp,
}

/// Checks every claim and tells who it is.
pub(crate) fn subject_of(claims: &Map<String, Value>, expected: &Expected) -> Result<Subject, IdTokenFault> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.party.issuer.as_str()) {
        return Err(IdTokenFault::Issuer);
    }
    check_audience(claims, expected.party.client_id.as_str())?;
    check_times(claims, expected)?;
    let nonce = text("nonce").ok_or(IdTokenFault::Nonce)?;
    verify_slices_are_equal(nonce.as_bytes(), expected.proofs.nonce.as_bytes())
        .map_err(|_other| IdTokenFault::Nonce)?;
    if let Some(at_hash) = claims.get("at_hash") {
        let computed = expected.algorithm.half_hash(expected.access_token);
        if at_hash.as_str() != Some(&computed) {
            return Err(IdTokenFault::AccessTokenHash);
        }
    }
    Subject::parse(text("sub").unwrap_or_default()).map_err(|_wrong| IdTokenFault::Subject)
}

/// `aud` names us; where it names others too, or `azp` is there, `azp` is us.
fn check_audience(claims: &Map<String, Value>, client_id: &str) -> Result<(), IdTokenFault> {
    let several = match claims.get("aud") {
        Some(Value::String(audience)) if audience == client_id => false,
        Some(Value::Array(audiences)) if audiences.iter().any(|audience| audience == client_id) => {
            audiences.len() > 1
        }
        _ => return Err(IdTokenFault::Audience),
    };
    match claims.get("azp") {
        Some(azp) if azp == client_id => Ok(()),
        None if !several => Ok(()),
        _ => Err(IdTokenFault::AuthorizedParty),
    }
}

/// In whole seconds, as claims count: 60 seconds off is fine, 61 are not.
fn check_times(claims: &Map<String, Value>, expected: &Expected) -> Result<(), IdTokenFault> {
    let required = |name: &'static str| claims.get(name).and_then(moment).ok_or(IdTokenFault::Time(name));
    let earliest = expected.begun.minus(SKEW).seconds();
    let latest = expected.received.plus(SKEW).seconds();
    if required("exp")?.seconds() < earliest {
        return Err(IdTokenFault::Expired);
    }
    if required("iat")?.seconds() > latest {
        return Err(IdTokenFault::NotYetValid);
    }
    if claims.contains_key("nbf") && required("nbf")?.seconds() > latest {
        return Err(IdTokenFault::NotYetValid);
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

    fn judge(claims: &Value) -> Result<Subject, IdTokenFault> {
        let expected = Expected {
            party: &party("https://acme.okta.test"),
            proofs: &proofs(),
            access_token: "the-access-token",
            algorithm: Algorithm::Es256,
            begun: NOW,
            received: NOW,
        };
        subject_of(claims.as_object().unwrap(), &expected)
    }

    fn with(name: &str, value: Value) -> Result<Subject, IdTokenFault> {
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
            ("iss", json!("https://acme.okta.test/"), IdTokenFault::Issuer),
            ("iss", json!(["https://acme.okta.test"]), IdTokenFault::Issuer),
            ("aud", json!("client-2"), IdTokenFault::Audience),
            ("aud", json!([]), IdTokenFault::Audience),
            ("aud", json!([["client-1"]]), IdTokenFault::Audience),
            ("aud", json!({"client-1": 1}), IdTokenFault::Audience),
            ("aud", json!(["client-1", "other"]), IdTokenFault::AuthorizedParty),
            ("azp", json!("other"), IdTokenFault::AuthorizedParty),
            ("azp", json!(null), IdTokenFault::AuthorizedParty),
            ("exp", json!((now + 300).to_string()), IdTokenFault::Time("exp")),
            ("exp", json!(null), IdTokenFault::Time("exp")),
            ("exp", json!(now - 61), IdTokenFault::Expired),
            ("exp", json!(-1), IdTokenFault::Expired),
            ("iat", json!(now.to_string()), IdTokenFault::Time("iat")),
            ("iat", json!(now + 61), IdTokenFault::NotYetValid),
            ("iat", json!(u64::MAX), IdTokenFault::Time("iat")),
            ("nbf", json!("soon"), IdTokenFault::Time("nbf")),
            ("nbf", json!(now + 61), IdTokenFault::NotYetValid),
            ("nonce", json!("another"), IdTokenFault::Nonce),
            ("nonce", json!(["the-nonce"]), IdTokenFault::Nonce),
            ("at_hash", json!("AAAA"), IdTokenFault::AccessTokenHash),
            ("at_hash", json!(7), IdTokenFault::AccessTokenHash),
            ("sub", json!(""), IdTokenFault::Subject),
            ("sub", json!(7), IdTokenFault::Subject),
            ("sub", json!("ü"), IdTokenFault::Subject),
            ("sub", json!("a".repeat(256)), IdTokenFault::Subject),
        ] {
            assert_eq!(with(name, value.clone()), Err(fault), "{name} {value}");
        }
        for (name, fault) in [
            ("iss", IdTokenFault::Issuer),
            ("aud", IdTokenFault::Audience),
            ("exp", IdTokenFault::Time("exp")),
            ("iat", IdTokenFault::Time("iat")),
            ("nonce", IdTokenFault::Nonce),
            ("sub", IdTokenFault::Subject),
        ] {
            let mut missing = claims();
            missing.as_object_mut().unwrap().remove(name);
            assert_eq!(judge(&missing), Err(fault), "{name}");
        }
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
