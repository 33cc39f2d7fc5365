//! A team reads what happened in it: narrowed to what somebody looks for, by pages, and as lines of JSON.

use std::time::Duration;

use audit::{Act, Actor, Deed};
use reqwest::Method;
use serde_json::{Value, json};
use storage::StorageError;
use support::{Answer, Browser, World, command, on_both};
use vocabulary::Clock as _;

use crate::eyes;
use crate::tokens::{choose, make};

const ADA: &str = "ada@acme.test";
const BOB: &str = "bob@acme.test";

async fn activity(world: &World, browser: &Browser, query: &str) -> Answer {
    browser.get(&world.at(&format!("/t/acme/activity{query}"))).await
}

/// How many deeds a page shows.
fn rows(page: &Answer) -> usize {
    assert_eq!(page.status, 200, "{}", page.body);
    page.body.matches("<tr><td><time").count()
}

/// The lines behind a page's link.
async fn export(browser: &Browser, page: &Answer) -> Vec<Value> {
    let link = page.button("Export as JSON lines").unwrap();
    lines(&browser.get(page.url.join(&link).unwrap().as_str()).await)
}

fn lines(answer: &Answer) -> Vec<Value> {
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/x-ndjson")));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"acme-activity.jsonl\""));
    answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn acts(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["act"].as_str().unwrap()).collect()
}

/// Notes that letters about a team were given up.
fn busy(world: &World, team: &str, times: usize) {
    let (team, database) = (eyes::team(team), &world.node.house.database);
    let noted = database.write(world.clock.now(), |tx| {
        for letter in 0..times {
            let (actor, act, detail) = (&Actor::Teamdoor, Act::LetterGivenUp, json!({ "letter": letter }));
            let deed = Deed { team: Some(&team), actor, act, target: None, detail, reference: None };
            audit::record(tx, &deed)?;
        }
        Ok::<_, StorageError>(())
    });
    noted.unwrap();
}

