//! Apps that are down, hang, fail, refuse or point elsewhere: each is told again in its own time, and keeps nobody else
//! waiting.

use std::time::{Duration, Instant};

use audit::{Act, Actor};
use support::{World, on_both};
use vocabulary::SigningAlgorithm;

use super::receiver::{Manner, Receiver};
use super::{
    BOB, BOUND, Listener, POLL, end, listener, named, provider_of, register, session, used, waiting,
};
use crate::eyes;

/// Bob's session was used with these apps and ends; the first one's name for it.
async fn bob_leaves(world: &World, apps: &[&apps::App]) -> String {
    let bob = world.sign_in("acme", BOB).await;
    let deps = provider_of(&world.node);
    for app in apps {
        used(&deps, &bob, "acme", app).await;
    }
    end(world, &bob);
    provider::sid(&session(&bob, "acme"), &apps[0].id)
}

/// What is on the record of an app that was not told.
fn not_told(world: &World, act: Act) -> Vec<serde_json::Value> {
    let record = eyes::record(&world.node.house.database, "acme");
    let rows = record.into_iter().filter(|entry| entry.act == Some(act));
    rows.map(|entry| {
        assert_eq!(entry.actor, Actor::Teamdoor);
        assert!(entry.target.is_some(), "of whom");
        entry.detail
    })
    .collect()
}

fn ledger(world: &World) -> Listener {
    listener(world, "Ledger", SigningAlgorithm::Es256)
}

