//! Roles and access: who may change whom, in which order it is refused, what is left behind.

pub(crate) mod told;

use std::collections::BTreeSet;
use std::time::Duration;

use audit::{Act, Actor};
use sealing::SystemChance;
use sessions::NewSession;
use storage::Database;
use support::{Answer, Browser, TestDatabase, World, command, on_both};
use vocabulary::{Clock as _, PersonId, Subject};

use crate::eyes;

const ADA: &str = "ada@acme.test";
const BOB: &str = "bob@acme.test";
const CYD: &str = "cyd@acme.test";

fn database(world: &World) -> &Database {
    &world.node.house.database
}

/// Makes somebody admin or member on the operator's word.
fn set(world: &World, db: &TestDatabase, email: &str, role: &str) {
    let said = command(world, db, &["role", "set", "acme", email, role]);
    assert!(said.done, "{}", said.err);
}

/// A form about somebody, with a version of one's own choosing.
async fn send(world: &World, browser: &Browser, path: &str, version: i64, more: &[(&str, &str)]) -> Answer {
    let csrf = browser.get(&world.at("/t/acme")).await.hidden("csrf").unwrap_or_default();
    let version = version.to_string();
    let mut form = vec![("csrf", csrf.as_str()), ("version", &version)];
    form.extend_from_slice(more);
    browser.post(&world.at(path), &form).await
}

/// Where the forms about somebody go.
fn about(world: &World, email: &str, act: &str) -> String {
    format!("/t/acme/people/{}/{act}", eyes::person(database(world), "acme", email).person.id)
}

fn version(world: &World, email: &str) -> i64 {
    eyes::person(database(world), "acme", email).membership.version.0
}

fn ends(answer: &Answer) -> (u16, Option<&str>) {
    (answer.status, answer.code())
}

/// Sends the form by which a notice offers the way back.
async fn undo(world: &World, browser: &Browser, page: &Answer) -> Answer {
    let notice = page.between("class=\"notice\"", "</div>").unwrap();
    let value = |name: &str| support::browser::between(notice, &format!("name=\"{name}\" value=\""), "\"");
    let action =
        support::browser::between(notice, "action=\"", "\"").unwrap_or_else(|| panic!("no Undo: {notice}"));
    let fields = ["csrf", "version", "role"].into_iter().filter_map(|name| Some((name, value(name)?)));
    browser.post(&world.at(action), &fields.collect::<Vec<_>>()).await
}

