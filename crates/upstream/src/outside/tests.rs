//! Tokens from outside against a provider on the wire: what is right, and every way to be wrong.

use serde_json::json;
use vocabulary::Issuer;

use super::*;
use crate::logout_token::LogoutToken;
use crate::revocation_token::RevocationToken;
use crate::seen::Seen;
use crate::testing::{NOW, Provider, Signer, granted, key_set, local_upstream, proofs, run, secret};

const AUDIENCE: &str = "https://sso.test/t/acme/revoke";
const KEYS: &str = "/keys";

fn header(typ: &str) -> Value {
    json!({"alg": "ES256", "kid": "key-1", "typ": typ})
}

fn logout_claims(provider: &Provider) -> Value {
    json!({
        "iss": provider.address(""), "aud": "client-1", "jti": "jti-1", "sub": "00u1", "sid": "sid-1",
        "iat": NOW.seconds(), "exp": NOW.seconds() + 120,
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    })
}

fn revocation_claims(provider: &Provider) -> Value {
    json!({
        "iss": provider.address(""), "aud": AUDIENCE, "sub": "client-1", "jti": "jti-1",
        "iat": NOW.seconds(), "nbf": NOW.seconds(), "exp": NOW.seconds() + 300,
    })
}

async fn logout(provider: &Provider, header: &Value, claims: &Value) -> Result<LogoutToken, OutsideFault> {
    let token = provider.signer.token_with(header, claims);
    local_upstream().logout_token(&party(provider), &token, NOW).await
}

async fn revoke(
    provider: &Provider,
    header: &Value,
    claims: &Value,
) -> Result<RevocationToken, OutsideFault> {
    let token = provider.signer.token_with(header, claims);
    local_upstream().revocation_token(&party(provider), AUDIENCE, &token, NOW).await
}

fn party(provider: &Provider) -> RelyingParty {
    RelyingParty { aliases: vec![Issuer::parse("https://login.acme.test").unwrap()], ..provider.party() }
}

/// `null` takes a claim away.
fn with(mut claims: Value, changes: &[(&str, Value)]) -> Value {
    for (name, value) in changes {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(*name);
        } else {
            claims[*name] = value.clone();
        }
    }
    claims
}

fn untrusted(why: TokenFault) -> OutsideFault {
    OutsideFault::Untrusted(why)
}

#[test]
fn a_right_logout_token_tells_whose_session_ended() {
    run(async {
        let provider = Provider::start();
        let told = logout(&provider, &header("logout+jwt"), &logout_claims(&provider)).await.unwrap();
        assert_eq!(told.jti, "jti-1");
        assert_eq!((told.sid.as_deref(), told.subject.unwrap().as_str()), (Some("sid-1"), "00u1"));
        for typ in ["JWT", "Logout+JWT", "application/logout+jwt", "APPLICATION/JWT"] {
            assert!(logout(&provider, &header(typ), &logout_claims(&provider)).await.is_ok(), "{typ}");
        }
        let now = NOW.seconds();
        let untyped = json!({"alg": "ES256"});
        for changes in [
            vec![("sid", Value::Null)],
            vec![("sub", Value::Null)],
            vec![("exp", Value::Null)],
            vec![("aud", json!(["client-1"]))],
            vec![("aud", json!(["other", "client-1"])), ("azp", json!("client-1"))],
            vec![("iss", json!("https://login.acme.test"))],
            vec![("iat", json!(now - 300)), ("exp", json!(now + 1))],
            vec![("iat", json!(now + 60)), ("nbf", json!(now + 60))],
            vec![("jti", json!("x".repeat(255)))],
        ] {
            let claims = with(logout_claims(&provider), &changes);
            assert!(logout(&provider, &untyped, &claims).await.is_ok(), "{claims}");
        }
    });
}

