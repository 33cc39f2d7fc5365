//! What an app was granted beyond the session (`offline_access`): it outlives a sign-out in one browser, and nothing by
//! which somebody is out everywhere.

use std::time::Duration;

use provider::{Credentials, Deps, TokenError};
use reqwest::Method;
use roles::{Authority, Operator};
use serde_json::Value;
use support::{Browser, Node, World, command, on_both};
use teams::Edit;
use vocabulary::{ClientSecret, Clock as _, Issuer, SigningAlgorithm};

use super::{BOB, code, end, granted, provider_of, redeem, register};
use crate::eyes;
use crate::from_outside::{ADA, email, revocation_token, revoke};

/// Two nodes and an app.
struct Stage {
    world: World,
    other: Node,
    nodes: [Deps; 2],
    ada: Browser,
    app: apps::App,
}

impl Stage {
    async fn new(db: &support::TestDatabase) -> Self {
        let world = World::new(db).await;
        let other = world.second_node();
        let nodes = [provider_of(&world.node), provider_of(&other)];
        let ada = world.sign_in("acme", ADA).await;
        let app = register(&world, "Ledger", None, SigningAlgorithm::Es256);
        Self { world, other, nodes, ada, app }
    }

    /// Bob leaves something with the app and it can be used on both nodes; the refresh token that it ended with, and
    /// the browser that it came from.
    async fn bob(&self) -> (Browser, String) {
        let browser = self.world.sign_in("acme", BOB).await;
        let answer = granted(&self.nodes[0], &browser, "acme", &self.app, "openid offline_access").await;
        let mut token = refresh_token(&answer);
        for node in &self.nodes {
            token = refresh_token(&self.refresh(node, &token).await.unwrap());
        }
        (browser, token)
    }

    async fn refresh(&self, node: &Deps, token: &str) -> Result<Value, TokenError> {
        let form =
            [("client_id", self.app.id.as_str()), ("grant_type", "refresh_token"), ("refresh_token", token)];
        let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let response = provider::token(node, Credentials::read(None, &form)?, &form).await?;
        Ok(serde_json::to_value(&response).unwrap())
    }

    /// On no node is anything left of it, at once.
    async fn assert_ended(&self, about: &str, token: &str) {
        for node in &self.nodes {
            let refused = self.refresh(node, token).await;
            assert!(matches!(refused, Err(TokenError::InvalidGrant(_))), "{about}: {refused:?}");
        }
        assert_eq!(kept(&self.world), (0, 0), "{about}");
    }

    async fn ada_clicks(&self, act: &str, more: &[(&str, &str)]) {
        let page = self.world.team_page(&self.ada, "acme").await;
        assert_eq!(self.world.change(&self.ada, &page, BOB, act, more).await.status, 303, "{act}");
    }
}

fn refresh_token(answer: &Value) -> String {
    answer["refresh_token"].as_str().expect("a refresh token").to_owned()
}

/// How many grants are kept, and how many tokens of grants.
fn kept(world: &World) -> (i64, i64) {
    use diesel::prelude::*;
    use storage::schema::{grant_tokens, grants};
    let counted = world.node.house.database.read(|connection| {
        let kept: i64 = storage::each!(connection, c => grants::table.count().get_result(c))?;
        let tokens: i64 = storage::each!(connection, c => grant_tokens::table.count().get_result(c))?;
        Ok::<_, storage::StorageError>((kept, tokens))
    });
    counted.unwrap()
}

async fn sign_out(node: &Node, browser: &Browser, fields: &[(&str, &str)]) {
    let csrf = browser.get(&node.at("/t/acme")).await.hidden("csrf").unwrap();
    let form: Vec<(&str, &str)> = [("csrf", csrf.as_str())].iter().chain(fields).copied().collect();
    assert_eq!(browser.post(&node.at("/t/acme/logout"), &form).await.status, 303);
}

