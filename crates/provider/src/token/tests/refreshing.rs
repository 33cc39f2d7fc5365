//! Refresh tokens over their lives.

use std::sync::Arc;
use std::time::Duration;

use apps::AccessTokens;
use tokio::sync::Barrier;

use super::super::*;
use crate::grant;
use crate::testing::{Place, claims, owned};
use crate::{end_grants_of_app, end_grants_of_team, revoke, userinfo};

const OFFLINE: &str = "openid profile email offline_access";

fn refused(outcome: Result<TokenResponse, TokenError>) -> &'static str {
    outcome.expect_err("tokens").code()
}

#[tokio::test]
async fn each_refresh_token_is_used_once_and_says_the_same_of_the_same_person() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let first = ledger.tokens(&place, &who, OFFLINE).await;
    place.wait(Duration::from_mins(5));
    let second = ledger.refresh(&place, first.refresh_token.as_deref().unwrap(), &[]).await.unwrap();
    assert_ne!(first.refresh_token, second.refresh_token);
    let (before, after) = (claims(&first.id_token), claims(&second.id_token));
    // OpenID Connect Core §12.2.
    for same in ["iss", "sub", "aud", "auth_time", "sid", "email", "team_id"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_eq!(after["at_hash"], crate::jwt::at_hash(&second.access_token));
    assert!(after.get("nonce").is_none());
    assert!(after["iat"].as_i64() > before["iat"].as_i64());
    userinfo(&place.deps, &first.access_token).await.expect("it lives its ten minutes");
    userinfo(&place.deps, &second.access_token).await.unwrap();
}

#[tokio::test]
async fn a_refresh_token_that_comes_again_ends_all_that_came_of_its_grant() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let first = ledger.tokens(&place, &who, OFFLINE).await.refresh_token.unwrap();
    let second = ledger.refresh(&place, &first, &[]).await.unwrap();
    let third = ledger.refresh(&place, second.refresh_token.as_deref().unwrap(), &[]).await.unwrap();
    assert_eq!(refused(ledger.refresh(&place, &first, &[]).await), "invalid_grant");
    assert!(userinfo(&place.deps, &third.access_token).await.is_err());
    assert_eq!(
        refused(ledger.refresh(&place, third.refresh_token.as_deref().unwrap(), &[]).await),
        "invalid_grant"
    );
    assert_eq!(place.granted(), (0, 0));
    assert_eq!(place.reuses(&who), [serde_json::json!({ "app": ledger.app.id, "reused": "refresh_token" })]);
}

#[tokio::test]
async fn access_tokens_that_expired_are_forgotten_when_their_grant_is_refreshed() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let mut token = ledger.tokens(&place, &who, OFFLINE).await.refresh_token.unwrap();
    for rotations in 1..4 {
        place.wait(Duration::from_mins(11));
        token = ledger.refresh(&place, &token, &[]).await.unwrap().refresh_token.unwrap();
        assert_eq!(place.granted(), (1, rotations + 2), "each refresh token, and one access token");
    }
}

#[tokio::test]
async fn a_grant_that_is_refreshed_without_end_ends() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let first = ledger.tokens(&place, &who, OFFLINE).await.refresh_token.unwrap();
    let hash = sealing::OpaqueToken::parse(&first).unwrap().hash();
    let most = place.deps.lifetimes.tokens_of_grant();
    place.write(|tx| {
        let grant = grant::refresh_token(tx, &hash).unwrap().unwrap().grant;
        // One rotation short of the bound: two tokens are there, two come.
        for _ in 0..most - 3 {
            let token = sealing::OpaqueToken::mint(sealing::TokenPrefix::Refresh, &sealing::SystemChance);
            let expires_at = tx.now().plus(Duration::from_hours(1));
            let (id, kind, scopes) = (&grant.id, grant::TokenKind::Refresh, &grant.scopes);
            let new = grant::NewToken { hash: token.hash(), grant: id, kind, scopes, expires_at };
            grant::insert_token(tx, &new).unwrap();
        }
    });
    let next = ledger.refresh(&place, &first, &[]).await.expect("there is room for these");
    assert_eq!(
        refused(ledger.refresh(&place, next.refresh_token.as_deref().unwrap(), &[]).await),
        "invalid_grant"
    );
    assert!(userinfo(&place.deps, &next.access_token).await.is_err());
    assert_eq!(place.granted(), (0, 0));
    assert!(place.reuses(&who).is_empty(), "nothing was used twice");
}

#[tokio::test]
async fn of_many_who_bring_one_refresh_token_at_once_one_wins_and_the_family_ends() {
    for _ in 0..10 {
        let place = Arc::new(Place::new());
        let ledger = Arc::new(place.app("ledger", |_| ()));
        let who = place.sign_in("acme", "ada").await;
        let token: Arc<str> = ledger.tokens(&place, &who, OFFLINE).await.refresh_token.unwrap().into();
        let start = Arc::new(Barrier::new(4));
        let all: Vec<_> = (0..4)
            .map(|_| {
                let (place, ledger, token, start) =
                    (Arc::clone(&place), Arc::clone(&ledger), Arc::clone(&token), Arc::clone(&start));
                tokio::spawn(async move {
                    start.wait().await;
                    ledger.refresh(&place, &token, &[]).await
                })
            })
            .collect();
        let mut won = Vec::new();
        for one in all {
            won.extend(one.await.unwrap().ok());
        }
        assert_eq!(won.len(), 1);
        assert!(userinfo(&place.deps, &won[0].access_token).await.is_err());
        assert_eq!(place.granted(), (0, 0));
        assert_eq!(place.reuses(&who).len(), 1, "it ended once");
    }
}

