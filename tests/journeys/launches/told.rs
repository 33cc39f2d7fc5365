//! Launches that are refused: the page says what to correct, and the team's own sign-ins show it.

use support::{Answer, Browser, World, on_both};

use super::address;
use crate::situations::assert_told;

const ID_TOKEN: &str = "Your Okta app is set to 'Send ID Token directly to app'. Ask your administrator to choose \
                        'Redirect to app to initiate login'.";

/// Team, stage and cause of the trace that a page's reference leads to.
fn trace(world: &World, page: &Answer) -> Option<[String; 3]> {
    world.trace(page.reference().unwrap()).map(|kept| [kept.team_id, kept.stage, kept.cause])
}

fn of_acme(cause: &str) -> [String; 3] {
    ["acme", "launch", cause].map(str::to_owned)
}

on_both! {
    async fn an_unsolicited_id_token_is_explained_and_signs_nobody_in(db) {
        let world = World::new(db).await;
        let token = world.idp.sign("acme", "JWT", &serde_json::json!({"iss": world.idp.issuer("acme"), "aud": "client-of-acme"}));
        let cross_site = [("sec-fetch-site", "cross-site"), ("origin", "null"), ("sec-fetch-dest", "document")];
        for path in ["/t/acme/launch", "/launch"] {
            let browser = Browser::default();
            let page = browser.post_with(&world.at(path), &[("id_token", &token)], &cross_site).await;
            assert_told(&page, 400, "launch_id_token_refused", ID_TOKEN);
            assert!(page.body.contains("<b>For your administrator:</b>") && !page.body.contains(&token));
            assert_eq!(trace(&world, &page), (path != "/launch").then(|| of_acme("launch_id_token_refused")));
            let page = browser.get(&address(&world, path, &[("id_token", &token)])).await;
            assert_told(&page, 400, "launch_id_token_refused", ID_TOKEN);
            assert!(browser.cookie_names().is_empty());
        }
        let page = Browser::default().post(&world.at("/t/acmee/launch"), &[("id_token", &token)]).await;
        assert_eq!((page.status, page.code()), (404, Some("team_unknown")));
        assert_eq!(world.sessions_of("acme"), 0);
    }

    async fn an_id_token_that_lands_on_the_redirect_uri_is_explained_too(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        let page = browser.post(&world.at("/t/acme/callback"), &[("id_token", "a.b.c")]).await;
        assert_told(&page, 400, "launch_id_token_refused", ID_TOKEN);
        assert_eq!(trace(&world, &page), Some(of_acme("launch_id_token_refused")));
        for form in [&[][..], &[("code", "x"), ("state", "y")]] {
            let page = browser.post(&world.at("/t/acme/callback"), form).await;
            assert_eq!((page.status, page.header("allow")), (405, Some("GET, HEAD")));
        }
        let page = browser.post(&world.at("/t/acmee/callback"), &[("id_token", "a.b.c")]).await;
        assert_eq!((page.status, page.code()), (404, Some("team_unknown")));
    }

    async fn a_misspelt_team_and_a_foreign_tile_are_told_to_the_team(db) {
        let world = World::new(db).await;
        let page = Browser::default().get(&world.at("/t/ACME/launch")).await;
        assert_eq!(page.code(), Some("launch_team_id_spelling"));
        assert_eq!(trace(&world, &page), Some(of_acme("launch_team_id_spelling")));
        let page = Browser::default().get(&world.at("/t/NOBODY/launch")).await;
        assert_eq!((page.code(), trace(&world, &page)), (Some("launch_team_id_spelling"), None), "nobody to tell");
        world.suspend("acme-labs");
        let page = Browser::default().get(&world.at("/t/ACME-labs/launch")).await;
        assert_eq!((page.code(), trace(&world, &page)), (Some("launch_team_id_spelling"), None));

        let at = address(&world, "/t/acme/launch", &[("iss", "https://evil.test/\r\n\u{202e}x")]);
        let page = Browser::default().get(&at).await;
        assert_eq!(trace(&world, &page), Some(of_acme("launch_issuer_mismatch")));
        let detail = world.trace(page.reference().unwrap()).unwrap().detail;
        assert!(detail.contains("https://evil.test/") && detail.contains(&world.idp.issuer("acme")), "{detail}");
        assert!(!detail.contains(char::is_control) && !detail.contains('\u{202e}'), "{detail}");
        assert!(!page.body.contains("evil.test") && !page.body.contains(&world.idp.issuer("acme")), "not on the page");
    }

    async fn a_flood_of_refused_launches_leaves_a_bounded_trace(db) {
        let world = World::new(db).await;
        let mut kept = 0;
        for _ in 0..40 {
            let page = Browser::default().get(&world.at("/t/acme/launch?iss=https://evil.test")).await;
            assert_eq!(page.code(), Some("launch_issuer_mismatch"));
            kept += usize::from(trace(&world, &page).is_some());
        }
        assert_eq!(kept, 30);
    }
}
