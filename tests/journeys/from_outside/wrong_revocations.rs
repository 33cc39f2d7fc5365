//! Universal Logout, every wrong way: 401, 403, 400, 404 in that order, and whoever was in is in.

use mock_idp::{SignatureFault, Verdict};
use reqwest::Method;
use serde_json::{Map, Value, json};
use support::{Browser, World, on_both};
use vocabulary::Clock as _;

use super::{
    ADA, BOB, CLIENT, REVOCATION, assert_refused, email, is_in, issuer_and_subject, revocation_claims,
    revocation_token, revoke, send, subject,
};

/// A right token's claims, and how to spoil them.
type Spoil = fn(&mut Map<String, Value>, i64);

fn set(claims: &mut Map<String, Value>, name: &str, value: Value) {
    claims.insert(name.to_owned(), value);
}

/// Tokens that are not to be believed: 401.
#[rustfmt::skip]
const UNTRUSTED: &[(&str, Spoil)] = &[
    ("iat missing", |claims, _| drop(claims.remove("iat"))),
    ("iat a text", |claims, now| set(claims, "iat", json!(now.to_string()))),
    ("iat six minutes ago", |claims, now| set(claims, "iat", json!(now - 360))),
    ("iat in two minutes", |claims, now| set(claims, "iat", json!(now + 121))),
    ("exp missing", |claims, _| drop(claims.remove("exp"))),
    ("exp passed", |claims, now| set(claims, "exp", json!(now - 1))),
    ("exp a text", |claims, now| set(claims, "exp", json!((now + 60).to_string()))),
    ("nbf in two minutes", |claims, now| set(claims, "nbf", json!(now + 121))),
    ("nbf null", |claims, _| set(claims, "nbf", json!(null))),
    ("jti missing", |claims, _| drop(claims.remove("jti"))),
    ("jti empty", |claims, _| set(claims, "jti", json!(""))),
    ("jti huge", |claims, _| set(claims, "jti", json!("j".repeat(10_000)))),
    ("jti a list", |claims, _| set(claims, "jti", json!(["a"]))),
];

/// Tokens that the provider signed for somebody else: 403.
#[rustfmt::skip]
const FOREIGN: &[(&str, Spoil)] = &[
    ("iss missing", |claims, _| drop(claims.remove("iss"))),
    ("iss of another", |claims, _| set(claims, "iss", json!("https://evil.test"))),
    ("iss with a slash", |claims, _| { let iss = claims["iss"].as_str().unwrap().to_owned() + "/"; set(claims, "iss", json!(iss)); }),
    ("aud missing", |claims, _| drop(claims.remove("aud"))),
    ("aud our client id", |claims, _| set(claims, "aud", json!(CLIENT))),
    ("aud another team's address", |claims, _| { let aud = claims["aud"].as_str().unwrap().replace("acme", "acme-labs"); set(claims, "aud", json!(aud)); }),
    ("aud the logout address", |claims, _| { let aud = claims["aud"].as_str().unwrap().replace("revoke", "backchannel_logout"); set(claims, "aud", json!(aud)); }),
    ("aud with a slash", |claims, _| { let aud = claims["aud"].as_str().unwrap().to_owned() + "/"; set(claims, "aud", json!(aud)); }),
    ("aud another host", |claims, _| set(claims, "aud", json!("https://evil.test/t/acme/revoke"))),
    ("aud several", |claims, _| { let aud = claims["aud"].clone(); set(claims, "aud", json!([aud, "https://evil.test"])); }),
    ("aud empty", |claims, _| set(claims, "aud", json!([]))),
    ("sub missing", |claims, _| drop(claims.remove("sub"))),
    ("sub another client", |claims, _| set(claims, "sub", json!("client-of-acme-labs"))),
    ("sub a number", |claims, _| set(claims, "sub", json!(7))),
];

