//! Several nodes and kills in between: nothing is lost, and nothing is said twice for one end.

use std::collections::HashSet;
use std::time::Duration;

use support::{World, on_both};
use vocabulary::{Clock as _, SigningAlgorithm};

use super::receiver::Manner;
use super::{
    BOB, BOUND, POLL, code, end, listener, named, provider_of, redeem, session, used, waiting, worker,
};

const ROUNDS: usize = 40;

on_both! {
    async fn many_ends_at_once_are_each_told_once_however_many_nodes_there_are(db) {
        let world = World::new(db).await;
        let nodes = [world.second_node(), world.second_node()];
        let deps = provider_of(&world.node);
        let ledger = listener(&world, "Ledger", SigningAlgorithm::Es256);
        for round in 0..4 {
            let mut browsers = Vec::new();
            for _ in 0..8 {
                browsers.push(world.sign_in("acme", BOB).await);
            }
            let mut sids = HashSet::new();
            for browser in &browsers {
                sids.insert(used(&deps, browser, "acme", &ledger.app).await);
            }
            let house = &world.node.house;
            let person = crate::eyes::person(&house.database, "acme", BOB).person.id;
            let now = house.parts.clock.now();
            let end = sessions::End::Person(&person);
            assert_eq!(house.database.write(now, |tx| sessions::end(tx, end)).unwrap(), 8);
            let tokens = ledger.ear.hears(8, BOUND, "eight at once").await;
            assert_eq!(named(&world, &ledger, &tokens).await, sids, "round {round}");
            ledger.ear.forget();
        }
        assert_eq!(waiting(&world), (0, 0));
        drop(nodes);
    }

    async fn an_end_that_nobody_was_awake_for_is_told_at_the_next_start(db) {
        let mut world = World::new(db).await;
        let ledger = listener(&world, "Ledger", SigningAlgorithm::Rs256);
        let bob = world.sign_in("acme", BOB).await;
        let sid = used(&provider_of(&world.node), &bob, "acme", &ledger.app).await;
        world.node.stop();
        end(&world, &bob);
        assert_eq!(ledger.ear.told().len(), 0);
        let anew = world.second_node();
        let tokens = ledger.ear.hears(1, POLL + BOUND, "a start").await;
        assert_eq!(named(&world, &ledger, &tokens).await, [sid].into());
        drop(anew);
    }

    async fn a_node_that_dies_between_noticing_and_telling_loses_nothing(db) {
        let mut world = World::new(db).await;
        let ledger = listener(&world, "Ledger", SigningAlgorithm::Rs256);
        let bob = world.sign_in("acme", BOB).await;
        let sid = used(&provider_of(&world.node), &bob, "acme", &ledger.app).await;
        world.node.stop();
        end(&world, &bob);
        // One notices and is gone; another begins to tell and is gone; both leave it to a third.
        assert_eq!(worker(&world).notice_ended().await.unwrap(), 1);
        assert_eq!(waiting(&world), (0, 1));
        ledger.ear.set(Manner::Hang(Duration::from_secs(3)));
        let second = worker(&world);
        let cut = tokio::time::timeout(Duration::from_millis(400), second.deliver_due()).await;
        assert!(cut.is_err() && ledger.ear.told().len() == 1, "it was under way");
        ledger.ear.set(Manner::Answer(200, ""));
        ledger.ear.forget();
        let anew = world.second_node();
        tokio::time::sleep(POLL * 2).await;
        assert!(ledger.ear.told().is_empty(), "it belongs to the second until its lease ends");
        world.clock.forward(Duration::from_secs(30));
        let tokens = ledger.ear.hears(1, POLL + BOUND, "the third").await;
        assert_eq!(named(&world, &ledger, &tokens).await, [sid].into());
        assert_eq!(waiting(&world), (0, 0));
        drop(anew);
    }

    async fn two_workers_that_notice_the_same_end_queue_it_once(db) {
        let mut world = World::new(db).await;
        let ledger = listener(&world, "Ledger", SigningAlgorithm::Es256);
        let mut browsers = Vec::new();
        for _ in 0..40 {
            browsers.push(world.sign_in("acme", BOB).await);
        }
        let (deps, workers) = (provider_of(&world.node), [worker(&world), worker(&world)]);
        world.node.stop();
        for browser in &browsers {
            used(&deps, browser, "acme", &ledger.app).await;
            end(&world, browser);
            let (one, other) = tokio::join!(workers[0].notice_ended(), workers[1].notice_ended());
            assert_eq!(one.unwrap() + other.unwrap(), 1);
        }
        assert_eq!(waiting(&world), (0, 40));
        let (one, other) = tokio::join!(workers[0].deliver_due(), workers[1].deliver_due());
        one.unwrap();
        other.unwrap();
        assert_eq!(named(&world, &ledger, &ledger.ear.told()).await.len(), 40);
        assert_eq!(waiting(&world), (0, 0));
    }

    async fn an_end_that_races_with_an_app_being_told_of_the_session_is_told_too(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let ledger = listener(&world, "Ledger", SigningAlgorithm::Es256);
        let nodes = [provider_of(&world.node), provider_of(&other)];
        let (mut told, mut refused) = (HashSet::new(), 0);
        for round in 0..ROUNDS {
            let browser = world.sign_in("acme", BOB).await;
            let (request, node) = (code(&nodes[round % 2], &browser, "acme", &ledger.app, "openid").await, &nodes[round % 2]);
            let (database, hash, now) = (other.house.database.clone(), session(&browser, "acme"), world.clock.now());
            let delay = Duration::from_micros(u64::try_from(round).unwrap() * 150);
            let end = tokio::task::spawn_blocking(move || {
                std::thread::sleep(delay);
                database.write(now, |tx| sessions::end(tx, sessions::End::One(&hash))).unwrap()
            });
            let (redeemed, ended) = tokio::join!(redeem(node, &request), end);
            assert_eq!(ended.unwrap(), 1);
            match redeemed {
                Ok(_tokens) => assert!(told.insert(provider::sid(&session(&browser, "acme"), &ledger.app.id))),
                Err(provider::TokenError::InvalidGrant(_)) => refused += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
        eprintln!("redeemed before the end: {}, refused after it: {refused}", told.len());
        let tokens = ledger.ear.hears(told.len(), BOUND, "whatever an app was told of").await;
        assert_eq!(named(&world, &ledger, &tokens).await, told);
        assert_eq!(waiting(&world), (0, 0));
    }
}
