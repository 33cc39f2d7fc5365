//! `teamdoor doctor`: it looks at everything, changes nothing, and each thing that is wrong says what to do.

use std::net::TcpListener;

use mock_idp::{Endpoint, Misbehaviour, WireFault};
use serde_json::Value;
use support::{KEY, Said, TestDatabase, World, command, command_with, on_both};
use tempfile::TempDir;

/// What it says with these settings, as JSON: the checks by name, those of teams by Team ID.
fn examine(world: &World, db: &TestDatabase, key: &str, more: &str) -> (Said, Vec<Value>) {
    let said = command_with(&world.node.base, db, key, more, &["doctor", "--json"]);
    let checks: Value = serde_json::from_str(&said.out).expect("JSON");
    (said, checks["checks"].as_array().expect("checks").clone())
}

/// The names of the checks that failed.
fn ill(checks: &[Value]) -> Vec<&str> {
    let ill = checks.iter().filter(|check| check["ok"] == false);
    ill.map(|check| check["name"].as_str().unwrap()).collect()
}

fn outbox(folder: &TempDir) -> String {
    format!("[mail]\nurl = \"file://{}/outbox\"\n", folder.path().display())
}

on_both! {
    async fn everything_is_looked_at_and_nothing_changed(db) {
        let (world, folder) = (World::new(db).await, TempDir::new().unwrap());
        let before = command(&world, db, &["audit", "list", "--json"]).out;
        let (said, checks) = examine(&world, db, KEY, &format!("{}[operator]\nteam = \"operators\"\n", outbox(&folder)));
        assert!(said.done, "{}{}", said.out, said.err);
        let names: Vec<&str> = checks.iter().map(|check| check["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["settings", "public_url", "reached", "database", "schema", "keys", "clock", "operators", "letters", "mail", "teams"]);
        assert!(checks[10]["message"].as_str().unwrap().starts_with("4 open teams"), "{checks:?}");
        assert_eq!(command(&world, db, &["audit", "list", "--json"]).out, before);
        assert_eq!(std::fs::read_dir(folder.path().join("outbox")).unwrap().count(), 0, "no letter");
        let told = command_with(&world.node.base, db, KEY, &outbox(&folder), &["doctor"]);
        assert!(told.done && told.out.lines().all(|line| line.starts_with('✓')), "{}", told.out);
    }

    async fn what_is_wrong_is_named_with_its_remedy(db) {
        let (world, folder) = (World::new(db).await, TempDir::new().unwrap());
        world.idp.misbehave("globex", Misbehaviour::Wire(Endpoint::Discovery, WireFault::Down));
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let more = format!("[mail]\nurl = \"smtp://user:s3cret-of-mail@{nobody}\"\n[operator]\nteam = \"nobody\"\n");
        let (said, checks) = examine(&world, db, KEY, &more);
        assert!(!said.done);
        assert_eq!(ill(&checks), ["operators", "mail", "teams"], "{checks:#?}");
        assert!(!said.out.contains("s3cret-of-mail"), "{}", said.out);
        let team = checks.last().unwrap();
        assert_eq!(team["team_id"], "globex");
        assert!(checks.iter().filter(|check| check["ok"] == false).all(|check| check["remedy"].is_string()), "{checks:#?}");
        let other_key = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
        let (_, checks) = examine(&world, db, other_key, &outbox(&folder));
        assert_eq!(ill(&checks), ["keys"], "and no team is asked: {checks:#?}");
        let elsewhere = command_with("http://127.0.0.1:1", db, KEY, &outbox(&folder), &["doctor", "--json"]);
        assert!(elsewhere.out.contains("\"reached\"") && !elsewhere.done, "{}", elsewhere.out);
        let unknown = command_with(&world.node.base, db, KEY, "[nonsense]\na = 1\n", &["doctor"]);
        assert!(!unknown.done && unknown.out.starts_with("✗ settings") && unknown.out.contains("nonsense"), "{}", unknown.out);
    }
}
