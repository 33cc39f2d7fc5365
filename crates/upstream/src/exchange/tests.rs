//! Exchanges against a provider on the wire: what is right, and every way to be wrong.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vocabulary::ClientAuth;

use super::*;
use crate::testing::{NOW, Provider, Signer, granted, key_set, local_upstream, proofs, run, secret};
use crate::token_fault::TokenFault;

pub(super) async fn exchange(provider: &Provider) -> Result<VerifiedIdentity, Trouble> {
    local_upstream()
        .exchange(&provider.party(), &secret(), &granted(), &proofs(), NOW, &mut Seen::default())
        .await
}

#[test]
fn a_right_answer_becomes_an_identity() {
    run(async {
        let provider = Provider::start();
        let who = exchange(&provider).await.unwrap();
        assert_eq!(who.subject.as_str(), "00u1");
        assert_eq!(who.email.unwrap().as_str(), "ada@acme.test");
        assert_eq!((who.email_verified, who.name.as_deref()), (Some(true), Some("Ada Lovelace")));
        assert!(who.claim_names.contains(&"nonce".to_owned()));
        assert_eq!(provider.count("/userinfo"), 0);
        let token = provider.requests().into_iter().find(|request| request.path == "/token").unwrap();
        for part in [
            "grant_type=authorization_code",
            "code=code-canary",
            "redirect_uri=https%3A%2F%2Fsso.test%2Ft%2Facme%2Fcallback",
            "code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ] {
            assert!(token.body.contains(part), "{part}");
        }
        assert!(!token.body.contains("s3cret-canary"));
        assert!(token.head.contains("authorization: Basic Y2xpZW50LTE6czNjcmV0LWNhbmFyeQ=="));
        assert!(token.head.contains("accept-encoding: identity"));
    });
}

#[test]
fn the_secret_goes_into_the_form_where_the_connection_says_so() {
    run(async {
        let provider = Provider::start();
        let party = RelyingParty { client_auth: ClientAuth::Post, ..provider.party() };
        local_upstream()
            .exchange(&party, &secret(), &granted(), &proofs(), NOW, &mut Seen::default())
            .await
            .unwrap();
        let token = provider.requests().into_iter().find(|request| request.path == "/token").unwrap();
        assert!(token.body.contains("client_id=client-1&client_secret=s3cret-canary"));
        assert!(!token.head.to_lowercase().contains("authorization:"));
    });
}

#[test]
fn every_kind_of_key_is_verified() {
    run(async {
        for signer in [Signer::rsa("r", "RS256"), Signer::es256("e"), Signer::ed25519("d")] {
            let provider = Provider::start();
            provider.set("/keys", 200, &key_set(&[&signer, &provider.signer]));
            provider.grant_token(&signer.token(&provider.claims()));
            assert!(exchange(&provider).await.is_ok());
        }
    });
}

#[test]
fn no_forged_token_is_believed() {
    run(async {
        let provider = Provider::start();
        for (token, why) in forgeries(&provider) {
            provider.grant_token(&token);
            let trouble = exchange(&provider).await.unwrap_err();
            assert_eq!(trouble, Trouble::IdTokenInvalid { why }, "{token}");
        }
        assert_eq!(provider.count("/userinfo"), 0);
    });
}

