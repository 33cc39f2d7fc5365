//! Every way in which a session ends, told once to each app, wherever it happens.

use std::slice;
use std::time::Duration;

use mock_idp::LogoutOf;
use provider::Deps;
use reqwest::Method;
use roles::{Authority, Changed, Clerk, Expected, Operator};
use support::{Browser, Node, TestDatabase, World, command, on_both};
use teams::{Edit, State};
use vocabulary::{ClientSecret, Issuer, SigningAlgorithm};

use super::{BOB, BOUND, Listener, POLL, listener, named, provider_of, register, used, verified, waiting};
use crate::eyes;
use crate::from_outside::{ADA, CLIENT, email, revocation_token, revoke, subject, tell};

/// Two nodes, two apps, and one that does not want to hear.
struct Stage {
    world: World,
    other: Node,
    deps: Deps,
    ada: Browser,
    ada_sids: [String; 2],
    listeners: [Listener; 2],
    deaf: apps::App,
}

impl Stage {
    async fn new(db: &TestDatabase) -> Self {
        let world = World::new(db).await;
        let other = world.second_node();
        let ada = world.sign_in("acme", ADA).await;
        let listeners = [
            listener(&world, "Ledger", SigningAlgorithm::Rs256),
            listener(&world, "Wiki", SigningAlgorithm::Es256),
        ];
        let deaf = register(&world, "Deaf", None, SigningAlgorithm::Rs256);
        // Whoever stays is not told of.
        let deps = provider_of(&world.node);
        let ada_sids = use_with_both(&deps, &ada, "acme", &listeners).await;
        Self { world, other, deps, ada, ada_sids, listeners, deaf }
    }

    /// Bob in one more browser, whose session every app was told of; their names for it.
    async fn bob(&self) -> (Browser, [String; 2]) {
        let browser = self.world.sign_in("acme", BOB).await;
        let sids = self.use_with_all(&browser).await;
        (browser, sids)
    }

    async fn use_with_all(&self, browser: &Browser) -> [String; 2] {
        used(&self.deps, browser, "acme", &self.deaf).await;
        use_with_both(&self.deps, browser, "acme", &self.listeners).await
    }

    /// Each app hears of these sessions and no other, once and in time; Ada's go on.
    async fn hears(&self, about: &str, ended: &[[String; 2]]) {
        self.hears_within(BOUND, about, ended).await;
        assert_eq!(waiting(&self.world), (2, 0), "{about}");
    }

    /// The same when nobody's go on.
    async fn hears_all(&self, about: &str, ended: &[[String; 2]]) {
        self.hears_within(BOUND, about, ended).await;
        assert_eq!(waiting(&self.world), (0, 0), "{about}");
    }

    async fn hears_within(&self, bound: Duration, about: &str, ended: &[[String; 2]]) {
        for (n, listener) in self.listeners.iter().enumerate() {
            let tokens = listener.ear.hears(ended.len(), bound, about).await;
            let sids = ended.iter().map(|sids| sids[n].clone()).collect();
            assert_eq!(named(&self.world, listener, &tokens).await, sids, "{about}");
            listener.ear.forget();
        }
    }

    /// Ada's click in Bob's row.
    async fn ada_clicks(&self, act: &str, more: &[(&str, &str)]) {
        let page = self.world.team_page(&self.ada, "acme").await;
        assert_eq!(self.world.change(&self.ada, &page, BOB, act, more).await.status, 303, "{act}");
    }

    async fn signs_out(&self, node: &Node, browser: &Browser, fields: &[(&str, &str)]) {
        let page = browser.get(&node.at("/t/acme")).await;
        let csrf = page.hidden("csrf").unwrap_or_else(|| panic!("no form: {}", page.body));
        let form: Vec<(&str, &str)> = [("csrf", csrf.as_str())].iter().chain(fields).copied().collect();
        assert_eq!(browser.post(&node.at("/t/acme/logout"), &form).await.status, 303);
    }
}

