//! What opens: link and code together, once, in one browser; and for whom it is made.

use audit::Act;
use people::{CameBy, EmailStanding, Profile};
use roles::{Authority, Clerk, Expected, Operator, RoleError};
use sealing::SystemChance;
use support::{Browser, World, command, on_both};
use vocabulary::{Clock as _, Email, PersonId, Role, Subject};

use super::{ADA, BOB, Hand, PAGE, asked, assert_gone, inside, links, typed, world};
use crate::eyes;
use crate::requests::{Operator as ApiOperator, letters_to, problem, refused};

on_both! {
    async fn a_scanner_or_a_thief_with_the_link_alone_gets_nothing(db) {
        let world = world(db).await;
        let (scanner, hand) = (Browser::default(), asked(&world, db, ADA).await);
        for _visit in 0..3 {
            let seen = scanner.get(&hand.link).await;
            assert_eq!(seen.status, 200);
            assert!(!seen.body.contains("client_secret") && !seen.body.contains("client-of-acme"), "{}", seen.body);
        }
        for nothing in ["", "7K2F", "not a code at all", "UUUU-UUUU-UU"] {
            let answer = typed(&scanner, &hand.link, nothing).await;
            assert_eq!((answer.status, answer.code()), (422, Some("break_glass_code_wrong")), "{nothing}");
            assert!(answer.body.contains("<title>Error:") && !answer.body.contains("are left"), "{}", answer.body);
        }
        assert!(scanner.cookie_names().is_empty());
        assert_gone(&scanner.get(&world.at(PAGE)).await, "no cookie");
        let database = &world.node.house.database;
        assert_eq!((eyes::times(database, "acme", Act::BreakGlassOpened), eyes::times(database, "acme", Act::BreakGlassWrongCode)), (0, 0));

        let said = hand.code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(typed(&Browser::default(), &hand.link, &said).await.status, 303, "as it was heard: {said}");
    }

    async fn it_opens_in_one_browser_alone_and_only_once(db) {
        let world = world(db).await;
        let (ada, hand) = (Browser::default(), asked(&world, db, ADA).await);
        assert_eq!(typed(&ada, &hand.link, &hand.code).await.status, 303);
        let second = Browser::default();
        assert_gone(&second.get(&hand.link).await, "opened elsewhere");
        assert_gone(&typed(&second, &hand.link, &hand.code).await, "played once more");
        assert_gone(&second.get(&world.at(PAGE)).await, "no cookie");
        for again in [ada.get(&hand.link).await, typed(&ada, &hand.link, &hand.code).await, typed(&ada, &hand.link, "x").await] {
            assert_eq!((again.status, again.location().unwrap().path()), (303, PAGE), "where it was opened it leads there");
        }
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::BreakGlassOpened), 1);
    }

    async fn of_many_who_open_it_at_once_one_gets_in(db) {
        let world = world(db).await;
        let Hand { link, code } = asked(&world, db, ADA).await;
        let answers = at_once(&link, &code, 8).await;
        assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == 404).count(), 7, "{answers:?}");
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::BreakGlassOpened), 1);
    }

    async fn many_wrong_codes_at_once_are_five_at_most(db) {
        let world = world(db).await;
        let Hand { link, code } = asked(&world, db, ADA).await;
        let wrong = if code.starts_with('7') { "8888-8888-88" } else { "7777-7777-77" };
        let answers = at_once(&link, wrong, 9).await;
        assert!(answers.iter().filter(|status| **status == 422).count() <= 4, "{answers:?}");
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::BreakGlassWrongCode), 5);
        assert_gone(&typed(&Browser::default(), &link, &code).await, "over");
    }

    async fn it_is_made_for_an_active_admin_alone_and_a_refusal_names_them(db) {
        let world = world(db).await;
        world.sign_in("acme", BOB).await;
        world.sign_in("globex", "gil@globex.test").await;
        let database = &world.node.house.database;
        let operator = ApiOperator::new(&world, db);
        let (ada, bob, gil) = (eyes::person(database, "acme", ADA).person.id, eyes::person(database, "acme", BOB).person.id, eyes::person(database, "globex", "gil@globex.test").person.id);
        for who in [bob.as_str(), gil.as_str(), BOB, "gil@globex.test", "nobody@acme.test", "nonsense", "", "\u{0}"] {
            let said = serde_json::json!({ "person": who }).to_string();
            let answer = operator.ask("POST", "/teams/acme/break-glass", &said).await;
            assert_eq!(problem(&answer), refused(409, "person_not_admin"), "{who}");
            assert!(answer.body.contains(ADA) && answer.body.contains(ada.as_str()), "{}", answer.body);
        }
        let by_command = command(&world, db, &["team", "break-glass", "acme", BOB]);
        assert!(!by_command.done && by_command.out.is_empty() && by_command.err.contains(ADA), "{by_command:?}");
        for body in ["", "{}", r#"{"person":1}"#, r#"{"person":"ada@acme.test","minutes":90}"#] {
            let answer = operator.ask("POST", "/teams/acme/break-glass", body).await;
            assert!([415, 422].contains(&answer.status), "{body}: {}", answer.status);
        }
        let unknown = operator.ask("POST", "/teams/nobody/break-glass", r#"{"person":"ada@acme.test"}"#).await;
        assert_eq!(problem(&unknown), refused(404, "team_unknown"));
        assert_eq!(problem(&operator.ask("DELETE", "/teams/nobody/break-glass", "").await), refused(404, "team_unknown"));
        assert!(command(&world, db, &["team", "suspend", "globex"]).done);
        let suspended = operator.ask("POST", "/teams/globex/break-glass", r#"{"person":"gil@globex.test"}"#).await;
        assert_eq!(problem(&suspended), refused(409, "team_suspended"));
        assert!(links(&world, ADA).await.is_empty());
        for who in [ada.as_str(), "ADA@acme.test"] {
            let said = command(&world, db, &["team", "break-glass", "acme", who, "--json"]);
            let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
            assert!(json["code"].as_str().unwrap().len() == 12 && json["expires_at"].as_str().unwrap().ends_with('Z'), "{said:?}");
        }
    }

    async fn an_email_that_two_admins_have_names_neither_and_one_without_gets_no_letter(db) {
        let world = world(db).await;
        let (twin, silent) = (admin(&world, "another-ada", Some(ADA)), admin(&world, "silent", None));
        let database = &world.node.house.database;
        let operator = ApiOperator::new(&world, db);
        let answer = operator.ask("POST", "/teams/acme/break-glass", r#"{"person":"ada@acme.test"}"#).await;
        assert_eq!(problem(&answer), refused(409, "person_ambiguous"), "{}", answer.body);
        assert!(answer.body.contains(twin.as_str()), "{}", answer.body);
        let said = serde_json::json!({ "person": twin.as_str() }).to_string();
        assert_eq!(operator.ask("POST", "/teams/acme/break-glass", &said).await.status, 201);
        let said = serde_json::json!({ "person": silent.as_str() }).to_string();
        let mute = operator.ask("POST", "/teams/acme/break-glass", &said).await;
        assert_eq!(problem(&mute), refused(409, "person_without_email"), "{}", mute.body);
        assert_eq!(eyes::times(database, "acme", Act::BreakGlassMade), 1);
    }

    async fn the_other_admins_are_told_and_the_next_one_ends_the_one_before(db) {
        let world = world(db).await;
        world.sign_in("acme", BOB).await;
        assert!(command(&world, db, &["role", "set", "acme", BOB, "admin"]).done);
        let (first, browser) = (asked(&world, db, ADA).await, Browser::default());
        let told = letters_to(&world, BOB).await;
        let letter = told.iter().find(|letter| letter.subject.contains("sign-in settings")).expect("a letter to Bob");
        assert!(letter.text.contains("Ada Lovelace") && !letter.text.contains("/break-glass/"), "{}", letter.text);
        assert_eq!(typed(&browser, &first.link, &first.code).await.status, 303);
        let (_, page) = inside(&world, db).await;
        let over = browser.get(&page).await;
        assert!(over.body.contains("Break-glass is over"), "replaced: {}", over.body);
        assert_gone(&typed(&Browser::default(), &first.link, &first.code).await, "replaced");
    }
}

/// Somebody whom the provider knows by this subject, and who is an admin from now on.
fn admin(world: &World, subject: &str, email: Option<&str>) -> PersonId {
    let (house, acme) = (&world.node.house, eyes::team("acme"));
    let live = house.database.read(|c| teams::find_connected(c, &acme)).unwrap().unwrap().connection.id;
    let profile = Profile {
        subject: Subject::parse(subject).unwrap(),
        email: email.map(|email| Email::parse(email).unwrap()),
        standing: EmailStanding::Trusted,
        name: None,
        given_name: None,
        family_name: None,
    };
    let (operator, clerk) =
        (Operator::at_the_command_line(), Clerk { desk: &house.desk, chance: &SystemChance });
    let made = house.database.write(world.clock.now(), |tx| {
        let (person, _) = people::recognise(tx, &SystemChance, &acme, &live, &profile, CameBy::TeamId)?;
        roles::admit(tx, &acme, &person)?;
        let authority = Authority::Operator(&operator);
        roles::set(tx, clerk, &authority, &acme, &person.id, Role::Admin, Expected::Any)?;
        Ok::<_, RoleError>(person.id)
    });
    made.unwrap()
}

/// The statuses of one code typed so many times at once.
async fn at_once(link: &str, code: &str, times: usize) -> Vec<u16> {
    let mut rivals = tokio::task::JoinSet::new();
    for _ in 0..times {
        let (link, code) = (link.to_owned(), code.to_owned());
        rivals.spawn_local(async move { typed(&Browser::default(), &link, &code).await.status });
    }
    rivals.join_all().await
}
