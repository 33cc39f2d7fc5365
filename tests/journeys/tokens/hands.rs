//! Who may do what with a team's tokens: everybody with the product's, admins with those for admins.

use audit::Actor;
use support::{Browser, World, command, on_both};

use super::{ADA, BOB, Token, act, ask, deeds, make, problem, read, refused, send_form, who};
use crate::eyes;

async fn list(world: &World, browser: &Browser) -> String {
    browser.get(&world.at("/t/acme/tokens")).await.body
}

/// Both acts on a token by somebody who does not see it.
async fn refused_both(world: &World, browser: &Browser, token: &Token) {
    for act in ["rotate", "revoke"] {
        let address = world.at(&format!("/t/acme/tokens/{}/{act}", token.id));
        assert_eq!(browser.get(&address).await.status, 404, "{act}");
        let csrf = browser.get(&world.at("/t/acme/tokens")).await.hidden("csrf").unwrap();
        let answer = browser.post(&address, &[("csrf", &csrf), ("version", "1")]).await;
        assert_eq!((answer.status, answer.code()), (404, Some("not_found")), "{act}");
    }
}

on_both! {
    async fn the_products_tokens_belong_to_everybody(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        let cyd = world.sign_in("acme", "cyd@acme.test").await;
        let token = make(&world, &bob, "nightly build", "product").await;
        let told = who(&world.node, &token.value).await;
        assert_eq!(told.status, 200);
        assert_eq!(told.json(), serde_json::json!({
            "kind": "team", "team_id": "acme", "team_name": "Acme", "sso_required": false, "scope": "product",
            "id": token.id, "name": "nightly build", "expires_at": null, "person": null,
        }));
        assert!(list(&world, &ada).await.contains("nightly build") && list(&world, &cyd).await.contains("by Bob Kahn"));
        let rotated = act(&world, &cyd, &token, "rotate").await;
        let token = read(&cyd, rotated).await;
        let revoked = act(&world, &bob, &token, "revoke").await;
        assert_eq!(revoked.status, 303);
        assert!(bob.follow(revoked).await.body.contains("The token is revoked."));
        assert_eq!(problem(&who(&world.node, &token.value).await), refused(401, "token_invalid"));
        assert!(!list(&world, &ada).await.contains("nightly build"));
        let database = &world.node.house.database;
        let person = |email| Actor::Person(eyes::person(database, "acme", email).person.id);
        let actors: Vec<Actor> = deeds(&world).into_iter().map(|entry| entry.actor).collect();
        assert_eq!(actors, [person(BOB), person("cyd@acme.test"), person(BOB)]);
        let activity = ada.get(&world.at("/t/acme/activity")).await.body;
        for words in ["made the API token", "gave a new value to the API token", "revoked the API token"] {
            assert!(activity.contains(words), "{words}");
        }
        assert_eq!(activity.matches("<b>nightly build</b>").count(), 3, "the name of a revoked one is still told");
    }

    async fn tokens_for_admins_are_made_seen_and_ended_by_admins_alone(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        for scope in ["team:read", "team:admin"] {
            let answer = send_form(&world, &bob, &[("name", "mine"), ("scope", scope), ("lasts", "")]).await;
            assert_eq!((answer.status, answer.code()), (403, Some("not_admin")), "{scope}");
            let token = make(&world, &ada, "sync", scope).await;
            assert_eq!(who(&world.node, &token.value).await.json()["scope"], scope);
            let page = list(&world, &bob).await;
            assert!(!page.contains(">sync") && !page.contains(scope), "{page}");
            refused_both(&world, &bob, &token).await;
            assert_eq!(act(&world, &ada, &token, "revoke").await.status, 303);
        }
        assert_eq!(deeds(&world).len(), 4);
    }

    async fn another_teams_tokens_are_unknown(db) {
        let world = World::new(db).await;
        let (ada, gil) = (world.sign_in("acme", ADA).await, world.sign_in("globex", "gil@globex.test").await);
        let token = make(&world, &ada, "nightly build", "product").await;
        let csrf = gil.get(&world.at("/t/globex/tokens")).await.hidden("csrf").unwrap();
        for act in ["rotate", "revoke"] {
            let address = world.at(&format!("/t/globex/tokens/{}/{act}", token.id));
            assert_eq!(gil.get(&address).await.status, 404);
            assert_eq!(gil.post(&address, &[("csrf", &csrf), ("version", "1")]).await.status, 404, "{act}");
        }
        assert_eq!(who(&world.node, &token.value).await.status, 200);
    }

    async fn an_operator_makes_lists_and_revokes_at_the_command_line(db) {
        let world = World::new(db).await;
        let made = command(&world, db, &["token", "create", "acme", "--name", "nightly", "--scope", "team:read", "--expires", "30d"]);
        assert!(made.done && made.err.is_empty(), "{}", made.err);
        let value = made.out.trim_end().to_owned();
        assert_eq!((made.out.lines().count(), value.len()), (1, 43), "the token alone");
        assert_eq!(ask(&world.node, "GET", "/teams/acme/people", &value, "").await.status, 200);
        let listed = command(&world, db, &["token", "list", "acme", "--json"]).out;
        let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
        let token = &listed["items"][0];
        assert_eq!((&token["name"], &token["scope"], &token["state"], &token["maker"]), (&"nightly".into(), &"team:read".into(), &"live".into(), &serde_json::Value::Null));
        assert!(token["expires_at"].is_string() && token["last_used_at"].is_string(), "{token}");
        let id = token["id"].as_str().unwrap();
        assert!(command(&world, db, &["token", "list", "acme"]).out.starts_with(id));
        let ada = world.sign_in("acme", ADA).await;
        assert!(list(&world, &ada).await.contains("by the operator"));
        assert!(!command(&world, db, &["token", "revoke", "globex", id]).done, "of another team");
        assert!(command(&world, db, &["token", "revoke", "acme", id]).done);
        let again = command(&world, db, &["token", "revoke", "acme", id]);
        assert!(!again.done && again.err.contains("no such token"), "{}", again.err);
        assert_eq!(who(&world.node, &value).await.status, 401);
        for wrong in [
            vec!["token", "create", "acme", "--name", "<b>"],
            vec!["token", "create", "acme", "--name", "x", "--expires", "0d"],
            vec!["token", "create", "acme", "--name", "x", "--scope", "everything"],
            vec!["token", "create", "nobody", "--name", "x"],
            vec!["token", "create", "acme"],
        ] {
            let said = command(&world, db, &wrong);
            assert!(!said.done && said.out.is_empty() && !said.err.is_empty(), "{wrong:?}");
        }
        let actors: Vec<Actor> = deeds(&world).into_iter().map(|entry| entry.actor).collect();
        assert_eq!(actors, [Actor::CommandLine, Actor::CommandLine]);
    }

    async fn a_team_has_a_hundred_tokens_at_most(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        for n in 0..100 {
            let made = send_form(&world, &bob, &[("name", &format!("number {n}")), ("lasts", "")]).await;
            assert_eq!(made.status, 303, "{n}");
        }
        let answer = send_form(&world, &bob, &[("name", "one more"), ("lasts", "")]).await;
        assert_eq!((answer.status, answer.code()), (409, Some("token_limit")));
        let said = command(&world, db, &["token", "create", "acme", "--name", "x"]);
        assert!(!said.done && said.err.contains("at most 100"), "{}", said.err);
        let (mut seen, mut page) = (0, bob.get(&world.at("/t/acme/tokens")).await);
        loop {
            assert!(page.body.len() < 30_000, "{} bytes", page.body.len());
            seen += page.body.matches("<tr id=\"t-").count();
            let Some(next) = page.between("rel=\"next\" href=\"", "\"") else { break };
            page = bob.get(&world.at(next)).await;
        }
        assert_eq!(seen, 100, "page after page");
    }
}
