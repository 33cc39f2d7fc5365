//! A sign-out that overtakes the sign-in it ends still ends it; a sign-in begun afterwards works.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use mock_idp::{Endpoint, LogoutOf, Misbehaviour, WireFault};
use sealing::SystemChance;
use sessions::{EndedAtIdp, NewSession, OpenError};
use storage::Database;
use support::{Answer, Browser, World, on_both};
use vocabulary::{Clock as _, PersonId, Subject, Timestamp};

use super::{BOB, CLIENT, email, is_in, issuer_and_subject, revocation_token, revoke, subject, tell};
use crate::eyes;

const ROUNDS: usize = 60;

const BARRIER_ROUNDS: usize = 200;

/// The word, as the last transaction of a logout says it.
fn end(database: &Database, now: Timestamp, which: EndedAtIdp<'_>) {
    let told = database.write(now, |tx| {
        let team = teams::find_connected(tx, &eyes::team("acme"))?.expect("a team");
        sessions::end_at_idp(tx, &team.connection.id, which)
    });
    told.unwrap();
}

/// Opens a session, as the last transaction of a sign-in does; whether it opened.
fn open(world: &World, person: &PersonId, subject: &Subject, sid: &str) -> bool {
    let (house, now) = (&world.node.house, world.clock.now());
    let opened = house.database.write(now, |tx| {
        let team = teams::hold(tx, &eyes::team("acme"))?.expect("a team");
        let new = NewSession {
            team: &team.team.team_id,
            person,
            connection: &team.connection.id,
            idp_sid: Some(sid),
            id_token: "x",
            subject,
            email: None,
            auth_time: None,
            begun: now,
            absolute: Duration::from_hours(8),
            ends_by: None,
        };
        sessions::open(tx, &house.keys, &SystemChance, &new)
    });
    match opened {
        Ok(_token) => true,
        Err(OpenError::EndedMeanwhile) => false,
        Err(OpenError::Storage(error)) => panic!("{error}"),
    }
}

/// How the provider can say that Bob is out.
#[derive(Clone, Copy, Debug)]
enum Word {
    Sid,
    Sub,
    Both,
    Email,
    IssuerAndSubject,
}

const WORDS: [Word; 5] = [Word::Sid, Word::Sub, Word::Both, Word::Email, Word::IssuerAndSubject];

/// Says it; `sub` is Bob's.
async fn say(world: &World, node: &support::Node, how: Word, sub: &str) -> u16 {
    let sid = world.idp.sids("acme", BOB).pop().unwrap_or_default();
    let of = match how {
        Word::Sid => LogoutOf::Session(&sid),
        Word::Sub => LogoutOf::Subject(sub),
        Word::Both => LogoutOf::Both { subject: sub, sid: &sid },
        Word::Email => return revoke(node, "acme", &revocation_token(world), &email(BOB)).await.status,
        Word::IssuerAndSubject => {
            let body = issuer_and_subject(&world.idp.issuer("acme"), sub);
            return revoke(node, "acme", &revocation_token(world), &body).await.status;
        }
    };
    tell(node, "acme", &world.idp.sign_logout_token("acme", CLIENT, of)).await.status
}

fn assert_ended_meanwhile(answer: &Answer, word: Word) {
    assert_eq!((answer.status, answer.code()), (403, Some("idp_session_ended")), "{word:?}: {}", answer.body);
    let session = |line: &&str| line.starts_with("td-session-");
    assert!(!answer.set_cookies().iter().any(session), "{word:?}");
}

/// Bob has been here before, so that everybody knows his name.
async fn known_bob(world: &World) -> String {
    world.sign_in("acme", BOB).await;
    let sub = subject(world, "acme", BOB);
    assert!([200, 204].contains(&say(world, &world.node, Word::Sub, &sub).await));
    world.idp.forget_sessions("acme");
    world.clock.forward(Duration::from_secs(1));
    sub
}

