//! "I don't know my Team ID": a letter to whom it concerns, and the same answer for everybody.

use std::time::Duration;

use audit::Act;
use people::{CameBy, EmailStanding, Profile};
use sealing::SystemChance;
use storage::StorageError;
use support::{Answer, Browser, World, command, on_both};
use vocabulary::{Clock as _, Email, Subject};

use crate::eyes;
use crate::requests::{Letter, letters_to};

const ADA: &str = "ada@acme.test";
const BOB: &str = "bob@acme.test";
const CYD: &str = "cyd@acme.test";
const GIL: &str = "gil@globex.test";

async fn ask(world: &World, email: &str) -> Answer {
    Browser::default().post(&world.at("/find_team"), &[("email", email)]).await
}

/// The letters about Team IDs to somebody.
async fn told(world: &World, email: &str) -> Vec<Letter> {
    let letters = letters_to(world, email).await;
    letters.into_iter().filter(|letter| letter.subject.contains("Your Team ID")).collect()
}

/// Asks, and waits for the letter. What was asked before has been looked up then, one after the other.
async fn ask_and_read(world: &World, email: &str) -> Letter {
    let before = told(world, email).await;
    assert_eq!(ask(world, email).await.status, 303);
    for _ in 0..200 {
        let now = told(world, email).await;
        if let Some(letter) = now.into_iter().find(|letter| !before.contains(letter)) {
            return letter;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no letter to {email}");
}

/// Somebody of acme with an email that is trusted or not.
fn arrive(world: &World, subject: &str, email: &str, standing: EmailStanding) {
    let acme = eyes::team("acme");
    let live = world.node.house.database.read(|c| teams::find_connected(c, &acme)).unwrap().unwrap();
    let profile = Profile {
        subject: Subject::parse(subject).unwrap(),
        email: Some(Email::parse(email).unwrap()),
        standing,
        name: None,
        given_name: None,
        family_name: None,
    };
    let made = world.node.house.database.write(world.clock.now(), |tx| {
        let at = &live.connection.id;
        let (person, _) = people::recognise(tx, &SystemChance, &acme, at, &profile, CameBy::TeamId)?;
        roles::admit(tx, &acme, &person).map(|_standing| ())?;
        Ok::<_, StorageError>(())
    });
    made.unwrap();
}

on_both! {
    async fn a_person_gets_the_teams_they_belong_to(db) {
        let world = World::new(db).await;
        world.sign_in("acme", CYD).await;
        assert!(command(&world, db, &["team", "set", "acme", "--name", "Acme <b>Ltd</b>"]).done);
        let letter = ask_and_read(&world, "CYD@acme.test").await;
        for part in ["Team ID is acme.", "Team ID is acme-labs.", &world.at("/t/acme/login"), &world.at("/t/acme-labs/login")] {
            assert!(letter.text.contains(part), "{part}: {}", letter.text);
        }
        assert!(letter.text.contains("Acme &lt;b&gt;Ltd") && !letter.text.contains("globex"), "{}", letter.text);
        let admin = ask_and_read(&world, GIL).await;
        assert!(admin.subject == "Your Team ID" && admin.text.contains("Team ID is globex."), "an admin email whose promotion is open: {}", admin.text);
    }

    async fn a_stranger_is_told_nothing_and_neither_is_whoever_asks(db) {
        let world = World::new(db).await;
        world.sign_in("acme", ADA).await;
        let before = eyes::record(&world.node.house.database, "acme").len();
        let (stranger, known) = (ask(&world, "nobody@acme.test").await, ask(&world, ADA).await);
        assert_eq!((stranger.status, stranger.location(), &stranger.body), (known.status, known.location(), &known.body));
        assert_eq!(stranger.headers.keys().collect::<Vec<_>>(), known.headers.keys().collect::<Vec<_>>());
        let browser = Browser::default();
        let pages = [browser.follow(stranger).await.body, browser.follow(known).await.body];
        assert_eq!(pages[0], pages[1]);
        assert!(pages[0].contains("If we know that address, a letter is on its way."), "{}", pages[0]);
        assert!(browser.cookie_names().is_empty(), "it works without cookies");
        ask_and_read(&world, GIL).await;
        assert!(told(&world, "nobody@acme.test").await.is_empty());
        assert_eq!(told(&world, ADA).await.len(), 1);
        assert_eq!(eyes::record(&world.node.house.database, "acme").len(), before);
    }

    async fn no_team_is_named_whose_door_is_closed_to_them(db) {
        let world = World::new(db).await;
        for email in [ADA, BOB, CYD] {
            world.sign_in("acme", email).await;
        }
        arrive(&world, "untrusted", "eve@acme.test", EmailStanding::Untrusted);
        arrive(&world, "twin", "twin@acme.test", EmailStanding::Trusted);
        // The admin email of a team whose promotion is open, but whose account there is turned off.
        assert!(command(&world, db, &["team", "set", "acme", "--admin-email", "twin@acme.test"]).done);
        let admin = world.sign_in("acme", ADA).await;
        for email in [BOB, "twin@acme.test"] {
            let page = world.team_page(&admin, "acme").await;
            assert_eq!(world.change(&admin, &page, email, "deactivate", &[]).await.status, 303, "{email}");
        }
        assert!(command(&world, db, &["team", "suspend", "globex"]).done);
        assert!(command(&world, db, &["team", "add", "draft", "--admin-email", "dan@draft.test"]).done);
        for silent in [BOB, "twin@acme.test", "eve@acme.test", GIL, "dan@draft.test"] {
            assert_eq!(ask(&world, silent).await.status, 303, "{silent}");
        }
        let letter = ask_and_read(&world, CYD).await;
        assert!(letter.text.contains("Team ID is acme."), "{}", letter.text);
        for silent in [BOB, "twin@acme.test", "eve@acme.test", GIL, "dan@draft.test"] {
            assert!(told(&world, silent).await.is_empty(), "{silent}");
        }
        assert!(command(&world, db, &["team", "remove", "acme", "--yes"]).done);
        let rest = ask_and_read(&world, CYD).await;
        assert!(rest.text.contains("acme-labs") && !rest.text.contains("Team ID is acme."), "{}", rest.text);
    }

    async fn what_is_no_email_is_said_calmly(db) {
        let world = World::new(db).await;
        for wrong in ["", " ", "acme", "ada@", "@acme.test", "Ada <ada@acme.test>", "ada@acme.test, bob@acme.test",
            "ada@acme.test\r\nBcc: everybody@acme.test", "ada@acme.test\u{0}", "\"<b>\"@acme.test", &format!("{}@acme.test", "a".repeat(300))] {
            let answer = ask(&world, wrong).await;
            assert_eq!((answer.status, answer.code()), (422, Some("email_invalid")), "{wrong:?}");
            assert!(answer.body.contains("<title>Error:") && answer.body.contains("autocomplete=\"email\"") && !answer.body.contains("<b>"), "{}", answer.body);
        }
        assert_eq!(Browser::default().post(&world.at("/find_team"), &[]).await.status, 422);
        for foreign in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            let answer = Browser::default().post_with(&world.at("/find_team"), &[("email", ADA)], &[foreign]).await;
            assert_eq!((answer.status, answer.code()), (403, Some("csrf")), "{foreign:?}");
        }
        assert_eq!(ask(&world, "  ada@acme.test ").await.status, 303, "blanks around it are forgiven");
        let unknown = Browser::default().get(&world.at("/t/nobody/login")).await;
        assert_eq!(unknown.button("I don&#39;t know my Team ID").as_deref(), Some("/find_team"), "{}", unknown.body);
        assert!(Browser::default().get(&world.at("/login_sso")).await.body.contains("href=\"/find_team\""));
    }

    async fn an_address_asks_so_often_and_a_mailbox_gets_three(db) {
        let world = World::with(db, &[("LIMITS__LOOKUPS_PER_ADDRESS", "6"), ("SERVER__TRUSTED_PROXIES", r#"["127.0.0.0/8"]"#)]).await;
        world.sign_in("acme", ADA).await;
        for _ in 0..5 {
            assert_eq!(ask(&world, ADA).await.status, 303);
        }
        ask_and_read(&world, GIL).await;
        let more = ask(&world, ADA).await;
        assert_eq!((more.status, more.code()), (429, Some("rate_limited")), "{}", more.body);
        assert!(more.header("retry-after").is_some());
        assert_eq!(told(&world, ADA).await.len(), 3);
        assert_eq!(ask(&world, "nonsense").await.status, 422, "what is no email is not counted");
        let elsewhere = Browser::default().post_with(&world.at("/find_team"), &[("email", "ADA@ACME.TEST")], &[("x-forwarded-for", "203.0.113.9")]).await;
        assert_eq!(elsewhere.status, 303, "another address asks, and the answer is the same");
        ask_from(&world, "203.0.113.10", CYD).await;
        assert_eq!(told(&world, ADA).await.len(), 3, "the mailbox is full for an hour, whoever asks");
    }

    async fn a_flood_is_bounded_and_costs_nobody_anything(db) {
        let world = World::with(db, &[("LIMITS__LOOKUPS_PER_ADDRESS", "off")]).await;
        let mut rivals = tokio::task::JoinSet::new();
        for sender in 0..8 {
            let address = world.at("/find_team");
            rivals.spawn_local(async move {
                let browser = Browser::default();
                for n in 0..60 {
                    let email = format!("p{sender}-{n}@nowhere.test");
                    assert_eq!(browser.post(&address, &[("email", &email)]).await.status, 303);
                }
            });
        }
        rivals.join_all().await;
        let letter = ask_and_read(&world, GIL).await;
        assert!(letter.text.contains("globex"));
        assert_eq!(eyes::times(&world.node.house.database, "globex", Act::LetterGivenUp), 0);
    }

    async fn what_was_asked_before_a_stop_becomes_a_letter(db) {
        let mut world = World::with(db, &[("LIMITS__LOOKUPS_PER_ADDRESS", "off"), ("MAIL__URL", "smtp://127.0.0.1:9")]).await;
        for n in 0..40 {
            assert_eq!(ask(&world, &format!("p{n}@nowhere.test")).await.status, 303);
        }
        assert_eq!(ask(&world, GIL).await.status, 303, "the mail server being down is nobody's business here");
        let database = world.node.house.database.clone();
        world.node.stop();
        assert_eq!(database.read(mail::waiting).unwrap(), 1, "it waits for the mail server");
    }
}

/// Somebody asks from another address and gets the letter, so that all before it was looked up.
async fn ask_from(world: &World, address: &str, email: &str) {
    let from = [("x-forwarded-for", address)];
    let asked = Browser::default().post_with(&world.at("/find_team"), &[("email", email)], &from).await;
    assert_eq!(asked.status, 303);
    for _ in 0..200 {
        if !told(world, email).await.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no letter to {email}");
}
