//! Every kind of token at every place where another belongs.

use apps::AccessTokens;
use reqwest::Method;
use serde_json::json;
use support::{Browser, Product, World, command, on_both};

use super::{OFFLINE, introspect, post, refresh, refused, text, userinfo, worthless};

/// Something that opens something, by what it is called here.
type Named = (&'static str, String);

/// One of each kind: of the app, of a team, of an operator, of a browser.
async fn all(world: &World, db: &support::TestDatabase, app: &Product, browser: &Browser) -> Vec<Named> {
    let tokens = app.tokens(browser, &[("scope", OFFLINE)]).await;
    let told = |name| text(&tokens, name).to_owned();
    let printed = |arguments: &[&str]| {
        let said = command(world, db, arguments);
        assert!(said.done, "{}", said.err);
        said.out.trim().to_owned()
    };
    let session = browser
        .cookie_names()
        .into_iter()
        .find_map(|name| browser.cookie(&name).filter(|value| value.starts_with("tds_")));
    vec![
        ("code", app.code(&browser.get(&app.request(&[])).await)),
        ("id token", told("id_token")),
        ("access token", told("access_token")),
        ("refresh token", told("refresh_token")),
        ("client secret", app.secret.clone().unwrap()),
        ("session", session.expect("a session cookie")),
        ("product token", printed(&["token", "create", "acme", "--name", "product"])),
        ("admin token", printed(&["token", "create", "acme", "--name", "admin", "--scope", "team:admin"])),
        ("operator token", printed(&["operator", "add-token", "olga"])),
    ]
}

on_both! {
    async fn no_token_opens_what_another_opens(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        for kind in [AccessTokens::Opaque, AccessTokens::Jwt] {
            let wiki = Product::add(&world, &format!("Wiki{kind:?}"), |new| {
                new.options.access_tokens = kind;
            });
            let named = all(&world, db, &wiki, &ada).await;
            for (name, token) in &named {
                assert_eq!(userinfo(&world.node, token).await.status == 200, *name == "access token", "{name}");
                let active = introspect(&world.node, &wiki, token).await["active"] == true;
                assert_eq!(active, matches!(*name, "access token" | "product token"), "{name}");
                let api = Browser::default()
                    .send(Method::GET, &world.at("/api/v1/whoami"), &[("authorization", &format!("Bearer {token}"))], None)
                    .await;
                assert_eq!(
                    api.status == 200,
                    matches!(*name, "product token" | "admin token" | "operator token"),
                    "{name}: {}", api.status
                );
                if *name != "refresh token" {
                    assert_eq!(refused(&refresh(&world.node, &wiki, token).await), worthless(), "{name}");
                }
                if *name != "code" {
                    assert_eq!(refused(&wiki.redeem(token).await), worthless(), "{name}");
                }
                if *name != "client secret" {
                    let form = [("client_id", wiki.client_id.as_str()), ("client_secret", token), ("token", token)];
                    let answer = Browser::default().post(&world.at("/oauth2/introspect"), &form).await;
                    assert_eq!(refused(&answer), (401, "invalid_client".to_owned()), "{name}");
                }
                if *name != "id token" {
                    let silent = ada.get(&wiki.request(&[("id_token_hint", token), ("prompt", "none")])).await;
                    assert_eq!(wiki.told(&silent)["error"], "invalid_request", "{name}");
                    let out = Browser::default().get(&format!("{}?id_token_hint={token}", world.at("/oauth2/logout"))).await;
                    assert_eq!((out.status, out.location()), (400, None), "{name}");
                }
                if *name != "session" {
                    let stranger = Browser::default();
                    let cookie = ada.cookie_names().into_iter().find(|name| {
                        ada.cookie(name).is_some_and(|value| value.starts_with("tds_"))
                    });
                    stranger.set_cookie(&cookie.unwrap(), token);
                    assert_eq!(stranger.get(&world.at("/t/acme/team")).await.status, 303, "{name}");
                }
            }
        }
    }

    async fn a_token_of_one_app_is_worth_nothing_to_another(db) {
        let world = World::new(db).await;
        let (wiki, other) = (Product::add(&world, "Wiki", |_| ()), Product::add(&world, "Other", |_| ()));
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let tokens = wiki.tokens(&ada, &[("scope", OFFLINE)]).await;
        let (access, refresh_token) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
        assert_eq!(introspect(&world.node, &other, access).await, json!({ "active": false }));
        assert_eq!(refused(&refresh(&world.node, &other, refresh_token).await), worthless());
        for token in [access, refresh_token] {
            assert_eq!(post(&world.node, "/oauth2/revoke", &other, &[("token", token)]).await.status, 200);
        }
        assert_eq!(userinfo(&world.node, access).await.status, 200, "it was not the other's to end");
        let next = refresh(&world.node, &wiki, refresh_token).await;
        assert_eq!(next.status, 200);
        let next = next.json();
        let revoked = post(&world.node, "/oauth2/revoke", &wiki, &[("token", text(&next, "refresh_token"))]).await;
        assert_eq!(revoked.status, 200);
        for token in [access, text(&next, "access_token")] {
            assert_eq!(userinfo(&world.node, token).await.status, 401);
        }
    }

    async fn somebody_is_the_same_to_every_app_and_at_every_sign_in_and_never_their_email(db) {
        let world = World::new(db).await;
        let (wiki, other) = (Product::add(&world, "Wiki", |_| ()), Product::add(&world, "Other", |_| ()));
        let sub = async |app: &Product, team: &str| {
            let ada = world.sign_in(team, "ada@acme.test").await;
            let tokens = app.tokens(&ada, &[]).await;
            text(&userinfo(&world.node, text(&tokens, "access_token")).await.json(), "sub").to_owned()
        };
        let ada = sub(&wiki, "acme").await;
        assert_eq!(sub(&other, "acme").await, ada);
        assert_eq!(sub(&wiki, "acme").await, ada);
        assert_ne!(sub(&wiki, "acme-labs").await, ada, "another team's");
        assert!(!ada.contains('@') && ada.len() == 26);
    }
}