on_both! {
    async fn a_member_narrows_it_by_kind_person_and_day(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let bob = world.sign_in("acme", BOB).await;
        make(&world, &ada, "nightly", "product").await;
        let page = world.team_page(&ada, "acme").await;
        world.change(&ada, &page, "Bob Kahn", "role", &[("role", "admin")]).await;
        world.clock.forward(Duration::from_hours(30));
        let ada = world.sign_in("acme", ADA).await;
        let bob = if bob.get(&world.at("/t/acme")).await.status == 200 { bob } else { world.sign_in("acme", BOB).await };

        let all = activity(&world, &ada, "").await;
        let lines = export(&ada, &all).await;
        assert_eq!(rows(&all), lines.len());
        for (kind, fits) in [
            ("sign-ins", &["person.signed_in"][..]),
            ("people", &["person.promoted", "person.role_set"]),
            ("tokens", &["team_token.made"]),
            ("team", &["team.added"]),
        ] {
            let page = activity(&world, &bob, &format!("?kind={kind}&person=&from=&to=")).await;
            let narrowed = export(&bob, &page).await;
            let expected = acts(&lines).into_iter().filter(|act| fits.contains(act));
            assert!(expected.eq(acts(&narrowed)) && !narrowed.is_empty(), "{kind}: {narrowed:?}");
            assert_eq!(rows(&page), narrowed.len(), "{kind}");
            assert!(page.body.contains(&format!("<option value=\"{kind}\" selected>")), "it says what is shown");
        }
        let of_bob = export(&ada, &activity(&world, &ada, "?person=+KAHN").await).await;
        let id = of_bob[0]["target"].as_str().or(of_bob[0]["actor"].as_str()).unwrap().replace("person:", "");
        assert!(of_bob.iter().all(|row| row["actor"] == format!("person:{id}") || row["target"] == id), "{of_bob:?}");
        assert!(acts(&of_bob).contains(&"person.role_set"), "done to him: {of_bob:?}");
        assert!(acts(&of_bob).contains(&"person.signed_in"), "done by him: {of_bob:?}");
        assert_eq!(export(&ada, &activity(&world, &ada, &format!("?person={id}")).await).await, of_bob);

        let first = &lines.last().unwrap()["at"].as_str().unwrap()[..10];
        let last = &lines[0]["at"].as_str().unwrap()[..10];
        let from = activity(&world, &ada, &format!("?from={last}")).await;
        let until = activity(&world, &ada, &format!("?to={first}")).await;
        assert!(rows(&from) >= 1 && rows(&until) >= 1);
        let both = rows(&from) + rows(&until) + rows_between(&world, &ada, first, last).await;
        assert_eq!(both, lines.len(), "both days are whole");
    }

    async fn nothing_that_matches_is_said_calmly_and_nonsense_is_refused(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        for query in ["?person=nobody+at+all", "?to=1999-12-31", "?person=%25", "?person=a%00b", "?kind=apps", "?from=2026-05-03&to=2026-05-01"] {
            let page = activity(&world, &ada, query).await;
            assert_eq!(rows(&page), 0, "{query}");
            assert!(page.body.contains("Nothing matches"), "{query}: {}", page.body);
            assert_eq!(page.button("Show everything").as_deref(), Some("/t/acme/activity"));
            assert!(lines(&activity(&world, &ada, &format!("{query}&format=jsonl")).await).is_empty());
        }
        for query in ["?kind=person", "?kind=%3Cb%3E", "?from=yesterday", "?to=2026-02-30", "?from=20260503", "?format=csv"] {
            let page = activity(&world, &ada, query).await;
            assert_eq!((page.status, page.code()), (422, Some("form_invalid")), "{query}");
            assert_eq!(page.button("Show everything").as_deref(), Some("/t/acme/activity"));
        }
        assert!(rows(&activity(&world, &ada, "?person=+%00+&kind=&from=&to=").await) > 0, "nothing was said");
        let page = activity(&world, &ada, "?person=%22%3E%3Cscript%3E&after=x").await;
        assert!(!page.body.contains("<script>"), "{}", page.body);
    }

    async fn paging_and_export_keep_the_filter(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        busy(&world, "acme", 1107);
        busy(&world, "globex", 2);
        let page = activity(&world, &ada, "?kind=team&person=&from=2020-01-01&to=").await;
        assert_eq!(rows(&page), 50);
        let next = page.button("Next").unwrap();
        assert!(next.starts_with("/t/acme/activity?kind=team&from=2020-01-01&after="), "{next}");
        let second = ada.get(&world.at(&next)).await;
        assert_eq!((rows(&second), second.body.contains("signed in")), (50, false));
        assert_eq!(second.button("Previous").as_deref(), Some("/t/acme/activity?kind=team&from=2020-01-01"));
        let exported = export(&ada, &second).await;
        assert_eq!(exported.len(), 1108, "all of them, wherever one stands, and each once");
        assert!(exported.iter().all(|row| row["team_id"] == "acme"));
        let numbers: Vec<i64> = exported.iter().map(|row| row["n"].as_i64().unwrap()).collect();
        assert!(numbers.is_sorted_by(|a, b| a > b), "latest first");
        let address = world.at("/t/acme/activity?format=jsonl");
        let head = ada.send(Method::HEAD, &address, &[], None).await;
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        assert_eq!(head.header("content-type"), Some("application/x-ndjson"));
    }

    async fn an_export_names_whom_a_member_may_know_and_nobody_else(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let bob = world.sign_in("acme", BOB).await;
        choose(&world, &ada, "personal", "no").await;
        make(&world, &ada, "my-laptop", "product").await;
        assert!(command(&world, db, &["team", "set", "acme", "--name", "Acme Inc"]).done);
        world.sign_in("globex", "gil@globex.test").await;
        let gone = world.node.house.database.write(world.clock.now(), |tx| {
            let (actor, act) = (Actor::Operator("olgas-own-token".to_owned()), Act::TeamSuspended);
            let team = eyes::team("acme");
            let detail = json!({ "reason": "secret-of-operators", "first": true });
            audit::record(tx, &Deed { team: Some(&team), actor: &actor, act, target: None, detail, reference: None })
        });
        gone.unwrap();

        let to_bob = activity(&world, &bob, "?format=jsonl").await;
        let rows = lines(&to_bob);
        let of = |act: &str| rows.iter().find(|row| row["act"] == act).unwrap_or_else(|| panic!("no {act}: {rows:?}"));
        let suspended = of("team.suspended");
        assert_eq!((&suspended["actor"], &suspended["actor_name"]), (&json!("operator"), &json!("The operator")));
        assert_eq!(suspended["detail"], json!({ "first": true }), "what the page does not tell is not told");
        assert_eq!(of("team.changed")["actor"], "operator", "whoever ran the command is the operator");
        assert_eq!(of("person.signed_in")["actor_name"], "Bob Kahn");
        assert_eq!(of("person.promoted")["target_name"], "Ada Lovelace");
        let made = of("team_token.made");
        assert_eq!((&made["actor_name"], &made["target_name"]), (&json!("Ada Lovelace"), &Value::Null));
        for hidden in ["olgas-own-token", "secret-of-operators", "my-laptop", "globex", "Gil", "@acme.test"] {
            assert!(!to_bob.body.contains(hidden), "{hidden}: {}", to_bob.body);
        }
        let to_ada = lines(&activity(&world, &ada, "?format=jsonl&kind=tokens").await);
        assert!(to_ada.iter().any(|row| row["target_name"] == "my-laptop"), "it is hers: {to_ada:?}");

        let nobody = activity(&world, &Browser::default(), "?format=jsonl").await;
        assert_eq!(nobody.status, 303);
        let gil = world.sign_in("globex", "gil@globex.test").await;
        assert_eq!(activity(&world, &gil, "?format=jsonl").await.status, 303, "another team's are nobody here");
    }
}

/// How many deeds lie on the days between.
async fn rows_between(world: &World, browser: &Browser, first: &str, last: &str) -> usize {
    let day = |text: &str| vocabulary::Timestamp::parse(&format!("{text}T00:00:00Z")).unwrap();
    let (from, to) = (day(first).plus(Duration::from_hours(24)), day(last).minus(Duration::from_hours(24)));
    if to < from {
        return 0;
    }
    let query = format!("?from={}&to={}", &from.to_string()[..10], &to.to_string()[..10]);
    rows(&activity(world, browser, &query).await)
}
