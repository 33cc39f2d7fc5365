//! Apps at the command line.

use serde_json::Value;
use support::{Browser, TestDatabase, World, command, on_both};

use super::{BOB, eventually, open, tiles};

/// Runs `app …`, which does it; its results.
fn app(world: &World, db: &TestDatabase, arguments: &[&str]) -> String {
    let said = command(world, db, &[&["app"], arguments].concat());
    assert!(said.done, "{arguments:?}: {}", said.err);
    said.out
}

fn json(world: &World, db: &TestDatabase, arguments: &[&str]) -> Value {
    serde_json::from_str(&app(world, db, &[arguments, &["--json"]].concat())).unwrap()
}

/// Runs `app …`, which refuses; its message.
fn refused(world: &World, db: &TestDatabase, arguments: &[&str]) -> String {
    let said = command(world, db, &[&["app"], arguments].concat());
    assert!(!said.done && said.out.is_empty(), "{arguments:?}: {}", said.out);
    said.err
}

const URI: &str = "https://ledger.example/cb";

on_both! {
    async fn an_app_is_added_shown_changed_rotated_and_removed(db) {
        let world = World::new(db).await;
        let printed = app(&world, db, &["add", "--name", "Ledger", "--redirect-uri", URI, "--team", "acme", "--min-role", "admin"]);
        let words: Vec<&str> = printed.split_whitespace().collect();
        let ["Client", "ID", id, "Client", "secret", secret] = words.as_slice() else { panic!("{printed}") };
        assert!(secret.starts_with("tdc_"), "{printed}");
        let shown = json(&world, db, &["show", id]);
        assert_eq!((&shown["redirect_uris"], &shown["teams"], &shown["min_role"]), (&serde_json::json!([URI]), &serde_json::json!(["acme"]), &"admin".into()));
        assert!(app(&world, db, &["show", id]).contains("Teams            acme\n"));
        assert!(app(&world, db, &["list"]).contains("Ledger") && json(&world, db, &["list"])["items"][0]["client_id"] == **id);
        app(&world, db, &["set", id, "--without", "team", "--min-role", "member", "--home-url", "https://ledger.example/"]);
        let bob = world.sign_in("acme", BOB).await;
        eventually(async || tiles(&world, &bob, "acme").await == ["Ledger"]).await;
        let rotated = json(&world, db, &["rotate-secret", id]);
        assert!(rotated["client_secret"] != **secret && rotated["old_secret_until"].is_string(), "{rotated}");
        assert!(json(&world, db, &["rotate-secret", id, "--end-old"])["old_secret_until"].is_null());
        for said in [app(&world, db, &["show", id]), json(&world, db, &["list"]).to_string()] {
            assert!(!said.contains("tdc_"), "{said}");
        }
        app(&world, db, &["remove", id, "--yes"]);
        eventually(async || open(&world, &bob, "acme", id, "").await.status == 404).await;
        assert!(refused(&world, db, &["show", id]).contains("no app"));
        assert!(refused(&world, db, &["remove", id, "--yes"]).contains("no app"));
    }

    async fn what_cannot_be_is_refused_with_its_reason(db) {
        let world = World::new(db).await;
        let own = world.node.base.trim_start_matches("http://");
        for (arguments, reason) in [
            (vec!["--redirect-uri", "http://ledger.example/cb"], "https://"),
            (vec!["--redirect-uri", "https://ledger.example/#x"], "fragment"),
            (vec!["--redirect-uri", URI, "--team", "nobody"], "no team called nobody"),
            (vec!["--redirect-uri", URI, "--team", "ACME!"], "Team ID"),
            (vec!["--redirect-uri", URI, "--min-role", "owner"], "owner"),
            (vec!["--redirect-uri", URI, "--id-token-alg", "none"], "none"),
            (vec!["--redirect-uri", URI, "--public", "--pkce", "optional"], "PKCE"),
            (vec!["--host", own], "own host"),
            (vec!["--host", "https://wiki.example"], "host"),
            (vec![], "at least one"),
        ] {
            let said = refused(&world, db, &[&["add", "--name", "Ledger"], arguments.as_slice()].concat());
            assert!(said.contains(reason), "{arguments:?}: {said}");
        }
        assert!(app(&world, db, &["list"]).is_empty());
        app(&world, db, &["add", "--name", "Wiki", "--host", "wiki.example"]);
        assert!(refused(&world, db, &["add", "--name", "Wiki", "--host", "WIKI.example:443"]).contains("Each host belongs to one app"));
        let public = json(&world, db, &["add", "--name", "Phone", "--redirect-uri", "com.example.phone:/back", "--public"]);
        assert!(public["client_secret"].is_null());
        assert!(refused(&world, db, &["rotate-secret", public["id"].as_str().unwrap()]).contains("no secret"));
        assert_eq!(Browser::default().get(&world.at("/livez")).await.status, 200);
    }
}
