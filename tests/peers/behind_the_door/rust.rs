//! Ledger, the sample product, in front of the real service: the story that the demo tells, and a team's API token.

use std::time::Duration;

use actix_web::dev::ServerHandle;
use ledger::Config;
use support::{Answer, Browser, TestDatabase, World, command, on_both};
use url::form_urlencoded;

use super::guide::{Guide, follow};
use super::product::{go, place, register};
use crate::program::{Program, built_program};

on_both! {
    async fn a_tile_leads_into_ledger_where_teams_share_and_roles_and_endings_count_at_once(db) {
        let world = World::new(db).await;
        let ledger = Ledger::behind(&world, db);
        let (ada, bob) = (Browser::default(), Browser::default());
        let page = ledger.arrive(&world, &ada, "ada@acme.test").await;
        assert!(page.body.contains("Ada Lovelace, admin of Acme"), "{}", page.body);
        assert_eq!(ada.post(&ledger.at("/models"), &[("name", "Falcon")]).await.status, 303);
        assert_eq!(ada.get(&ledger.at("/billing")).await.status, 200);

        let page = ledger.arrive(&world, &bob, "bob@acme.test").await;
        assert!(page.body.contains("Falcon <small>added by Ada Lovelace"), "{}", page.body);
        assert_eq!(bob.get(&ledger.at("/billing")).await.status, 403);
        let team = world.team_page(&ada, "acme").await;
        let changed = world.change(&ada, &team, "bob@acme.test", "role", &[("role", "admin")]).await;
        assert_eq!(changed.status, 303, "{}", changed.body);
        let billing = bob.get(&ledger.at("/billing")).await;
        assert!(billing.status == 200 && billing.body.contains("Billing of Acme"), "{}", billing.body);

        let team = world.team_page(&ada, "acme").await;
        let changed = world.change(&ada, &team, "bob@acme.test", "deactivate", &[]).await;
        assert_eq!(changed.status, 303, "{}", changed.body);
        actix_web::rt::time::sleep(Duration::from_secs(1)).await;
        // Ledger asks nobody about a session that it was told has ended: no redirect.
        let page = bob.get(&ledger.at("/")).await;
        assert!(page.status == 200 && page.body.contains(">Sign in</a>"), "{} {}", page.status, page.body);
        assert_eq!(ada.get(&ledger.at("/billing")).await.status, 200, "she stays");
        ledger.stop().await;
    }

    async fn each_team_has_its_own_models_and_the_tile_names_the_team(db) {
        let world = World::new(db).await;
        let ledger = Ledger::behind(&world, db);
        let ada = Browser::default();
        ledger.arrive(&world, &ada, "ada@acme.test").await;
        ada.post(&ledger.at("/models"), &[("name", "Falcon")]).await;
        let labs = go(&ada, &ledger.at("/login?team_id=acme-labs"), "ada@acme.test").await;
        assert!(labs.body.contains("Models of Acme-labs") && !labs.body.contains("Falcon"), "{}", labs.body);
        let acme = go(&ada, &ledger.at("/login?team_id=acme"), "ada@acme.test").await;
        assert!(acme.body.contains("Models of Acme<") && acme.body.contains("Falcon"), "{}", acme.body);
        ledger.stop().await;
    }

    async fn whoever_signs_out_in_ledger_is_out_at_the_door_and_back(db) {
        let world = World::new(db).await;
        let ledger = Ledger::behind(&world, db);
        let ada = Browser::default();
        ledger.arrive(&world, &ada, "ada@acme.test").await;
        let out = ada.post(&ledger.at("/logout"), &[]).await;
        let page = ada.follow(out).await;
        assert_eq!(page.url.as_str(), ledger.at("/"), "{}", page.body);
        assert!(page.body.contains(">Sign in</a>"), "{}", page.body);
        assert_eq!(world.sessions_of("acme"), 0);
        ledger.stop().await;
    }

    async fn an_access_token_that_ran_out_is_renewed_while_the_session_lasts(db) {
        let world = World::new(db).await;
        let ledger = Ledger::behind(&world, db);
        let ada = Browser::default();
        ledger.arrive(&world, &ada, "ada@acme.test").await;
        world.clock.forward(Duration::from_mins(11));
        let again = ada.get(&ledger.at("/billing")).await;
        assert_eq!(again.status, 303, "{}", again.body);
        let page = ada.follow(again).await;
        assert_eq!((page.status, page.url.as_str()), (200, ledger.at("/billing").as_str()), "{}", page.body);
        world.clock.forward(Duration::from_hours(9));
        let page = ada.open(&ledger.at("/billing")).await;
        assert!(page.status == 403 && page.body.contains("You are signed out"), "{}", page.body);
        ledger.stop().await;
    }

    async fn a_team_token_opens_the_models_of_its_team_and_nothing_else_does(db) {
        let world = World::new(db).await;
        let ledger = Ledger::behind(&world, db);
        let ada = Browser::default();
        ledger.arrive(&world, &ada, "ada@acme.test").await;
        ada.post(&ledger.at("/models"), &[("name", "Falcon")]).await;
        let token = |words: &[&str]| command(&world, db, words).out.trim().to_owned();
        let acme = token(&["token", "create", "acme", "--name", "build"]);
        let globex = token(&["token", "create", "globex", "--name", "build"]);
        let operator = token(&["operator", "add-token", "deploy"]);
        let (status, body) = ledger.models(&format!("Bearer {acme}")).await;
        assert_eq!((status, body.as_str()), (200, r#"[{"name":"Falcon","added_by":"Ada Lovelace"}]"#));
        assert_eq!(ledger.models(&format!("Bearer {globex}")).await, (200, "[]".to_owned()));
        for wrong in ["", "Bearer ", "Bearer tdt_x", "Basic x", &format!("Bearer {operator}"), &format!("Bearer {acme}x")] {
            assert_eq!(ledger.models(wrong).await.0, 401, "{wrong:?}");
        }
        ledger.stop().await;
    }

    async fn the_guide_for_rust_leads_to_a_product_that_knows_who_came(db) {
        let (world, guide) = (World::new(db).await, Guide::read("rust.md"));
        // What is built with this test is what stands in the guide, but for where `door.rs` lies.
        let built = include_str!("../../../crates/ledger/guide/main.rs");
        let (_, code) = built.split_once("\n\n").expect("what it is, then the code");
        assert_eq!(guide.file("main.rs"), code.replace("#[path = \"../src/door.rs\"]\n", ""));
        follow(&world, &guide, |place| {
            Program::start(built_program("behind-the-door").envs(place.environment.clone()))
        })
        .await;
    }
}

/// Ledger, registered with a world.
struct Ledger {
    base: String,
    handle: ServerHandle,
}

impl Ledger {
    fn behind(world: &World, db: &TestDatabase) -> Self {
        let (listener, base) = place();
        let at = |path: &str| format!("{base}{path}");
        let words = [
            "--name=Ledger",
            &format!("--redirect-uri={}", at("/callback")),
            &format!("--post-logout-redirect-uri={}", at("/")),
            &format!("--initiate-login-uri={}", at("/login")),
            &format!("--backchannel-logout-uri={}", at("/backchannel-logout")),
        ];
        let client = register(world, db, &words);
        let config = Config {
            base_url: base.clone(),
            issuer: world.node.base.clone(),
            client_id: client.id,
            client_secret: client.secret.expect("a secret"),
        };
        Self { base, handle: ledger::start(listener, config).expect("a ledger") }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Presses Ledger's tile in the practice provider's dashboard.
    async fn arrive(&self, world: &World, browser: &Browser, email: &str) -> Answer {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("iss", &world.idp.issuer("acme"))
            .append_pair("target_link_uri", &self.at("/"))
            .finish();
        let page = go(browser, &world.at(&format!("/t/acme/launch?{query}")), email).await;
        assert_eq!((page.status, page.url.as_str()), (200, self.at("/").as_str()), "{}", page.body);
        page
    }

    async fn models(&self, authorization: &str) -> (u16, String) {
        let headers = [("authorization", authorization)];
        let answer = Browser::default().get_with(&self.at("/api/models"), &headers).await;
        (answer.status, answer.body)
    }

    async fn stop(self) {
        self.handle.stop(false).await;
    }
}