on_both! {
    async fn a_toggle_is_shown_recorded_and_undone(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let bob = world.sign_in("acme", BOB).await;
        let page = world.team_page(&ada, "acme").await;
        let done = world.change(&ada, &page, "Bob Kahn", "role", &[("role", "admin")]).await;
        let page = ada.follow(done).await;
        assert!(page.body.contains("Bob Kahn is now an admin."));
        assert!(world.team_page(&bob, "acme").await.body.contains("/role\""), "Bob has buttons with his next click");
        let page = ada.follow(undo(&world, &ada, &page).await).await;
        assert!(page.body.contains("Bob Kahn is now a member."), "{}", page.body);
        assert!(!world.team_page(&bob, "acme").await.body.contains("/role\""), "and none with the one after");

        let people = |email| eyes::person(database(&world), "acme", email).person.id;
        let record = eyes::record(database(&world), "acme");
        let set: Vec<_> = record.iter().filter(|entry| entry.act == Some(Act::RoleSet)).collect();
        assert_eq!(set.len(), 2);
        for (entry, (from, to)) in set.iter().zip([("admin", "member"), ("member", "admin")]) {
            assert_eq!((&entry.actor, &entry.target), (&Actor::Person(people(ADA)), &Some(people(BOB))));
            assert_eq!((entry.detail["from"].as_str(), entry.detail["to"].as_str()), (Some(from), Some(to)));
        }
    }

    async fn a_stale_form_is_refused_with_the_fresh_value(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        world.sign_in("acme", BOB).await;
        let page = world.team_page(&ada, "acme").await;
        set(&world, db, BOB, "admin");
        let before = version(&world, BOB);
        for (act, more) in [("role", vec![("role", "admin")]), ("role", vec![("role", "member")]), ("deactivate", vec![])] {
            let refused = world.change(&ada, &page, "Bob Kahn", act, &more).await;
            assert_eq!(ends(&refused), (409, Some("version_conflict")), "{act}");
            assert!(refused.body.contains("Bob Kahn is now an admin."), "{}", refused.body);
        }
        let erase = world.change(&ada, &page, "Bob Kahn", "erase", &[("confirm", "yes"), ("typed", "acme")]).await;
        assert_eq!(ends(&erase), (409, Some("version_conflict")));
        assert_eq!(version(&world, BOB), before);
    }

    async fn refusals_come_in_one_order(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let bob = world.sign_in("acme", BOB).await;
        let before = eyes::record(database(&world), "acme").len();
        let (role, fresh) = (about(&world, ADA, "role"), version(&world, ADA));
        let down = [("role", "member"), ("confirm", "yes")];
        let not_admin = send(&world, &bob, &role, fresh + 7, &down).await;
        assert_eq!(ends(&not_admin), (403, Some("not_admin")), "before the stale version and the last admin");
        let stale = send(&world, &ada, &role, fresh + 7, &down).await;
        assert_eq!(ends(&stale), (409, Some("version_conflict")), "before the last admin");
        let last = send(&world, &ada, &role, fresh, &down).await;
        assert_eq!(ends(&last), (409, Some("last_admin")));
        assert!(last.body.contains("needs at least one admin"));
        for (act, more) in [("role", vec![("role", "admin")]), ("deactivate", vec![]), ("sign-out", vec![])] {
            let answer = send(&world, &bob, &about(&world, BOB, act), version(&world, BOB), &more).await;
            assert_eq!(ends(&answer), (403, Some("not_admin")), "a member does not {act} even themselves");
        }
        assert_eq!(eyes::record(database(&world), "acme").len(), before, "nothing refused is on record as done");
    }

    async fn whoever_is_deactivated_is_powerless_with_the_next_request_until_activated(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let bob = world.sign_in("acme", BOB).await;
        let page = world.team_page(&ada, "acme").await;
        world.change(&ada, &page, "Bob Kahn", "role", &[("role", "admin")]).await;
        let theirs = world.team_page(&bob, "acme").await;
        let page = world.team_page(&ada, "acme").await;
        let done = world.change(&ada, &page, "Bob Kahn", "deactivate", &[]).await;
        assert_eq!(done.status, 303);
        let answer = world.change(&bob, &theirs, "Ada Lovelace", "role", &[("role", "member")]).await;
        assert_eq!(ends(&answer), (401, Some("session_required")));
        assert_eq!(bob.get(&world.at("/t/acme")).await.status, 303);
        assert_eq!(eyes::sessions(database(&world), "acme"), 1, "Ada's");

        for _ in 0..2 {
            let refused = world.sign_in_with(&Browser::default(), "acme", BOB).await;
            assert_eq!(ends(&refused), (403, Some("account_deactivated")));
            assert!(!eyes::person(database(&world), "acme", BOB).membership.active, "a sign-in never activates");
        }
        // What a sign-in that ran against the deactivation would have left.
        let stray = stray_session(&world);
        bob.set_cookie("td-session-acme", &stray);
        assert_eq!(bob.get(&world.at("/t/acme")).await.status, 303, "worth nothing while access is off");
        let page = ada.follow(done).await;
        assert_eq!(undo(&world, &ada, &page).await.status, 303);
        assert_eq!(bob.get(&world.at("/t/acme")).await.status, 303, "old sessions stay dead");
        world.sign_in("acme", BOB).await;
        let acts = [Act::Deactivated, Act::Activated].map(|act| eyes::times(database(&world), "acme", act));
        assert_eq!(acts, [1, 1]);
    }

    async fn signing_somebody_out_ends_their_sessions_in_every_browser(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let browsers = [world.sign_in("acme", BOB).await, world.sign_in("acme", BOB).await];
        let page = world.team_page(&ada, "acme").await;
        assert_eq!(world.change(&ada, &page, "Bob Kahn", "sign-out", &[]).await.status, 303);
        for browser in &browsers {
            assert_eq!(browser.get(&world.at("/t/acme/team")).await.status, 303);
        }
        let record = eyes::record(database(&world), "acme");
        let ended = record.iter().find(|entry| entry.act == Some(Act::SessionsEnded)).unwrap();
        assert_eq!(ended.detail["sessions"].as_i64(), Some(2));
        assert_eq!(ended.target, Some(eyes::person(database(&world), "acme", BOB).person.id));
        assert_eq!(ada.get(&world.at("/t/acme/team")).await.status, 200);
        world.sign_in("acme", BOB).await;
    }

    async fn whoever_is_erased_leaves_their_acts_and_nothing_of_themselves(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let bob = world.sign_in("acme", BOB).await;
        let id = eyes::person(database(&world), "acme", BOB).person.id;
        let page = world.team_page(&ada, "acme").await;
        let asked = world.change(&ada, &page, "Bob Kahn", "erase", &[]).await;
        assert_eq!(asked.status, 200);
        assert!(asked.hidden("confirm").is_some_and(|yes| yes == "yes") && asked.body.contains("name=\"typed\""));
        for typed in ["", "acm", "Acme", "globex"] {
            let more = [("confirm", "yes"), ("typed", typed)];
            let answer = world.change(&ada, &page, "Bob Kahn", "erase", &more).await;
            assert_eq!(ends(&answer), (422, Some("form_invalid")), "{typed}");
        }
        assert_eq!(eyes::everybody(database(&world), "acme").len(), 2);
        let more = [("confirm", "yes"), ("typed", "acme")];
        assert_eq!(world.change(&ada, &page, "Bob Kahn", "erase", &more).await.status, 303);

        assert_eq!(eyes::everybody(database(&world), "acme").len(), 1);
        assert_eq!(eyes::sessions(database(&world), "acme"), 1);
        assert_eq!(bob.get(&world.at("/t/acme")).await.status, 303);
        let record = eyes::record(database(&world), "acme");
        assert_eq!((record[0].act, record[0].target.as_ref()), (Some(Act::Erased), Some(&id)));
        assert!(record.iter().any(|entry| entry.actor == Actor::Person(id.clone())), "what they did stays");
        assert!(!format!("{record:?}").contains("ob@") && !format!("{record:?}").contains("Kahn"));
        let activity = ada.get(&world.at("/t/acme/activity")).await.body;
        assert!(activity.contains("Someone who was erased") && !activity.contains("Kahn"), "{activity}");

        world.sign_in("acme", BOB).await;
        assert_ne!(eyes::person(database(&world), "acme", BOB).person.id, id, "whoever returns is somebody new");
    }

    async fn stepping_down_asks_once(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        world.sign_in("acme", BOB).await;
        set(&world, db, BOB, "admin");
        let (role, fresh) = (about(&world, ADA, "role"), version(&world, ADA));
        let asked = send(&world, &ada, &role, fresh, &[("role", "member")]).await;
        assert_eq!((asked.status, version(&world, ADA)), (200, fresh));
        assert!(asked.body.contains(&format!("action=\"{role}\"")));
        let [csrf, version, confirm] = ["csrf", "version", "confirm"].map(|name| asked.hidden(name).unwrap());
        let form = [("csrf", csrf.as_str()), ("version", &version), ("confirm", &confirm), ("role", "member")];
        let done = ada.post(&world.at(&role), &form).await;
        assert_eq!((confirm.as_str(), done.status), ("yes", 303));
        let page = ada.follow(done).await;
        assert!(!page.body.contains("/role\""), "no buttons and no Undo for a member");
        assert_eq!(eyes::admins(database(&world), "acme"), 1);
    }

    async fn the_last_admin_leaves_by_no_door(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        world.sign_in("acme", BOB).await;
        // An admin whose access is off does not count.
        set(&world, db, BOB, "admin");
        let page = world.team_page(&ada, "acme").await;
        assert_eq!(world.change(&ada, &page, "Bob Kahn", "deactivate", &[]).await.status, 303);
        let before = eyes::record(database(&world), "acme").len();
        let fresh = version(&world, ADA);
        let doors: [(&str, &[(&str, &str)]); 4] = [
            ("role", &[("role", "member")]),
            ("role", &[("role", "member"), ("confirm", "yes")]),
            ("deactivate", &[]),
            ("erase", &[("confirm", "yes"), ("typed", "acme")]),
        ];
        for (act, more) in doors {
            let answer = send(&world, &ada, &about(&world, ADA, act), fresh, more).await;
            assert_eq!(ends(&answer), (409, Some("last_admin")), "{act} {more:?}");
        }
        let said = command(&world, db, &["role", "set", "acme", ADA, "member"]);
        assert!(!said.done && said.err.contains("acme needs at least one admin"), "{}", said.err);
        let token = command(&world, db, &["operator", "add-token", "doors"]).out;
        let headers = [("authorization", format!("Bearer {}", token.trim())), ("if-match", "*".to_owned())];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let address = world.at(&format!("/api/v1{}", about(&world, ADA, "").replace("/t/", "/teams/").trim_end_matches('/')));
        for body in [r#"{"role":"member"}"#, r#"{"active":false}"#] {
            let headers = [headers[0], headers[1], ("content-type", "application/json")];
            let answer = ada.send(reqwest::Method::PATCH, &address, &headers, Some(body.to_owned())).await;
            assert_eq!((answer.status, answer.json()["code"].as_str()), (409, Some("last_admin")), "{body}");
        }
        assert_eq!((version(&world, ADA), eyes::record(database(&world), "acme").len()), (fresh, before));
        assert_eq!(ada.get(&world.at("/t/acme/team")).await.status, 200, "and she is still in");
    }

    async fn a_person_of_another_team_is_unknown(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        world.sign_in("globex", "gil@globex.test").await;
        let gil = eyes::person(database(&world), "globex", "gil@globex.test");
        let nobody = PersonId::random(&SystemChance);
        let record = || eyes::record(database(&world), "acme").len() + eyes::record(database(&world), "globex").len();
        let before = record();
        for act in ["role", "deactivate", "activate", "sign-out", "erase"] {
            let more = [("role", "admin"), ("confirm", "yes"), ("typed", "acme")];
            let mut seen = BTreeSet::new();
            for id in [&gil.person.id, &nobody] {
                let answer = send(&world, &ada, &format!("/t/acme/people/{id}/{act}"), gil.membership.version.0, &more).await;
                assert_eq!(ends(&answer), (404, Some("not_found")), "{act}");
                assert!(!answer.body.contains("Gil") && !answer.body.contains("globex"), "{act}");
                seen.insert(answer.body.len());
            }
            assert_eq!(seen.len(), 1, "{act}: as if unknown");
            let there = send(&world, &ada, &format!("/t/globex/people/{}/{act}", gil.person.id), 1, &more).await;
            assert_eq!(ends(&there), (401, Some("session_required")), "{act}");
        }
        let said = command(&world, db, &["role", "set", "acme", gil.person.id.as_str(), "admin"]);
        assert!(!said.done && said.err.contains("no such person"), "{}", said.err);
        assert_eq!(eyes::person(database(&world), "globex", "gil@globex.test").membership, gil.membership);
        assert_eq!((record(), eyes::sessions(database(&world), "globex")), (before, 1));
    }
}

/// A session of Bob's that nobody ended.
fn stray_session(world: &World) -> String {
    let team = database(world).read(|c| teams::find_connected(c, &eyes::team("acme"))).unwrap().unwrap();
    let bob = eyes::person(database(world), "acme", BOB).person;
    let subject = &Subject::parse(&bob.subject).unwrap();
    let (keys, absolute) = (&world.node.house.keys, Duration::from_hours(8));
    let opened = database(world).write(world.clock.now(), |tx| {
        let (team, connection) = (&team.team.team_id, &team.connection.id);
        let new = NewSession {
            team,
            person: &bob.id,
            connection,
            idp_sid: None,
            id_token: "x",
            subject,
            email: None,
            auth_time: None,
            begun: world.clock.now(),
            absolute,
            ends_by: None,
        };
        sessions::open(tx, keys, &SystemChance, &new)
    });
    opened.unwrap().reveal().to_owned()
}
