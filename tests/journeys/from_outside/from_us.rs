//! Everything by which we end sessions ourselves: each holds on both nodes, and is on the record.

use audit::{Act, Actor};
use mock_idp::LogoutOf;
use reqwest::Method;
use support::{Browser, Node, TestDatabase, World, command, on_both};
use teams::Edit;
use vocabulary::{ClientSecret, Issuer};

use super::{ADA, BOB, CLIENT, is_in, is_soon_out, subject, tell};
use crate::eyes;

/// An operator's request to the API.
async fn api(world: &World, db: &TestDatabase, method: Method, path: &str, body: &str) -> u16 {
    let made = command(world, db, &["operator", "add-token", "test"]);
    assert!(made.done, "{}", made.err);
    let bearer = format!("Bearer {}", made.out.trim());
    let headers =
        [("authorization", bearer.as_str()), ("content-type", "application/json"), ("if-match", "*")];
    let address = world.at(&format!("/api/v1{path}"));
    Browser::default().send(method, &address, &headers, Some(body.to_owned())).await.status
}

fn person(world: &World) -> String {
    eyes::person(&world.node.house.database, "acme", BOB).person.id.to_string()
}

/// Bob in two browsers, known to both nodes.
async fn bob_everywhere(world: &World, other: &Node) -> [Browser; 2] {
    let both = [world.sign_in("acme", BOB).await, world.sign_in("acme", BOB).await];
    for browser in &both {
        assert!(is_in(&world.node, browser, "acme").await && is_in(other, browser, "acme").await);
    }
    both
}

async fn assert_out(world: &World, other: &Node, both: &[Browser; 2]) {
    for browser in both {
        is_soon_out(&world.node, browser, "acme").await;
        is_soon_out(other, browser, "acme").await;
    }
}

on_both! {
    async fn an_admin_ends_somebodys_sessions(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let ada = world.sign_in("acme", ADA).await;
        for act in ["sign-out", "deactivate"] {
            let bob = bob_everywhere(&world, &other).await;
            let page = world.team_page(&ada, "acme").await;
            assert_eq!(world.change(&ada, &page, BOB, act, &[]).await.status, 303, "{act}");
            assert_out(&world, &other, &bob).await;
        }
        assert!(is_in(&world.node, &ada, "acme").await && is_in(&other, &ada, "acme").await);
    }

    async fn an_operator_ends_somebodys_sessions(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let ada = world.sign_in("acme", ADA).await;

        let bob = bob_everywhere(&world, &other).await;
        let path = format!("/teams/acme/people/{}/sessions", person(&world));
        assert_eq!(api(&world, db, Method::DELETE, &path, "").await, 204);
        assert_out(&world, &other, &bob).await;

        let bob = bob_everywhere(&world, &other).await;
        let said = command(&world, db, &["person", "sign-out", "acme", BOB]);
        assert!(said.done && said.err.contains("ended: 2"), "{} {}", said.out, said.err);
        assert_out(&world, &other, &bob).await;
        let record = eyes::record(&world.node.house.database, "acme");
        assert_eq!((record[0].act, &record[0].actor), (Some(Act::SessionsEnded), &Actor::CommandLine));

        let bob = bob_everywhere(&world, &other).await;
        assert!(command(&world, db, &["person", "sign-out", "acme", &person(&world)]).done, "by id");
        assert_out(&world, &other, &bob).await;

        let bob = bob_everywhere(&world, &other).await;
        let path = format!("/teams/acme/people/{}", person(&world));
        assert_eq!(api(&world, db, Method::PATCH, &path, r#"{"active":false}"#).await, 200);
        assert_out(&world, &other, &bob).await;
        assert!(is_in(&world.node, &ada, "acme").await && is_in(&other, &ada, "acme").await);

        for words in [["acme", "nobody@acme.test"], ["acme", "00000000000000000000000000"], ["none", BOB]] {
            let said = command(&world, db, &["person", "sign-out", words[0], words[1]]);
            assert!(!said.done && !said.err.is_empty(), "{words:?}");
        }
    }

    async fn whoever_is_erased_is_out(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let ada = world.sign_in("acme", ADA).await;
        let bob = bob_everywhere(&world, &other).await;
        let page = world.team_page(&ada, "acme").await;
        let sure = [("confirm", "yes"), ("typed", "acme")];
        assert_eq!(world.change(&ada, &page, BOB, "erase", &sure).await.status, 303);
        assert_out(&world, &other, &bob).await;
    }

    async fn a_team_that_is_suspended_or_removed_lets_everybody_go(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let bob = bob_everywhere(&world, &other).await;
        world.suspend("acme");
        assert_out(&world, &other, &bob).await;
        world.resume("acme");
        for browser in &bob {
            assert!(!is_in(&world.node, browser, "acme").await, "for good");
        }
        let bob = bob_everywhere_soon(&world, &other).await;
        world.remove("acme");
        assert_out(&world, &other, &bob).await;
        assert_eq!(eyes::sessions(&world.node.house.database, "acme"), 0);
    }

    async fn a_connection_that_was_replaced_lets_everybody_go(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let bob = bob_everywhere(&world, &other).await;
        let old = subject(&world, "acme", BOB);
        let edit = Edit {
            issuer: Some(Issuer::parse(&world.idp.issuer("globex")).unwrap()),
            client_secret: ClientSecret::parse("practice-secret-of-acme"),
            ..Edit::default()
        };
        world.set("acme", &edit);
        assert_out(&world, &other, &bob).await;
        assert_eq!(eyes::sessions(&world.node.house.database, "acme"), 0);
        let token = world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&old));
        assert_eq!(tell(&world.node, "acme", &token).await.status, 400, "the old provider has no say");
    }
}

/// The same once the other node has heard that the team is open again.
async fn bob_everywhere_soon(world: &World, other: &Node) -> [Browser; 2] {
    let door = async || Browser::default().get(&other.at("/t/acme/login")).await.status;
    for _ in 0..200 {
        if door().await == 303 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    bob_everywhere(world, other).await
}