/// Tokens that somebody without the provider's key, or with another kind of token, might pass.
fn forgeries(provider: &Provider) -> Vec<(String, TokenFault)> {
    let (signer, claims) = (&provider.signer, provider.claims());
    let good = signer.token(&claims);
    let header = |header: Value| signer.token_with(&header, &claims);
    let (body, _) = good.rsplit_once('.').unwrap();
    let mut flipped = URL_SAFE_NO_PAD.decode(good.rsplit('.').next().unwrap()).unwrap();
    flipped[10] ^= 1;
    let mut other_claims = claims.clone();
    other_claims["sub"] = json!("00u2");
    let other = signer.token(&other_claims);
    let swapped = {
        let parts: Vec<_> = good.split('.').zip(other.split('.')).collect();
        format!("{}.{}.{}", parts[0].0, parts[1].1, parts[2].0)
    };
    vec![
        (header(json!({"alg": "none", "kid": "key-1"})), TokenFault::Algorithm),
        (format!("{}.", header(json!({"alg": "NONE"})).rsplit_once('.').unwrap().0), TokenFault::Algorithm),
        (header(json!({"alg": "HS256", "kid": "key-1"})), TokenFault::Algorithm),
        (header(json!({"alg": "ES384", "kid": "key-1"})), TokenFault::Algorithm),
        (header(json!({"alg": "RS256", "kid": "key-1"})), TokenFault::UnknownKey),
        (header(json!({"alg": "ES256", "kid": "../../etc/passwd"})), TokenFault::UnknownKey),
        (header(json!({"alg": "ES256", "kid": "key-1", "jwk": signer.jwk()})), TokenFault::Header),
        (header(json!({"alg": "ES256", "kid": "key-1", "typ": "logout+jwt"})), TokenFault::Type),
        (format!("{body}.{}", URL_SAFE_NO_PAD.encode(flipped)), TokenFault::Signature),
        (format!("{body}."), TokenFault::Signature),
        (swapped, TokenFault::Signature),
        (Signer::es256("key-1").token(&claims), TokenFault::Signature),
        (signer.token(&json!([1])), TokenFault::Shape),
        ("not.a.token".to_owned(), TokenFault::Shape),
    ]
}

#[test]
fn wrong_claims_are_refused_before_userinfo_is_asked() {
    run(async {
        let provider = Provider::start();
        let mut claims = provider.claims();
        claims.as_object_mut().unwrap().remove("email");
        claims["nonce"] = json!("another");
        provider.grant(&claims);
        assert_eq!(exchange(&provider).await.unwrap_err(), TokenFault::Nonce.into());
        assert_eq!(provider.count("/userinfo"), 0);
    });
}

