//! What a token is worth: as long as it lasts, its team is open and, for admins' scopes, its maker is one.

use std::time::{Duration, Instant};

use audit::Act;
use support::{World, on_both};
use teams::Edit;
use tokens::team::Seen;
use vocabulary::{ClientSecret, Clock as _, Issuer};

use super::{ADA, BOB, Token, act, ask, change, make, problem, read, refused, send_form, who};
use crate::eyes;

const PEOPLE: &str = "/teams/acme/people";

async fn works(world: &World, token: &Token) -> bool {
    let (told, people) =
        (who(&world.node, &token.value).await, ask(&world.node, "GET", PEOPLE, &token.value, "").await);
    assert_eq!(told.status, people.status, "both or neither: {}", people.body);
    if told.status != 200 {
        assert_eq!(problem(&told), refused(401, "token_invalid"));
    }
    told.status == 200
}

on_both! {
    async fn a_token_for_admins_is_as_good_as_its_maker_is_now(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        change(&world, &ada, "Bob Kahn", "role", &[("role", "admin")]).await;
        let (admins, product) = (make(&world, &bob, "people sync", "team:admin").await, make(&world, &bob, "app", "product").await);
        assert!(works(&world, &admins).await);

        change(&world, &ada, "Bob Kahn", "role", &[("role", "member")]).await;
        assert!(!works(&world, &admins).await, "with the next request");
        assert_eq!(who(&world.node, &product.value).await.status, 200);
        let page = ada.get(&world.at("/t/acme/tokens")).await;
        let row = page.row("people sync").unwrap();
        assert!(row.contains("Stopped") && row.contains("no longer an admin"), "{row}");

        change(&world, &ada, "Bob Kahn", "role", &[("role", "admin")]).await;
        assert!(works(&world, &admins).await, "who is an admin again has their programs again");
        change(&world, &ada, "Bob Kahn", "deactivate", &[]).await;
        assert!(!works(&world, &admins).await);
        let page = ada.get(&world.at("/t/acme/tokens")).await;
        assert!(page.row(">app").unwrap().contains("Maker left") && !page.row(">app").unwrap().contains("Stopped"));
        assert_eq!(who(&world.node, &product.value).await.status, 200, "the product's token is the team's");

        change(&world, &ada, "Bob Kahn", "activate", &[]).await;
        assert!(works(&world, &admins).await);
        change(&world, &ada, "Bob Kahn", "erase", &[("confirm", "yes"), ("typed", "acme")]).await;
        assert!(!works(&world, &admins).await);
        assert_eq!(who(&world.node, &product.value).await.status, 200);
        let page = ada.get(&world.at("/t/acme/tokens")).await;
        let row = page.row(">app").unwrap();
        assert!(row.contains("Maker left") && row.contains("by someone who was erased"), "{row}");

        let rotated = act(&world, &ada, &admins, "rotate").await;
        let hers = read(&ada, rotated).await;
        assert!(works(&world, &hers).await, "whoever rotates it makes it theirs");
        assert!(!works(&world, &admins).await);
    }

    async fn whoever_comes_by_a_provider_that_was_replaced_lends_no_rights(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let (admins, product) = (make(&world, &ada, "sync", "team:read").await, make(&world, &ada, "app", "product").await);
        assert!(works(&world, &admins).await);
        let issuer = Issuer::parse(&world.idp.issuer("globex")).ok();
        let client_secret = ClientSecret::parse("another-practice-secret");
        world.set("acme", &Edit { issuer, client_secret, ..Edit::default() });
        assert!(!works(&world, &admins).await, "nobody of the old provider is present");
        assert_eq!(who(&world.node, &product.value).await.status, 200);
    }

    async fn a_token_is_worth_nothing_while_its_team_is_closed_and_nothing_when_it_is_gone(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let token = make(&world, &ada, "sync", "team:read").await;
        assert!(works(&world, &token).await);
        world.suspend("acme");
        assert!(!works(&world, &token).await);
        world.resume("acme");
        assert!(works(&world, &token).await);
        world.set("acme", &Edit { state: Some(teams::State::Draft), ..Edit::default() });
        assert!(!works(&world, &token).await);
        world.set("acme", &Edit { state: Some(teams::State::Enabled), ..Edit::default() });
        assert!(works(&world, &token).await);
        world.remove("acme");
        assert!(!works(&world, &token).await);
        let left = world.node.house.database.read(|connection| {
            tokens::team::names(connection, &eyes::team("acme"), &Seen::All, std::slice::from_ref(&token.id))
        });
        assert!(left.unwrap().is_empty(), "its tokens went with it");
    }

    async fn a_token_ends_when_its_time_is_over(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let form = [("name", "trial"), ("lasts", "7")];
        let answer = send_form(&world, &ada, &form).await;
        let token = read(&ada, answer).await;
        world.clock.forward(Duration::from_hours(7 * 24) - Duration::from_secs(1));
        assert_eq!(who(&world.node, &token.value).await.status, 200);
        world.clock.forward(Duration::from_secs(1));
        assert_eq!(problem(&who(&world.node, &token.value).await), refused(401, "token_invalid"));
        let ada = world.sign_in("acme", ADA).await;
        let page = ada.get(&world.at("/t/acme/tokens")).await;
        let row = page.row("trial").unwrap();
        assert!(row.contains("Expired") && !row.contains("/rotate"), "{row}");
        let address = world.at(&format!("/t/acme/tokens/{}/rotate", token.id));
        let asked = ada.get(&address).await;
        assert_eq!((asked.status, asked.code()), (409, Some("token_expired")));
        let csrf = page.hidden("csrf").unwrap();
        let sent = ada.post(&address, &[("csrf", &csrf), ("version", "1")]).await;
        assert_eq!((sent.status, sent.code()), (409, Some("token_expired")));
        assert_eq!(act(&world, &ada, &token, "revoke").await.status, 303);
    }

    async fn that_a_token_was_used_is_noted_once_a_minute_and_not_for_each_request(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let token = make(&world, &ada, "app", "product").await;
        let database = &world.node.house.database;
        let used = || {
            let (limits, now) = (world.node.house.token_limits(), world.clock.now());
            let found = database.read(|c| tokens::team::find(c, &eyes::team("acme"), &Seen::All, &token.id, limits, now));
            found.unwrap().unwrap().last_used_at
        };
        assert_eq!(used(), None);
        let first = world.clock.now();
        assert_eq!(who(&world.node, &token.value).await.status, 200);
        assert_eq!(used(), Some(first));
        let moment = Duration::from_secs(59);
        world.clock.forward(moment);
        for _ in 0..20 {
            assert_eq!(who(&world.node, &token.value).await.status, 200);
        }
        assert_eq!(used(), Some(first), "within the minute nothing is written");
        world.clock.forward(Duration::from_secs(1));
        let asked: Vec<_> = (0..10).map(|_| who(&world.node, &token.value)).collect();
        for asked in asked {
            assert_eq!(asked.await.status, 200);
        }
        assert_eq!(used(), Some(first.plus(Duration::from_mins(1))));
        let page = ada.get(&world.at("/t/acme/tokens")).await;
        assert!(page.row(">app").unwrap().contains("data-label=\"Last used\"><time"), "{}", page.body);
    }

    async fn a_revocation_is_in_force_on_the_other_node_within_a_second(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let ada = world.sign_in("acme", ADA).await;
        let mut worst = Duration::ZERO;
        for (round, last) in ["revoke", "rotate", "role"].into_iter().enumerate() {
            let bob = world.sign_in("acme", BOB).await;
            change(&world, &ada, "Bob Kahn", "role", &[("role", "admin")]).await;
            let token = make(&world, &bob, &format!("sync {round}"), "team:admin").await;
            for node in [&world.node, &other] {
                assert_eq!(ask(node, "GET", PEOPLE, &token.value, "").await.status, 200, "both nodes have copies now");
            }
            match last {
                "role" => change(&world, &ada, "Bob Kahn", "role", &[("role", "member")]).await,
                deed => assert_eq!(act(&world, &ada, &token, deed).await.status, 303),
            }
            assert_eq!(ask(&world.node, "GET", PEOPLE, &token.value, "").await.status, 401, "{last}: here at once");
            let started = Instant::now();
            while ask(&other, "GET", PEOPLE, &token.value, "").await.status != 401 {
                assert!(started.elapsed() < Duration::from_secs(1), "{last} is not in force on the other node");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            worst = worst.max(started.elapsed());
            if last != "role" {
                change(&world, &ada, "Bob Kahn", "role", &[("role", "member")]).await;
            }
        }
        eprintln!("worst time until it was in force on the other node: {worst:?}");
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::TeamTokenMade), 3);
    }
}
