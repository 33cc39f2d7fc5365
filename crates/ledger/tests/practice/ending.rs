//! Staying and going out.

use mock_idp::{LogoutOf, UserInfoFault};
use serde_json::{Value, json};

use crate::support::{Browser, CLIENT, FORGED, World, world};

fn sid(world: &World, email: &str) -> String {
    let sids = world.idp.sids("door", email);
    assert_eq!(sids.len(), 1, "{email}");
    sids[0].clone()
}

async fn is_in(world: &World, browser: &Browser) -> bool {
    browser.get(&world.at("/")).await.says("Models of")
}

#[actix_web::test]
async fn signing_out_ends_the_session_here_and_at_the_door_and_comes_back() {
    let world = world().await;
    let ada = world.sign_in("ada@acme.test").await;
    let out = ada.post(&world.at("/logout"), &[]).await;
    assert_eq!(out.status, 303);
    assert!(out.location().as_str().starts_with(&format!("{}/logout?", world.idp.issuer("door"))));
    let page = ada.follow(out).await;
    assert_eq!(page.url.as_str(), world.at("/"), "{}", page.body);
    assert!(page.says("Sign in") && world.idp.sids("door", "ada@acme.test").is_empty());
    world.stop().await;
}

#[actix_web::test]
async fn a_logout_token_ends_the_session_that_it_names_and_no_other() {
    let world = world().await;
    let (ada, bob) = (world.sign_in("ada@acme.test").await, world.sign_in("bob@acme.test").await);
    let bobs = sid(&world, "bob@acme.test");
    let token = world.idp.sign_logout_token("door", CLIENT, LogoutOf::Session(&bobs));
    assert_eq!(world.tell(&token).await, 200);
    assert!(!is_in(&world, &bob).await && is_in(&world, &ada).await);
    assert_eq!(world.tell(&token).await, 200, "the same again ends nothing new");
    world.stop().await;
}

#[actix_web::test]
async fn a_logout_token_without_sid_ends_all_sessions_of_a_person() {
    let world = world().await;
    let (desk, phone) = (world.sign_in("bob@acme.test").await, world.sign_in("bob@acme.test").await);
    let ada = world.sign_in("ada@acme.test").await;
    let claims = world.idp.logout_claims(
        "door",
        CLIENT,
        LogoutOf::Session(&world.idp.sids("door", "bob@acme.test")[0]),
    );
    let bob = mock_idp::Person::named("Bob", "bob@acme.test").subject;
    let mut claims = claims;
    claims.as_object_mut().unwrap().remove("sid");
    claims["sub"] = json!(bob);
    assert_eq!(world.tell(&world.idp.sign("door", "logout+jwt", &claims)).await, 200);
    assert!(!is_in(&world, &desk).await && !is_in(&world, &phone).await && is_in(&world, &ada).await);
    world.stop().await;
}

#[actix_web::test]
async fn a_wrong_logout_token_ends_nothing() {
    let world = world().await;
    let bob = world.sign_in("bob@acme.test").await;
    let sid = sid(&world, "bob@acme.test");
    let right = world.idp.logout_claims("door", CLIENT, LogoutOf::Session(&sid));
    let now = right["iat"].as_i64().unwrap();
    let wrongs: [(&str, Value); 10] = [
        ("iss", json!("https://evil.test")),
        ("iss", Value::Null),
        ("aud", json!("another-app")),
        ("aud", Value::Null),
        ("exp", json!(now - 600)),
        ("iat", json!(now - 600)),
        ("iat", Value::Null),
        ("events", json!({})),
        ("nonce", json!("a nonce")),
        ("sid", Value::Null),
    ];
    for (claim, value) in wrongs {
        let mut claims = right.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(claim);
        } else {
            claims[claim] = value;
        }
        let token = world.idp.sign("door", "logout+jwt", &claims);
        assert_eq!(world.tell(&token).await, 400, "{claims}");
    }
    for fault in FORGED {
        let token = world.idp.sign_despite("door", "logout+jwt", &right, fault, CLIENT);
        assert_eq!(world.tell(&token).await, 400, "{fault:?}");
    }
    assert_eq!(world.tell("").await, 400);
    assert_eq!(world.tell("a.b.c").await, 400);
    assert!(is_in(&world, &bob).await);
    world.stop().await;
}

#[actix_web::test]
async fn a_token_that_ran_out_is_renewed_without_a_page() {
    let world = world().await;
    let ada = world.sign_in("ada@acme.test").await;
    world.idp.misbehave("door", UserInfoFault::Unauthorized);
    let again = ada.get(&world.at("/billing")).await;
    world.idp.behave("door");
    assert!(again.location().query().unwrap().contains("prompt=none"), "{}", again.location());
    assert!(again.location().query().unwrap().contains("team_id=acme"));
    let page = ada.follow(again).await;
    assert_eq!((page.status, page.url.path()), (200, "/billing"));
    world.stop().await;
}

#[actix_web::test]
async fn a_session_that_ended_at_the_door_has_ended_here_and_the_page_says_so() {
    let world = world().await;
    let ada = world.sign_in("ada@acme.test").await;
    world.idp.misbehave("door", UserInfoFault::Unauthorized);
    world.idp.forget_sessions("door");
    let page = ada.open(&world.at("/")).await;
    world.idp.behave("door");
    assert_eq!(page.status, 403);
    assert!(page.says("You are signed out") && page.says("Sign in"), "{}", page.body);
    assert!(!is_in(&world, &ada).await);
    world.stop().await;
}

#[actix_web::test]
async fn a_key_that_is_published_and_does_not_sign_yet_changes_nothing() {
    let world = world().await;
    let bob = world.sign_in("bob@acme.test").await;
    let token = |world: &World| {
        let sid = sid(world, "bob@acme.test");
        world.idp.sign_logout_token("door", CLIENT, LogoutOf::Session(&sid))
    };
    world.idp.publish_next_key("door");
    assert_eq!(world.tell(&token(&world)).await, 200, "the old key still signs");
    assert!(!is_in(&world, &bob).await);
    world.stop().await;
}