async fn use_with_both(
    deps: &Deps,
    browser: &Browser,
    team: &str,
    [one, two]: &[Listener; 2],
) -> [String; 2] {
    [used(deps, browser, team, &one.app).await, used(deps, browser, team, &two.app).await]
}

on_both! {
    async fn somebody_who_signs_out_is_signed_out_of_every_app(db) {
        let stage = Stage::new(db).await;
        let (stays, staying) = stage.bob().await;
        for (node, fields) in [(&stage.world.node, [].as_slice()), (&stage.other, &[("browser", "1")])] {
            let (here, sids) = stage.bob().await;
            // The same app once more with the same session is no other session.
            assert_eq!(stage.use_with_all(&here).await, sids);
            stage.signs_out(node, &here, fields).await;
            for (n, listener) in stage.listeners.iter().enumerate() {
                let tokens = listener.ear.hears(1, BOUND, "signing out").await;
                assert_eq!(named(&stage.world, listener, &tokens).await, [sids[n].clone()].into());
                let claims = verified(&stage.world, &listener.app, &tokens[0]).await;
                let bob = eyes::person(&stage.world.node.house.database, "acme", BOB).person.id;
                assert_eq!(claims["sub"], bob.as_str());
                listener.ear.forget();
            }
        }
        let (here, sids) = stage.bob().await;
        stage.signs_out(&stage.other, &here, &[("everywhere", "1")]).await;
        stage.hears("everywhere", &[sids, staying]).await;
        drop(stays);
    }

    async fn a_session_in_whose_place_another_is_opened_has_ended(db) {
        let stage = Stage::new(db).await;
        // Two sign-ins at once in one browser: whichever is through later takes the place of the other.
        let here = Browser::default();
        let callback = stage.world.callback(&here, "acme", BOB).await;
        stage.world.sign_in_with(&here, "acme", BOB).await;
        let sids = stage.use_with_all(&here).await;
        assert_eq!(here.get(&callback).await.status, 303);
        stage.hears("a new sign-in", &[sids]).await;
    }

    async fn whom_an_admin_or_operator_ends_is_signed_out_of_every_app(db) {
        let stage = Stage::new(db).await;
        for act in ["sign-out", "deactivate"] {
            let both = [stage.bob().await.1, stage.bob().await.1];
            stage.ada_clicks(act, &[]).await;
            stage.hears(act, &both).await;
        }
        stage.ada_clicks("activate", &[]).await;
        let token = command(&stage.world, db, &["operator", "add-token", "test"]).out;
        let bearer = format!("Bearer {}", token.trim());
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json"), ("if-match", "*")];
        let bob = eyes::person(&stage.world.node.house.database, "acme", BOB).person.id;
        for (method, path, body) in [(Method::DELETE, "/sessions", ""), (Method::PATCH, "", r#"{"active":false}"#)] {
            let sids = stage.bob().await.1;
            let address = stage.other.at(&format!("/api/v1/teams/acme/people/{bob}{path}"));
            let answer = Browser::default().send(method, &address, &headers, Some(body.to_owned())).await;
            assert!([200, 204].contains(&answer.status), "{}", answer.body);
            stage.hears(path, &[sids]).await;
        }
        stage.ada_clicks("activate", &[]).await;
        // Another process, which tells nobody: the nodes hear by the feed.
        let sids = stage.bob().await.1;
        assert!(command(&stage.world, db, &["person", "sign-out", "acme", BOB]).done);
        stage.hears("the command line", &[sids]).await;
        let sids = stage.bob().await.1;
        stage.ada_clicks("erase", &[("confirm", "yes"), ("typed", "acme")]).await;
        stage.hears("erasure", &[sids]).await;
    }

    async fn whom_the_identity_provider_ends_is_signed_out_of_every_app(db) {
        let stage = Stage::new(db).await;
        let world = &stage.world;
        let sids = stage.bob().await.1;
        let bob = subject(world, "acme", BOB);
        let token = world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&bob));
        assert_eq!(tell(&stage.other, "acme", &token).await.status, 200);
        stage.hears("back-channel logout", &[sids]).await;
        world.clock.forward(Duration::from_secs(1));
        let both = [stage.bob().await.1, stage.bob().await.1];
        assert_eq!(revoke(&world.node, "acme", &revocation_token(world), &email(BOB)).await.status, 204);
        stage.hears("Universal Logout", &both).await;
    }

    async fn a_team_that_closes_is_signed_out_of_every_app(db) {
        let stage = Stage::new(db).await;
        let world = &stage.world;
        let sids = stage.bob().await.1;
        world.suspend("acme");
        stage.hears_all("suspension", &[sids, stage.ada_sids.clone()]).await;
        world.resume("acme");
        // A connection that is a draft again closes the door and leaves the sessions.
        let sids = stage.bob().await.1;
        world.set("acme", &Edit { state: Some(State::Draft), ..Edit::default() });
        assert_eq!(world.sessions_of("acme"), 1);
        stage.hears_all("a draft", &[sids]).await;
        world.set("acme", &Edit { state: Some(State::Enabled), ..Edit::default() });
        let sids = stage.bob().await.1;
        let issuer = Issuer::parse(&world.idp.issuer("globex")).unwrap();
        let client_secret = ClientSecret::parse("practice-secret-of-acme");
        world.set("acme", &Edit { issuer: Some(issuer), client_secret, ..Edit::default() });
        stage.hears_all("another connection", &[sids]).await;
        let han = world.sign_in("globex", "han@globex.test").await;
        let sids = use_with_both(&stage.deps, &han, "globex", &stage.listeners).await;
        world.remove("globex");
        stage.hears_all("removal", &[sids]).await;
    }

    async fn a_session_that_was_left_behind_without_access_has_ended_too(db) {
        let stage = Stage::new(db).await;
        let (house, sids) = (&stage.world.node.house, stage.bob().await.1);
        let (team, bob) = (eyes::team("acme"), eyes::person(&house.database, "acme", BOB).person.id);
        let clerk = Clerk { desk: &house.desk, chance: &*house.parts.chance };
        let operator = Operator::at_the_command_line();
        let authority = Authority::Operator(&operator);
        // Whoever turns access off ends the sessions too. Here somebody forgot.
        let turned = house.database.write(house.parts.clock.now(), |tx| {
            roles::set_active(tx, clerk, &authority, &team, &bob, false, Expected::Any)
        });
        assert!(matches!(turned, Ok(Changed::Yes(_))), "{turned:?}");
        assert_eq!(stage.world.sessions_of("acme"), 2);
        stage.hears("no access", &[sids]).await;
    }

    async fn a_session_whose_time_is_over_is_signed_out_of_every_app(db) {
        let stage = Stage::new(db).await;
        let world = &stage.world;
        let limits = world.node.house.door().unwrap().sessions.limits();
        let sids = stage.bob().await.1;
        world.clock.forward(limits.idle.saturating_sub(Duration::from_mins(1)));
        tokio::time::sleep(POLL * 2).await;
        assert!(stage.listeners.iter().all(|listener| listener.ear.told().is_empty()), "looking is no use, and no end");
        assert!(crate::from_outside::is_in(&world.node, &stage.ada, "acme").await, "she uses hers");
        world.clock.forward(Duration::from_mins(2));
        // Nobody says so: it is found by the sweep of the worker, which looks at the clock every second.
        stage.hears_within(POLL + BOUND, "idleness", &[sids]).await;
        assert_eq!(waiting(world), (2, 0));
        world.clock.forward(limits.absolute);
        stage.hears_within(POLL + BOUND, "age", slice::from_ref(&stage.ada_sids)).await;
        assert_eq!(waiting(world), (0, 0));
    }
}
