//! What a team chooses for its tokens: on the page, by the API, at the command line; by admins and operators alone.

use audit::{Act, Actor};
use serde_json::json;
use support::{World, command, on_both};

use super::{ADA, BOB, ask, choose, kept, make, problem, refused};
use crate::eyes;

on_both! {
    async fn admins_and_operators_choose_and_nobody_else(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        let csrf = bob.get(&world.at("/t/acme/tokens")).await.hidden("csrf").unwrap();
        let form = [("csrf", csrf.as_str()), ("tokens", "personal"), ("reveal", "yes")];
        let answer = bob.post(&world.at("/t/acme/tokens/choice"), &form).await;
        assert_eq!((answer.status, answer.code()), (403, Some("not_admin")));
        assert!(!bob.get(&world.at("/t/acme/tokens")).await.body.contains("tokens/choice"));

        let operator = command(&world, db, &["operator", "add-token", "deploy"]).out.trim().to_owned();
        let admins = make(&world, &ada, "sync", "team:admin").await;
        let product = make(&world, &ada, "app", "product").await;
        let body = r#"{"tokens":"personal","tokens_reveal":true}"#;
        let refusal = ask(&world.node, "PATCH", "/teams/acme", &product.value, body).await;
        assert_eq!(problem(&refusal), refused(403, "scope_missing"));
        let stands = |answer: serde_json::Value| (answer["tokens"].clone(), answer["tokens_reveal"].clone());
        let team = || async { stands(ask(&world.node, "GET", "/teams/acme", &operator, "").await.json()) };
        assert_eq!(team().await, (json!("shared"), json!(false)));

        let by_program = ask(&world.node, "PATCH", "/teams/acme", &admins.value, body).await;
        assert_eq!((by_program.status, stands(by_program.json())), (200, (json!("personal"), json!(true))));
        let by_operator = ask(&world.node, "PATCH", "/teams/acme", &operator, r#"{"name":"Acme Limited","tokens":"shared"}"#).await;
        assert_eq!((by_operator.status, &by_operator.json()["name"], stands(by_operator.json())), (200, &json!("Acme Limited"), (json!("shared"), json!(true))));
        assert!(command(&world, db, &["team", "set", "acme", "--tokens", "personal", "--tokens-reveal", "no"]).done);
        assert_eq!(team().await, (json!("personal"), json!(false)));
        assert!(command(&world, db, &["team", "show", "acme"]).out.contains("personal; values are shown once"));
        choose(&world, &ada, "shared", "no").await;

        let record = eyes::record(&world.node.house.database, "acme");
        let chosen: Vec<_> = record.iter().filter(|entry| entry.act == Some(Act::TokensChosen)).collect();
        let ada_herself = Actor::Person(eyes::person(&world.node.house.database, "acme", ADA).person.id);
        let actors: Vec<_> = chosen.iter().map(|entry| entry.actor.clone()).collect();
        assert_eq!(actors, [ada_herself, Actor::CommandLine, Actor::Operator("deploy".to_owned()), Actor::TeamToken(admins.id.clone())]);
        assert_eq!(chosen[1].detail, json!({ "tokens": "personal", "reveal": false }));
        assert_eq!(record.iter().filter(|entry| entry.act == Some(Act::TeamChanged)).count(), 1, "the name");
        let activity = bob.get(&world.at("/t/acme/activity")).await.body;
        assert!(activity.contains("chose personal API tokens") && activity.contains("chose shared API tokens"), "{activity}");
    }

    async fn what_is_so_already_is_no_change_and_what_is_not_understood_is_refused(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let operator = command(&world, db, &["operator", "add-token", "deploy"]).out.trim().to_owned();
        choose(&world, &ada, "shared", "no").await;
        assert!(command(&world, db, &["team", "set", "acme", "--tokens", "shared"]).done);
        assert_eq!(ask(&world.node, "PATCH", "/teams/acme", &operator, r#"{"tokens_reveal":false}"#).await.status, 200);
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::TokensChosen), 0);
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::TeamChanged), 0);
        for odd in [r#"{"tokens":"Personal"}"#, r#"{"tokens":true}"#, r#"{"tokens_reveal":"yes"}"#, "{}"] {
            assert_eq!(problem(&ask(&world.node, "PATCH", "/teams/acme", &operator, odd).await), refused(422, "json_invalid"), "{odd}");
        }
        let csrf = ada.get(&world.at("/t/acme/tokens")).await.hidden("csrf").unwrap();
        for odd in [[("tokens", "ours"), ("reveal", "no")], [("tokens", "shared"), ("reveal", "maybe")], [("tokens", ""), ("reveal", "")]] {
            let mut form = vec![("csrf", csrf.as_str())];
            form.extend(odd);
            let answer = ada.post(&world.at("/t/acme/tokens/choice"), &form).await;
            assert_eq!((answer.status, answer.code()), (422, Some("form_invalid")), "{odd:?}");
        }
        assert!(!command(&world, db, &["team", "set", "acme", "--tokens", "ours"]).done);
        assert!(!command(&world, db, &["team", "set", "nobody", "--tokens", "shared"]).done);
    }

    async fn an_old_form_changes_only_what_its_sender_changed(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        choose(&world, &ada, "shared", "yes").await;
        make(&world, &bob, "build-server", "product").await;
        let old = ada.get(&world.at("/t/acme/tokens")).await;
        choose(&world, &ada, "shared", "no").await;
        let form = [("csrf", old.hidden("csrf").unwrap()), ("tokens", "personal".to_owned()), ("reveal", "yes".to_owned()), ("tokens_seen", "shared".to_owned()), ("reveal_seen", "yes".to_owned())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(ada.post(&world.at("/t/acme/tokens/choice"), &form).await.status, 303);
        let last = eyes::record(&world.node.house.database, "acme").into_iter().find(|entry| entry.act == Some(Act::TokensChosen));
        assert_eq!(last.unwrap().detail, json!({ "tokens": "personal", "reveal": false }), "another admin's no stands");
        assert_eq!(kept(&world)[0].2, None);
    }

    async fn an_etag_of_before_a_choice_is_old(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let operator = command(&world, db, &["operator", "add-token", "deploy"]).out.trim().to_owned();
        let tag = ask(&world.node, "GET", "/teams/acme", &operator, "").await.header("etag").unwrap().to_owned();
        choose(&world, &ada, "personal", "no").await;
        let bearer = format!("Bearer {operator}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json"), ("if-match", tag.as_str())];
        let body = r#"{"tokens_reveal":true}"#.to_owned();
        let answer = support::Browser::default().send(reqwest::Method::PATCH, &world.at("/api/v1/teams/acme"), &headers, Some(body)).await;
        assert_eq!(problem(&answer), refused(412, "version_conflict"));
    }
}
