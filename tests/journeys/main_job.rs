//! The three stories Teamdoor exists for: Team ID, tile, toggle.

use support::{Browser, World, on_both};

on_both! {
    async fn somebody_types_a_team_id_presses_a_tile_and_toggles_a_role(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        assert!(world.team_page(&ada, "acme").await.row("Ada Lovelace").unwrap().contains("<b>Admin</b>"));

        let bob = Browser::default();
        let tile = world.at(&format!("/t/acme/launch?iss={}", world.idp.issuer("acme")));
        let chooser = bob.open(&tile).await;
        let back = bob.choose(&chooser, "bob@acme.test").await;
        let dashboard = bob.follow(back).await;
        assert_eq!((dashboard.status, dashboard.url.path()), (200, "/t/acme"));
        assert!(world.team_page(&bob, "acme").await.row("Bob Kahn").unwrap().contains("SSO tile"));

        let page = world.team_page(&ada, "acme").await;
        let done = world.change(&ada, &page, "Bob Kahn", "role", &[("role", "admin")]).await;
        assert_eq!(done.status, 303);
        assert!(ada.follow(done).await.body.contains("Bob Kahn is now an admin."));
        assert!(world.team_page(&bob, "acme").await.row("Bob Kahn").unwrap().contains("<b>Admin</b>"));
    }

    async fn the_last_admin_cannot_step_down_and_a_demotion_stands(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let page = world.team_page(&ada, "acme").await;
        let refused = world.change(&ada, &page, "Ada Lovelace", "role", &[("role", "member"), ("confirm", "yes")]).await;
        assert_eq!((refused.status, refused.code()), (409, Some("last_admin")));

        world.change(&ada, &page, "Bob Kahn", "role", &[("role", "admin")]).await;
        let page = world.team_page(&bob, "acme").await;
        world.change(&bob, &page, "Ada Lovelace", "role", &[("role", "member")]).await;
        let again = world.sign_in("acme", "ada@acme.test").await;
        let row = world.team_page(&again, "acme").await;
        assert!(!row.row("Ada Lovelace").unwrap().contains("<b>Admin</b>"), "promotion happens once");
    }
}
