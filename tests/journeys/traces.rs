//! A colleague could not come in: with the reference from their screen the team's own admin reads why and what to do,
//! and so do operators. Nobody else does.

use std::time::Duration;

use mock_idp::{AuthorizeFault, DiscoveryFault, Person, SignatureFault, TokenFault};
use serde_json::{Value, json};
use support::{Answer, Browser, World, command, on_both};
use vocabulary::{Clock as _, Domain, ReferenceId};

use crate::situations::{assert_told, to_callback};

const LIST: &str = "/settings/sso/sign-ins";

/// What the admin reads about the reference on somebody's screen, typed as people type.
async fn read(world: &World, admin: &Browser, team_id: &str, screen: &Answer) -> Answer {
    assert!(screen.body.contains("admin can look it up."), "{}", screen.body);
    let reference = screen.reference().unwrap();
    let typed = reference.to_lowercase().replace('-', "");
    let list = world.at(&format!("/t/{team_id}{LIST}"));
    let found = admin.get(&format!("{list}?reference=+{typed}+")).await;
    assert_eq!(found.location().unwrap().path(), format!("/t/{team_id}{LIST}/{reference}"));
    let page = admin.open(&format!("{list}?reference={typed}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let all = admin.get(&list).await;
    assert!(all.body.contains(&format!("{LIST}/{reference}\"")), "{}", all.body);
    page
}

#[track_caller]
fn says(page: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(page.body.contains(text), "no {text}: {}", page.body);
    }
}

async fn try_in(world: &World, team_id: &str, who: &str) -> Answer {
    world.sign_in_with(&Browser::default(), team_id, who).await
}

/// Keeps one more refused sign-in of Acme, past the limit of what one address may leave.
fn keep(world: &World, n: u64) {
    let row = audit::Refused {
        reference: ReferenceId::parse(&format!("{n:0>8}")).unwrap(),
        team: crate::eyes::team("acme"),
        stage: "authorization",
        cause: "idp_refused",
        detail: String::new(),
        claims: Vec::new(),
        timings: audit::Timings::default(),
    };
    // Some of them at the same moment.
    let now = world.clock.now().plus(Duration::from_millis(n / 3));
    world.node.house.database.write(now, |tx| audit::refused(tx, &row)).unwrap();
}

on_both! {
    async fn an_admin_finds_what_the_provider_said_by_the_reference(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        world.idp.edit_client("acme", "client-of-acme", |client| client.assigned = Some(vec!["ada@acme.test".to_owned()]));
        let page = try_in(&world, "acme", "bob@acme.test").await;
        assert_eq!(page.code(), Some("idp_not_assigned"));
        says(&read(&world, &ada, "acme", &page).await, &[
            "The person is not assigned to this app at the identity provider.",
            "<b>For the administrator of your sign-in service:</b> Assign the person, or one of their groups",
            "in its own words:", "User is not assigned to the client application.",
            "You don&#39;t have access yet", "It ended before any claims came",
        ]);

        world.idp.edit_client("acme", "client-of-acme", |client| {
            client.assigned = None;
            "rotated".clone_into(&mut client.client_secret);
        });
        let page = try_in(&world, "acme", "bob@acme.test").await;
        assert_eq!(page.code(), Some("idp_client_rejected"));
        says(&read(&world, &ada, "acme", &page).await, &[
            "rejected the client ID or the client secret (expired or rotated?)", "Make a new client secret", "<dt>Token</dt>",
        ]);

        world.idp.misbehave("acme", DiscoveryFault::OtherIssuer);
        let fresh = world.second_node();
        let page = Browser::default().get(&fresh.at("/t/acme/login")).await;
        assert_told(&page, 502, "idp_issuer_mismatch", "SSO for Acme is misconfigured. Ask your administrator to check the sign-in settings.");
        says(&read(&world, &ada, "acme", &page).await, &[
            "calls itself by another issuer", "<b>For you:</b> Open the single sign-on settings",
        ]);

        let page = Browser::default().get(&world.at("/t/acme/launch?iss=https://evil.example")).await;
        says(&read(&world, &ada, "acme", &page).await, &["A tile of another identity provider was pressed", "the tile"]);
    }

    async fn claims_are_named_and_never_quoted_and_stages_are_measured(db) {
        let world = World::new(db).await;
        world.add_registered_team("picky", "acme", "ada@acme.test", |new, _| {
            new.options.domains = vec![Domain::parse("acme.test").unwrap()];
        });
        let ada = world.sign_in("picky", "ada@acme.test").await;
        world.idp.add_person("acme", Person::named("Eve Canary", "eve@canary.test"));
        let browser = Browser::default();
        let subject = Person::named("Eve Canary", "eve@canary.test").subject;
        let callback = to_callback(&browser, &world.at("/t/picky/login"), &subject).await;
        world.clock.forward(Duration::from_millis(5_260));
        let page = browser.get(&callback).await;
        assert_eq!(page.code(), Some("email_domain"));
        let told = read(&world, &ada, "picky", &page).await;
        says(&told, &["in none of the domains", "<code>email</code>", "<code>nonce</code>", "<dd>5.2 s</dd>", "<b>For you:</b>"]);
        for secret in ["Canary", "canary.test", "practice-secret"] {
            assert!(!told.body.contains(secret), "{secret}: {}", told.body);
        }

        let operator = format!("Bearer {}", command(&world, db, &["operator", "add-token", "traces"]).out.trim());
        let reference = page.reference().unwrap();
        let address = world.at(&format!("/api/v1/sign-ins?reference={reference}"));
        let answer = Browser::default().get_with(&address, &[("authorization", &operator)]).await.json();
        let item = &answer["items"][0];
        assert_eq!((&item["cause"], &item["remedy_for"]), (&json!("email_domain"), &json!("team_admin")), "{item}");
        assert!(item["message"].as_str().unwrap().contains("domains") && item["remedy"].is_string(), "{item}");
        assert_eq!((&item["timings"]["away"], &item["timings"]["userinfo"]), (&json!(5_260), &Value::Null), "{item}");
        assert!(item["timings"]["token"].is_number() && item["timings"]["whole"].is_number(), "{item}");
        assert!(item["claims"].as_array().unwrap().contains(&json!("email")), "{item}");
        let said = command(&world, db, &["sign-in", "list", "--reference", reference, "--json"]).out;
        assert_eq!(&serde_json::from_str::<Value>(&said).unwrap()["items"][0], item);
        let said = command(&world, db, &["sign-in", "list", "--reference", reference]).out;
        assert!(said.contains("in none of the domains") && said.contains("away 5260 ms") && said.contains("claims: "), "{said}");
    }

    async fn a_token_that_is_not_believed_names_no_claims_and_one_of_another_attempt_does(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        world.idp.misbehave("acme", SignatureFault::AlgNone);
        let page = try_in(&world, "acme", "bob@acme.test").await;
        says(&read(&world, &ada, "acme", &page).await, &["did not pass a check", "its algorithm is not one we believe", "ended before any claims"]);
        world.idp.behave("acme");
        world.idp.misbehave("acme", mock_idp::ClaimsFault::NonceOther);
        let page = try_in(&world, "acme", "bob@acme.test").await;
        assert_eq!(page.code(), Some("id_token_invalid"));
        says(&read(&world, &ada, "acme", &page).await, &["nonce is missing or belongs to another attempt", "<code>nonce</code>"]);
    }

    async fn traces_are_the_teams_own_admins_alone(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let gil = world.sign_in("globex", "gil@globex.test").await;
        world.idp.misbehave("acme", AuthorizeFault::AccessDenied);
        let page = try_in(&world, "acme", "cyd@acme.test").await;
        let reference = page.reference().unwrap();
        for path in [format!("/t/acme{LIST}"), format!("/t/acme{LIST}/{reference}"), format!("/t/acme{LIST}?reference={reference}")] {
            let answer = bob.get(&world.at(&path)).await;
            assert_told(&answer, 403, "not_admin", "Only team admins can see why sign-ins were refused.");
            assert_eq!(ada.open(&world.at(&path)).await.status, 200, "{path}");
            assert_eq!(gil.get(&world.at(&path)).await.location().unwrap().path(), "/t/acme/login");
        }
        for strange in [reference, "7K2F-9QXM", "nothing", "%00"] {
            let answer = gil.get(&world.at(&format!("/t/globex{LIST}/{strange}"))).await;
            assert_eq!((answer.status, answer.code()), (404, Some("not_found")), "{strange}");
            let answer = gil.get(&world.at(&format!("/t/globex{LIST}?reference={strange}"))).await;
            assert_eq!(answer.status, 200);
            says(&answer, &["No refused sign-in of this team has the reference"]);
            assert!(!answer.body.contains("cancelled"), "{}", answer.body);
        }
    }

    async fn a_long_list_goes_on_page_by_page(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let page = ada.get(&world.at(&format!("/t/acme{LIST}"))).await;
        says(&page, &["No sign-in was refused", "redirect URI that is not registered there letter by letter"]);
        for n in 0..51 {
            keep(&world, n);
        }
        let first = ada.get(&world.at(&format!("/t/acme{LIST}"))).await;
        assert_eq!(first.body.matches("<tr><td>").count(), 50);
        let second = ada.get(&world.at(&first.button("Next").unwrap())).await;
        assert_eq!(second.body.matches("<tr><td>").count(), 1);
        assert_eq!(second.button("Previous").as_deref(), Some("/t/acme/settings/sso/sign-ins"));
        let strange = ada.get(&world.at(&format!("/t/acme{LIST}?after=anything"))).await;
        assert_eq!(strange.body.matches("<tr><td>").count(), 50);
    }

    async fn what_is_wrong_with_the_provider_is_told_where_it_was_asked(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        world.idp.misbehave("acme", TokenFault::InvalidGrant);
        let page = try_in(&world, "acme", "bob@acme.test").await;
        says(&read(&world, &ada, "acme", &page).await, &["did not take back the code", "invalid_grant", "<b>For the person:</b>"]);
    }
}