on_both! {
    async fn what_was_left_with_an_app_outlives_one_browser_and_ends_with_all(db) {
        let stage = Stage::new(db).await;
        let (here, mut token) = stage.bob().await;
        let elsewhere = stage.world.sign_in("acme", BOB).await;
        sign_out(&stage.other, &here, &[]).await;
        end(&stage.world, &elsewhere);
        for node in &stage.nodes {
            token = refresh_token(&stage.refresh(node, &token).await.unwrap());
        }
        // There is another browser to say "everywhere" in.
        let there = stage.world.sign_in("acme", BOB).await;
        sign_out(&stage.other, &there, &[("everywhere", "1")]).await;
        stage.assert_ended("everywhere, by the person", &token).await;
    }

    async fn an_admin_or_operator_ends_what_was_left_with_an_app(db) {
        let stage = Stage::new(db).await;
        for act in ["sign-out", "deactivate"] {
            let (_here, token) = stage.bob().await;
            stage.ada_clicks(act, &[]).await;
            stage.assert_ended(act, &token).await;
        }
        stage.ada_clicks("activate", &[]).await;
        let bearer = command(&stage.world, db, &["operator", "add-token", "test"]).out;
        let bearer = format!("Bearer {}", bearer.trim());
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json"), ("if-match", "*")];
        let bob = eyes::person(&stage.world.node.house.database, "acme", BOB).person.id;
        for (method, path, body) in [(Method::DELETE, "/sessions", ""), (Method::PATCH, "", r#"{"active":false}"#)] {
            let (_here, token) = stage.bob().await;
            let address = stage.other.at(&format!("/api/v1/teams/acme/people/{bob}{path}"));
            let answer = Browser::default().send(method, &address, &headers, Some(body.to_owned())).await;
            assert!([200, 204].contains(&answer.status), "{}", answer.body);
            stage.assert_ended(path, &token).await;
        }
        stage.ada_clicks("activate", &[]).await;
        let (_here, token) = stage.bob().await;
        assert!(command(&stage.world, db, &["person", "sign-out", "acme", BOB]).done);
        stage.assert_ended("the command line", &token).await;
        let (_here, token) = stage.bob().await;
        stage.ada_clicks("erase", &[("confirm", "yes"), ("typed", "acme")]).await;
        stage.assert_ended("erasure", &token).await;
    }

    async fn universal_logout_ends_what_was_left_with_an_app(db) {
        let stage = Stage::new(db).await;
        let (here, token) = stage.bob().await;
        // Without any session there is still something to end.
        end(&stage.world, &here);
        let world = &stage.world;
        assert_eq!(revoke(&stage.other, "acme", &revocation_token(world), &email(BOB)).await.status, 204);
        stage.assert_ended("Universal Logout", &token).await;
    }

    async fn a_team_that_closes_ends_what_was_left_with_an_app(db) {
        let stage = Stage::new(db).await;
        let world = &stage.world;
        let (_here, token) = stage.bob().await;
        world.suspend("acme");
        stage.assert_ended("suspension", &token).await;
        world.resume("acme");
        stage.assert_ended("for good", &token).await;
        let (_here, token) = stage.bob().await;
        let issuer = Issuer::parse(&world.idp.issuer("globex")).unwrap();
        let client_secret = ClientSecret::parse("practice-secret-of-acme");
        world.set("acme", &Edit { issuer: Some(issuer), client_secret, ..Edit::default() });
        stage.assert_ended("another connection", &token).await;
        let han = world.sign_in("globex", "han@globex.test").await;
        let answer = granted(&stage.nodes[0], &han, "globex", &stage.app, "openid offline_access").await;
        world.remove("globex");
        stage.assert_ended("removal", &refresh_token(&answer)).await;
    }

    async fn nothing_is_left_with_an_app_that_was_being_granted_as_somebody_went_everywhere(db) {
        let stage = Stage::new(db).await;
        let world = &stage.world;
        let mut redeemed_first = 0;
        for round in 0..40_usize {
            let browser = world.sign_in("acme", BOB).await;
            let node = &stage.nodes[round % 2];
            let form = code(node, &browser, "acme", &stage.app, "openid offline_access").await;
            let (database, now) = (stage.other.house.database.clone(), world.clock.now());
            let (person, delay) = (eyes::person(&database, "acme", BOB).person.id, Duration::from_micros(u64::try_from(round).unwrap() * 150));
            let out = tokio::task::spawn_blocking(move || {
                std::thread::sleep(delay);
                let (team, operator) = (eyes::team("acme"), Operator::at_the_command_line());
                let authority = Authority::Operator(&operator);
                database.write(now, |tx| signout::everywhere(tx, &authority, &team, &person)).unwrap()
            });
            let (answer, ended) = tokio::join!(redeem(node, &form), out);
            let ended = ended.unwrap();
            assert_eq!(ended.sessions, 1);
            redeemed_first += ended.grants;
            if let Ok(answer) = answer {
                stage.assert_ended("whatever was granted", &refresh_token(&answer)).await;
            }
            assert_eq!(kept(world), (0, 0), "round {round}");
        }
        eprintln!("granted before the end: {redeemed_first} of 40");
    }
}
