//! The record in the console: narrowed, named, exported whole.

use std::collections::BTreeSet;

use audit::{Act, Actor, Deed};
use serde_json::{Value, json};
use storage::StorageError;
use support::{World, command, on_both};
use vocabulary::Clock as _;

use super::{Console, leads_to, says, says_not, world};
use crate::eyes;
use crate::requests::{Operator, ask_for};

/// So many rows of a team.
fn busy(world: &World, team: &str, times: usize) {
    let (team, database) = (eyes::team(team), &world.node.house.database);
    let noted = database.write(world.clock.now(), |tx| {
        for letter in 0..times {
            let detail = json!({ "letter": letter });
            let (actor, act) = (&Actor::Teamdoor, Act::LetterGivenUp);
            audit::record(
                tx,
                &Deed { team: Some(&team), actor, act, target: None, detail, reference: None },
            )?;
        }
        Ok::<_, StorageError>(())
    });
    noted.unwrap();
}

fn rows(body: &str) -> Vec<Value> {
    body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

on_both! {
    async fn an_export_is_everything_that_matches_and_the_same_as_the_apis(db) {
        let world = world(db).await;
        busy(&world, "acme", 1_234);
        busy(&world, "globex", 7);
        let console = Console::open(&world).await;
        let api = Operator::new(&world, db);
        let all = console.page("/operator/audit?format=jsonl").await;
        assert_eq!(all.header("content-type"), Some("application/x-ndjson"));
        let file = all.header("content-disposition").unwrap();
        assert!(file.starts_with("attachment; filename=\"record-20") && file.ends_with(".jsonl\""), "{file}");
        assert_eq!(all.header("cache-control"), Some("no-store"));
        let exported = rows(&all.body);
        let numbers: BTreeSet<i64> = exported.iter().map(|row| row["n"].as_i64().unwrap()).collect();
        assert!(exported.len() > 1_241 && numbers.len() == exported.len(), "{}", exported.len());
        assert_eq!(exported, rows(&api.ask("GET", "/audit?format=jsonl", "").await.body));
        let page = console.page("/operator/audit?team=+Acme+&act=letter.given_up").await;
        let export = page.between("<a class=\"button\" href=\"", "\"").unwrap();
        let export = export.replace("&#38;", "&").replace("&amp;", "&");
        assert!(export.contains("format=jsonl") && export.contains("act=letter.given_up"), "{export}");
        let narrowed = console.page(&export).await;
        assert!(narrowed.header("content-disposition").unwrap().contains("record-acme-"), "{:?}", narrowed.headers);
        assert_eq!(rows(&narrowed.body).len(), 1_234);
        let head = console.browser.send(reqwest::Method::HEAD, &world.at("/operator/audit?format=jsonl"), &[], None).await;
        assert_eq!((head.status, head.body.as_str()), (200, ""));
    }

    async fn the_record_is_narrowed_by_each_field_in_page_api_and_command_line(db) {
        let world = world(db).await;
        let api = Operator::new(&world, db);
        let id = ask_for(&world, &api, &[]).await;
        let console = Console::open(&world).await;
        assert_eq!(console.say(&id, "approve", &[]).await.status, 303);
        world.sign_in("acme", "ada@acme.test").await;
        let page = console.page("/operator/audit?act=request.approved").await;
        says(&page, &["Olga Petrova, operator", "<code>request.approved</code>"]);
        let by = page.between("/operator/audit?actor=", "\"").unwrap().to_owned();
        assert!(by.starts_with("console%3A"), "{by}");
        let page = console.page(&format!("/operator/audit?actor={by}")).await;
        says(&page, &["<code>request.approved</code>", "<code>team.added</code>"]);
        says_not(&page, &["<code>person.signed_in</code>"]);
        let by_api = api.get(&format!("/audit?actor={by}")).await;
        let by_api: Vec<&Value> = by_api["items"].as_array().unwrap().iter().map(|row| &row["act"]).collect();
        assert!(by_api.len() >= 2 && by_api.iter().all(|act| **act != json!("person.signed_in")), "{by_api:?}");
        let said = command(&world, db, &["audit", "list", "--actor", &by.replace("%3A", ":")]);
        assert!(said.done && said.out.lines().count() == by_api.len(), "{said:?}");
        assert!(!command(&world, db, &["audit", "list", "--actor", "nobody"]).done);

        let today: String = world.clock.now().to_string().chars().take(10).collect();
        says(&console.page(&format!("/operator/audit?team=acme&from={today}&to={today}")).await, &["Ada Lovelace"]);
        says(&console.page("/operator/audit?to=2020-01-01").await, &["Nothing matches"]);
        let none = api.get("/audit?to=2020-01-01T00:00:00Z").await;
        assert_eq!(none["items"], json!([]));
        let some = api.get("/audit?from=2020-01-01T00:00:00Z&team=acme").await;
        assert!(!some["items"].as_array().unwrap().is_empty());
        assert_eq!(api.ask("GET", "/audit?from=yesterday", "").await.status, 422);
    }

    async fn what_cannot_be_read_is_said_and_exports_nothing(db) {
        let world = world(db).await;
        let console = Console::open(&world).await;
        for (query, said) in [
            ("team=%3Cscript%3E", "is no Team ID."),
            ("act=person.eaten", "is no act"),
            ("actor=the+cat", "names nobody"),
            ("reference=7K", "is no reference"),
            ("from=tomorrow", "is no day"),
            ("to=2026-02-31", "is no day"),
        ] {
            for format in ["", "&format=jsonl"] {
                let page = console.get(&format!("/operator/audit?{query}{format}")).await;
                assert_eq!((page.status, page.code()), (422, Some("form_invalid")), "{query}");
                says(&page, &[said, "Nothing matches"]);
                says_not(&page, &["<script", "\"act\":", "format=jsonl"]);
            }
        }
    }

    async fn people_have_their_names_and_pages_follow_each_other(db) {
        let world = world(db).await;
        world.sign_in("acme", "ada@acme.test").await;
        busy(&world, "globex", 65);
        let console = Console::open(&world).await;
        says(&console.page("/operator/audit?team=acme").await, &["Ada Lovelace"]);
        let (mut pages, mut rows, mut next) = (0, 0, Some("/operator/audit?team=globex&act=letter.given_up".to_owned()));
        while let Some(path) = next {
            let page = console.page(&path).await;
            rows += page.body.matches("<code>letter.given_up</code>").count();
            pages += 1;
            next = page.between("rel=\"next\" href=\"", "\"").map(|path| path.replace("&#38;", "&").replace("&amp;", "&"));
        }
        assert_eq!((pages, rows), (3, 65));
        let page = console.get("/operator/audit?after=nonsense").await;
        assert_eq!(page.status, 200, "{}", leads_or_body(&page));
    }
}

fn leads_or_body(answer: &support::Answer) -> String {
    if answer.location().is_some() { leads_to(answer) } else { answer.body.clone() }
}
