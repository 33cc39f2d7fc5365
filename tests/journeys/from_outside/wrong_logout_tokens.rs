//! Logout tokens of every wrong kind: each is refused, and whoever was in is in (threats H42).

use mock_idp::{LogoutOf, SignatureFault, Verdict};
use reqwest::Method;
use serde_json::{Map, Value, json};
use support::{Browser, World, on_both};
use vocabulary::Clock as _;

use super::{BOB, CLIENT, assert_refused, is_in, revocation_token, subject, tell, tell_form};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A right token's claims, and how to spoil them.
type Spoil = fn(&mut Map<String, Value>, i64);

fn set(claims: &mut Map<String, Value>, name: &str, value: Value) {
    claims.insert(name.to_owned(), value);
}

/// What can be wrong with the claims; the number is the present second.
#[rustfmt::skip]
const SPOILED: &[(&str, Spoil)] = &[
    ("iss missing", |claims, _| drop(claims.remove("iss"))),
    ("iss of another", |claims, _| set(claims, "iss", json!("https://evil.test"))),
    ("iss with a slash", |claims, _| { let iss = claims["iss"].as_str().unwrap().to_owned() + "/"; set(claims, "iss", json!(iss)); }),
    ("iss a list", |claims, _| { let iss = claims["iss"].clone(); set(claims, "iss", json!([iss])); }),
    ("iss null", |claims, _| set(claims, "iss", json!(null))),
    ("aud missing", |claims, _| drop(claims.remove("aud"))),
    ("aud of another client", |claims, _| set(claims, "aud", json!("client-of-acme-labs"))),
    ("aud empty", |claims, _| set(claims, "aud", json!([]))),
    ("aud a list without us", |claims, _| set(claims, "aud", json!(["client-of-acme-labs", "other"]))),
    ("aud an object", |claims, _| set(claims, "aud", json!({"client-of-acme": true}))),
    ("aud a number", |claims, _| set(claims, "aud", json!(1))),
    ("iat missing", |claims, _| drop(claims.remove("iat"))),
    ("iat a text", |claims, now| set(claims, "iat", json!(now.to_string()))),
    ("iat null", |claims, _| set(claims, "iat", json!(null))),
    ("iat six minutes ago", |claims, now| set(claims, "iat", json!(now - 360))),
    ("iat in two minutes", |claims, now| set(claims, "iat", json!(now + 121))),
    ("iat in the year 1", |claims, _| set(claims, "iat", json!(-62_000_000_000_i64))),
    ("iat beyond all numbers", |claims, _| set(claims, "iat", json!(1e300))),
    ("exp passed", |claims, now| set(claims, "exp", json!(now - 1))),
    ("exp a text", |claims, now| set(claims, "exp", json!((now + 60).to_string()))),
    ("exp null", |claims, _| set(claims, "exp", json!(null))),
    ("nbf in two minutes", |claims, now| set(claims, "nbf", json!(now + 121))),
    ("jti missing", |claims, _| drop(claims.remove("jti"))),
    ("jti empty", |claims, _| set(claims, "jti", json!(""))),
    ("jti huge", |claims, _| set(claims, "jti", json!("j".repeat(10_000)))),
    ("jti a number", |claims, _| set(claims, "jti", json!(7))),
    ("jti with a line break", |claims, _| set(claims, "jti", json!("a\nb"))),
    ("events missing", |claims, _| drop(claims.remove("events"))),
    ("events null", |claims, _| set(claims, "events", json!(null))),
    ("events a list", |claims, _| set(claims, "events", json!([EVENT]))),
    ("events a text", |claims, _| set(claims, "events", json!(EVENT))),
    ("events empty", |claims, _| set(claims, "events", json!({}))),
    ("events of another kind", |claims, _| set(claims, "events", json!({"http://schemas.openid.net/event/other": {}}))),
    ("the event a list", |claims, _| set(claims, "events", json!({EVENT: []}))),
    ("the event true", |claims, _| set(claims, "events", json!({EVENT: true}))),
    ("a nonce", |claims, _| set(claims, "nonce", json!("n"))),
    ("an empty nonce", |claims, _| set(claims, "nonce", json!(null))),
    ("neither sub nor sid", |claims, _| { claims.remove("sub"); claims.remove("sid"); }),
    ("sub a number", |claims, _| set(claims, "sub", json!(7))),
    ("sub a list", |claims, _| { let sub = claims["sub"].clone(); set(claims, "sub", json!([sub])); }),
    ("sub empty", |claims, _| set(claims, "sub", json!(""))),
    ("sub of 256 characters", |claims, _| set(claims, "sub", json!("s".repeat(256)))),
    ("sub null", |claims, _| set(claims, "sub", json!(null))),
    ("sid a number", |claims, _| set(claims, "sid", json!(7))),
    ("sid empty", |claims, _| set(claims, "sid", json!(""))),
    ("sid huge", |claims, _| set(claims, "sid", json!("s".repeat(10_000)))),
    ("sid a list, sub good", |claims, _| { let sid = claims["sid"].clone(); set(claims, "sid", json!([sid])); }),
];

/// Types of other tokens.
const OTHER_TYPES: [&str; 5] =
    ["at+jwt", "secevent+jwt", "global-token-revocation+jwt", "dpop+jwt", "logout+jwt2"];

