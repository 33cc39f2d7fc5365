//! Personal tokens: each is its person's alone, and tells a product who that is.

use std::time::Duration;

use audit::Act;
use mock_idp::Person;
use serde_json::json;
use support::{World, command, on_both};
use teams::Edit;
use vocabulary::{ClientSecret, Issuer};

use super::{ADA, BOB, act, ask, change, choose, kept, make, problem, read, refused, send_form, soon, who};
use crate::eyes;

const CYD: &str = "cyd@acme.test";
const DAY: Duration = Duration::from_hours(24);

on_both! {
    async fn a_personal_token_is_its_persons_and_an_admin_may_only_end_it(db) {
        let world = World::new(db).await;
        let (ada, bob, cyd) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await, world.sign_in("acme", CYD).await);
        choose(&world, &ada, "personal", "no").await;
        let old = make(&world, &bob, "laptop", "product").await;
        let rotated = act(&world, &bob, &old, "rotate").await;
        let token = read(&bob, rotated).await;
        assert_eq!(who(&world.node, &old.value).await.status, 401);
        let person = eyes::person(&world.node.house.database, "acme", BOB).person.id;
        assert_eq!(who(&world.node, &token.value).await.json(), json!({
            "kind": "team", "team_id": "acme", "team_name": "Acme", "sso_required": false, "scope": "product",
            "id": token.id, "name": "laptop", "expires_at": null,
            "person": { "id": person, "email": BOB, "name": "Bob Kahn", "role": "member" },
        }));
        assert_eq!(problem(&ask(&world.node, "GET", "/teams/acme/people", &token.value, "").await), refused(403, "scope_missing"));

        let list = cyd.get(&world.at("/t/acme/tokens")).await.body;
        assert!(!list.contains("laptop"), "{list}");
        let csrf = |page: &support::Answer| page.hidden("csrf").unwrap();
        for act in ["rotate", "revoke", "reveal"] {
            let address = world.at(&format!("/t/acme/tokens/{}/{act}", token.id));
            let form = [("csrf", csrf(&cyd.get(&world.at("/t/acme/tokens")).await)), ("version", "2".to_owned())];
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!((cyd.get(&address).await.status, cyd.post(&address, &form).await.status), (404, 404), "{act}");
        }

        let list = ada.get(&world.at("/t/acme/tokens")).await;
        let row = list.row("laptop").unwrap();
        assert!(row.contains("Personal") && row.contains("by Bob Kahn") && !row.contains("/rotate") && row.contains("/revoke"), "{row}");
        let address = world.at(&format!("/t/acme/tokens/{}/rotate", token.id));
        let asked = ada.get(&address).await;
        let sent = ada.post(&address, &[("csrf", &csrf(&list)), ("version", "2")]).await;
        for answer in [asked, sent] {
            assert_eq!((answer.status, answer.code()), (403, Some("token_personal")));
        }
        assert_eq!(who(&world.node, &token.value).await.status, 200);
        for (browser, told) in [(&ada, true), (&bob, true), (&cyd, false)] {
            let activity = browser.get(&world.at("/t/acme/activity")).await.body;
            assert!(activity.contains("made the API token"));
            assert_eq!(activity.contains("laptop"), told, "what it is called is its person's matter");
        }
        assert_eq!(act(&world, &ada, &token, "revoke").await.status, 303);
        assert_eq!(who(&world.node, &token.value).await.status, 401);
    }

    async fn a_choice_leaves_what_is_there_as_it_is(db) {
        let world = World::new(db).await;
        let (ada, bob, cyd) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await, world.sign_in("acme", CYD).await);
        let shared = make(&world, &bob, "build-server", "product").await;
        choose(&world, &ada, "personal", "no").await;
        assert_eq!(who(&world.node, &shared.value).await.json()["person"], json!(null));
        let list = cyd.get(&world.at("/t/acme/tokens")).await.body;
        assert!(list.contains("build-server") && list.contains("Shared ones of before"), "{list}");
        let rotated = act(&world, &cyd, &shared, "rotate").await;
        let shared = read(&cyd, rotated).await;
        assert_eq!(who(&world.node, &shared.value).await.json()["person"], json!(null), "it stays shared");
        let own = make(&world, &bob, "laptop", "product").await;
        choose(&world, &ada, "shared", "no").await;
        assert_eq!(who(&world.node, &own.value).await.json()["person"]["name"], "Bob Kahn");
        assert!(!cyd.get(&world.at("/t/acme/tokens")).await.body.contains("laptop"));
        let rotated = act(&world, &bob, &own, "rotate").await;
        let own = read(&bob, rotated).await;
        assert_eq!(who(&world.node, &own.value).await.json()["person"]["name"], "Bob Kahn", "it stays theirs");
        assert_eq!(act(&world, &cyd, &shared, "revoke").await.status, 303);
        let all: Vec<_> = kept(&world).into_iter().map(|(name, personal, ..)| (name, personal)).collect();
        assert_eq!(all.len(), 2);
        assert!(all.contains(&("laptop".to_owned(), true)) && all.contains(&("build-server".to_owned(), false)));
    }

    async fn who_is_no_person_makes_no_personal_token(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let operator = command(&world, db, &["operator", "add-token", "deploy"]).out.trim().to_owned();
        choose(&world, &ada, "personal", "no").await;
        let admins = make(&world, &ada, "sync", "team:admin").await;
        for caller in [&operator, &admins.value] {
            let answer = ask(&world.node, "POST", "/teams/acme/tokens", caller, r#"{"name":"app"}"#).await;
            assert_eq!(problem(&answer), refused(403, "token_personal"));
            let of_admins = ask(&world.node, "POST", "/teams/acme/tokens", caller, r#"{"name":"x","scope":"team:read"}"#).await;
            assert_eq!((of_admins.status, &of_admins.json()["personal"]), (201, &json!(false)));
        }
        let said = command(&world, db, &["token", "create", "acme", "--name", "app"]);
        assert!(!said.done && said.err.contains("personal"), "{}", said.err);
        let own = make(&world, &ada, "laptop", "product").await;
        let listed = ask(&world.node, "GET", "/teams/acme/tokens", &admins.value, "").await.json();
        let token = listed["items"].as_array().unwrap().iter().find(|token| token["id"] == own.id).unwrap();
        assert_eq!((&token["personal"], &token["state"], &token["maker_left"]), (&json!(true), &json!("live"), &json!(false)));
        assert!(command(&world, db, &["token", "list", "acme"]).out.contains("laptop  (personal)"));
        assert!(command(&world, db, &["token", "revoke", "acme", &own.id]).done);
        assert_eq!(who(&world.node, &own.value).await.status, 401);
    }

    async fn a_person_has_twenty_at_most_and_they_do_not_count_against_the_teams(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        choose(&world, &ada, "personal", "no").await;
        for n in 0..tokens::team::MOST_PERSONAL {
            let made = send_form(&world, &bob, &[("name", &format!("number {n}")), ("lasts", "")]).await;
            assert_eq!(made.status, 303, "{n}");
        }
        let answer = send_form(&world, &bob, &[("name", "one more"), ("lasts", "")]).await;
        assert_eq!((answer.status, answer.code()), (409, Some("token_limit")));
        make(&world, &ada, "hers", "product").await;
        let mut page = ada.get(&world.at("/t/acme/tokens")).await;
        let mut seen = page.body.matches("<tr id=\"t-").count();
        while let Some(next) = page.between("rel=\"next\" href=\"", "\"") {
            page = ada.get(&world.at(next)).await;
            seen += page.body.matches("<tr id=\"t-").count();
        }
        assert_eq!(seen, 21);
    }

    async fn it_stops_when_its_person_has_not_signed_in_for_thirty_days_and_works_again_when_they_do(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let bob = world.sign_in("acme", BOB).await;
        choose(&world, &ada, "personal", "no").await;
        let own = make(&world, &bob, "laptop", "product").await;
        assert_eq!(who(&world.node, &own.value).await.status, 200);
        world.clock.forward(20 * DAY);
        world.sign_in("acme", BOB).await;
        world.clock.forward(30 * DAY);
        assert_eq!(who(&world.node, &own.value).await.status, 200, "thirty days after the last sign-in, not the first");
        world.clock.forward(Duration::from_secs(1));
        assert_eq!(problem(&who(&world.node, &own.value).await), refused(401, "token_invalid"));
        let ada = world.sign_in("acme", ADA).await;
        let list = ada.get(&world.at("/t/acme/tokens")).await;
        let row = list.row("laptop").unwrap();
        assert!(row.contains("Stopped") && row.contains("works again when they do") && !row.contains("Maker left"), "{row}");
        let operator = command(&world, db, &["operator", "add-token", "deploy"]).out.trim().to_owned();
        let listed = ask(&world.node, "GET", "/teams/acme/tokens", &operator, "").await.json();
        assert_eq!((&listed["items"][0]["state"], &listed["items"][0]["maker_left"]), (&json!("maker_away"), &json!(false)));
        world.sign_in("acme", BOB).await;
        assert_eq!(who(&world.node, &own.value).await.status, 200);
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::TeamTokenRevoked), 0, "it was never ended");
    }

    async fn the_limit_is_the_operators_setting(db) {
        let world = World::with(db, &[("TOKENS__PERSONAL_MAX_AUTH_AGE", "1h")]).await;
        let ada = world.sign_in("acme", ADA).await;
        choose(&world, &ada, "personal", "no").await;
        let own = make(&world, &ada, "laptop", "product").await;
        assert!(ada.get(&world.at("/t/acme/tokens")).await.body.contains("not signed in for 60 minutes"));
        world.clock.forward(Duration::from_hours(1));
        assert_eq!(who(&world.node, &own.value).await.status, 200);
        world.clock.forward(Duration::from_secs(1));
        assert_eq!(who(&world.node, &own.value).await.status, 401);
    }

    async fn a_product_hears_of_the_person_as_they_are_now(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        choose(&world, &ada, "personal", "no").await;
        let own = make(&world, &bob, "laptop", "product").await;
        let about = |node| { let value = own.value.clone(); async move { who(node, &value).await.json()["person"].clone() } };
        assert_eq!((about(&world.node).await["role"].clone(), about(&other).await["email"].clone()), (json!("member"), json!(BOB)));
        change(&world, &ada, "Bob Kahn", "role", &[("role", "admin")]).await;
        assert_eq!(about(&world.node).await["role"], "admin");
        let sub = Person::named("Bob Kahn", BOB).subject;
        world.idp.edit_person("acme", &sub, |person| {
            person.email = Some("robert@acme.test".to_owned());
            person.name = Some("Robert Kahn".to_owned());
        });
        let browser = support::Browser::default();
        world.sign_in_with(&browser, "acme", &sub).await;
        let told = about(&world.node).await;
        assert_eq!((&told["email"], &told["name"]), (&json!("robert@acme.test"), &json!("Robert Kahn")));
        soon("the other node hears of it", || async { about(&other).await["name"] == "Robert Kahn" }).await;
    }

    async fn who_comes_by_a_provider_that_was_replaced_has_no_token_that_works(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        choose(&world, &ada, "personal", "no").await;
        let own = make(&world, &ada, "laptop", "product").await;
        let issuer = Issuer::parse(&world.idp.issuer("globex")).ok();
        let client_secret = ClientSecret::parse("another-practice-secret");
        world.set("acme", &Edit { issuer, client_secret, ..Edit::default() });
        assert_eq!(who(&world.node, &own.value).await.status, 401);
        let listed = command(&world, db, &["token", "list", "acme", "--json"]).out;
        assert!(listed.contains("\"maker_away\"") && listed.contains("\"maker_left\": true"), "{listed}");
    }
}
