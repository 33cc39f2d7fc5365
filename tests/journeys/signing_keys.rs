//! The keys that sign tokens, on several nodes over one database.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use audit::Actor;
use provider::TokenType;
use provider::keys::{KeyState, KeysError, LEAD, MAX_AGE, SigningKeys};
use sealing::{KeyRing, NamedKey, SystemChance};
use serde_json::{Value, json};
use support::{Node, TestDatabase, World, command, on_both};
use vocabulary::{Clock as _, SigningAlgorithm, SystemClock, Timestamp};

use crate::eyes;

/// The keys as one more node has them.
fn node(db: &TestDatabase) -> SigningKeys {
    let key = NamedKey::new("k1", [1; 32].into()).unwrap();
    SigningKeys::new(&eyes::open(db), Arc::new(KeyRing::new(vec![key]).unwrap()), Arc::new(SystemChance))
}

/// What every node answers when all ask at once.
fn at_once<T: Send>(nodes: &[SigningKeys], ask: impl Fn(&SigningKeys) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(nodes.len());
    let (ask, barrier) = (&ask, &barrier);
    thread::scope(|scope| {
        let one = |keys| {
            scope.spawn(move || {
                barrier.wait();
                ask(keys)
            })
        };
        let all: Vec<_> = nodes.iter().map(one).collect();
        all.into_iter().map(|answer| answer.join().unwrap()).collect()
    })
}

fn kids(key_set: &str) -> Vec<String> {
    let set: Value = serde_json::from_str(key_set).unwrap();
    let keys = set["keys"].as_array().unwrap().iter();
    keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// The key that a token names, in a header of ours.
async fn signed_by(node: &Node, algorithm: SigningAlgorithm, now: Timestamp) -> (String, String) {
    let keys = &node.house.signing_keys;
    let token = keys.sign(algorithm, TokenType::Id, &json!({ "sub": "ada" }), now).await.unwrap();
    let listed = keys.list(now).unwrap();
    let signs =
        |key: &&provider::keys::ListedKey| key.algorithm == algorithm && key.state == KeyState::Signing;
    let kid = listed.iter().find(signs).unwrap().kid.clone();
    (token, kid)
}

on_both! {
    async fn nodes_that_need_the_first_keys_at_once_sign_with_the_same(db) {
        eyes::open(db).migrate().unwrap();
        let (nodes, now) = ([node(db), node(db), node(db), node(db)], SystemClock.now());
        let kids = at_once(&nodes, |keys| keys.list(now).unwrap().into_iter().map(|key| key.kid).collect::<Vec<_>>());
        assert_eq!(kids[0].len(), 2, "one for each algorithm");
        assert!(kids.iter().all(|those| *those == kids[0]), "{kids:?}");
    }

    async fn nodes_that_rotate_at_once_publish_one_next_key_of_each_kind(db) {
        eyes::open(db).migrate().unwrap();
        let (nodes, mut now) = ([node(db), node(db), node(db), node(db)], SystemClock.now());
        for round in 1..=4 {
            let outcomes = at_once(&nodes, |keys| keys.rotate(&Actor::Teamdoor, now));
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
            let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
            refused.for_each(|why| assert!(matches!(why, KeysError::Pending { .. }), "{why}"));
            assert_eq!(nodes[0].list(now).unwrap().len(), 2 + 2 * round, "the first ones and two for each round");
            now = now.plus(LEAD);
        }
    }

    async fn a_rotation_by_command_reaches_every_node_and_no_verification_fails(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let (mut cached, mut cached_at) = (Vec::new(), Timestamp::default());
        let mut seen: Vec<String> = Vec::new();
        for minute in 0..40 {
            if minute == 3 {
                let said = command(&world, db, &["keys", "rotate"]);
                assert!(said.done && said.err.contains("They sign from"), "{said:?}");
                let again = command(&world, db, &["keys", "rotate"]);
                assert!(!again.done && again.err.contains("are published already"), "{again:?}");
                let listed = command(&world, db, &["keys", "list"]);
                assert_eq!(listed.out.matches("  published  ").count(), 2, "{listed:?}");
                assert_eq!(listed.out.matches("  signing    ").count(), 2, "{listed:?}");
                actix_web::rt::time::sleep(Duration::from_secs(1)).await;
            }
            let now = world.clock.now();
            if now.since(cached_at) >= MAX_AGE {
                cached = kids(&other.house.signing_keys.key_set(now).await.unwrap());
                cached_at = now;
            }
            for (signer, verifier) in [(&world.node, &other), (&other, &world.node)] {
                for algorithm in SigningAlgorithm::ALL {
                    let (token, kid) = signed_by(signer, algorithm, now).await;
                    assert!(cached.contains(&kid), "minute {minute}: the client's key set lacks {kid}");
                    let keys = &verifier.house.signing_keys;
                    let claims: Option<Value> = keys.verify(&token, TokenType::Id, now).await.unwrap();
                    assert!(claims.is_some(), "minute {minute}");
                    if !seen.contains(&kid) {
                        seen.push(kid);
                    }
                }
            }
            world.clock.forward(Duration::from_mins(1));
        }
        assert_eq!(seen.len(), 4, "both keys were replaced");
    }
}
