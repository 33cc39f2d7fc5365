//! Two nodes on one database, behind one address: what is begun on one ends on the other, and what changes on
//! one holds on the other within a second.

mod feed;
mod hang;

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use storage::{Database, StorageError, Subject, each};
use support::{Browser, Node, TestDatabase, World, command, on_both};
use vocabulary::Clock as _;

use crate::eyes;

/// Within this a change holds everywhere.
const BOUND: Duration = Duration::from_secs(1);

/// Asks again and again until `holds`; how long that took.
async fn until(what: &str, holds: impl AsyncFn() -> bool) -> Duration {
    let started = Instant::now();
    while !holds().await {
        assert!(started.elapsed() < BOUND, "{what} does not hold on the other node after a second");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    started.elapsed()
}

/// What the team page answers on a node: somebody's row as they see it, or the status.
async fn page(node: &Node, browser: &Browser, team: &str) -> (u16, String) {
    let answer = browser.get(&node.at(&format!("/t/{team}/team"))).await;
    (answer.status, answer.body)
}

async fn is_in(node: &Node, browser: &Browser, team: &str) -> bool {
    page(node, browser, team).await.0 == 200
}

/// Signs somebody in with the first half on one node and the second on another.
async fn sign_in_across(world: &World, first: &Node, second: &Node, email: &str) -> Browser {
    let browser = Browser::default();
    let start = browser.post(&first.at("/login_sso"), &[("team_id", "acme")]).await;
    let chooser = browser.get(start.location().unwrap().as_str()).await;
    let back = browser.choose(&chooser, email).await.location().unwrap().to_string();
    // The identity provider knows the one public address; the balancer sends it to either node.
    let done = browser.get(&back.replace(&world.node.base, &second.base)).await;
    assert_eq!(done.status, 303, "{}", done.body);
    browser
}

fn run(world: &World, db: &TestDatabase, arguments: &[&str]) {
    let said = command(world, db, arguments);
    assert!(said.done, "{arguments:?}: {}", said.err);
}

on_both! {
    async fn a_sign_in_begun_on_one_node_ends_on_the_other(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        for (first, second, email) in [(&world.node, &other, "ada@acme.test"), (&other, &world.node, "bob@acme.test")] {
            let browser = sign_in_across(&world, first, second, email).await;
            assert!(is_in(first, &browser, "acme").await && is_in(second, &browser, "acme").await);
        }
    }

    async fn a_callback_is_spent_on_every_node(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let browser = Browser::default();
        let here = world.callback(&browser, "acme", "bob@acme.test").await;
        let attempts: Vec<(String, String)> = browser.cookie_names().into_iter()
            .filter_map(|name| Some((name.clone(), browser.cookie(&name)?))).collect();
        assert_eq!(browser.get(&here).await.status, 303);
        let thief = Browser::default();
        for (name, value) in &attempts {
            thief.set_cookie(name, value);
        }
        let again = thief.get(&here.replace(&world.node.base, &other.base)).await;
        assert_eq!((again.status, again.code()), (400, Some("state_used")));
        assert_eq!(world.idp.counts("acme").token, 1);
    }

    async fn what_changes_on_one_node_holds_on_the_other_within_a_second(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let mut worst = Duration::ZERO;
        for _ in 0..3 {
            let bob = world.sign_in("acme", "bob@acme.test").await;
            assert!(is_in(&other, &bob, "acme").await, "the other node has copies now");
            let sees_forms = async || page(&other, &bob, "acme").await.1.contains("/role\"");
            let team = world.team_page(&ada, "acme").await;
            assert_eq!(world.change(&ada, &team, "Bob Kahn", "role", &[("role", "admin")]).await.status, 303);
            worst = worst.max(until("a promotion", &sees_forms).await);
            let team = world.team_page(&ada, "acme").await;
            assert_eq!(world.change(&ada, &team, "Bob Kahn", "role", &[("role", "member")]).await.status, 303);
            worst = worst.max(until("a demotion", async || !sees_forms().await).await);

            let team = world.team_page(&ada, "acme").await;
            assert_eq!(world.change(&ada, &team, "Bob Kahn", "deactivate", &[]).await.status, 303);
            worst = worst.max(until("a deactivation", async || !is_in(&other, &bob, "acme").await).await);
            let team = world.team_page(&ada, "acme").await;
            assert_eq!(world.change(&ada, &team, "Bob Kahn", "activate", &[]).await.status, 303);

            let bob = world.sign_in("acme", "bob@acme.test").await;
            assert!(is_in(&other, &bob, "acme").await);
            let team = world.team_page(&ada, "acme").await;
            assert_eq!(world.change(&ada, &team, "Bob Kahn", "sign-out", &[]).await.status, 303);
            worst = worst.max(until("being signed out", async || !is_in(&other, &bob, "acme").await).await);

            let gil = world.sign_in("globex", "gil@globex.test").await;
            assert!(is_in(&other, &gil, "globex").await);
            run(&world, db, &["team", "suspend", "globex"]);
            worst = worst.max(until("a suspension", async || page(&other, &gil, "globex").await.0 == 404).await);
            run(&world, db, &["team", "resume", "globex"]);
            let door = async || Browser::default().get(&other.at("/t/globex/login")).await.status == 303;
            worst = worst.max(until("a resumption", door).await);
            assert!(!is_in(&other, &gil, "globex").await, "a suspension ends sessions for good");
        }
        eprintln!("worst time until a change held on the other node: {worst:?}");
    }

    async fn a_team_added_on_one_node_is_open_on_the_other_within_a_second(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let door = async || Browser::default().get(&other.at("/t/acme-new/login")).await.status;
        assert_eq!(door().await, 404);
        world.idp.add_client("acme", support::world::client("acme-new", &world.node.base));
        world.add_team("acme-new", "acme", "ada@acme.test", |_team| ());
        let took = until("a new team", async || door().await == 303).await;
        eprintln!("worst time until a new team was open on the other node: {took:?}");
        run(&world, db, &["team", "remove", "acme-new", "--yes"]);
        until("a removal", async || door().await == 404).await;
    }

    async fn a_token_revoked_on_one_node_opens_nothing_on_the_other_within_a_second(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let made = command(&world, db, &["operator", "add-token", "deploy"]);
        let bearer = format!("Bearer {}", made.out.trim());
        let whoami = async || Browser::default().get_with(&other.at("/api/v1/whoami"), &[("authorization", &bearer)]).await.status;
        assert_eq!(whoami().await, 200);
        let listed = command(&world, db, &["operator", "list-tokens", "--json"]).out;
        let id = support::browser::between(&listed, "\"id\": \"", "\"").unwrap().to_owned();
        run(&world, db, &["operator", "revoke-token", &id]);
        until("a revocation", async || whoami().await == 401).await;
    }

    async fn a_node_that_missed_a_change_lets_go_of_all_its_copies(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let bob = world.sign_in("acme", "bob@acme.test").await;
        assert!(is_in(&other, &bob, "acme").await, "the other node has copies now");
        let database = &world.node.house.database;
        // A change that nobody was told of, then a number that was left out: anything may have changed.
        let unseen = "UPDATE memberships SET active = (1 = 0); UPDATE change_counter SET n = n + 5";
        execute(database, unseen);
        let told = database.write(world.clock.now(), |tx| {
            tx.changed(Subject::Team, "no-such-team");
            Ok::<_, StorageError>(())
        });
        told.unwrap();
        until("what was missed", async || !is_in(&other, &bob, "acme").await).await;
        until("what was missed", async || !is_in(&world.node, &bob, "acme").await).await;
    }

    async fn a_node_that_cannot_follow_keeps_no_copies(db) {
        let (here, there) = (eyes::open(db), eyes::open(db));
        here.migrate().unwrap();
        assert!(!here.feed().is_fresh(), "it does not follow");
        let cache = storage::Cache::following(here.feed(), Subject::Team, 10);
        let read = || cache.load("acme", || here.read(|c| storage::noted(c, "acme"))).unwrap();
        let note = |value: &str| there.write(vocabulary::SystemClock.now(), |tx| storage::note(tx, "acme", value)).unwrap();
        note("one");
        assert_eq!(read().as_deref(), Some("one"));
        assert_eq!(cache.get("acme"), None, "a copy that may be stale is not handed out");
    }
}

fn execute(database: &Database, statements: &str) {
    database
        .read(|connection| Ok::<_, StorageError>(each!(connection, c => c.batch_execute(statements))?))
        .unwrap();
}