#[tokio::test]
async fn a_refresh_token_goes_on_when_the_session_has_ended_and_ends_with_everything_of_its_person() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let token = ledger.tokens(&place, &who, OFFLINE).await.refresh_token.unwrap();
    place.end_session(&who.hash);
    let next = ledger.refresh(&place, &token, &[]).await.unwrap();
    userinfo(&place.deps, &next.access_token).await.unwrap();
    place.end_all(&who.person);
    assert!(userinfo(&place.deps, &next.access_token).await.is_err());
    assert_eq!(
        refused(ledger.refresh(&place, next.refresh_token.as_deref().unwrap(), &[]).await),
        "invalid_grant"
    );
    for end in [0, 1] {
        let who = place.sign_in("acme", "ada").await;
        let token = ledger.tokens(&place, &who, OFFLINE).await.refresh_token.unwrap();
        place.write(|tx| match end {
            0 => end_grants_of_team(tx, &who.team.team.team_id).unwrap(),
            _ => end_grants_of_app(tx, &ledger.app.id).unwrap(),
        });
        assert_eq!(refused(ledger.refresh(&place, &token, &[]).await), "invalid_grant");
    }
}

#[tokio::test]
async fn an_app_goes_on_without_somebody_for_a_week_and_again_once_they_have_signed_in() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let mut token = ledger.tokens(&place, &who, OFFLINE).await.refresh_token.unwrap();
    for _ in 0..7 {
        place.wait(Duration::from_hours(24));
        token = ledger.refresh(&place, &token, &[]).await.unwrap().refresh_token.unwrap();
    }
    place.wait(Duration::from_millis(1));
    assert_eq!(refused(ledger.refresh(&place, &token, &[]).await), "invalid_grant");
    place.sign_in("acme", "ada").await;
    let token = ledger.refresh(&place, &token, &[]).await.unwrap().refresh_token.unwrap();
    place.wait(Duration::from_hours(7 * 24));
    place.sign_in("acme", "ada").await;
    assert_eq!(refused(ledger.refresh(&place, &token, &[]).await), "invalid_grant", "unused for a week");
}

#[tokio::test]
async fn a_refresh_token_is_one_apps_and_never_grows() {
    let place = Place::new();
    let (ledger, other) = (place.app("ledger", |_| ()), place.app("other", |_| ()));
    let who = place.sign_in("acme", "ada").await;
    let token = ledger.tokens(&place, &who, "openid offline_access").await.refresh_token.unwrap();
    assert_eq!(refused(other.refresh(&place, &token, &[]).await), "invalid_grant");
    revoke(&place.deps, other.credentials(), &token).await.unwrap();
    for more in ["openid email", "profile", "openid offline_access unheard-of"] {
        assert_eq!(
            refused(ledger.refresh(&place, &token, &[("scope", more)]).await),
            "invalid_scope",
            "{more}"
        );
    }
    let next = ledger.refresh(&place, &token, &[]).await.unwrap();
    assert_eq!(next.scope, "openid offline_access");
}

#[tokio::test]
async fn an_access_token_may_carry_less_than_its_grant_and_its_answer_says_what_it_carries() {
    let place = Place::new();
    let opaque = place.app("opaque", |_| ());
    let signed = place.app("signed", |new| new.options.access_tokens = AccessTokens::Jwt);
    let who = place.sign_in("acme", "ada").await;
    for app in [&signed, &opaque] {
        let token = app.tokens(&place, &who, OFFLINE).await.refresh_token.unwrap();
        let fewer = app.refresh(&place, &token, &[("scope", "openid")]).await.unwrap();
        assert_eq!(fewer.scope, "openid");
        assert!(!userinfo(&place.deps, &fewer.access_token).await.unwrap().contains_key("email"));
        let all = app.refresh(&place, fewer.refresh_token.as_deref().unwrap(), &[]).await.unwrap();
        assert_eq!(all.scope, OFFLINE, "the grant is what it was");
        assert!(userinfo(&place.deps, &all.access_token).await.unwrap().contains_key("email"));
    }
}

#[tokio::test]
async fn what_an_app_gives_back_is_worth_nothing() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let tokens = ledger.tokens(&place, &who, OFFLINE).await;
    let refresh = tokens.refresh_token.as_deref().unwrap();
    revoke(&place.deps, ledger.credentials(), &tokens.access_token).await.unwrap();
    assert!(userinfo(&place.deps, &tokens.access_token).await.is_err());
    let next = ledger.refresh(&place, refresh, &[]).await.expect("the grant stands");
    revoke(&place.deps, ledger.credentials(), next.refresh_token.as_deref().unwrap()).await.unwrap();
    assert!(userinfo(&place.deps, &next.access_token).await.is_err());
    for unknown in ["", "x", refresh, "tdr_nothing"] {
        revoke(&place.deps, ledger.credentials(), unknown).await.unwrap();
    }
    let wrong = Credentials::read(None, &owned(&[("client_id", "nobody")])).unwrap();
    assert_eq!(revoke(&place.deps, wrong, refresh).await.unwrap_err().code(), "invalid_client");
}
