//! Tiles by team and role, as they are at this moment.

use serde_json::{Value, json};
use support::{World, on_both};

use super::{ADA, BOB, Vendor, eventually, open, tiles};

/// What whoever opens an app gets: status and code.
type Gets = (u16, Option<&'static str>);
const NO_ROLE: Gets = (403, Some("app_role"));
const NOTHING: Gets = (404, Some("not_found"));
const OPENS: Gets = (303, None);

/// An app, whether it is a tile, and what acme's admin, acme's member and globex's admin get who open it.
fn table() -> Vec<(Value, bool, [Gets; 3])> {
    let page = "https://app.example/";
    vec![
        (json!({"name": "A all", "home_url": page}), true, [OPENS, OPENS, OPENS]),
        (json!({"name": "B admins", "home_url": page, "min_role": "admin"}), true, [OPENS, NO_ROLE, OPENS]),
        (json!({"name": "C acme", "host": "c.example", "teams": ["acme"]}), true, [OPENS, OPENS, NOTHING]),
        (
            json!({"name": "D acme's admins", "home_url": page, "teams": ["acme"], "min_role": "admin"}),
            true,
            [OPENS, NO_ROLE, NOTHING],
        ),
        (
            json!({"name": "E both", "redirect_uris": ["https://e.example/cb"], "teams": ["acme", "globex"]}),
            true,
            [OPENS, OPENS, OPENS],
        ),
        (json!({"name": "F globex", "home_url": page, "teams": ["globex"]}), true, [NOTHING, NOTHING, OPENS]),
        (json!({"name": "G nobody", "home_url": page, "teams": []}), true, [NOTHING, NOTHING, NOTHING]),
        (json!({"name": "H hidden", "home_url": page, "place": "hidden"}), false, [OPENS, OPENS, OPENS]),
        (
            json!({"name": "I billing", "home_url": page, "place": "billing", "min_role": "admin"}),
            false,
            [OPENS, NO_ROLE, OPENS],
        ),
        (
            json!({"name": "J phone", "redirect_uris": ["com.example.phone:/back"], "public": true}),
            true,
            [NOTHING, NOTHING, NOTHING],
        ),
    ]
}

on_both! {
    async fn everybody_sees_the_tiles_they_can_open_and_opens_no_others(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        let mut ids = Vec::new();
        for (app, ..) in table() {
            ids.push(vendor.register(app).await);
        }
        let who = [
            ("acme", world.sign_in("acme", ADA).await),
            ("acme", world.sign_in("acme", BOB).await),
            ("globex", world.sign_in("globex", "gil@globex.test").await),
        ];
        for (n, (team, browser)) in who.iter().enumerate() {
            let mut expected = Vec::new();
            for ((app, is_tile, gets), id) in table().into_iter().zip(&ids) {
                let answer = open(&world, browser, team, id, "").await;
                assert_eq!((answer.status, answer.code()), gets[n], "{app} opened by {n}");
                let name = app["name"].as_str().unwrap().replace('\'', "&#39;");
                if is_tile && gets[n] == OPENS {
                    expected.push(name);
                }
            }
            assert_eq!(tiles(&world, browser, team).await, expected, "the tiles of {n}");
        }
    }

    async fn what_is_not_there_is_as_what_is_another_teams(db) {
        let world = World::new(db).await;
        let (vendor, bob) = (Vendor::new(&world, db), world.sign_in("acme", BOB).await);
        let page = "https://app.example/";
        let globex = vendor.register(json!({"name": "Globex app", "home_url": page, "teams": ["globex"]})).await;
        let gone = vendor.register(json!({"name": "Gone app", "home_url": page})).await;
        assert_eq!(open(&world, &bob, "acme", &gone, "").await.status, 303);
        vendor.remove(&gone).await;
        for id in [globex.as_str(), &gone, "never", "%00", "..%2f..", "a%20b", "%C3%A4", &"x".repeat(300)] {
            let answer = open(&world, &bob, "acme", id, "").await;
            assert_eq!((answer.status, answer.code()), NOTHING, "{id}");
            assert!(!answer.body.contains(" app<") && !answer.body.contains("app.example"), "{id}");
        }
    }

    async fn a_change_of_role_or_app_holds_with_the_next_request(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        let vendor = Vendor::new(&world, db);
        let app = vendor.register(json!({"name": "Exports", "home_url": "https://x.example/", "min_role": "admin"})).await;
        let answers = async |browser| open(&world, browser, "acme", &app, "").await.status;
        for (role, status) in [("admin", 303), ("member", 403)] {
            let page = world.team_page(&ada, "acme").await;
            assert_eq!(world.change(&ada, &page, BOB, "role", &[("role", role)]).await.status, 303);
            assert_eq!((answers(&bob).await, tiles(&world, &bob, "acme").await.len()), (status, usize::from(status == 303)), "{role}");
        }
        for (change, by_ada, by_bob) in [
            (json!({"min_role": "member"}), 303, 303),
            (json!({"teams": ["globex"]}), 404, 404),
            (json!({"teams": ["globex", "acme"], "min_role": "admin"}), 303, 403),
            (json!({"teams": null, "min_role": "member"}), 303, 303),
        ] {
            vendor.set(&app, change.clone()).await;
            assert_eq!([answers(&ada).await, answers(&bob).await], [by_ada, by_bob], "{change}");
        }
        let page = world.team_page(&ada, "acme").await;
        assert_eq!(world.change(&ada, &page, BOB, "deactivate", &[]).await.status, 303);
        let answer = open(&world, &bob, "acme", &app, "").await;
        assert!(answer.location().unwrap().path().starts_with("/t/acme/login"), "nobody's session opens nothing");
    }

    async fn a_change_on_one_node_holds_on_the_other_within_a_second(db) {
        let world = World::new(db).await;
        let (vendor, other) = (Vendor::new(&world, db), world.second_node());
        let bob = world.sign_in("acme", BOB).await;
        let app = vendor.register(json!({"name": "Ledger", "home_url": "https://ledger.example/"})).await;
        let there = async || bob.get(&other.at(&format!("/t/acme/apps/{app}"))).await.status;
        let tile = async || bob.get(&other.at("/t/acme")).await.body.contains("class=\"tile\"");
        eventually(async || there().await == 303 && tile().await).await;
        vendor.set(&app, json!({"min_role": "admin"})).await;
        eventually(async || there().await == 403 && !tile().await).await;
        vendor.remove(&app).await;
        eventually(async || there().await == 404).await;
    }

    async fn a_tile_names_the_app_its_host_and_whom_it_is_for(db) {
        let world = World::new(db).await;
        let (vendor, ada) = (Vendor::new(&world, db), world.sign_in("acme", ADA).await);
        let empty = ada.get(&world.at("/t/acme")).await;
        assert!(empty.body.contains("No apps here yet") && empty.body.contains("appears here as a tile"));
        let app = json!({"name": "Fish & Chips", "initiate_login_uri": "https://fish.example:8443/login", "min_role": "admin"});
        let id = vendor.register(app).await;
        let page = ada.get(&world.at("/t/acme")).await;
        let tile = page.between("<a class=\"tile\"", "</a>").unwrap();
        for part in [&format!("href=\"/t/acme/apps/{id}\""), "<b>Fish &#38; Chips</b>", "fish.example:8443", "for admins"] {
            assert!(tile.contains(part), "{part}: {tile}");
        }
        assert!(!page.body.contains("No apps here yet"));
    }
}