#[test]
fn every_wrong_logout_token_is_refused_for_its_own_reason() {
    let now = NOW.seconds();
    let event = "http://schemas.openid.net/event/backchannel-logout";
    let table = [
        ("iat", json!(null), TokenFault::Time("iat")),
        ("iat", json!("now"), TokenFault::Time("iat")),
        ("iat", json!(now - 301), TokenFault::TooOld),
        ("iat", json!(now + 61), TokenFault::NotYetValid),
        ("exp", json!(now), TokenFault::Expired),
        ("exp", json!("later"), TokenFault::Time("exp")),
        ("nbf", json!(now + 61), TokenFault::NotYetValid),
        ("jti", json!(null), TokenFault::TokenId),
        ("jti", json!(""), TokenFault::TokenId),
        ("jti", json!(7), TokenFault::TokenId),
        ("jti", json!("a\nb"), TokenFault::TokenId),
        ("jti", json!("x".repeat(256)), TokenFault::TokenId),
        ("nonce", json!("the-nonce"), TokenFault::NonceForbidden),
        ("events", json!(null), TokenFault::Events),
        ("events", json!([event]), TokenFault::Events),
        ("events", json!(event), TokenFault::Events),
        ("events", json!({}), TokenFault::Events),
        ("events", json!({"http://schemas.openid.net/event/other": {}}), TokenFault::Events),
        ("events", json!({event: true}), TokenFault::Events),
        ("events", json!({event: null}), TokenFault::Events),
        ("events", json!({event: []}), TokenFault::Events),
        ("sid", json!(7), TokenFault::Nobody),
        ("sid", json!(""), TokenFault::Nobody),
        ("sid", json!("a\u{0}b"), TokenFault::Nobody),
        ("sub", json!(["00u1"]), TokenFault::Nobody),
        ("sub", json!("x".repeat(256)), TokenFault::Nobody),
    ];
    run(async {
        let provider = Provider::start();
        for (name, value, why) in table {
            let claims = with(logout_claims(&provider), &[(name, value)]);
            let ended = logout(&provider, &header("logout+jwt"), &claims).await;
            assert_eq!(ended, Err(untrusted(why)), "{claims}");
        }
        let mut nonce = logout_claims(&provider);
        nonce["nonce"] = Value::Null;
        assert_eq!(
            logout(&provider, &header("JWT"), &nonce).await,
            Err(untrusted(TokenFault::NonceForbidden)),
            "no nonce, not even an empty one"
        );
        let nobody = with(logout_claims(&provider), &[("sub", Value::Null), ("sid", Value::Null)]);
        assert_eq!(logout(&provider, &header("JWT"), &nobody).await, Err(untrusted(TokenFault::Nobody)));
    });
}

#[test]
fn a_logout_token_for_somebody_else_is_foreign() {
    run(async {
        let provider = Provider::start();
        for (name, value, why) in [
            ("iss", json!(provider.address("/")), TokenFault::Issuer),
            ("iss", json!("https://evil.test"), TokenFault::Issuer),
            ("iss", json!(null), TokenFault::Issuer),
            ("aud", json!("client-2"), TokenFault::Audience),
            ("aud", json!(null), TokenFault::Audience),
            ("aud", json!(["client-1", "other"]), TokenFault::AuthorizedParty),
        ] {
            let claims = with(logout_claims(&provider), &[(name, value)]);
            let ended = logout(&provider, &header("logout+jwt"), &claims).await;
            assert_eq!(ended, Err(OutsideFault::Foreign(why)), "{claims}");
        }
    });
}