#[test]
fn whatever_became_of_it_an_exchange_leaves_what_it_saw() {
    run(async {
        let provider = Provider::start();
        let mut claims = provider.claims();
        claims.as_object_mut().unwrap().remove("name");
        claims["department"] = json!("value-canary");
        let see = async || {
            let mut seen = Seen::default();
            let (upstream, party) = (local_upstream(), provider.party());
            let outcome = upstream.exchange(&party, &secret(), &granted(), &proofs(), NOW, &mut seen).await;
            assert!(!format!("{seen:?}").contains("canary"), "{seen:?}");
            (outcome.is_ok(), seen)
        };
        let asked = |seen: &Seen| [Endpoint::Token, Endpoint::UserInfo].map(|at| seen.took(at).is_some());
        let names = |seen: &Seen| {
            ["department", "zoneinfo"].map(|name| seen.claim_names().contains(&name.to_owned()))
        };

        provider.grant(&claims);
        provider.set("/userinfo", 200, r#"{"sub":"00u1","name":"Ada","zoneinfo":"UTC"}"#);
        let (came_in, seen) = see().await;
        assert_eq!((came_in, asked(&seen), names(&seen)), (true, [true; 2], [true; 2]));

        provider.set("/userinfo", 503, "");
        let (came_in, seen) = see().await;
        assert_eq!((came_in, asked(&seen), names(&seen)), (false, [true; 2], [true, false]));

        claims["nonce"] = json!("another");
        provider.grant(&claims);
        let (came_in, seen) = see().await;
        assert_eq!((came_in, asked(&seen), names(&seen)), (false, [true, false], [true, false]));

        // Nobody vouches for what stands in a token that its signature does not fit.
        provider.grant_token(&Signer::es256("key-1").token(&claims));
        let (came_in, seen) = see().await;
        assert_eq!((came_in, asked(&seen), seen.claim_names().len()), (false, [true, false], 0));
    });
}

#[test]
fn rotated_keys_are_found_with_one_more_request() {
    run(async {
        let provider = Provider::start();
        let (upstream, party) = (local_upstream(), provider.party());
        let sign_in = async |now| {
            upstream.exchange(&party, &secret(), &granted(), &proofs(), now, &mut Seen::default()).await
        };
        sign_in(NOW).await.unwrap();
        let rotated = Signer::es256("key-2");
        provider.set("/keys", 200, &key_set(&[&rotated]));
        provider.grant_token(&rotated.token(&provider.claims()));
        sign_in(NOW).await.unwrap();
        assert_eq!(provider.count("/keys"), 2);
        // A kid that nobody has: no further request for thirty seconds, then one.
        provider.grant_token(&Signer::es256("key-3").token(&provider.claims()));
        let unknown = Trouble::IdTokenInvalid { why: TokenFault::UnknownKey };
        for _ in 0..5 {
            assert_eq!(sign_in(NOW).await.unwrap_err(), unknown);
        }
        assert_eq!(provider.count("/keys"), 2);
        let later = NOW.plus(Duration::from_secs(30));
        assert_eq!(sign_in(later).await.unwrap_err(), unknown);
        assert_eq!(provider.count("/keys"), 3);
        // An empty set does not replace the good one.
        provider.set("/keys", 200, r#"{"keys":[]}"#);
        assert!(sign_in(later.plus(Duration::from_secs(30))).await.is_err());
        provider.grant_token(&rotated.token(&provider.claims()));
        sign_in(later).await.unwrap();
    });
}

#[test]
fn a_token_without_kid_needs_a_key_that_verifies() {
    run(async {
        let provider = Provider::start();
        let token = provider.signer.token_with(&json!({"alg": "ES256"}), &provider.claims());
        provider.grant_token(&token);
        assert!(exchange(&provider).await.is_ok());
        let other = Signer::es256("other");
        provider.set("/keys", 200, &key_set(&[&other, &provider.signer]));
        assert!(exchange(&provider).await.is_ok());
        provider.set("/keys", 200, &key_set(&[&other]));
        assert_eq!(exchange(&provider).await.unwrap_err(), TokenFault::UnknownKey.into());
    });
}

#[test]
fn a_thin_token_is_completed_by_userinfo_of_the_same_subject() {
    run(async {
        let provider = Provider::start();
        let mut claims = provider.claims();
        for name in ["email", "email_verified", "name"] {
            claims.as_object_mut().unwrap().remove(name);
        }
        provider.grant(&claims);
        let info =
            |sub: &str| json!({"sub": sub, "email": "ada@acme.test", "name": "Ada", "zoneinfo": "UTC"});
        provider.set("/userinfo", 200, &info("00u1").to_string());
        let who = exchange(&provider).await.unwrap();
        assert_eq!(who.email.unwrap().as_str(), "ada@acme.test");
        assert!(who.claim_names.contains(&"zoneinfo".to_owned()));
        let asked = provider.requests().into_iter().find(|request| request.path == "/userinfo").unwrap();
        assert!(asked.head.contains("authorization: Bearer access-canary"));

        provider.set("/userinfo", 200, &info("00u2").to_string());
        assert_eq!(exchange(&provider).await.unwrap_err(), Trouble::UserInfoSubjectMismatch);
        provider.set("/userinfo", 200, r#"{"email":"ada@acme.test"}"#);
        assert_eq!(exchange(&provider).await.unwrap_err(), Trouble::UserInfoSubjectMismatch);
        let jwt = "Content-Type: application/jwt\r\n";
        provider.set_whole("/userinfo", 200, jwt, info("00u1").to_string().into(), Duration::ZERO);
        assert!(matches!(exchange(&provider).await, Err(Trouble::Protocol { at: Endpoint::UserInfo, .. })));
    });
}