on_both! {
    async fn a_word_between_the_providers_page_and_the_callback_ends_the_sign_in(db) {
        let world = World::new(db).await;
        let sub = known_bob(&world).await;
        for word in WORDS {
            let browser = Browser::default();
            let callback = world.callback(&browser, "acme", BOB).await;
            assert!([200, 204].contains(&say(&world, &world.node, word, &sub).await), "{word:?}");
            assert_ended_meanwhile(&browser.get(&callback).await, word);
            assert!(!is_in(&world.node, &browser, "acme").await, "{word:?}");
            assert_eq!(eyes::sessions(&world.node.house.database, "acme"), 0, "{word:?}");

            world.idp.forget_sessions("acme");
            world.clock.forward(Duration::from_secs(1));
            let again = world.sign_in_with(&browser, "acme", BOB).await;
            assert_eq!(again.status, 200, "{word:?}: a sign-in begun afterwards works: {}", again.body);
            assert!([200, 204].contains(&say(&world, &world.node, Word::Sub, &sub).await));
            world.idp.forget_sessions("acme");
            world.clock.forward(Duration::from_secs(1));
        }
    }

    async fn a_word_before_the_person_has_chosen_ends_the_sign_in_unless_it_named_another_session(db) {
        let world = World::new(db).await;
        let sub = known_bob(&world).await;
        for word in [Word::Sub, Word::Email, Word::IssuerAndSubject] {
            let browser = Browser::default();
            let start = browser.post(&world.at("/login_sso"), &[("team_id", "acme")]).await;
            let chooser = browser.get(start.location().unwrap().as_str()).await;
            assert!([200, 204].contains(&say(&world, &world.node, word, &sub).await), "{word:?}");
            let back = browser.choose(&chooser, BOB).await.location().unwrap();
            assert_ended_meanwhile(&browser.get(back.as_str()).await, word);
            world.idp.forget_sessions("acme");
            world.clock.forward(Duration::from_secs(1));
        }
    }

    async fn a_word_between_callback_and_exchange_ends_the_sign_in(db) {
        let world = World::new(db).await;
        let sub = known_bob(&world).await;
        world.idp.set_delay("acme", Duration::from_millis(400));
        for word in WORDS {
            let browser = Browser::default();
            let callback = world.callback(&browser, "acme", BOB).await;
            world.idp.misbehave("acme", Misbehaviour::Wire(Endpoint::Token, WireFault::Slow));
            let told = async {
                tokio::time::sleep(Duration::from_millis(100)).await;
                say(&world, &world.node, word, &sub).await
            };
            let (answer, told) = tokio::join!(browser.get(&callback), told);
            assert!([200, 204].contains(&told), "{word:?}: {told}");
            assert_ended_meanwhile(&answer, word);
            assert_eq!(eyes::sessions(&world.node.house.database, "acme"), 0, "{word:?}");
            world.idp.behave("acme");
            world.idp.forget_sessions("acme");
            world.clock.forward(Duration::from_secs(1));
        }
    }

    async fn whoever_is_revoked_while_they_come_for_the_first_time_does_not_come_in(db) {
        let world = World::new(db).await;
        world.sign_in("acme-labs", BOB).await;
        let sub = subject(&world, "acme-labs", BOB);
        for word in [Word::Sub, Word::IssuerAndSubject, Word::Email] {
            let browser = Browser::default();
            let callback = world.callback(&browser, "acme", BOB).await;
            let expected = if matches!(word, Word::Sub) { 200 } else { 404 };
            assert_eq!(say(&world, &world.node, word, &sub).await, expected);
            assert_ended_meanwhile(&browser.get(&callback).await, word);
            world.clock.forward(Duration::from_secs(1));
        }
    }

    async fn a_word_and_the_opening_of_a_session_at_the_same_moment_leave_no_session(db) {
        let world = World::new(db).await;
        known_bob(&world).await;
        let other = eyes::open(db);
        let bob = eyes::person(&world.node.house.database, "acme", BOB).person;
        let subject = Subject::parse(&bob.subject).unwrap();
        let mut opened = 0;
        for round in 0..BARRIER_ROUNDS {
            world.clock.forward(Duration::from_secs(1));
            let (sid, barrier) = (format!("sid-{round}"), Barrier::new(2));
            let which = match round % 3 {
                0 => EndedAtIdp::Subject(&subject),
                1 => EndedAtIdp::Session(&sid),
                _ => EndedAtIdp::SessionOf(&sid, &subject),
            };
            opened += thread::scope(|scope| {
                let told = scope.spawn(|| {
                    barrier.wait();
                    end(&other, world.clock.now(), which);
                });
                barrier.wait();
                let opened = open(&world, &bob.id, &subject, &sid);
                told.join().unwrap();
                usize::from(opened)
            });
            assert_eq!(eyes::sessions(&other, "acme"), 0, "round {round}: {which:?}");
        }
        eprintln!("of {BARRIER_ROUNDS} sessions {opened} were open for a moment");
    }

    async fn however_sign_in_and_sign_out_race_there_is_no_session_afterwards(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let sub = known_bob(&world).await;
        let mut came_in_first = 0;
        for round in 0..ROUNDS {
            let word = WORDS[round % WORDS.len()];
            let browser = Browser::default();
            let callback = world.callback(&browser, "acme", BOB).await;
            let there = callback.replace(&world.node.base, &other.base);
            let late = Duration::from_millis(u64::try_from(round % 12).unwrap());
            let told = async {
                tokio::time::sleep(late).await;
                say(&world, &world.node, word, &sub).await
            };
            let (answer, told) = tokio::join!(browser.get(&there), told);
            assert!([200, 204].contains(&told), "round {round}, {word:?}: {told}");
            came_in_first += usize::from(answer.status == 303);
            assert_eq!(eyes::sessions(&world.node.house.database, "acme"), 0, "round {round}, {word:?}");
            assert!(!is_in(&world.node, &browser, "acme").await, "round {round}, {word:?}");
            world.idp.forget_sessions("acme");
            world.clock.forward(Duration::from_secs(1));
        }
        eprintln!("of {ROUNDS} sign-ins {came_in_first} were through before the word came");
        let browser = world.sign_in("acme", BOB).await;
        assert!(is_in(&world.node, &browser, "acme").await);
    }
}
