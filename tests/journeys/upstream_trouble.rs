//! A provider in trouble takes nothing from anybody else and little from its own people: it is left alone while
//! it says nothing, what is known of it bridges the time, and it is back with its first answer.

use std::time::{Duration, Instant};

use mock_idp::{Endpoint, KeysFault, Misbehaviour, SignatureFault, WireFault};
use support::{Answer, Browser, World, on_both};
use tokio::task::JoinSet;

use crate::situations::{asked, to_callback};

/// Generous for a machine that is busy with other tests: 50 ms are what a quiet one needs.
const AT_ONCE: Duration = Duration::from_millis(500);

on_both! {
    async fn one_hanging_provider_keeps_no_other_team_waiting(db) {
        let world = World::new(db).await;
        world.sign_in("globex", "gil@globex.test").await;
        world.idp.misbehave("acme", Misbehaviour::Wire(Endpoint::Token, WireFault::Slow));
        let mut waiting = JoinSet::new();
        for _ in 0..12 {
            let (browser, callback) = ready(&world, "acme").await;
            waiting.spawn_local(async move { browser.get(&callback).await.status });
        }
        while world.idp.counts("acme").token == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let began = Instant::now();
        world.sign_in("globex", "han@globex.test").await;
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
        assert!(waiting.try_join_next().is_none(), "they wait all the while");
        while let Some(status) = waiting.join_next().await {
            assert_eq!(status.unwrap(), 504);
        }
        assert_eq!((world.sessions_of("acme"), world.sessions_of("globex")), (0, 2));
    }

    async fn a_provider_that_fails_again_and_again_is_left_alone_until_it_answers(db) {
        let world = World::new(db).await;
        world.sign_in("acme", "bob@acme.test").await;
        world.idp.misbehave("acme", Misbehaviour::Wire(Endpoint::Token, WireFault::Down));
        for _ in 0..5 {
            assert_eq!(told(&sign_in(&world, "acme").await), (503, Some("idp_unreachable")));
        }
        let wait = turned_away(&world, "acme").await;
        assert!((10..=12).contains(&wait), "{wait}");
        assert_eq!(world.sessions_of("acme"), 1);
        world.sign_in("globex", "gil@globex.test").await;

        // The pause is over: of those who come one is let through, in vain.
        world.clock.forward(Duration::from_secs(wait));
        let before = world.idp.counts("acme").token;
        assert_eq!(told(&sign_in(&world, "acme").await), (503, Some("idp_unreachable")));
        assert_eq!(world.idp.counts("acme").token, before + 1);
        let wait = turned_away(&world, "acme").await;
        assert!((20..=22).contains(&wait), "twice as long: {wait}");

        world.idp.behave("acme");
        turned_away(&world, "acme").await;
        world.clock.forward(Duration::from_secs(wait));
        world.sign_in("acme", "bob@acme.test").await;
        world.sign_in("acme", "ada@acme.test").await;
    }

    async fn a_silent_provider_that_nothing_is_known_of_is_asked_now_and_then(db) {
        let world = World::new(db).await;
        world.idp.misbehave("acme", Misbehaviour::Wire(Endpoint::Discovery, WireFault::TooManyRequests));
        let begin = async || Browser::default().get(&world.at("/t/acme/login")).await;
        for round in 1..=5 {
            for _ in 0..3 {
                let page = begin().await;
                assert_eq!(told(&page), (503, Some("idp_unreachable")));
                assert_eq!(page.header("retry-after"), Some("7"), "as it asks");
            }
            assert_eq!(world.idp.counts("acme").discovery, round, "and as it asks it is left alone");
            world.clock.forward(Duration::from_secs(8));
        }
        world.idp.behave("acme");
        let (began, page) = (Instant::now(), begin().await);
        assert!(began.elapsed() < AT_ONCE);
        assert_eq!(told(&page), (503, Some("idp_unreachable")));
        assert_eq!(world.idp.counts("acme").discovery, 5);
        world.clock.forward(Duration::from_secs(6));
        world.sign_in("acme", "bob@acme.test").await;
    }

    async fn made_up_codes_shut_nobody_out(db) {
        let world = World::with(db, &[("LIMITS__FAILED_CALLBACKS_PER_ADDRESS_AND_TEAM", "off")]).await;
        for _ in 0..10 {
            let (browser, callback) = ready(&world, "acme").await;
            let (before, after) = callback.split_once("code=").unwrap();
            let rest = after.split_once('&').map_or("", |(_, rest)| rest);
            let page = browser.get(&format!("{before}code=made-up&{rest}")).await;
            assert_eq!(told(&page), (400, Some("code_rejected")));
        }
        world.sign_in("acme", "bob@acme.test").await;
    }

    async fn what_is_known_bridges_a_provider_that_hangs_drips_breaks_or_floods(db) {
        let world = World::new(db).await;
        world.sign_in("acme", "bob@acme.test").await;
        for endpoint in [Endpoint::Discovery, Endpoint::Keys] {
            let faults = [WireFault::Slow, WireFault::Drip, WireFault::Broken, WireFault::Huge, WireFault::Html];
            for fault in faults {
                world.idp.misbehave("acme", Misbehaviour::Wire(endpoint, fault));
                // Old enough to be asked for again, not too old to be used.
                world.clock.forward(Duration::from_hours(2));
                let began = Instant::now();
                world.sign_in("acme", "bob@acme.test").await;
                assert!(began.elapsed() < Duration::from_secs(3), "{endpoint:?} {fault:?} {:?}", began.elapsed());
            }
        }
        let (discovery, keys, ..) = asked(&world, "acme");
        assert!(discovery > 5 && keys > 5, "it was asked each time: {discovery} {keys}");
    }

    async fn keys_that_rotate_before_signing_and_vanish_are_followed(db) {
        let world = World::new(db).await;
        world.sign_in("acme", "bob@acme.test").await;
        world.idp.rotate_keys("acme");
        world.sign_in("acme", "bob@acme.test").await;
        assert_eq!(world.idp.counts("acme").keys, 2);
        world.clock.forward(Duration::from_secs(31));
        world.idp.publish_next_key("acme");
        world.sign_in("acme", "bob@acme.test").await;
        world.idp.sign_with_newest_key("acme");
        world.sign_in("acme", "bob@acme.test").await;
        world.idp.retire_old_keys("acme");
        world.sign_in("acme", "bob@acme.test").await;
        assert_eq!(world.idp.counts("acme").keys, 3);
    }

    async fn a_key_set_turned_empty_or_foreign_takes_no_good_key(db) {
        let world = World::new(db).await;
        world.sign_in("acme", "bob@acme.test").await;
        let broken = [
            KeysFault::NoKeys.into(),
            KeysFault::TooManyKeys.into(),
            Misbehaviour::Wire(Endpoint::Keys, WireFault::Html),
        ];
        for fault in broken {
            world.idp.misbehave("acme", fault);
            world.clock.forward(Duration::from_hours(2));
            world.sign_in("acme", "bob@acme.test").await;
            world.idp.behave("acme");
        }
    }

    async fn unknown_kids_ask_for_keys_once_in_half_a_minute(db) {
        let world = World::with(db, &[("LIMITS__FAILED_CALLBACKS_PER_ADDRESS_AND_TEAM", "off")]).await;
        world.sign_in("acme", "bob@acme.test").await;
        for asked in 2..=3 {
            world.idp.misbehave("acme", SignatureFault::KidUnknown);
            for _ in 0..6 {
                assert_eq!(told(&sign_in(&world, "acme").await), (502, Some("id_token_invalid")));
            }
            assert_eq!(world.idp.counts("acme").keys, asked);
            world.idp.behave("acme");
            world.sign_in("acme", "bob@acme.test").await;
            assert_eq!(world.idp.counts("acme").keys, asked, "the good keys are at hand");
            world.clock.forward(Duration::from_secs(30));
        }
    }
}

/// A browser that has come as far as the callback, which is not opened.
async fn ready(world: &World, team_id: &str) -> (Browser, String) {
    let browser = Browser::default();
    let callback = to_callback(&browser, &world.at(&format!("/t/{team_id}/login")), "bob@acme.test").await;
    (browser, callback)
}

async fn sign_in(world: &World, team_id: &str) -> Answer {
    let (browser, callback) = ready(world, team_id).await;
    browser.get(&callback).await
}

/// A sign-in that is refused at once, without anything asked of the provider, and the seconds to wait.
async fn turned_away(world: &World, team_id: &str) -> u64 {
    let (browser, callback) = ready(world, team_id).await;
    let (before, began) = (asked(world, team_id), Instant::now());
    let page = browser.get(&callback).await;
    assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
    assert_eq!((told(&page), asked(world, team_id)), ((503, Some("idp_unreachable")), before));
    page.header("retry-after").unwrap().parse().unwrap()
}

fn told(page: &Answer) -> (u16, Option<&str>) {
    (page.status, page.code())
}
