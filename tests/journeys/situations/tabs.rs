//! One browser: several tabs and teams, what it remembers, and everything that must start nothing.

use std::time::Duration;

use reqwest::Method;
use support::{Browser, World, on_both};
use teams::CallbackPath;

use super::{asked, assert_told, is_somebody, to_callback};

fn attempts(browser: &Browser) -> Vec<String> {
    browser.cookie_names().into_iter().filter(|name| name.starts_with("td-attempt-")).collect()
}

async fn sign_out(world: &World, browser: &Browser, team_id: &str) {
    let csrf = browser.get(&world.at(&format!("/t/{team_id}"))).await.hidden("csrf").expect("a form");
    let answer = browser.post(&world.at(&format!("/t/{team_id}/logout")), &[("csrf", &csrf)]).await;
    assert_eq!(answer.location().unwrap().path(), format!("/t/{team_id}/signed-out"));
}

on_both! {
    async fn a_page_asked_for_by_nobody_opens_after_the_sign_in(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        let callback = to_callback(&browser, &world.at("/t/acme/team?q=a%26b"), "bob@acme.test").await;
        let landed = browser.open(&callback).await;
        assert_eq!((landed.url.path(), landed.url.query()), ("/t/acme/team", Some("q=a%26b")));
        let stranger = browser.post(&world.at("/t/globex/people/x/role"), &[("role", "admin")]).await;
        assert_told(&stranger, 401, "session_required", "Sign in to Globex first. Nothing was changed.");
        let bare = Browser::default().post(&world.at("/t/acme/people/x/role"), &[("role", "admin")]).await;
        assert_told(&bare, 401, "session_required", "Sign in to Acme first. Nothing was changed.");
        assert_eq!(bare.button("Go to sign-in").as_deref(), Some("/t/acme/login"));
    }

    async fn two_tabs_both_succeed(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        let one = to_callback(&browser, &world.at("/t/acme/login?return_to=/t/acme/team"), "bob@acme.test").await;
        let two = to_callback(&browser, &world.at("/t/acme/login?return_to=/t/acme/activity"), "bob@acme.test").await;
        assert_eq!(attempts(&browser).len(), 2);
        assert_eq!(browser.open(&one).await.url.path(), "/t/acme/team");
        let first = browser.cookie("td-session-acme").unwrap();
        assert_eq!(browser.open(&two).await.url.path(), "/t/acme/activity");
        assert!(attempts(&browser).is_empty());
        assert_eq!(world.sessions_of("acme"), 1, "the second replaces the first");
        let old = Browser::default();
        old.set_cookie("td-session-acme", &first);
        assert!(!is_somebody(&world, &old, "acme").await);
    }

    async fn interleaved_teams_each_finish_in_their_own(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        let mut callbacks = Vec::new();
        for (team_id, email) in [("acme", "bob@acme.test"), ("globex", "han@globex.test"), ("acme-labs", "bob@acme.test")] {
            callbacks.push((team_id, to_callback(&browser, &world.at(&format!("/t/{team_id}/login")), email).await));
        }
        for (team_id, callback) in callbacks.into_iter().rev() {
            assert_eq!(browser.open(&callback).await.url.path(), format!("/t/{team_id}"));
        }
        for team_id in ["acme", "globex", "acme-labs"] {
            assert!(is_somebody(&world, &browser, team_id).await, "{team_id}");
        }
    }

    async fn at_most_six_attempts_stay_in_one_browser_and_no_row_is_written(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        let mut callbacks = Vec::new();
        for _ in 0..8 {
            callbacks.push(to_callback(&browser, &world.at("/t/acme/login"), "bob@acme.test").await);
            world.clock.forward(Duration::from_secs(1));
        }
        assert_eq!(attempts(&browser).len(), 6);
        assert_eq!(world.spent_states(), 0);
        for gone in &callbacks[..2] {
            let page = browser.get(gone).await;
            assert_eq!((page.status, page.code()), (400, Some("attempt_cookie_missing")), "the oldest went");
        }
        for kept in &callbacks[2..] {
            assert_eq!(browser.get(kept).await.status, 303);
        }
    }

    async fn head_prefetch_and_frames_start_nothing_and_finish_nothing(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        let callback = to_callback(&browser, &world.at("/t/acme/login"), "bob@acme.test").await;
        let before = (asked(&world, "acme"), attempts(&browser));
        for url in [world.at("/t/acme/login"), world.at("/t/acme/launch"), world.at("/t/acme/login?prompt=login"), callback.clone()] {
            let head = browser.send(Method::HEAD, &url, &[], None).await;
            assert_eq!((head.status, head.location()), (204, None), "{url}");
            for header in [
                ("sec-purpose", "prefetch"),
                ("sec-purpose", "prefetch;prerender"),
                ("purpose", "prefetch"),
                ("sec-fetch-dest", "iframe"),
                ("sec-fetch-dest", "frame"),
                ("sec-fetch-dest", "embed"),
                ("sec-fetch-dest", "object"),
                ("sec-fetch-dest", "image"),
                ("sec-fetch-dest", "empty"),
            ] {
                let answer = browser.get_with(&url, &[header]).await;
                let status = if header.0.ends_with("purpose") { 403 } else { 204 };
                assert_eq!((answer.status, answer.location()), (status, None), "{url} {header:?}");
                assert!(answer.set_cookies().is_empty());
            }
        }
        for dest in ["iframe", "frame", "empty"] {
            let form = [("team_id", "acme")];
            let framed = browser.post_with(&world.at("/login_sso"), &form, &[("sec-fetch-dest", dest)]).await;
            assert_eq!((framed.status, framed.location()), (204, None), "{dest}");
        }
        assert_eq!((asked(&world, "acme"), attempts(&browser)), before);
        let navigated = browser.get_with(&callback, &[("sec-fetch-dest", "document")]).await;
        assert_eq!(navigated.location().unwrap().path(), "/t/acme");
    }

    async fn after_signing_out_nothing_signs_in_again_by_itself(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let session = browser.cookie("td-session-acme").unwrap();
        sign_out(&world, &browser, "acme").await;
        let authorize = world.idp.counts("acme").authorize;
        for path in ["/t/acme", "/t/acme/team", "/t/acme/activity", "/t/acme/signed-out", "/"] {
            let page = browser.open(&world.at(path)).await;
            assert_eq!(page.status, 200, "{path}");
            assert_eq!(world.idp.counts("acme").authorize, authorize, "{path}");
            assert!(browser.cookie("td-session-acme").is_none());
        }
        let page = browser.get(&world.at("/t/acme/team")).await;
        assert_eq!(page.heading(), "You are signed out of Acme");
        let again = page.button("Sign in to Acme again").expect("a button");
        assert_eq!(again, "/t/acme/login?return_to=%2Ft%2Facme%2Fteam");
        let thief = Browser::default();
        thief.set_cookie("td-session-acme", &session);
        assert!(!is_somebody(&world, &thief, "acme").await, "the session is over, not only its cookie");
        let back = browser.open(&world.at(&again)).await;
        assert_eq!((back.status, back.url.path()), (200, "/t/acme/team"), "a click signs in");
        browser.drop_cookies("td-session-");
        world.clock.forward(Duration::from_secs(31));
        assert_eq!(browser.get(&world.at("/t/acme")).await.status, 303, "signing in ended the rest");
    }

    async fn another_site_cannot_sign_anybody_out(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let session = browser.cookie("td-session-acme");
        // As browsers send a cross-site form: without Lax cookies.
        let bare = Browser::default();
        for header in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")] {
            let answer = bare.post_with(&world.at("/t/acme/logout"), &[], &[header]).await;
            assert_eq!((answer.status, answer.code()), (403, Some("csrf")), "{header:?}");
            assert!(answer.set_cookies().is_empty(), "{:?}", answer.headers);
        }
        let forged = browser.post(&world.at("/t/acme/logout"), &[("csrf", "forged")]).await;
        assert_eq!((forged.status, forged.code()), (403, Some("csrf")));
        assert_eq!(browser.cookie("td-session-acme"), session);
        assert!(is_somebody(&world, &browser, "acme").await);
    }

    async fn a_browser_remembers_its_teams_offers_them_and_forgets_them(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        world.sign_in_with(&browser, "globex", "han@globex.test").await;
        browser.drop_cookies("td-session-");
        let page = browser.get(&world.at("/login?return_to=/t/globex/team")).await;
        assert_eq!(page.status, 200, "offered, never followed by itself");
        assert_eq!(page.button("Continue to Globex").as_deref(), Some("/t/globex/login?return_to=%2Ft%2Fglobex%2Fteam"));
        assert!(page.body.find("Continue to Globex").unwrap() < page.body.find("Continue to Acme").unwrap());
        let form = [("team_id", "globex"), ("return_to", "/t/globex/team")];
        let cross_site = browser.post_with(&world.at("/forget"), &form, &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!((cross_site.status, cross_site.code()), (403, Some("csrf")));
        let forgotten = browser.post(&world.at("/forget"), &form).await;
        let next = forgotten.location().unwrap();
        assert_eq!((next.path(), next.query()), ("/login", Some("return_to=%2Ft%2Fglobex%2Fteam")));
        let page = browser.follow(forgotten).await;
        assert!(!page.body.contains("Globex") && page.body.contains("Continue to Acme"));
        world.suspend("acme");
        assert!(!browser.get(&world.at("/login")).await.body.contains("Acme"), "a closed door is not offered");
        assert_eq!(browser.post(&world.at("/forget"), &[("team_id", "acme")]).await.status, 303);
        assert!(browser.cookie("td-teams").is_none());
        assert_eq!(browser.post(&world.at("/forget"), &[("team_id", "no team")]).await.status, 422);
    }

    async fn a_connection_that_moved_in_keeps_its_own_redirect_uri(db) {
        let world = World::new(db).await;
        world.add_registered_team("moved", "acme", "ada@acme.test", |new, client| {
            new.callback_path = Some(CallbackPath::parse("/auth/okta/callback").unwrap());
            client.redirect_uris = vec![world.at("/auth/okta/callback")];
        });
        let browser = Browser::default();
        let callback = to_callback(&browser, &world.at("/t/moved/login"), "bob@acme.test").await;
        assert!(callback.starts_with(&world.at("/auth/okta/callback?")), "{callback}");
        for other in ["/t/moved/callback", "/t/acme/callback"] {
            let page = browser.get(&callback.replace("/auth/okta/callback", other)).await;
            let sentence = "This answer belongs to a different sign-in. Nobody was signed in.";
            assert_told(&page, 400, "attempt_team_mismatch", sentence);
        }
        let elsewhere = browser.get(&callback.replace("/auth/okta/", "/auth/other/")).await;
        assert_eq!((elsewhere.status, elsewhere.code()), (404, Some("not_found")));
        for (query, code) in [("code=c", "state_missing"), ("error=access_denied", "state_missing"), ("st%61te=s", "state_unknown")] {
            let page = browser.get(&world.at(&format!("/auth/okta/callback?{query}"))).await;
            assert_eq!((page.status, page.code()), (400, Some(code)), "{query}");
            assert_eq!(browser.get(&world.at(&format!("/auth/other/callback?{query}"))).await.status, 404, "{query}");
        }
        assert_eq!(browser.get(&world.at("/auth/okta/callback?substate=s")).await.status, 404, "no answer at all");
        let head = browser.send(Method::HEAD, &callback, &[], None).await;
        assert_eq!(head.location(), None);
        assert_eq!(world.idp.counts("acme").token, 0);
        assert_eq!(browser.open(&callback).await.url.path(), "/t/moved");
    }
}
