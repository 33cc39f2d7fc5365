//! The same by API and command line, where an operator's word counts without a test.

use serde_json::json;
use support::{World, command, on_both};

use super::{
    ADA, BOB, Bearer, NEXT, assert_no_life, connection, has_next, heard, rotate, set_next, switches,
};

on_both! {
    async fn the_api_sets_shows_drops_and_uses_it(db) {
        let world = World::new(db).await;
        let operator = Bearer::new(&world, db);
        world.sign_in("acme", ADA).await;
        let before = connection(&operator).await;
        assert_no_life(&before);
        let said = json!({ "client_secret_expires_at": "2031-05-03T09:12:00Z", "next_client_secret": NEXT, "next_client_secret_expires_at": "2032-05-03T00:00:00+02:00" });
        let set = operator.ask("PUT", "/teams/acme/connection", &said.to_string()).await;
        assert_eq!(set.status, 200, "{}", set.body);
        let now = set.json()["connection"].clone();
        assert_eq!((&now["client_secret_expires_at"], &now["next_client_secret_expires_at"]), (&json!("2031-05-03T09:12:00.000Z"), &json!("2032-05-02T22:00:00.000Z")));
        assert!(now["next_client_secret_set_at"].is_string() && now["next_client_secret_tested_at"].is_null(), "{now}");
        assert_eq!(now["version"], before["version"], "sign-ins under way go on");
        assert!(!set.body.contains(NEXT));
        let listed = operator.get("/teams").await.to_string();
        assert!(listed.contains("2031-05-03T09:12:00.000Z") && !listed.contains(NEXT));

        for (said, status, code) in [
            (json!({ "client_secret_expires_at": "2020-05-03T00:00:00Z" }), 422, "client_secret_expires_invalid"),
            (json!({ "client_secret_expires_at": "soon" }), 422, "json_invalid"),
            (json!({ "next_client_secret_expires_at": "2032-05-03T00:00:00Z" }), 422, "json_invalid"),
            (json!({ "next_client_secret": "••••••••" }), 422, "json_invalid"),
            (json!({ "next_client_secret": "practice-secret-of-acme" }), 422, "client_secret_is_current"),
            (json!({ "next_client_secret": "client-of-acme" }), 422, "client_secret_is_client_id"),
        ] {
            let refused = operator.ask("PUT", "/teams/acme/connection", &said.to_string()).await;
            assert_eq!((refused.status, &refused.json()["code"]), (status, &json!(code)), "{said}: {}", refused.body);
        }
        let dropped = operator.ask("PUT", "/teams/acme/connection", r#"{"client_secret_expires_at":null,"next_client_secret":null}"#).await;
        assert_no_life(&dropped.json()["connection"]);
        let none = operator.ask("POST", "/teams/acme/use-next-secret", "").await;
        assert_eq!((none.status, &none.json()["code"]), (409, &json!("next_secret_missing")), "{}", none.body);

        let both = json!({ "client_secret": "the-second-secret-of-acme", "client_secret_expires_at": "2031-05-03T00:00:00Z", "next_client_secret": NEXT });
        let set = operator.ask("PUT", "/teams/acme/connection", &both.to_string()).await.json()["connection"].clone();
        assert!(set["client_secret_expires_at"].is_string() && set["next_client_secret_set_at"].is_string(), "{set}");
        assert_eq!(operator.ask("POST", "/teams/acme/use-next-secret", "").await.status, 200, "an operator needs no test");
        heard().await;
        rotate(&world, NEXT);
        world.sign_in("acme", BOB).await;
        assert_eq!((switches(&world), has_next(&world)), (1, false));
        let record = operator.get("/teams/acme/audit").await.to_string();
        assert!(record.contains("team.client_secret_switched") && record.contains("operator:queue") && !record.contains(NEXT), "{record}");
    }

    async fn a_teams_own_token_for_admins_uses_what_was_tested_alone(db) {
        let world = World::new(db).await;
        let operator = Bearer::new(&world, db);
        set_next(&world, NEXT);
        let made = operator.ask("POST", "/teams/acme/tokens", r#"{"name":"rotator","scope":"team:admin"}"#).await;
        let bearer = format!("Bearer {}", made.json()["token"].as_str().unwrap());
        let address = world.at("/api/v1/teams/acme/use-next-secret");
        let refused = support::Browser::default().post_with(&address, &[], &[("authorization", &bearer)]).await;
        assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("next_secret_not_tested")), "{}", refused.body);
        assert!(has_next(&world));
    }

    async fn the_command_line_sets_shows_and_uses_it(db) {
        let world = World::new(db).await;
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("next");
        std::fs::write(&file, format!("{NEXT}\n")).unwrap();
        let file = file.to_str().unwrap();
        let said = command(&world, db, &["team", "set", "acme", "--client-secret-expires", "2031-05-03", "--next-client-secret-file", file, "--next-client-secret-expires", "2032-05-03"]);
        assert!(said.done, "{}", said.err);
        let shown = command(&world, db, &["team", "show", "acme"]).out;
        assert!(shown.contains("expires 2031-05-03T00:00:00.000Z") && shown.contains("not tested, expires 2032-05-03T00:00:00.000Z"), "{shown}");
        let shown = command(&world, db, &["team", "show", "acme", "--json"]).out;
        assert!(shown.contains("\"next_client_secret_set_at\":") && !shown.contains(NEXT), "{shown}");
        assert!(!command(&world, db, &["team", "set", "acme", "--client-secret-expires", "3 May"]).done);
        assert!(!command(&world, db, &["team", "set", "acme", "--client-secret-expires", "2001-05-03"]).done);
        let used = command(&world, db, &["team", "use-next-secret", "acme"]);
        assert!(used.done, "{}", used.err);
        assert!(command(&world, db, &["team", "show", "acme"]).out.contains("expires 2032-05-03"));
        assert!(!command(&world, db, &["team", "use-next-secret", "acme"]).done, "there is none any more");
        heard().await;
        rotate(&world, NEXT);
        world.sign_in("acme", BOB).await;
        assert_eq!(switches(&world), 1);

        let added = command(&world, db, &["team", "add", "initech", "--admin-email", "han@globex.test", "--issuer", &world.idp.issuer("globex"), "--client-id", "client-of-initech", "--client-secret-file", file, "--client-secret-expires", "2031-05-03", "--enabled"]);
        assert!(added.done, "{}", added.err);
        assert!(command(&world, db, &["team", "show", "initech"]).out.contains("expires 2031-05-03"));
    }
}
