//! Codes and refresh tokens in many hands at once, on two nodes: one wins, and what it won ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use support::{Answer, Browser, Node, Product, World, on_both};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{OFFLINE, introspect, post, refresh, refused, text, userinfo, worthless};

const ROUNDS: usize = 20;
const RIVALS: usize = 6;
const CODE_VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn redeeming<'a>(app: &'a Product, code: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &app.back),
        ("code_verifier", CODE_VERIFIER),
    ]
}

/// Many send the same form to the token endpoint at once, half of them to each node.
async fn at_once(nodes: [&Node; 2], app: &Product, form: &[(&str, &str)]) -> Vec<Answer> {
    let mut all = vec![("client_id".to_owned(), app.client_id.clone())];
    all.extend(app.secret.clone().map(|secret| ("client_secret".to_owned(), secret)));
    all.extend(form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let (all, start) = (Arc::new(all), Arc::new(Barrier::new(RIVALS)));
    let mut rivals = JoinSet::new();
    for n in 0..RIVALS {
        let (all, start, address) = (Arc::clone(&all), Arc::clone(&start), nodes[n % 2].at("/oauth2/token"));
        rivals.spawn_local(async move {
            let form: Vec<(&str, &str)> = all.iter().map(|(name, value)| (&**name, &**value)).collect();
            start.wait().await;
            Browser::default().post(&address, &form).await
        });
    }
    rivals.join_all().await
}

/// The one that won; all others were told the same.
fn winner(answers: &[Answer]) -> serde_json::Value {
    let (won, lost): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1, "{:?}", answers.iter().map(|answer| &answer.body).collect::<Vec<_>>());
    for answer in lost {
        assert_eq!(refused(answer), worthless());
    }
    won[0].json()
}

/// Within a second these tokens are worth nothing on either node.
async fn ended(nodes: [&Node; 2], app: &Product, tokens: &serde_json::Value) {
    let started = Instant::now();
    for node in nodes {
        while userinfo(node, text(tokens, "access_token")).await.status != 401 {
            assert!(started.elapsed() < Duration::from_secs(1), "what was won lives on");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(introspect(node, app, text(tokens, "access_token")).await["active"], false);
        assert_eq!(refused(&refresh(node, app, text(tokens, "refresh_token")).await), worthless());
    }
}

on_both! {
    async fn of_many_with_one_code_one_wins_and_what_it_won_ends(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let second = world.second_node();
        let nodes = [&world.node, &second];
        let ada = world.sign_in("acme", "ada@acme.test").await;
        for _ in 0..ROUNDS {
            let code = wiki.code(&ada.get(&wiki.request(&[("scope", OFFLINE)])).await);
            let answers = at_once(nodes, &wiki, &redeeming(&wiki, &code)).await;
            ended(nodes, &wiki, &winner(&answers)).await;
        }
    }

    async fn of_many_with_one_refresh_token_one_wins_and_the_family_ends(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let second = world.second_node();
        let nodes = [&world.node, &second];
        let ada = world.sign_in("acme", "ada@acme.test").await;
        for _ in 0..ROUNDS {
            let tokens = wiki.tokens(&ada, &[("scope", OFFLINE)]).await;
            let form = [("grant_type", "refresh_token"), ("refresh_token", text(&tokens, "refresh_token"))];
            let answers = at_once(nodes, &wiki, &form).await;
            ended(nodes, &wiki, &winner(&answers)).await;
            ended(nodes, &wiki, &tokens).await;
        }
    }

    async fn a_code_in_wrong_hands_is_not_used_up_however_many_try(db) {
        let world = World::new(db).await;
        let (wiki, other) = (Product::add(&world, "Wiki", |_| ()), Product::add(&world, "Other", |_| ()));
        let second = world.second_node();
        let nodes = [&world.node, &second];
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let code = wiki.code(&ada.get(&wiki.request(&[])).await);
        let wrong_verifier = "x".repeat(64);
        let tries: [(&Product, &str, &str); 3] = [
            (&other, &wiki.back, CODE_VERIFIER),
            (&wiki, &other.back, CODE_VERIFIER),
            (&wiki, &wiki.back, &wrong_verifier),
        ];
        for (app, redirect_uri, verifier) in tries {
            let form = [
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("redirect_uri", redirect_uri),
                ("code_verifier", verifier),
            ];
            for answer in at_once(nodes, app, &form).await {
                assert_eq!(refused(&answer), worthless());
            }
        }
        let tokens = post(&second, "/oauth2/token", &wiki, &redeeming(&wiki, &code)).await;
        assert_eq!(tokens.status, 200, "{}", tokens.body);
        assert_eq!(userinfo(&world.node, text(&tokens.json(), "access_token")).await.status, 200);
    }

    async fn a_code_is_worth_nothing_after_a_minute_and_a_refresh_token_after_a_week(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let tokens = wiki.tokens(&ada, &[("scope", OFFLINE)]).await;
        let code = wiki.code(&ada.get(&wiki.request(&[])).await);
        world.clock.forward(Duration::from_millis(60_001));
        assert_eq!(refused(&wiki.redeem(&code).await), worthless());
        world.clock.forward(Duration::from_hours(7 * 24));
        assert_eq!(refused(&refresh(&world.node, &wiki, text(&tokens, "refresh_token")).await), worthless());
    }
}
