//! What ends a session, an access or an app ends it on an app's host with the next request, on every node within a
//! second.

use std::time::{Duration, Instant};

use apps::AppHost;
use support::{Answer, Browser, Node, TestDatabase, World, on_both};
use vocabulary::{Role, TeamId};

use super::wiki::Wiki;
use super::{TRUSTING, passed, stopped};

/// Bob at the wiki, seen by two nodes that both have copies of all they need.
struct Scene<'a> {
    wiki: Wiki<'a>,
    bob: Browser,
    other: Node,
}

impl<'a> Scene<'a> {
    async fn of(world: &'a World) -> Self {
        let (wiki, other) = (Wiki::new(world), world.second_node());
        let bob = wiki.visitor("acme", "bob@acme.test").await;
        let scene = Self { wiki, bob, other };
        for node in [&world.node, &scene.other] {
            assert_eq!(passed(&scene.ask(node).await), ("acme", "member"));
        }
        scene
    }

    async fn ask(&self, node: &Node) -> Answer {
        self.wiki.ask_node(node, &self.bob, "", "/page").await
    }

    /// The next request here, and within a second the ones there, are answered so.
    async fn now_answers(&self, expected: (u16, &str)) {
        assert_eq!(stopped(&self.ask(&self.wiki.world.node).await), expected);
        let since = Instant::now();
        while stopped_at(&self.ask(&self.other).await) != Some(expected) {
            assert!(since.elapsed() < Duration::from_secs(1), "{expected:?} does not hold on the other node");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

fn stopped_at(answer: &Answer) -> Option<(u16, &str)> {
    (answer.status != 200).then(|| stopped(answer))
}

const NOBODY: (u16, &str) = (401, "session_required");

async fn act(world: &World, act: &str) {
    let ada = world.sign_in("acme", "ada@acme.test").await;
    let page = world.team_page(&ada, "acme").await;
    let done = world.change(&ada, &page, "bob@acme.test", act, &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
}

async fn world(db: &TestDatabase) -> World {
    World::with(db, &TRUSTING).await
}

on_both! {
    async fn a_sign_out_at_teamdoor_ends_it(db) {
        let world = world(db).await;
        let scene = Scene::of(&world).await;
        let page = world.team_page(&scene.bob, "acme").await;
        let csrf = page.hidden("csrf").unwrap();
        scene.bob.post(&world.at("/t/acme/logout"), &[("csrf", &csrf)]).await;
        assert!(scene.wiki.cookie(&scene.bob).is_some(), "the cookie is still there, and worth nothing");
        scene.now_answers(NOBODY).await;
    }

    async fn a_deactivation_ends_it(db) {
        let world = world(db).await;
        let scene = Scene::of(&world).await;
        act(&world, "deactivate").await;
        scene.now_answers(NOBODY).await;
        act(&world, "activate").await;
        scene.now_answers(NOBODY).await;
    }

    async fn a_sign_out_by_an_admin_ends_it(db) {
        let world = world(db).await;
        let scene = Scene::of(&world).await;
        act(&world, "sign-out").await;
        scene.now_answers(NOBODY).await;
    }

    async fn an_erasure_ends_it(db) {
        let world = world(db).await;
        let scene = Scene::of(&world).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let page = world.team_page(&ada, "acme").await;
        let sure = [("confirm", "yes"), ("typed", "acme")];
        assert_eq!(world.change(&ada, &page, "bob@acme.test", "erase", &sure).await.status, 303);
        scene.now_answers(NOBODY).await;
    }

    async fn a_suspension_ends_it_for_as_long_as_it_stands(db) {
        let world = world(db).await;
        let scene = Scene::of(&world).await;
        world.suspend("acme");
        scene.now_answers(NOBODY).await;
    }

    async fn a_change_of_the_app_counts_at_once(db) {
        let world = world(db).await;
        let scene = Scene::of(&world).await;
        scene.wiki.edit(|app| app.options.teams = Some(vec![TeamId::parse("globex").unwrap()]));
        scene.now_answers((403, "app_team")).await;
        scene.wiki.edit(|app| {
            app.options.teams = None;
            app.options.min_role = Role::Admin;
        });
        scene.now_answers((403, "app_role")).await;
    }

    async fn a_removed_app_lets_nobody_pass(db) {
        let world = world(db).await;
        let scene = Scene::of(&world).await;
        scene.wiki.remove();
        scene.now_answers((403, "host_unknown")).await;
    }

    async fn a_host_that_goes_to_another_app_takes_no_cookie_along(db) {
        let world = world(db).await;
        let scene = Scene::of(&world).await;
        let host = scene.wiki.host.clone();
        scene.wiki.edit(|app| app.host = Some(AppHost::parse("elsewhere.localhost:81").unwrap()));
        scene.now_answers((403, "host_unknown")).await;
        let heir = Wiki::called(&world, "wiki", |_options| ());
        assert_eq!(heir.host, host);
        scene.now_answers(NOBODY).await;
    }

    async fn a_role_counts_as_it_is_at_that_moment(db) {
        let world = world(db).await;
        let scene = Scene::of(&world).await;
        let ask = async |node: &Node| scene.wiki.ask_node(node, &scene.bob, "?min_role=admin", "/page").await;
        assert_eq!(stopped(&ask(&world.node).await), (403, "not_admin"));
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let page = world.team_page(&ada, "acme").await;
        world.change(&ada, &page, "bob@acme.test", "role", &[("role", "admin")]).await;
        assert_eq!(passed(&ask(&world.node).await), ("acme", "admin"));
        let since = Instant::now();
        while ask(&scene.other).await.status != 200 {
            assert!(since.elapsed() < Duration::from_secs(1), "the role is not known on the other node");
        }
    }

    async fn time_ends_it(db) {
        let world = world(db).await;
        let wiki = Wiki::new(&world);
        let bob = wiki.visitor("acme", "bob@acme.test").await;
        world.clock.forward(Duration::from_hours(7));
        assert_eq!(passed(&wiki.ask(&bob, "").await).0, "acme", "used within its idle limit");
        world.clock.forward(Duration::from_hours(7));
        assert_eq!(passed(&wiki.ask(&bob, "").await).0, "acme", "and a use there was a use of the session");
        world.clock.forward(Duration::from_hours(9));
        assert_eq!(stopped(&wiki.ask(&bob, "").await), NOBODY, "unused for longer");
        let cyd = wiki.visitor("acme", "cyd@acme.test").await;
        for _ in 0..24 {
            world.clock.forward(Duration::from_hours(7));
            if wiki.ask(&cyd, "").await.status == 401 {
                break;
            }
        }
        assert_eq!(stopped(&wiki.ask(&cyd, "").await), NOBODY, "seven days are the most");
    }
}
