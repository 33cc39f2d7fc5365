//! The probe of client id and secret, by API and command line: what the provider says of a code that nobody gave
//! out tells whether it knows us, and nobody can guess with it.

use std::time::Duration;

use mock_idp::{Endpoint, WireFault};
use serde_json::{Value, json};
use support::{Said, TestDatabase, World, command, on_both};

use crate::tokens::{ask, problem, refused};

const PROBE: &str = r#"{"probe": true}"#;

fn operator(world: &World, db: &TestDatabase) -> String {
    command(world, db, &["operator", "add-token", "probes"]).out.trim().to_owned()
}

/// `team check` asks the provider, which takes a runtime of its own.
fn check(world: &World, db: &TestDatabase, arguments: &[&str]) -> Said {
    std::thread::scope(|scope| scope.spawn(|| command(world, db, arguments)).join())
        .expect("a command that ends")
}

/// What the check of client id and secret said, once everything else has passed.
fn probed(checks: &Value) -> Value {
    let all = checks["checks"].as_array().unwrap();
    let (last, before) = all.split_last().unwrap();
    assert!(before.iter().all(|check| check["ok"] == true), "{checks}");
    assert_eq!(last["name"], "client_credentials");
    last.clone()
}

on_both! {
    async fn the_probe_tells_a_right_secret_from_a_wrong_one(db) {
        let world = World::new(db).await;
        let token = operator(&world, db);
        let ask_for = async |body| {
            let answer = ask(&world.node, "POST", "/teams/acme/check", &token, body).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert!(!answer.body.contains("secret-of-acme") && !answer.body.contains("canary"), "{}", answer.body);
            answer.json()
        };
        for unasked in ["", "{}", r#"{"probe": false}"#] {
            assert!(!ask_for(unasked).await.to_string().contains("client_credentials"), "{unasked}");
        }
        assert_eq!(world.idp.counts("acme").token, 0);
        assert_eq!(probed(&ask_for(PROBE).await)["ok"], true);
        assert_eq!(world.idp.counts("acme").token, 1, "asked once");
        let said = check(&world, db, &["team", "check", "acme", "--probe"]);
        assert!(said.done && said.out.contains("✓ client_credentials"), "{} {}", said.out, said.err);
        assert!(!check(&world, db, &["team", "check", "acme"]).out.contains("client_credentials"));

        let wrong = json!({ "client_secret": "canary-of-another-app" }).to_string();
        assert_eq!(ask(&world.node, "PUT", "/teams/acme/connection", &token, &wrong).await.status, 200);
        let rejected = probed(&ask_for(PROBE).await);
        assert_eq!((&rejected["ok"], &rejected["code"]), (&json!(false), &json!("idp_client_rejected")));
        assert!(rejected["remedy"].as_str().unwrap().contains("Copy both again"), "{rejected}");
        let said = check(&world, db, &["team", "check", "acme", "--probe", "--json"]);
        assert!(!said.done && !said.out.contains("canary"), "{}", said.out);
        assert_eq!(probed(&serde_json::from_str(&said.out).unwrap())["code"], "idp_client_rejected");

        world.idp.misbehave("acme", mock_idp::Misbehaviour::Wire(Endpoint::Token, WireFault::Down));
        let unclear = probed(&ask_for(PROBE).await);
        assert_eq!((&unclear["ok"], &unclear["code"]), (&json!(false), &json!("cannot_tell")));
        assert!(unclear["message"].as_str().unwrap().contains("did not say"), "{unclear}");
        let record = crate::eyes::record(&world.node.house.database, "acme");
        assert!(!format!("{record:?}").contains("canary"));
    }

    async fn a_team_without_a_secret_has_nothing_to_try(db) {
        let world = World::new(db).await;
        let token = operator(&world, db);
        let new = json!({
            "team_id": "other", "admin_email": "ada@acme.test", "issuer": world.idp.issuer("acme"), "client_id": "client-of-other",
        });
        assert_eq!(ask(&world.node, "POST", "/teams", &token, &new.to_string()).await.status, 201);
        let answer = ask(&world.node, "POST", "/teams/other/check", &token, PROBE).await;
        assert_eq!(probed(&answer.json())["code"], "client_secret_needed");
        assert_eq!(world.idp.counts("acme").token, 0);
    }

    async fn nobody_guesses_secrets_with_the_probe(db) {
        let world = World::new(db).await;
        let token = operator(&world, db);
        let probe = async |team: &str| ask(&world.node, "POST", &format!("/teams/{team}/check"), &token, PROBE).await;
        for guess in 0..10 {
            let secret = json!({ "client_secret": format!("guess-number-{guess}") }).to_string();
            ask(&world.node, "PUT", "/teams/acme/connection", &token, &secret).await;
            assert_eq!(probe("acme").await.status, 200, "{guess}");
        }
        let refusal = probe("acme").await;
        assert_eq!(problem(&refusal), refused(429, "rate_limited"));
        assert_eq!(refusal.header("retry-after"), Some("600"));
        assert_eq!(world.idp.counts("acme").token, 10);
        assert_eq!(ask(&world.node, "POST", "/teams/acme/check", &token, "").await.status, 200, "the others may be asked");
        assert_eq!(probe("globex").await.status, 200, "another team's count is another");
        assert_eq!(problem(&probe("nobody").await), refused(404, "team_unknown"));
        world.clock.forward(Duration::from_secs(599));
        assert_eq!(probe("acme").await.header("retry-after"), Some("1"));
        world.clock.forward(Duration::from_secs(1));
        assert_eq!(probe("acme").await.status, 200);
    }

    async fn a_wish_that_cannot_be_read_is_refused_and_asks_nobody(db) {
        let world = World::new(db).await;
        let token = operator(&world, db);
        for body in [r#"{"probe": "yes"}"#, r#"{"prboe": true}"#, "true", "[]", "{"] {
            let answer = ask(&world.node, "POST", "/teams/acme/check", &token, body).await;
            assert_eq!(problem(&answer), refused(422, "json_invalid"), "{body}");
        }
        assert_eq!((world.idp.counts("acme").token, world.idp.counts("acme").discovery), (0, 0));
    }
}
