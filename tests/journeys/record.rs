//! The record as operators read it, in API and command line: all teams and what belongs to none, by pages, narrowed,
//! and as a whole.

use std::collections::BTreeSet;

use audit::{Act, Actor, Deed};
use reqwest::Method;
use serde_json::{Value, json};
use storage::StorageError;
use support::{Browser, TestDatabase, World, command, on_both};
use vocabulary::{Clock as _, ReferenceId};

use crate::eyes;
use crate::tokens::{ask, problem, refused};

fn operator(world: &World, db: &TestDatabase) -> String {
    command(world, db, &["operator", "add-token", "reader"]).out.trim().to_owned()
}

async fn get(world: &World, token: &str, path: &str) -> Value {
    let answer = ask(&world.node, "GET", path, token, "").await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.json()
}

/// Every row of a list, page after page.
async fn all(world: &World, token: &str, path: &str) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), String::new());
    loop {
        let page = get(world, token, &format!("{path}{after}")).await;
        rows.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return rows,
        }
    }
}

/// Every row of an export.
async fn export(world: &World, token: &str, path: &str) -> Vec<Value> {
    let answer = ask(&world.node, "GET", path, token, "").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/x-ndjson")));
    assert!(answer.body.is_empty() || answer.body.ends_with('\n'));
    answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn teams(rows: &[Value]) -> BTreeSet<Option<&str>> {
    rows.iter().map(|row| row["team_id"].as_str()).collect()
}

/// Notes that letters were given up, so many times.
fn busy(world: &World, team: &str, times: usize) {
    let (team, database) = (eyes::team(team), &world.node.house.database);
    let noted = database.write(world.clock.now(), |tx| {
        for letter in 0..times {
            let deed = Deed {
                team: Some(&team),
                actor: &Actor::Teamdoor,
                act: Act::LetterGivenUp,
                target: None,
                detail: json!({ "letter": letter }),
                reference: None,
            };
            audit::record(tx, &deed)?;
        }
        Ok::<_, StorageError>(())
    });
    noted.unwrap();
}

on_both! {
    async fn operators_read_what_was_done_in_every_team_and_in_none(db) {
        let world = World::new(db).await;
        let token = operator(&world, db);
        world.sign_in("acme", "ada@acme.test").await;
        world.sign_in("globex", "gil@globex.test").await;
        assert!(command(&world, db, &["app", "add", "--name", "Wiki", "--host", "wiki.example"]).done);
        let rows = all(&world, &token, "/audit?limit=3").await;
        let mut numbers: Vec<i64> = rows.iter().map(|row| row["n"].as_i64().unwrap()).collect();
        let as_shown = numbers.clone();
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        numbers.dedup();
        assert_eq!(as_shown, numbers, "latest first, each once");
        assert_eq!(teams(&rows), [None, Some("acme"), Some("acme-labs"), Some("globex"), Some("operators")].into());
        assert_eq!((&rows[0]["act"], &rows[0]["actor"]), (&json!("app.added"), &json!("command-line")));
        let own = all(&world, &token, "/teams/acme/audit?limit=200").await;
        let of_acme: Vec<Value> = rows.iter().filter(|row| row["team_id"] == "acme").cloned().collect();
        assert!(own == of_acme && own.len() >= 3, "{own:?}");

        let said = command(&world, db, &["audit", "list", "--limit", "1000", "--json"]);
        let said: Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!((said["items"].as_array(), &said["next"]), (Some(&rows), &Value::Null));
        let page = command(&world, db, &["audit", "list", "--limit", "2"]);
        assert_eq!(page.out.lines().count(), 2);
        let next = page.err.trim().rsplit_once(' ').unwrap().1.to_owned();
        let rest = command(&world, db, &["audit", "list", "--after", &next, "--limit", "1000"]).out;
        assert_eq!(rest.lines().count(), rows.len() - 2);
        assert!(page.out.contains("  -  command-line  app.added  "), "{}", page.out);
    }

    async fn the_record_is_narrowed_by_team_act_and_reference(db) {
        let world = World::new(db).await;
        let token = operator(&world, db);
        for (team, email) in [("acme", "ada@acme.test"), ("globex", "gil@globex.test")] {
            world.sign_in(team, email).await;
        }
        let signed_in = all(&world, &token, "/audit?act=person.signed_in&limit=1").await;
        assert_eq!(teams(&signed_in), [Some("acme"), Some("globex")].into());
        assert!(signed_in.iter().all(|row| row["act"] == "person.signed_in"));
        let of_globex = all(&world, &token, "/audit?act=person.signed_in&team=globex&limit=1").await;
        assert_eq!((of_globex.len(), teams(&of_globex)), (1, [Some("globex")].into()));
        assert_eq!(of_globex, all(&world, &token, "/teams/globex/audit?act=person.signed_in").await);

        let reference = ReferenceId::parse("7K2F-9QXM").unwrap();
        let team = eyes::team("acme");
        let noted = world.node.house.database.write(world.clock.now(), |tx| {
            let (actor, act) = (&Actor::IdentityProvider, Act::RevokedByIdp);
            let reference = Some(&reference);
            audit::record(tx, &Deed { team: Some(&team), actor, act, target: None, detail: json!({}), reference })
        });
        noted.unwrap();
        for path in ["/audit?reference=7K2F-9QXM", "/audit?reference=7k2f9qxm&team=acme", "/teams/acme/audit?reference=7K2F-9QXM"] {
            let found = all(&world, &token, path).await;
            assert_eq!((found.len(), &found[0]["act"]), (1, &json!("person.revoked_by_idp")), "{path}");
        }
        assert!(all(&world, &token, "/teams/globex/audit?reference=7K2F-9QXM").await.is_empty());
        let said = command(&world, db, &["audit", "list", "--reference", "7K2F-9QXM", "--team", "acme", "--act", "person.revoked_by_idp"]);
        assert_eq!(said.out.lines().count(), 1, "{}", said.out);
        assert!(said.out.contains("  acme  identity-provider  person.revoked_by_idp  -  7K2F-9QXM  "), "{}", said.out);

        assert!(command(&world, db, &["team", "remove", "globex", "--yes"]).done);
        let removed = all(&world, &token, "/audit?team=globex").await;
        assert_eq!(removed[0]["act"], "team.removed", "the record outlives the team");
    }

    async fn the_whole_record_leaves_line_by_line(db) {
        let world = World::new(db).await;
        let token = operator(&world, db);
        busy(&world, "acme", 1203);
        busy(&world, "globex", 3);
        let rows = all(&world, &token, "/audit?limit=200").await;
        assert!(rows.len() > 1206);
        assert_eq!(export(&world, &token, "/audit?format=jsonl").await, rows);
        let own = export(&world, &token, "/teams/acme/audit?format=jsonl&act=letter.given_up").await;
        assert_eq!((own.len(), teams(&own)), (1203, [Some("acme")].into()));
        assert_eq!(own[1202]["detail"]["letter"], 0);
        let beyond = export(&world, &token, &format!("/audit?format=jsonl&after={}", rows[999]["n"])).await;
        assert_eq!(beyond, rows[1000..], "it can be gone on with");
        // As many as are fetched at a time, and none.
        busy(&world, "acme-labs", 500);
        assert_eq!(export(&world, &token, "/audit?format=jsonl&team=acme-labs&act=letter.given_up").await.len(), 500);
        assert!(export(&world, &token, "/audit?format=jsonl&team=nobody").await.is_empty());
        let bearer = format!("Bearer {token}");
        let address = world.at("/api/v1/audit?format=jsonl");
        let head = Browser::default().send(Method::HEAD, &address, &[("authorization", &bearer)], None).await;
        assert_eq!((head.status, head.body.as_str()), (200, ""));
    }

    async fn a_question_to_the_record_that_means_nothing_is_refused(db) {
        let world = World::new(db).await;
        let token = operator(&world, db);
        for query in [
            "act=person.unheard_of", "act=%25", "team=A%20B", "reference=7", "format=csv", "format=jsonl&limit=5", "limit=0",
            "after=x", "actor=nobody", "from=yesterday", "to=2026-05-03", "by=command-line", "act=team.added&act=team.removed",
        ] {
            let answer = ask(&world.node, "GET", &format!("/audit?{query}"), &token, "").await;
            assert_eq!(problem(&answer), refused(422, "parameter_invalid"), "{query}");
        }
        for query in ["team=globex", "team=acme"] {
            let answer = ask(&world.node, "GET", &format!("/teams/acme/audit?{query}"), &token, "").await;
            assert_eq!(problem(&answer), refused(422, "parameter_invalid"), "the team stands in the path already");
        }
        let nobody = ask(&world.node, "GET", "/teams/nobody/audit?format=jsonl", &token, "").await;
        assert_eq!(problem(&nobody), refused(404, "team_unknown"));
        for bad in [["--act", "unheard.of"], ["--team", "A B"], ["--reference", "7"]] {
            let said = command(&world, db, &["audit", "list", bad[0], bad[1]]);
            assert!(!said.done && said.err.contains(bad[1]), "{}", said.err);
        }
    }

    async fn an_export_of_a_team_is_its_own_tokens_too_and_nobody_elses(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        world.sign_in("globex", "gil@globex.test").await;
        let token = crate::tokens::make(&world, &ada, "exporter", "team:read").await.value;
        let own = export(&world, &token, "/teams/acme/audit?format=jsonl").await;
        assert!(own.len() >= 3 && teams(&own) == [Some("acme")].into(), "{own:?}");
        let theirs = ask(&world.node, "GET", "/teams/globex/audit?format=jsonl", &token, "").await;
        assert_eq!(problem(&theirs), refused(404, "team_unknown"));
        let everybodys = ask(&world.node, "GET", "/audit?team=acme", &token, "").await;
        assert_eq!(problem(&everybodys), refused(403, "scope_missing"));
    }
}