on_both! {
    async fn a_token_that_is_not_to_be_believed_is_401(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let (right, now) = (revocation_claims(&world), world.clock.now().seconds());
        let mut tokens: Vec<(String, String)> = Vec::new();
        for (what, spoil) in UNTRUSTED {
            let mut claims = right.as_object().unwrap().clone();
            spoil(&mut claims, now);
            tokens.push(((*what).to_owned(), world.idp.sign("acme", REVOCATION, &claims.into())));
        }
        for fault in SignatureFault::ALL.iter().filter(|fault| fault.verdict() == Verdict::Refused) {
            // No header is as long or holds such letters; and the bit that flips is one of a person's `sub`.
            if !matches!(fault, SignatureFault::Enormous | SignatureFault::NotBase64 | SignatureFault::PayloadBitFlipped) {
                let token = world.idp.sign_despite("acme", REVOCATION, &right, *fault, CLIENT);
                tokens.push((format!("{fault:?}"), token));
            }
        }
        for typ in ["JWT", "logout+jwt", "at+jwt", "secevent+jwt"] {
            tokens.push((format!("typ {typ}"), world.idp.sign("acme", typ, &right)));
        }
        tokens.push(("no typ".to_owned(), world.idp.sign_despite("acme", REVOCATION, &right, SignatureFault::TypMissing, CLIENT)));
        tokens.push(("another issuer's key".to_owned(), world.idp.sign("globex", REVOCATION, &right)));
        tokens.push(("a logout token".to_owned(), world.idp.sign_logout_token("acme", CLIENT, mock_idp::LogoutOf::Subject(CLIENT))));
        assert!(tokens.len() > 45, "{}", tokens.len());
        for (what, token) in &tokens {
            // The body is as good as can be, then as bad: neither matters.
            for body in [email(BOB), "[".to_owned()] {
                let answer = revoke(&world.node, "acme", token, &body).await;
                assert_refused(&answer, 401, "revocation_token_invalid", what);
                assert_eq!(answer.header("www-authenticate"), Some("Bearer error=\"invalid_token\""), "{what}");
            }
        }
        assert!(is_in(&world.node, &bob, "acme").await);
        assert_eq!(revoke(&world.node, "acme", &world.idp.sign("acme", REVOCATION, &right), &email(BOB)).await.status, 204, "the table's own");
    }

    async fn credentials_in_any_other_form_are_401(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let token = revocation_token(&world);
        let good = format!("Bearer {token}");
        let odd = [String::new(), "Bearer".to_owned(), "Bearer ".to_owned(), token.clone(), format!("Basic {token}"), format!("Bearer {token},"), format!("Bearer x {token}"), format!("Bearer \"{token}\""), "Bearer \u{e9}".to_owned()];
        let json = ("content-type", "application/json");
        for odd in &odd {
            let answer = send(&world.node, "acme", &[("authorization", odd), json], &email(BOB)).await;
            assert_refused(&answer, 401, "revocation_token_invalid", odd);
        }
        assert_refused(&send(&world.node, "acme", &[json], &email(BOB)).await, 401, "revocation_token_invalid", "none");
        let twice = [("authorization", good.as_str()), ("authorization", good.as_str()), json];
        assert_refused(&send(&world.node, "acme", &twice, &email(BOB)).await, 401, "revocation_token_invalid", "twice");
        for headers in [vec![json], vec![("authorization", good.as_str()), json]] {
            let address = world.at(&format!("/t/acme/revoke?access_token={token}"));
            let answer = Browser::default().send(Method::POST, &address, &headers, Some(email(BOB))).await;
            assert_refused(&answer, 401, "revocation_token_invalid", "in the query");
        }
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
            let answer = Browser::default().send(method.clone(), &world.at("/t/acme/revoke"), &[("authorization", &good)], None).await;
            assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")), "{method}");
        }
        assert!(is_in(&world.node, &bob, "acme").await);
        let lower = format!("bearer  {token}");
        assert_eq!(send(&world.node, "acme", &[("authorization", &lower), json], &email(BOB)).await.status, 204, "RFC 9110 §11.1");
    }

    async fn a_token_that_was_signed_for_somebody_else_is_403(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let (right, now) = (revocation_claims(&world), world.clock.now().seconds());
        for (what, spoil) in FOREIGN {
            let mut claims = right.as_object().unwrap().clone();
            spoil(&mut claims, now);
            let token = world.idp.sign("acme", REVOCATION, &claims.into());
            for body in [email(BOB), "[".to_owned()] {
                assert_refused(&revoke(&world.node, "acme", &token, &body).await, 403, "revocation_token_foreign", what);
            }
        }
        let token = world.idp.sign("acme", REVOCATION, &right);
        assert_refused(&revoke(&world.node, "acme-labs", &token, &email(BOB)).await, 403, "revocation_token_foreign", "another team of the issuer");
        assert_refused(&revoke(&world.node, "globex", &token, &email(BOB)).await, 401, "revocation_token_invalid", "a team of another issuer");
        assert!(is_in(&world.node, &bob, "acme").await);
        assert_eq!(revoke(&world.node, "acme", &token, &email(BOB)).await.status, 204, "refusals left it unheard");
    }

    async fn a_body_that_is_not_as_specified_is_400_and_an_unknown_name_404(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let (issuer, sub) = (world.idp.issuer("acme"), subject(&world, "acme", BOB));
        let long = format!("{{\"pad\":\"{}\",{}", "x".repeat(17_000), &email(BOB)[1..]);
        let doubled = email(BOB).replace("\"email\":\"bob", "\"email\":\"ada@acme.test\",\"email\":\"bob");
        for body in [
            "", "null", "[]", "{}", "{", "7", "\"bob@acme.test\"",
            r#"{"sub_id": null}"#,
            r#"{"sub_id": "bob@acme.test"}"#,
            r#"{"sub_id": ["email", "bob@acme.test"]}"#,
            r#"{"sub_id": {"email": "bob@acme.test"}}"#,
            r#"{"sub_id": {"format": "email"}}"#,
            r#"{"sub_id": {"format": "email", "email": 7}}"#,
            r#"{"sub_id": {"format": "email", "email": ["bob@acme.test"]}}"#,
            r#"{"sub_id": {"format": "email", "email": "bob"}}"#,
            r#"{"sub_id": {"format": "EMAIL", "email": "bob@acme.test"}}"#,
            r#"{"sub_id": {"format": "phone_number", "phone_number": "+12065550100"}}"#,
            r#"{"sub_id": {"format": "opaque", "id": "bob"}}"#,
            r#"{"sub_id": {"format": "iss_sub", "sub": "bob"}}"#,
            r#"{"sub_id": {"format": "iss_sub", "iss": "https://x.test", "sub": 7}}"#,
            r#"{"email": "bob@acme.test"}"#,
            &(email(BOB) + " {}"), &doubled, &long,
        ] {
            let answer = revoke(&world.node, "acme", &revocation_token(&world), body).await;
            assert_refused(&answer, 400, "revocation_malformed", body);
        }
        let bearer = format!("Bearer {}", revocation_token(&world));
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
            let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
            assert_refused(&send(&world.node, "acme", &headers, &email(BOB)).await, 400, "revocation_malformed", kind);
        }
        for body in [
            email("nobody@acme.test"),
            email("bob@acme.test.evil.test"),
            issuer_and_subject(&issuer, "nobody"),
            issuer_and_subject(&issuer, &sub.to_uppercase()),
            issuer_and_subject("https://evil.test", &sub),
            issuer_and_subject(&world.idp.issuer("globex"), &sub),
            issuer_and_subject("", &sub),
        ] {
            let answer = revoke(&world.node, "acme", &revocation_token(&world), &body).await;
            assert_refused(&answer, 404, "person_unknown", &body);
        }
        assert!(is_in(&world.node, &bob, "acme").await);
        let beside = format!("{{\"event\":{{\"a\":[1]}},{}", &email(BOB)[1..]);
        assert_eq!(revoke(&world.node, "acme", &revocation_token(&world), &beside).await.status, 204, "unknown members say nothing");
        assert_eq!(revoke(&world.node, "acme", &revocation_token(&world), &email(ADA)).await.status, 404, "Ada never came");
    }
}