on_both! {
    async fn an_app_that_fails_is_told_again_and_waits_longer_each_time(db) {
        let world = World::new(db).await;
        let Listener { app, ear } = ledger(&world);
        let moved = Receiver::open();
        let manners = [
            Manner::Answer(500, "oops"),
            Manner::Answer(404, ""),
            Manner::Redirect(moved.address()),
            Manner::Answer(202, ""),
        ];
        ear.set(manners[0].clone());
        let sid = bob_leaves(&world, &[&app]).await;
        ear.hears(1, BOUND, "the first attempt").await;
        let waits = [1, 5, 30, 120].map(Duration::from_secs);
        for (n, wait) in waits.into_iter().enumerate() {
            world.clock.forward(wait.saturating_sub(Duration::from_millis(1)));
            tokio::time::sleep(POLL + POLL / 4).await;
            assert_eq!(ear.told().len(), n + 1, "not before its time");
            ear.set(manners.get(n + 1).cloned().unwrap_or(Manner::Answer(204, "")));
            world.clock.forward(Duration::from_millis(1));
            ear.hears(n + 2, POLL + BOUND, "another attempt").await;
        }
        assert!(moved.told().is_empty(), "redirects are not followed");
        assert_eq!(waiting(&world), (0, 0), "204 is as good as 200");
        let tokens = ear.told();
        let mut distinct = tokens.clone();
        distinct.dedup();
        assert_eq!(distinct.len(), 5, "a fresh token each time");
        let listener = Listener { app, ear };
        assert_eq!(named(&world, &listener, &tokens[4..]).await, [sid].into());
    }

    async fn an_app_that_refuses_is_not_told_again_and_that_is_on_the_record(db) {
        let world = World::new(db).await;
        let Listener { app, ear } = ledger(&world);
        ear.set(Manner::Answer(400, r#"{"error":"invalid_request","error_description":"no such session"}"#));
        bob_leaves(&world, &[&app]).await;
        ear.hears(1, BOUND, "the only attempt").await;
        assert_eq!(waiting(&world), (0, 0));
        let rows = not_told(&world, Act::AppLogoutRefused);
        assert_eq!((rows.len(), &rows[0]["app"], &rows[0]["attempts"]), (1, &app.id.as_str().into(), &1.into()));
        assert_eq!(rows[0]["reason"], "it answered 400", "what an app says is not for everybody who reads the record");
        world.clock.forward(Duration::from_hours(2));
        ear.hears(1, BOUND, "nothing more").await;
    }

    async fn an_app_that_is_down_hears_once_it_is_up(db) {
        let world = World::new(db).await;
        let gone = Receiver::open();
        let (port, address) = (gone.port(), gone.address());
        drop(gone);
        let app = register(&world, "Ledger", Some(&address), SigningAlgorithm::Rs256);
        let sid = bob_leaves(&world, &[&app]).await;
        tokio::time::sleep(BOUND).await;
        assert_eq!(waiting(&world), (0, 1));
        let ear = Receiver::open_at(port);
        world.clock.forward(Duration::from_secs(1));
        let tokens = ear.hears(1, POLL + BOUND, "up again").await;
        assert_eq!(named(&world, &Listener { app, ear }, &tokens).await, [sid].into());
        assert_eq!(waiting(&world), (0, 0));
    }

    async fn an_app_that_stays_down_is_given_up_after_a_day_and_that_is_on_the_record(db) {
        let world = World::new(db).await;
        let Listener { app, ear } = ledger(&world);
        ear.set(Manner::Answer(503, ""));
        bob_leaves(&world, &[&app]).await;
        ear.hears(1, BOUND, "the first attempt").await;
        let (mut attempts, step) = (1, Duration::from_mins(61));
        while waiting(&world).1 > 0 {
            assert!(attempts < 40, "never given up");
            world.clock.forward(step);
            attempts += 1;
            ear.hears_so_far(attempts, POLL + BOUND, "one more attempt").await;
            // After the last one it takes a moment until that it was given up stands there.
            for _moment in 0..if attempts < 24 { 1 } else { 100 } {
                tokio::time::sleep(Duration::from_millis(50)).await;
                if waiting(&world).1 == 0 {
                    break;
                }
            }
        }
        assert_eq!(attempts, 24, "an hour apart, for a day");
        let rows = not_told(&world, Act::AppLogoutGivenUp);
        assert_eq!((rows.len(), rows[0]["reason"].as_str()), (1, Some("it answered 503")));
        assert_eq!(rows[0]["attempts"], attempts);
    }

    async fn an_app_that_hangs_keeps_no_other_waiting(db) {
        let world = World::new(db).await;
        let (hangs, lives) = (ledger(&world), listener(&world, "Wiki", SigningAlgorithm::Es256));
        hangs.ear.set(Manner::Hang(Duration::from_secs(5)));
        let mut browsers = Vec::new();
        for _ in 0..12 {
            browsers.push(world.sign_in("acme", BOB).await);
        }
        let deps = provider_of(&world.node);
        for browser in &browsers {
            used(&deps, browser, "acme", &hangs.app).await;
            used(&deps, browser, "acme", &lives.app).await;
        }
        let began = Instant::now();
        for browser in &browsers {
            end(&world, browser);
        }
        let tokens = lives.ear.hears(12, BOUND * 2, "the app that lives").await;
        eprintln!("twelve ends were told beside a hanging app in {:?}", began.elapsed());
        assert_eq!(named(&world, &lives, &tokens).await.len(), 12);
        assert_eq!(hangs.ear.told().len(), 4, "no more than four at once");
        // One more ends while all that may be under way to the other hangs.
        let sid = bob_leaves(&world, &[&lives.app, &hangs.app]).await;
        lives.ear.hears_so_far(13, BOUND, "one more").await;
        assert!(named(&world, &lives, &lives.ear.told()).await.contains(&sid));
    }

    async fn an_app_that_is_gone_or_wants_no_more_leaves_nothing_behind(db) {
        let world = World::new(db).await;
        let Listener { app, ear } = ledger(&world);
        ear.set(Manner::Answer(500, ""));
        bob_leaves(&world, &[&app]).await;
        ear.hears(1, BOUND, "the first attempt").await;
        let bob = world.sign_in("acme", BOB).await;
        used(&provider_of(&world.node), &bob, "acme", &app).await;
        let operator = roles::Operator::at_the_command_line();
        let house = &world.node.house;
        let now = house.parts.clock.now();
        house.database.write(now, |tx| apps::remove(tx, &operator, app.id.as_str(), None)).unwrap();
        end(&world, &bob);
        world.clock.forward(Duration::from_secs(1));
        ear.hears(1, POLL + BOUND, "nothing more").await;
        tokio::time::sleep(POLL).await;
        assert_eq!(waiting(&world), (0, 0));
    }
}
