//! Apps by the API.

use serde_json::{Value, json};
use support::{Answer, World, on_both};

use super::Vendor;

fn refusal(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.body);
    (answer.status, answer.json()["code"].as_str().unwrap().to_owned())
}

fn is(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

const URI: &str = "https://ledger.example/cb";

on_both! {
    async fn an_app_is_made_read_changed_and_removed(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        let made = vendor.ask("POST", "/apps", &[], &json!({"name": "Ledger", "redirect_uris": [URI]}).to_string()).await;
        let app = made.json();
        assert_eq!((made.status, made.header("etag")), (201, Some("\"1\"")));
        assert!(app["client_secret"].as_str().unwrap().starts_with("tdc_") && app["id"] == app["client_id"]);
        let path = format!("/apps/{}", app["id"].as_str().unwrap());
        assert_eq!(made.header("location"), Some(world.at(&format!("/api/v1{path}")).as_str()));
        let usual = json!({"public": false, "teams": null, "min_role": "member", "require_pkce": true, "id_token_alg": "RS256",
            "access_tokens": "opaque", "host": null, "place": "tile", "post_logout_redirect_uris": [], "old_secret_until": null});
        usual.as_object().unwrap().iter().for_each(|(name, value)| assert_eq!(app[name], *value, "{name}"));
        let read = vendor.ask("GET", &path, &[], "").await;
        let mut shown = app.clone();
        shown.as_object_mut().unwrap().remove("client_secret");
        assert_eq!((read.json(), read.header("etag")), (shown, Some("\"1\"")));
        let change = r#"{"teams":["acme"],"min_role":"admin","require_pkce":false,"home_url":"https://ledger.example/","place":"billing"}"#;
        let changed = vendor.ask("PATCH", &path, &[("if-match", "\"1\"")], change).await;
        assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")), "{}", changed.body);
        let now = changed.json();
        assert_eq!((&now["teams"], &now["place"], &now["redirect_uris"]), (&json!(["acme"]), &json!("billing"), &json!([URI])));
        let same = vendor.ask("PATCH", &path, &[("if-match", "\"2\"")], change).await;
        assert_eq!(same.header("etag"), Some("\"2\""), "what is so is no change");
        let rotated = vendor.ask("POST", &format!("{path}/secret"), &[], "").await;
        assert_eq!(rotated.status, 201);
        assert!(rotated.json()["client_secret"] != app["client_secret"] && rotated.json()["old_secret_until"].is_string());
        let ended = vendor.ask("POST", &format!("{path}/secret?end_old=true"), &[], "").await;
        assert!(ended.json()["old_secret_until"].is_null());
        assert_eq!(vendor.ask("DELETE", &path, &[("if-match", ended.header("etag").unwrap())], "").await.status, 204);
        for method in ["GET", "PATCH", "DELETE"] {
            let answer = vendor.ask(method, &path, &[("if-match", "*")], "{}").await;
            assert_eq!(refusal(&answer), is(404, "app_unknown"), "{method}");
        }
    }

    async fn nobody_changes_what_they_have_not_seen(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        let path = format!("/apps/{}", vendor.register(json!({"name": "Ledger", "redirect_uris": [URI]})).await);
        vendor.ask("PATCH", &path, &[("if-match", "\"1\"")], r#"{"name":"Ledger 2"}"#).await;
        for (method, body) in [("PATCH", r#"{"name":"Ledger 3"}"#), ("DELETE", "")] {
            assert_eq!(refusal(&vendor.ask(method, &path, &[], body).await), is(428, "if_match_required"), "{method}");
            assert_eq!(refusal(&vendor.ask(method, &path, &[("if-match", "\"1\"")], body).await), is(412, "version_conflict"), "{method}");
            assert_eq!(refusal(&vendor.ask(method, &path, &[("if-match", "2")], body).await), is(400, "if_match_invalid"), "{method}");
        }
        assert_eq!(vendor.ask("GET", &path, &[], "").await.json()["name"], "Ledger 2");
    }

    async fn a_field_that_cannot_be_is_named(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        let good = || json!({"name": "Ledger", "redirect_uris": [URI]});
        let bad = [
            ("redirect_uris", json!(["http://ledger.example/"])),
            ("post_logout_redirect_uris", json!(["/x"])),
            ("teams", json!(["ACME!"])),
            ("teams", json!(["nobody"])),
            ("min_role", json!("owner")),
            ("id_token_alg", json!("HS256")),
            ("access_tokens", json!("big")),
            ("host", json!("https://wiki.example")),
            ("host", json!(world.node.base.trim_start_matches("http://"))),
            ("initiate_login_uri", json!("javascript:alert(1)")),
            ("home_url", json!("ftp://x.example")),
            ("backchannel_logout_uri", json!("https://u:p@ledger.example/")),
            ("place", json!("nowhere")),
            ("is_admin", json!(true)),
        ];
        let id = vendor.register(good()).await;
        for (field, value) in bad {
            let mut app = good();
            app[field] = value.clone();
            for (method, path, body) in [("POST", "/apps".to_owned(), app), ("PATCH", format!("/apps/{id}"), json!({field: value}))] {
                let answer = vendor.ask(method, &path, &[("if-match", "*")], &body.to_string()).await;
                assert_eq!(answer.status, 422, "{method} {field}: {}", answer.body);
                assert!(answer.json()["detail"].as_str().unwrap().contains(field), "{method} {field}: {}", answer.body);
            }
        }
        for (body, code) in [
            (json!({"name": "<b>", "redirect_uris": [URI]}), "name_invalid"),
            (json!({"name": "Nowhere"}), "app_address_needed"),
            (json!({"name": "Many", "redirect_uris": vec![URI; 21]}), "app_limit"),
            (json!({"name": "Phone", "redirect_uris": [URI], "public": true, "require_pkce": false}), "app_pkce_needed"),
            (json!({"redirect_uris": [URI]}), "json_invalid"),
        ] {
            assert_eq!(refusal(&vendor.ask("POST", "/apps", &[], &body.to_string()).await), is(422, code));
        }
        assert_eq!(vendor.ask("GET", "/apps", &[], "").await.json()["items"].as_array().unwrap().len(), 1);
    }

    async fn a_host_is_taken_once_and_a_public_app_has_no_secret(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        let wiki = vendor.register(json!({"name": "Wiki", "host": "wiki.example"})).await;
        let phone = vendor.register(json!({"name": "Phone", "redirect_uris": ["com.example.phone:/back"], "public": true})).await;
        let taken = vendor.ask("POST", "/apps", &[], r#"{"name":"Wiki 2","host":"WIKI.example"}"#).await;
        assert_eq!(refusal(&taken), is(409, "host_taken"));
        let taken = vendor.ask("PATCH", &format!("/apps/{phone}"), &[("if-match", "*")], r#"{"host":"wiki.example"}"#).await;
        assert_eq!(refusal(&taken), is(409, "host_taken"));
        assert_eq!(refusal(&vendor.ask("POST", &format!("/apps/{phone}/secret"), &[], "").await), is(409, "app_public"));
        vendor.set(&wiki, json!({"host": null, "home_url": "https://wiki.example/"})).await;
        assert_eq!(vendor.set(&phone, json!({"host": "wiki.example"})).await.json()["host"], "wiki.example");
    }

    async fn the_list_goes_by_name_and_page(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        for name in ["Cee", "Bee", "Dee", "Ace"] {
            vendor.register(json!({"name": name, "redirect_uris": [URI]})).await;
        }
        let mut seen: Vec<Value> = Vec::new();
        let mut after = String::new();
        loop {
            let page = vendor.ask("GET", &format!("/apps?limit=3&after={after}"), &[], "").await.json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|app| app["name"].clone()));
            let Some(next) = page["next"].as_str() else { break };
            next.clone_into(&mut after);
        }
        assert_eq!(seen, ["Ace", "Bee", "Cee", "Dee"]);
        assert!(!vendor.ask("GET", "/apps", &[], "").await.body.contains("tdc_"));
    }
}
