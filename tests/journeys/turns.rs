//! A connection turns from well to failing: its team's admins get a letter, once, and one more when people come in again.

use std::time::{Duration, Instant};

use mock_idp::{DiscoveryFault, TokenFault};
use support::{Answer, Browser, Node, World, command, on_both};
use vocabulary::Clock as _;

use crate::roles::told::letters;

/// Counts are written down every two seconds.
const PATIENCE: Duration = Duration::from_secs(10);
const FAIL: &str = "Sign-ins to Acme are refused";
const WORK: &str = "People can sign in to Acme again";

/// Whom letters about the sign-ins of Acme went to.
async fn told(world: &World, subject: &str) -> Vec<String> {
    letters(world).await.into_iter().filter(|(_, about)| about == subject).map(|(to, _)| to).collect()
}

/// Waits until what was counted is written down and the database says so.
async fn until_unwell(world: &World, unwell: bool) {
    let begun = Instant::now();
    let team = crate::eyes::team("acme");
    loop {
        let health = world.node.house.database.read(|c| health::of(c, &team)).unwrap().unwrap();
        if health.judgement(world.clock.now()).is_unwell() == unwell {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{health:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn refused(world: &World) -> Answer {
    let page = world.sign_in_with(&Browser::default(), "acme", "bob@acme.test").await;
    assert_eq!((page.status, page.code()), (502, Some("idp_client_rejected")));
    page
}

async fn fails(world: &World) -> Answer {
    world.idp.misbehave("acme", TokenFault::InvalidClient);
    for _ in 0..2 {
        refused(world).await;
    }
    let last = refused(world).await;
    until_unwell(world, true).await;
    last
}

async fn heals(world: &World) {
    world.idp.behave("acme");
    world.sign_in("acme", "bob@acme.test").await;
    until_unwell(world, false).await;
}

/// How many letters with this subject there are.
async fn written(world: &World, subject: &str) -> usize {
    letters(world).await;
    bodies(world).matches(&format!("Subject: {subject}\r\n")).count()
}

fn bodies(world: &World) -> String {
    let files = std::fs::read_dir(world.outbox()).unwrap();
    files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

on_both! {
    async fn all_active_admins_hear_of_each_turn_once_and_nobody_else_does(db) {
        let world = World::new(db).await;
        for who in ["ada", "bob", "cyd"] {
            world.sign_in("acme", &format!("{who}@acme.test")).await;
        }
        world.sign_in("globex", "gil@globex.test").await;
        assert!(command(&world, db, &["role", "set", "acme", "cyd@acme.test", "admin"]).done);
        let page = fails(&world).await;
        assert_eq!(told(&world, FAIL).await, ["ada@acme.test", "cyd@acme.test"]);
        let body = bodies(&world);
        let link = world.at("/t/acme/settings/sso");
        for text in [page.reference().unwrap(), "rejected the client ID or the client secret", link.as_str(), "Somebody last came in on "] {
            assert!(body.contains(text), "no {text}: {body}");
        }
        assert!(!body.contains("practice-secret"), "{body}");

        let again = refused(&world).await;
        assert_told_so(&again);
        heals(&world).await;
        assert_eq!(told(&world, FAIL).await.len(), 2, "once");
        assert_eq!(told(&world, WORK).await, ["ada@acme.test", "cyd@acme.test"]);
        heals(&world).await;
        assert_eq!(told(&world, WORK).await.len(), 2, "once");
    }

    async fn of_one_that_turns_again_and_again_they_hear_every_six_hours(db) {
        let world = World::new(db).await;
        world.sign_in("acme", "ada@acme.test").await;
        fails(&world).await;
        heals(&world).await;
        world.clock.forward(Duration::from_hours(5));
        let page = fails(&world).await;
        assert!(page.sentence().contains("Ask your administrator"), "nobody was told of this turn: {}", page.sentence());
        assert_eq!((written(&world, FAIL).await, written(&world, WORK).await), (1, 1));
        heals(&world).await;
        assert_eq!((written(&world, FAIL).await, written(&world, WORK).await), (1, 1));
        world.clock.forward(Duration::from_hours(2));
        fails(&world).await;
        assert_eq!((written(&world, FAIL).await, written(&world, WORK).await), (2, 1));
    }

    async fn of_two_nodes_that_see_the_same_one_writes(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        world.sign_in("acme", "ada@acme.test").await;
        world.idp.misbehave("acme", TokenFault::InvalidClient);
        for node in [&world.node, &other, &world.node, &other, &other, &world.node] {
            assert_eq!(come_back_at(&world, node).await.code(), Some("idp_client_rejected"));
        }
        until_unwell(&world, true).await;
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        assert_eq!(written(&world, FAIL).await, 1);
        assert_told_so(&come_back_at(&world, &other).await);
    }

    async fn a_redirect_uri_that_leads_nobody_back_is_told_though_no_sign_in_was_refused(db) {
        let world = World::new(db).await;
        world.sign_in("acme", "ada@acme.test").await;
        assert!(command(&world, db, &["team", "set", "acme", "--email-trust", "issuer"]).done);
        // What a node that has not heard of it yet counts is of the old settings.
        tokio::time::sleep(Duration::from_secs(1)).await;
        for _ in 0..5 {
            let start = Browser::default().get(&world.at("/t/acme/login")).await;
            assert_eq!(start.status, 303, "and no further: only the provider sees that the redirect URI is wrong");
        }
        until_unwell(&world, true).await;
        assert_eq!(told(&world, "People can't sign in to Acme").await, ["ada@acme.test"]);
        let body = bodies(&world).replace("=\r\n", "");
        assert!(body.contains("letter by letter the one on the settings page"), "{body}");
        assert!(!body.contains("the reference of the last one"), "{body}");
        heals(&world).await;
        assert_eq!(told(&world, WORK).await, ["ada@acme.test"]);
    }

    async fn a_wrong_issuer_is_told_too_and_a_team_without_admins_is_not_said_to_know(db) {
        let world = World::new(db).await;
        world.sign_in("acme", "ada@acme.test").await;
        world.idp.misbehave("acme", DiscoveryFault::OtherIssuer);
        world.idp.misbehave("globex", DiscoveryFault::OtherIssuer);
        let fresh = world.second_node();
        for team in ["acme", "globex"] {
            for _ in 0..3 {
                let page = Browser::default().get(&fresh.at(&format!("/t/{team}/login"))).await;
                assert_eq!((page.status, page.code()), (502, Some("idp_issuer_mismatch")));
                assert!(page.sentence().contains("Ask your administrator"), "{}", page.sentence());
            }
        }
        until_unwell(&world, true).await;
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        let sentence = async |team: &str| Browser::default().get(&fresh.at(&format!("/t/{team}/login"))).await.sentence();
        assert_eq!(sentence("acme").await, "SSO for Acme is misconfigured. Your administrator has been told.");
        assert!(sentence("globex").await.contains("Ask your administrator"), "nobody there to tell");
    }
}

#[track_caller]
fn assert_told_so(page: &Answer) {
    let sentence =
        "Acme's sign-in service doesn't accept this app's credentials. Your administrator has been told.";
    crate::situations::assert_told(page, 502, "idp_client_rejected", sentence);
}

/// Begins at one node and comes back at the other.
async fn come_back_at(world: &World, node: &Node) -> Answer {
    let browser = Browser::default();
    let callback = world.callback(&browser, "acme", "bob@acme.test").await;
    browser.get(&callback.replace(&world.node.base, &node.base)).await
}
