//! Every kind of token at every place where another belongs.

use apps::{AccessTokens, Secrecy};
use roles::Operator;
use sealing::SystemChance;
use serde_json::json;
use teams::{TokenChoice, TokenOwners};
use tokens::team::{By, Mint, NewToken, Somebody};
use vocabulary::Role;

use crate::testing::{Place, owned, team};
use crate::{introspect, logout, userinfo};

const OFFLINE: &str = "openid offline_access";

#[tokio::test]
async fn no_token_passes_for_another() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let signed = place.app("signed", |new| new.options.access_tokens = AccessTokens::Jwt);
    let who = place.sign_in("acme", "ada").await;
    for (app, other) in [(&ledger, &signed), (&signed, &ledger)] {
        let code = app.code(&place, &who, &[]).await;
        let tokens = app.tokens(&place, &who, OFFLINE).await;
        let refresh = tokens.refresh_token.clone().unwrap();
        let secret = app.secret.clone().unwrap();
        let no_access = [&code, &tokens.id_token, &refresh, &secret];
        for token in no_access {
            assert!(userinfo(&place.deps, token).await.is_err());
            let asked = introspect(&place.deps, app.credentials(), token).await.unwrap();
            assert_eq!(asked, json!({ "active": false }));
        }
        for token in [&code, &tokens.id_token, &tokens.access_token, &secret] {
            let refused = app.refresh(&place, token, &[]).await.unwrap_err();
            assert_eq!(refused.code(), "invalid_grant");
        }
        for token in [&tokens.id_token, &tokens.access_token, &refresh, &secret] {
            assert_eq!(app.redeem(&place, token).await.unwrap_err().code(), "invalid_grant");
        }
        for token in [&code, &tokens.access_token, &refresh, &secret] {
            let read = logout::read(&place.deps, &owned(&[("id_token_hint", token)])).await;
            assert!(matches!(read, Err(logout::LogoutFault::Hint)));
        }
        let asked = introspect(&place.deps, other.credentials(), &tokens.access_token).await.unwrap();
        assert_eq!(asked, json!({ "active": false }), "another app's");
        let asked = introspect(&place.deps, app.credentials(), &tokens.access_token).await.unwrap();
        assert_eq!((&asked["active"], &asked["team_id"]), (&json!(true), &json!("acme")));
        assert_eq!((&asked["role"], &asked["sub"]), (&json!("member"), &json!(who.person)));
    }
}

fn make(place: &Place, by: By<'_>) -> String {
    let limits = tokens::Limits { personal_max_auth_age: place.deps.lifetimes.refresh_max_auth_age };
    let mint = Mint { keys: &place.deps.keys, chance: &SystemChance, limits };
    let new = NewToken { name: "build".to_owned(), scope: tokens::Scope::Product, expires_at: None };
    let made = place.write(|tx| tokens::team::make(tx, mint, &team("acme"), by, &new).unwrap());
    made.value.reveal().to_owned()
}

#[tokio::test]
async fn a_personal_token_says_whose_it_is_and_a_shared_one_is_nobodys() {
    let place = Place::new();
    let everybodys = place.app("everybodys", |_| ());
    let strict = place.app("strict", |new| new.options.min_role = Role::Admin);
    let ada = place.sign_in("acme", "ada").await;
    let operator = Operator::at_the_command_line();
    let shared = make(&place, By::Operator(&operator));
    let choice = TokenChoice { owners: Some(TokenOwners::Personal), reveal: None };
    place.write(|tx| tokens::team::choose(tx, &team("acme"), By::Operator(&operator), choice).unwrap());
    let hers = make(&place, By::Person(Somebody { person: &ada.person, session: &ada.hash }));
    let told = introspect(&place.deps, everybodys.credentials(), &hers).await.unwrap();
    assert_eq!((&told["sub"], &told["role"]), (&json!(ada.person), &json!("member")));
    let told = introspect(&place.deps, everybodys.credentials(), &shared).await.unwrap();
    assert_eq!(told["active"], true);
    assert!(told.get("sub").is_none() && told.get("role").is_none());
    for token in [&hers, &shared] {
        let told = introspect(&place.deps, strict.credentials(), token).await.unwrap();
        assert_eq!(told, json!({ "active": false }));
    }
}

#[tokio::test]
async fn a_public_app_looks_into_no_token() {
    let place = Place::new();
    let public = place.app("public", |new| new.secrecy = Secrecy::Public);
    let who = place.sign_in("acme", "ada").await;
    let tokens = public.tokens(&place, &who, "openid").await;
    let refused = introspect(&place.deps, public.credentials(), &tokens.access_token).await.unwrap_err();
    assert_eq!(refused.code(), "unauthorized_client");
}

#[tokio::test]
async fn a_request_to_sign_out_names_its_session_and_goes_back_to_registered_addresses_alone() {
    let place = Place::new();
    let after = "https://ledger.test/bye?x=1";
    let ledger = place.app("ledger", |new| {
        new.options.post_logout_redirect_uris = vec![apps::RedirectUri::parse(after).unwrap()];
    });
    let other = place.app("other", |_| ());
    let (ada, bob) = (place.sign_in("acme", "ada").await, place.sign_in("acme", "bob").await);
    let hint = ledger.tokens(&place, &ada, "openid").await.id_token;
    let read = async |said: &[(&str, &str)]| logout::read(&place.deps, &owned(said)).await;
    let (id, other_id) = (ledger.app.id.as_str(), other.app.id.as_str());
    let request = read(&[("id_token_hint", &hint), ("post_logout_redirect_uri", after), ("state", "a b")])
        .await
        .unwrap();
    assert_eq!(request.back.as_deref(), Some("https://ledger.test/bye?x=1&state=a+b"));
    assert!(request.is_about(&ada) && !request.is_about(&bob));
    let request = read(&[("client_id", id), ("post_logout_redirect_uri", after)]).await.unwrap();
    assert_eq!(request.back.as_deref(), Some(after));
    assert!(!request.is_about(&ada), "nobody said whose session");
    let request = read(&[("state", "x")]).await.unwrap();
    assert!(request.app.is_none() && request.back.is_none() && !request.is_about(&ada));
    let bad: &[&[(&str, &str)]] = &[
        &[("post_logout_redirect_uri", after)],
        &[("client_id", other_id), ("post_logout_redirect_uri", after)],
        &[("client_id", id), ("post_logout_redirect_uri", "https://ledger.test/bye")],
        &[("client_id", id), ("post_logout_redirect_uri", "https://ledger.test/back")],
        &[("client_id", id), ("post_logout_redirect_uri", "https://evil.test/")],
        &[("client_id", "nobody")],
        &[("client_id", other_id), ("id_token_hint", &hint)],
        &[("id_token_hint", "x")],
        &[("id_token_hint", &hint[..hint.len() - 4])],
        &[("client_id", id), ("client_id", id)],
    ];
    for said in bad {
        assert!(read(said).await.is_err(), "{said:?}");
    }
}
