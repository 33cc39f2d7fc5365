//! Whom an app no longer admits is signed out of that app, while the session itself goes on.

use apps::{AppOptions, Edit};
use roles::Operator;
use support::{Browser, TestDatabase, World, on_both};
use vocabulary::{Clock as _, Role, SigningAlgorithm, TeamId};

use super::{BOB, BOUND, Listener, listener, named, provider_of, used, waiting};
use crate::eyes;
use crate::from_outside::{ADA, is_in};

/// Two admins whose sessions were used with two apps; the first app's names for them.
struct Stage {
    world: World,
    ada: Browser,
    bob: Browser,
    sids: [String; 2],
    books: Listener,
    wiki: Listener,
}

impl Stage {
    async fn new(db: &TestDatabase) -> Self {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        let books = listener(&world, "Books", SigningAlgorithm::Es256);
        let wiki = listener(&world, "Wiki", SigningAlgorithm::Rs256);
        let sids = [String::new(), String::new()];
        let mut stage = Self { world, ada, bob, sids, books, wiki };
        stage.sids = [stage.uses(&stage.ada).await, stage.uses(&stage.bob).await];
        stage
    }

    async fn uses(&self, browser: &Browser) -> String {
        let deps = provider_of(&self.world.node);
        used(&deps, browser, "acme", &self.wiki.app).await;
        used(&deps, browser, "acme", &self.books.app).await
    }

    async fn bob_becomes(&self, role: &str) {
        let page = self.world.team_page(&self.ada, "acme").await;
        assert_eq!(self.world.change(&self.ada, &page, BOB, "role", &[("role", role)]).await.status, 303);
    }

    /// An operator says who may use Books.
    fn books_are_for(&self, min_role: Role, teams: Option<Vec<TeamId>>) {
        let (house, app) = (&self.world.node.house, &self.books.app);
        let options = AppOptions { min_role, teams, ..app.options.clone() };
        let edit = Edit { options: Some(options), ..Edit::default() };
        let operator = Operator::at_the_command_line();
        let set = house
            .database
            .write(self.world.clock.now(), |tx| apps::set(tx, &operator, app.id.as_str(), None, &edit));
        assert!(set.is_ok(), "{set:?}");
    }

    /// Books hears of these and Wiki of none; both still know of as many sessions as are said, and both people are in.
    async fn books_hear(&self, about: &str, sids: &[&String], left: i64) {
        let tokens = self.books.ear.hears(sids.len(), BOUND, about).await;
        let said = named(&self.world, &self.books, &tokens).await;
        assert_eq!(said, sids.iter().map(|sid| (*sid).clone()).collect(), "{about}");
        self.books.ear.forget();
        assert!(self.wiki.ear.told().is_empty(), "{about}");
        assert_eq!(waiting(&self.world), (left, 0), "{about}");
        for browser in [&self.ada, &self.bob] {
            assert!(is_in(&self.world.node, browser, "acme").await, "{about}");
        }
    }
}

on_both! {
    async fn a_demoted_admin_is_signed_out_of_an_app_for_admins_and_of_no_other(db) {
        let stage = Stage::new(db).await;
        stage.bob_becomes("admin").await;
        stage.books_are_for(Role::Admin, None);
        stage.books_hear("both are admins", &[], 4).await;
        // Every time: an admin again is in the app again, by the same name.
        for about in ["demoted", "demoted again"] {
            stage.bob_becomes("member").await;
            stage.books_hear(about, &[&stage.sids[1]], 3).await;
            stage.bob_becomes("admin").await;
            assert_eq!(stage.uses(&stage.bob).await, stage.sids[1]);
            assert_eq!(waiting(&stage.world), (4, 0));
        }
    }

    async fn whom_an_operator_takes_off_an_app_is_signed_out_of_it(db) {
        let stage = Stage::new(db).await;
        stage.books_are_for(Role::Admin, None);
        stage.books_hear("for admins", &[&stage.sids[1]], 3).await;
        stage.books_are_for(Role::Member, Some(vec![eyes::team("globex")]));
        stage.books_hear("for another team", &[&stage.sids[0]], 2).await;
    }
}
