//! While the database cannot be asked: everybody is told to come back, and nothing is lost.

use diesel::connection::SimpleConnection as _;
use storage::{StorageError, each};
use support::{Browser, Product, World, on_both};

use super::outcome;

/// Takes a table away, or puts it back.
fn rename(world: &World, from: &str, to: &str) {
    let statement = format!("ALTER TABLE {from} RENAME TO {to}");
    let database = &world.node.house.database;
    database.read(|c| Ok::<_, StorageError>(each!(c, c => c.batch_execute(&statement))?)).unwrap();
}

on_both! {
    async fn a_code_that_could_not_be_redeemed_is_good_a_moment_later(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let code = wiki.code(&browser.get(&wiki.request(&[])).await);
        rename(&world, "spent_codes", "spent_codes_away");
        let answer = wiki.redeem(&code).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")), "{}", answer.body);
        let told = answer.json();
        assert_eq!((&told["error"], &told["code"]), (&"temporarily_unavailable".into(), &"database_unavailable".into()));
        assert!(!answer.body.contains("spent_codes"), "our own trouble stays ours: {}", answer.body);
        rename(&world, "spent_codes_away", "spent_codes");
        assert_eq!(wiki.redeem(&code).await.status, 200);
    }

    async fn who_asks_cannot_be_known_while_apps_cannot_be_read(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        rename(&world, "apps", "apps_away");
        for address in [wiki.request(&[]), world.at(&format!("/oauth2/logout?client_id={}", wiki.client_id))] {
            let page = Browser::default().get(&address).await;
            assert_eq!((page.status, page.code(), page.header("retry-after")), (503, Some("database_unavailable"), Some("2")));
        }
        for path in ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"] {
            let answer = wiki.post(path, &[("grant_type", "refresh_token"), ("refresh_token", "x"), ("token", "x")]).await;
            assert_eq!((answer.status, &answer.json()["error"]), (503, &"temporarily_unavailable".into()), "{path}");
        }
        rename(&world, "apps_away", "apps");
        let browser = world.sign_in("acme", "bob@acme.test").await;
        assert_eq!(outcome(&wiki, &browser.get(&wiki.request(&[])).await), "code");
    }
}
