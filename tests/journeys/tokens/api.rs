//! What a token opens in the API: every address, with every scope, at home and at another team's.

use audit::{Act, Actor};
use serde_json::json;
use support::{Browser, World, command, on_both};

use super::{ADA, BOB, ask, deeds, make, problem, refused, who};
use crate::eyes;

/// What an address wants of a team's token.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wants {
    Nothing,
    Any,
    Read,
    Admin,
    Operator,
}

/// Every address, what it wants, and the body that an admin's program sends it.
#[rustfmt::skip]
const TABLE: &[(&str, &str, Wants, &str)] = &[
    ("GET", "/openapi.json", Wants::Nothing, ""),
    ("GET", "/whoami", Wants::Any, ""),
    ("GET", "/teams", Wants::Operator, ""),
    ("POST", "/teams", Wants::Operator, r#"{"team_id":"initech"}"#),
    ("GET", "/teams/{team_id}", Wants::Read, ""),
    ("PATCH", "/teams/{team_id}", Wants::Admin, r#"{"name":"Acme Limited"}"#),
    ("DELETE", "/teams/{team_id}", Wants::Operator, ""),
    ("PUT", "/teams/{team_id}/connection", Wants::Operator, r#"{"client_id":"mine"}"#),
    ("POST", "/teams/{team_id}/check", Wants::Admin, ""),
    ("POST", "/teams/{team_id}/setup-link", Wants::Operator, ""),
    ("DELETE", "/teams/{team_id}/setup-link", Wants::Operator, ""),
    ("POST", "/teams/{team_id}/enable", Wants::Admin, ""),
    ("POST", "/teams/{team_id}/rollback", Wants::Admin, ""),
    ("POST", "/teams/{team_id}/require", Wants::Admin, ""),
    ("POST", "/teams/{team_id}/relax", Wants::Admin, ""),
    ("POST", "/teams/{team_id}/use-next-secret", Wants::Admin, ""),
    ("POST", "/teams/{team_id}/break-glass", Wants::Operator, r#"{"person":"ada@acme.test"}"#),
    ("DELETE", "/teams/{team_id}/break-glass", Wants::Operator, ""),
    ("POST", "/teams/{team_id}/suspend", Wants::Operator, ""),
    ("POST", "/teams/{team_id}/resume", Wants::Operator, ""),
    ("GET", "/teams/{team_id}/people", Wants::Read, ""),
    ("GET", "/teams/{team_id}/people/{person_id}", Wants::Read, ""),
    ("PATCH", "/teams/{team_id}/people/{person_id}", Wants::Admin, r#"{"active":true}"#),
    ("DELETE", "/teams/{team_id}/people/{person_id}/sessions", Wants::Admin, ""),
    ("GET", "/teams/{team_id}/tokens", Wants::Read, ""),
    ("POST", "/teams/{team_id}/tokens", Wants::Admin, r#"{"name":"by a program"}"#),
    ("DELETE", "/teams/{team_id}/tokens/{token_id}", Wants::Admin, ""),
    ("GET", "/teams/{team_id}/audit", Wants::Read, ""),
    ("GET", "/teams/{team_id}/health", Wants::Read, ""),
    ("GET", "/teams/{team_id}/sign-ins", Wants::Read, ""),
    ("GET", "/health", Wants::Operator, ""),
    ("GET", "/sign-ins", Wants::Operator, ""),
    ("GET", "/audit", Wants::Operator, ""),
    ("GET", "/requests", Wants::Operator, ""),
    ("POST", "/requests", Wants::Operator, r#"{"company":"Mine"}"#),
    ("GET", "/requests/{request_id}", Wants::Operator, ""),
    ("POST", "/requests/{request_id}/check", Wants::Operator, ""),
    ("POST", "/requests/{request_id}/approve", Wants::Operator, ""),
    ("POST", "/requests/{request_id}/ask", Wants::Operator, r#"{"text":"Who?"}"#),
    ("POST", "/requests/{request_id}/reject", Wants::Operator, r#"{"text":"No."}"#),
    ("GET", "/apps", Wants::Operator, ""),
    ("POST", "/apps", Wants::Operator, r#"{"name":"Mine","host":"mine.example"}"#),
    ("GET", "/apps/{client_id}", Wants::Operator, ""),
    ("PATCH", "/apps/{client_id}", Wants::Operator, r#"{"min_role":"member"}"#),
    ("DELETE", "/apps/{client_id}", Wants::Operator, ""),
    ("POST", "/apps/{client_id}/secret", Wants::Operator, ""),
];

impl Wants {
    /// What a token of this scope gets.
    fn answer(self, scope: &str, is_home: bool) -> Result<(), (u16, String)> {
        let opens = match (self, scope) {
            (Self::Nothing | Self::Any, _)
            | (Self::Read, "team:read" | "team:admin")
            | (Self::Admin, "team:admin") => true,
            (Self::Read | Self::Admin | Self::Operator, _) => false,
        };
        match (is_home, opens) {
            (false, _) => Err(refused(404, "team_unknown")),
            (true, false) => Err(refused(403, "scope_missing")),
            (true, true) => Ok(()),
        }
    }
}

#[test]
fn every_address_of_the_api_stands_in_the_table() {
    let mut table: Vec<String> =
        TABLE.iter().map(|(method, path, ..)| format!("{method} /api/v1{path}")).collect();
    let methods = |(methods, path): &(&'static str, &'static str)| {
        let path = *path;
        methods.split(' ').map(move |method| format!("{method} {path}")).collect::<Vec<_>>()
    };
    let mut served: Vec<String> = web::API_ROUTES.iter().flat_map(methods).collect();
    table.sort();
    served.sort();
    assert_eq!(table, served);
}

on_both! {
    async fn a_token_opens_what_its_scope_says_at_home_and_nothing_elsewhere(db) {
        let world = World::new(db).await;
        let (ada, _bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        world.sign_in("globex", "gil@globex.test").await;
        let database = &world.node.house.database;
        let bob = eyes::person(database, "acme", BOB).person.id;
        for scope in ["product", "team:read", "team:admin"] {
            let token = make(&world, &ada, "under test", scope).await;
            for (method, path, wants, body) in TABLE {
                let needs_one = path.contains("{token_id}");
                let spare = if needs_one { make(&world, &ada, "spare", "product").await.id } else { String::new() };
                for team in ["acme", "globex", "nobody", "ACME"] {
                    let address = path.replace("{team_id}", team).replace("{person_id}", bob.as_str()).replace("{token_id}", &spare);
                    let answer = ask(&world.node, method, &address, &token.value, body).await;
                    let is_home = team == "acme" || !path.contains("{team_id}");
                    let about = format!("{method} {address} with {scope}: {} {}", answer.status, answer.body);
                    match wants.answer(scope, is_home) {
                        // There is nothing to go back to; whoever may hear of that may.
                        Ok(()) if path.ends_with("/rollback") => assert_eq!(problem(&answer), refused(409, "version_conflict"), "{about}"),
                        Ok(()) if path.ends_with("/use-next-secret") => assert_eq!(problem(&answer), refused(409, "next_secret_missing"), "{about}"),
                        Ok(()) => assert!((200..300).contains(&answer.status), "{about}"),
                        Err(refusal) => assert_eq!(problem(&answer), refusal, "{about}"),
                    }
                    if answer.status == 403 {
                        assert!(answer.header("www-authenticate").unwrap().contains("insufficient_scope"), "{about}");
                    }
                }
            }
        }
        assert_eq!(eyes::person(database, "acme", BOB).membership.role, vocabulary::Role::Member);
    }

    async fn a_token_changes_no_role_and_no_admin_email(db) {
        let world = World::new(db).await;
        let (ada, _bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        let bob = eyes::person(&world.node.house.database, "acme", BOB).person.id;
        let token = make(&world, &ada, "sync", "team:admin").await;
        let person = format!("/teams/acme/people/{bob}");
        for body in [r#"{"role":"admin"}"#, r#"{"role":"member"}"#, r#"{"role":"admin","active":false}"#] {
            let answer = ask(&world.node, "PATCH", &person, &token.value, body).await;
            assert_eq!(problem(&answer), refused(403, "scope_missing"), "{body}");
        }
        for body in [r#"{"admin_email":"bob@acme.test"}"#, r#"{"name":"X","admin_email":"bob@acme.test"}"#] {
            let answer = ask(&world.node, "PATCH", "/teams/acme", &token.value, body).await;
            assert_eq!(problem(&answer), refused(403, "scope_missing"), "{body}");
        }
        let stands = eyes::person(&world.node.house.database, "acme", BOB).membership;
        assert!(stands.active && stands.role == vocabulary::Role::Member);
        let team = ask(&world.node, "GET", "/teams/acme", &token.value, "").await.json();
        assert_eq!((&team["name"], &team["admin_email"]), (&"Acme".into(), &ADA.into()));
    }

    async fn what_a_program_does_stands_on_the_record_as_the_programs(db) {
        let world = World::new(db).await;
        let (ada, browser) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        let bob = eyes::person(&world.node.house.database, "acme", BOB).person.id;
        let token = make(&world, &ada, "people sync", "team:admin").await;
        let person = format!("/teams/acme/people/{bob}");
        let off = ask(&world.node, "PATCH", &person, &token.value, r#"{"active":false}"#).await;
        assert_eq!((off.status, &off.json()["active"]), (200, &false.into()));
        assert_eq!(browser.get(&world.at("/t/acme")).await.status, 303, "signed out");
        let named = ask(&world.node, "PATCH", "/teams/acme", &token.value, r#"{"name":"Acme Limited"}"#).await;
        assert_eq!((named.status, &named.json()["name"]), (200, &"Acme Limited".into()));
        let record = eyes::record(&world.node.house.database, "acme");
        let actor = Actor::TeamToken(token.id.clone());
        for act in [Act::Deactivated, Act::TeamChanged] {
            assert!(record.iter().any(|entry| entry.act == Some(act) && entry.actor == actor), "{act:?}");
        }
        let activity = ada.get(&world.at("/t/acme/activity")).await.body;
        assert!(activity.contains("<td>API token people sync</td>"), "{activity}");
        let audit = ask(&world.node, "GET", "/teams/acme/audit", &token.value, "").await.json();
        assert_eq!(audit["items"][0]["actor"], format!("team-token:{}", token.id));
        let own = eyes::person(&world.node.house.database, "acme", ADA).person.id;
        let last = ask(&world.node, "PATCH", &format!("/teams/acme/people/{own}"), &token.value, r#"{"active":false}"#).await;
        assert_eq!(problem(&last), refused(409, "last_admin"));
    }

    async fn tokens_are_made_listed_and_revoked_by_the_api(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let operator = command(&world, db, &["operator", "add-token", "deploy"]).out.trim().to_owned();
        let admins = make(&world, &ada, "sync", "team:admin").await;
        for (caller, maker) in [(&operator, None), (&admins.value, Some(eyes::person(&world.node.house.database, "acme", ADA).person.id))] {
            let body = json!({ "name": "made here", "scope": "team:read", "expires_at": "2099-05-03T09:12:00+02:00" }).to_string();
            let made = ask(&world.node, "POST", "/teams/acme/tokens", caller, &body).await;
            assert_eq!(made.status, 201, "{}", made.body);
            let made = made.json();
            assert_eq!((&made["name"], &made["scope"], &made["expires_at"]), (&"made here".into(), &"team:read".into(), &"2099-05-03T07:12:00.000Z".into()));
            assert_eq!(made["maker"], json!(maker));
            let (id, value) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
            assert_eq!(who(&world.node, value).await.json()["id"], id);
            let all = ask(&world.node, "GET", "/teams/acme/tokens?limit=1", caller, "").await;
            assert!(!all.body.contains(value));
            let next = all.json()["next"].as_str().unwrap().to_owned();
            let rest = ask(&world.node, "GET", &format!("/teams/acme/tokens?after={next}"), caller, "").await.json();
            let ids = [&all.json()["items"], &rest["items"]].map(|items| items.as_array().unwrap().len());
            assert_eq!((ids, &rest["next"]), ([1, 1], &json!(null)));
            let address = format!("/teams/acme/tokens/{id}");
            assert_eq!(ask(&world.node, "DELETE", &address, caller, "").await.status, 204);
            assert_eq!(who(&world.node, value).await.status, 401);
            assert_eq!(problem(&ask(&world.node, "DELETE", &address, caller, "").await), refused(404, "token_unknown"));
        }
        assert_eq!(deeds(&world).len(), 5);
        let elsewhere = ask(&world.node, "DELETE", &format!("/teams/globex/tokens/{}", admins.id), &operator, "").await;
        assert_eq!(problem(&elsewhere), refused(404, "token_unknown"));
        for odd in ["%00", "x", "%ff", "'", &"0".repeat(26), &"0".repeat(5000)] {
            let answer = ask(&world.node, "DELETE", &format!("/teams/acme/tokens/{odd}"), &operator, "").await;
            assert_eq!(answer.status, 404, "{odd}: {}", answer.body);
        }
        assert_eq!(problem(&ask(&world.node, "GET", "/teams/nobody/tokens", &operator, "").await), refused(404, "team_unknown"));
    }

    async fn a_body_that_is_not_right_makes_no_token(db) {
        let world = World::new(db).await;
        let operator = command(&world, db, &["operator", "add-token", "deploy"]).out.trim().to_owned();
        let table = [
            ("{}", "json_invalid"),
            (r#"{"name":7}"#, "json_invalid"),
            (r#"{"name":""}"#, "name_invalid"),
            (r#"{"name":"<b>"}"#, "name_invalid"),
            (r#"{"name":"x","scope":"operator"}"#, "json_invalid"),
            (r#"{"name":"x","scope":["product"]}"#, "json_invalid"),
            (r#"{"name":"x","scope":"product","team_id":"globex"}"#, "json_invalid"),
            (r#"{"name":"x","maker":"somebody"}"#, "json_invalid"),
            (r#"{"name":"x","expires_at":"tomorrow"}"#, "json_invalid"),
            (r#"{"name":"x","expires_at":"2001-01-01T00:00:00Z"}"#, "json_invalid"),
            (r#"{"name":"x","expires_at":1}"#, "json_invalid"),
            (r#"["x"]"#, "json_invalid"),
        ];
        for (body, code) in table {
            let answer = ask(&world.node, "POST", "/teams/acme/tokens", &operator, body).await;
            assert_eq!(problem(&answer), refused(422, code), "{body}");
        }
        assert_eq!(ask(&world.node, "GET", "/teams/acme/tokens", &operator, "").await.json()["items"], json!([]));
        let description = Browser::default().get(&world.at("/api/v1/openapi.json")).await.json();
        assert_eq!(description["components"]["securitySchemes"]["team_token"]["bearerFormat"], "tdt_…");
    }
}