on_both! {
    async fn no_wrong_logout_token_ends_anything(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let right = right_claims(&world);
        let now = world.clock.now().seconds();
        let mut tokens: Vec<(String, String)> = Vec::new();
        for (what, spoil) in SPOILED {
            let mut claims = right.as_object().unwrap().clone();
            spoil(&mut claims, now);
            tokens.push(((*what).to_owned(), world.idp.sign("acme", "logout+jwt", &claims.into())));
        }
        for fault in SignatureFault::ALL.iter().filter(|fault| fault.verdict() == Verdict::Refused) {
            let token = world.idp.sign_despite("acme", "logout+jwt", &right, *fault, CLIENT);
            tokens.push((format!("{fault:?}"), token));
        }
        for typ in OTHER_TYPES {
            tokens.push((format!("typ {typ}"), world.idp.sign("acme", typ, &right)));
        }
        tokens.push(("claims that are a list".to_owned(), world.idp.sign("acme", "logout+jwt", &json!([right]))));
        tokens.push(("another issuer's key".to_owned(), world.idp.sign("globex", "logout+jwt", &right)));
        tokens.push(("a revocation token".to_owned(), revocation_token(&world)));
        tokens.push(("an ID token".to_owned(), world.idp.sign("acme", "JWT", &id_token_claims(&world))));
        assert!(tokens.len() > 80, "{}", tokens.len());
        for (what, token) in &tokens {
            let answer = tell(&world.node, "acme", token).await;
            assert_refused(&answer, 400, "logout_token_invalid", what);
            assert_eq!(answer.json()["error"], "invalid_request", "{what}");
            assert!(token.len() < 20 || !answer.body.contains(&token[token.len() - 12..]), "{what}: {}", answer.body);
        }
        assert!(is_in(&world.node, &bob, "acme").await);
        assert_eq!(world.idp.counts("acme").elsewhere, 0);
        assert_eq!(tell(&world.node, "acme", &world.idp.sign("acme", "logout+jwt", &right)).await.status, 200, "the table's own");
        assert!(!is_in(&world.node, &bob, "acme").await);
    }

    async fn no_wrong_logout_request_ends_anything(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let token = world.idp.sign("acme", "logout+jwt", &right_claims(&world));
        let address = world.at("/t/acme/backchannel_logout");
        let forms: [(&str, Vec<(&str, &str)>); 5] = [
            ("nothing", vec![]),
            ("an empty token", vec![("logout_token", "")]),
            ("another name", vec![("token", &token)]),
            ("the token twice", vec![("logout_token", &token), ("logout_token", &token)]),
            ("a good one behind a bad one", vec![("logout_token", "x"), ("logout_token", &token)]),
        ];
        for (what, form) in &forms {
            assert_refused(&tell_form(&world.node, "acme", form).await, 400, "logout_token_invalid", what);
        }
        let long = "x".repeat(70_000);
        assert_refused(&tell_form(&world.node, "acme", &[("pad", &long), ("logout_token", &token)]).await, 400, "logout_token_invalid", "70 kB");
        let in_query = format!("{address}?logout_token={token}");
        assert_refused(&Browser::default().post(&in_query, &[]).await, 400, "logout_token_invalid", "in the query");
        assert_refused(&Browser::default().post(&in_query, &[("logout_token", &token)]).await, 400, "logout_token_invalid", "in both");
        let bodies = [
            ("application/json", json!({"logout_token": token}).to_string()),
            ("text/plain", format!("logout_token={token}")),
            ("multipart/form-data; boundary=x", format!("--x\r\nContent-Disposition: form-data; name=\"logout_token\"\r\n\r\n{token}\r\n--x--")),
            ("application/jwt", token.clone()),
        ];
        for (kind, body) in bodies {
            let answer = Browser::default().send(Method::POST, &address, &[("content-type", kind)], Some(body)).await;
            assert_refused(&answer, 400, "logout_token_invalid", kind);
        }
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::PATCH] {
            let answer = Browser::default().send(method.clone(), &in_query, &[], None).await;
            assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")), "{method}");
        }
        assert!(is_in(&world.node, &bob, "acme").await);
        assert_eq!(tell(&world.node, "acme", &token).await.status, 200, "the table's own");
        assert!(!is_in(&world.node, &bob, "acme").await);
    }

    async fn a_token_for_one_team_says_nothing_at_another(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let sub = subject(&world, "acme", BOB);
        for (path, client) in [("acme", "client-of-acme-labs"), ("globex", "client-of-globex"), ("operators", CLIENT)] {
            let token = world.idp.sign_logout_token(path, client, LogoutOf::Subject(&sub));
            assert_refused(&tell(&world.node, "acme", &token).await, 400, "logout_token_invalid", client);
        }
        let ours = world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&sub));
        for other in ["acme-labs", "globex", "operators"] {
            assert_refused(&tell(&world.node, other, &ours).await, 400, "logout_token_invalid", other);
        }
        assert!(is_in(&world.node, &bob, "acme").await);
    }
}

/// Everything that a right token may say, so that each wrong one is wrong in one point alone.
fn right_claims(world: &World) -> Value {
    let sids = world.idp.sids("acme", BOB);
    let sub = subject(world, "acme", BOB);
    let of = LogoutOf::Both { subject: &sub, sid: &sids[0] };
    world.idp.logout_claims("acme", CLIENT, of)
}

/// What Bob's own ID token says.
fn id_token_claims(world: &World) -> Value {
    let now = world.clock.now().seconds();
    json!({
        "iss": world.idp.issuer("acme"), "aud": CLIENT, "sub": subject(world, "acme", BOB), "iat": now,
        "exp": now + 3600, "jti": "of-an-id-token", "sid": world.idp.sids("acme", BOB)[0], "nonce": "n",
    })
}
