//! The demo's dashboard: every tile does what it says on itself.

use support::{Answer, Browser, World, on_both};
use teamdoor::demo_tiles;

/// Opens the dashboard as somebody.
async fn dashboard(world: &World, browser: &Browser, path: &str, email: &str) -> Answer {
    let issuer = world.idp.issuer(path);
    let chosen = browser.post(&format!("{issuer}/choose"), &[("request", ""), ("person", email)]).await;
    let page = browser.follow(chosen).await;
    if page.heading() == "My apps" { page } else { browser.get(&format!("{issuer}/dashboard")).await }
}

/// Presses the tile that has this on itself; the page on which the person lands.
async fn press(browser: &Browser, page: &Answer, saying: &str) -> Answer {
    let tiles = page.body.split("<li><a href=\"").skip(1);
    let tile = tiles.map(|tile| tile.split("</li>").next().unwrap()).find(|tile| tile.contains(saying));
    let address =
        tile.unwrap_or_else(|| panic!("no tile {saying}: {}", page.body)).split('"').next().unwrap();
    browser.open(&address.replace("&#38;", "&").replace("&amp;", "&")).await
}

fn with_the_demos_tiles(world: &World) {
    for path in ["acme", "globex"] {
        let tiles = demo_tiles(path, &world.node.base, &world.idp.issuer(path), "http://localhost:1");
        assert!(tiles.iter().all(|tile| !tile.note.is_empty()), "each says what it does");
        world.idp.edit_client(path, &format!("client-of-{path}"), |client| client.tiles = tiles);
    }
}

on_both! {
    async fn every_tile_of_the_demo_does_what_it_says(db) {
        let world = World::new(db).await;
        with_the_demos_tiles(&world);
        let browser = Browser::default();
        let page = dashboard(&world, &browser, "acme", "bob@acme.test").await;
        assert_eq!(page.body.matches("<li><a href=").count(), 9, "{}", page.body);
        // The two teams of one issuer, each its own.
        for team_id in ["acme", "acme-labs"] {
            let landed = press(&browser, &page, &format!("/t/{team_id}/launch?iss=")).await;
            assert_eq!((landed.status, landed.url.path()), (200, format!("/t/{team_id}").as_str()));
        }
        assert_eq!(press(&browser, &page, "Opens acme, and there the page Team").await.url.path(), "/t/acme/team");
        for (saying, code) in [
            ("This demo has none", "stage_not_configured"),
            ("Writes ACME instead of acme", "launch_team_id_spelling"),
            ("Points to acmee", "team_unknown"),
            ("The tile is refused", "launch_issuer_mismatch"),
        ] {
            let landed = press(&browser, &page, saying).await;
            assert_eq!(landed.code(), Some(code), "{saying}: {}", landed.body);
            assert!(landed.body.contains("administrator"), "{saying}");
        }
        let asks = press(&browser, &page, "the Team ID is asked for").await;
        assert_eq!((asks.status, asks.heading(), asks.hidden("iss")), (200, "Corporate SSO", Some(world.idp.issuer("acme"))));
    }

    async fn the_tile_without_a_team_opens_the_only_team_of_its_issuer(db) {
        let world = World::new(db).await;
        with_the_demos_tiles(&world);
        let browser = Browser::default();
        let page = dashboard(&world, &browser, "globex", "han@globex.test").await;
        let landed = press(&browser, &page, "opens globex at once").await;
        assert_eq!((landed.status, landed.url.path()), (200, "/t/globex"));
    }
}