#[test]
fn no_kind_of_token_passes_for_another_even_if_rightly_signed() {
    run(async {
        let provider = Provider::start();
        let id_token = provider.claims();
        let told = logout(&provider, &header("JWT"), &with(id_token.clone(), &[("jti", json!("j"))])).await;
        assert_eq!(told, Err(untrusted(TokenFault::NonceForbidden)));
        let nonceless = with(id_token, &[("jti", json!("j")), ("nonce", Value::Null)]);
        assert_eq!(logout(&provider, &header("JWT"), &nonceless).await, Err(untrusted(TokenFault::Events)));
        for typ in ["at+jwt", "global-token-revocation+jwt", "secevent+jwt"] {
            let told = logout(&provider, &header(typ), &logout_claims(&provider)).await;
            assert_eq!(told, Err(untrusted(TokenFault::Type)), "{typ}");
        }
        for (typ, why) in [("JWT", TokenFault::Nonce), ("logout+jwt", TokenFault::Type)] {
            provider.grant_token(&provider.signer.token_with(&header(typ), &logout_claims(&provider)));
            let (upstream, party) = (local_upstream(), provider.party());
            let in_there =
                upstream.exchange(&party, &secret(), &granted(), &proofs(), NOW, &mut Seen::default()).await;
            assert_eq!(in_there.unwrap_err(), Trouble::IdTokenInvalid { why });
        }
    });
}

#[test]
fn a_right_revocation_token_is_believed() {
    run(async {
        let provider = Provider::start();
        for typ in ["global-token-revocation+jwt", "application/Global-Token-Revocation+jwt"] {
            let told = revoke(&provider, &header(typ), &revocation_claims(&provider)).await.unwrap();
            assert_eq!(told.jti, "jti-1");
        }
        for (name, value) in
            [("aud", json!([AUDIENCE])), ("nbf", Value::Null), ("iss", json!("https://login.acme.test"))]
        {
            let claims = with(revocation_claims(&provider), &[(name, value)]);
            let told = revoke(&provider, &header("global-token-revocation+jwt"), &claims).await;
            assert!(told.is_ok(), "{claims} {told:?}");
        }
    });
}

#[test]
fn every_wrong_revocation_token_is_refused_for_its_own_reason() {
    let now = NOW.seconds();
    let foreign = OutsideFault::Foreign;
    let table = [
        ("exp", json!(null), untrusted(TokenFault::Time("exp"))),
        ("exp", json!(now), untrusted(TokenFault::Expired)),
        ("iat", json!(null), untrusted(TokenFault::Time("iat"))),
        ("iat", json!(now - 301), untrusted(TokenFault::TooOld)),
        ("iat", json!(now + 61), untrusted(TokenFault::NotYetValid)),
        ("nbf", json!(now + 61), untrusted(TokenFault::NotYetValid)),
        ("jti", json!(null), untrusted(TokenFault::TokenId)),
        ("iss", json!("https://evil.test"), foreign(TokenFault::Issuer)),
        ("iss", json!(null), foreign(TokenFault::Issuer)),
        ("aud", json!("https://sso.test/t/globex/revoke"), foreign(TokenFault::Audience)),
        ("aud", json!("https://sso.test/t/acme/revoke/"), foreign(TokenFault::Audience)),
        ("aud", json!("client-1"), foreign(TokenFault::Audience)),
        ("aud", json!([AUDIENCE, "https://other.test"]), foreign(TokenFault::Audience)),
        ("aud", json!([]), foreign(TokenFault::Audience)),
        ("aud", json!(null), foreign(TokenFault::Audience)),
        ("sub", json!("client-2"), foreign(TokenFault::Subject)),
        ("sub", json!(null), foreign(TokenFault::Subject)),
    ];
    run(async {
        let provider = Provider::start();
        for (name, value, why) in table {
            let claims = with(revocation_claims(&provider), &[(name, value)]);
            let told = revoke(&provider, &header("global-token-revocation+jwt"), &claims).await;
            assert_eq!(told, Err(why), "{claims}");
        }
        for typ in ["JWT", "logout+jwt"] {
            let told = revoke(&provider, &header(typ), &revocation_claims(&provider)).await;
            assert_eq!(told, Err(untrusted(TokenFault::Type)), "{typ}");
        }
        let untyped = revoke(&provider, &json!({"alg": "ES256"}), &revocation_claims(&provider)).await;
        assert_eq!(untyped, Err(untrusted(TokenFault::Type)));
    });
}

#[test]
fn no_forged_token_ends_anything_and_none_is_foreign() {
    run(async {
        let provider = Provider::start();
        let upstream = local_upstream();
        let claims = with(logout_claims(&provider), &[("aud", json!("client-2"))]);
        let signed = |header: Value| provider.signer.token_with(&header, &claims);
        let stranger = Signer::es256("key-1");
        for (token, why) in [
            (stranger.token(&claims), TokenFault::Signature),
            (signed(json!({"alg": "none"})), TokenFault::Algorithm),
            (signed(json!({"alg": "HS256", "kid": "key-1"})), TokenFault::Algorithm),
            (signed(json!({"alg": "PS256", "kid": "key-1"})), TokenFault::Algorithm),
            (signed(json!({"alg": "ES256", "kid": "key-1", "jwk": stranger.jwk()})), TokenFault::Header),
            (signed(json!({"alg": "ES256", "kid": "key-2"})), TokenFault::UnknownKey),
            ("junk".to_owned(), TokenFault::Shape),
        ] {
            let ended = upstream.logout_token(&party(&provider), &token, NOW).await;
            assert_eq!(ended, Err(untrusted(why)), "{token}");
        }
    });
}

#[test]
fn what_is_no_token_at_all_costs_no_outbound_call() {
    run(async {
        let provider = Provider::start();
        let (upstream, party) = (local_upstream(), party(&provider));
        for junk in ["", "a.b.c", &"x".repeat(100_000), &provider.signer.token(&json!({}))] {
            assert!(upstream.revocation_token(&party, AUDIENCE, junk, NOW).await.is_err());
        }
        assert!(upstream.logout_token(&party, "a.b.c", NOW).await.is_err());
        assert_eq!(provider.requests().len(), 0);
    });
}

#[test]
fn whether_a_provider_that_is_down_signed_it_is_not_known() {
    run(async {
        let provider = Provider::start();
        provider.set(KEYS, 503, "");
        let ended = logout(&provider, &header("logout+jwt"), &logout_claims(&provider)).await;
        assert!(matches!(ended, Err(OutsideFault::Upstream(Trouble::Unreachable { .. }))), "{ended:?}");
    });
}

#[test]
fn ten_thousand_unknown_kids_cost_one_more_request_and_no_good_key() {
    run(async {
        let provider = Provider::start();
        let (upstream, party) = (local_upstream(), party(&provider));
        let good = provider.signer.token(&logout_claims(&provider));
        upstream.logout_token(&party, &good, NOW).await.unwrap();
        assert_eq!(provider.count(KEYS), 1);
        // A set that is empty or no set at all must not take the place of the good one.
        for (round, broken) in [r#"{"keys":[]}"#, "<html>"].into_iter().enumerate() {
            provider.set(KEYS, 200, broken);
            let now = NOW.plus(Duration::from_secs(31) * u32::try_from(round).unwrap());
            for n in 0..5000 {
                let unknown = provider
                    .signer
                    .token_with(&json!({"alg": "ES256", "kid": format!("{round}/{n}")}), &json!({}));
                let ended = upstream.logout_token(&party, &unknown, now).await;
                assert!(ended.is_err());
            }
            provider.grant_token(&Signer::es256("of-an-id-token").token(&provider.claims()));
            assert!(
                upstream
                    .exchange(&party, &secret(), &granted(), &proofs(), now, &mut Seen::default())
                    .await
                    .is_err()
            );
            assert_eq!(provider.count(KEYS), 2 + round, "one lock for all kinds of tokens");
            assert!(upstream.logout_token(&party, &good, now).await.is_ok(), "the good keys are kept");
        }
        provider.set(KEYS, 200, &key_set(&[&provider.signer]));
        provider.grant(&provider.claims());
        assert!(
            upstream
                .exchange(&party, &secret(), &granted(), &proofs(), NOW, &mut Seen::default())
                .await
                .is_ok()
        );
    });
}
