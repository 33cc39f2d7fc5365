//! A browser that comes back again and again without a session is stopped, and nobody else.

use std::time::Duration;

use support::{Browser, World, on_both};

use super::begun;
use crate::situations::{assert_told, to_callback};

const CIRCLES: &str = "You came here three times within half a minute and no session was kept. Allow cookies for this \
                       site, wait half a minute, then try again.";

on_both! {
    async fn the_third_launch_in_half_a_minute_without_a_session_is_stopped(db) {
        let world = World::new(db).await;
        let (browser, tile) = (Browser::default(), world.at("/t/acme/launch"));
        for _ in 0..2 {
            assert!(begun(&browser.get(&tile).await).is_some());
            world.clock.forward(Duration::from_secs(5));
        }
        for _ in 0..3 {
            let page = browser.get(&tile).await;
            assert_told(&page, 400, "launch_loop", CIRCLES);
            assert_eq!(page.button("Try again").as_deref(), Some("/t/acme/login"));
            assert_eq!(world.trace(page.reference().unwrap()).unwrap().cause, "launch_loop");
        }
        assert!(begun(&browser.get(&world.at("/launch?client_id=client-of-acme")).await).is_none(), "the same team");
        assert!(begun(&browser.get(&world.at("/t/globex/launch")).await).is_some(), "another team's tile");
        assert!(begun(&Browser::default().get(&tile).await).is_some(), "another browser");
        assert!(begun(&browser.get(&world.at("/t/acme/login")).await).is_some(), "a link is no launch");
        world.clock.forward(Duration::from_secs(21));
        assert!(begun(&browser.get(&tile).await).is_some(), "the first is half a minute old");
    }

    async fn whoever_is_signed_in_is_never_stopped_and_a_session_begins_the_count_anew(db) {
        let world = World::new(db).await;
        let (browser, tile) = (Browser::default(), world.at("/t/acme/launch"));
        for _ in 0..2 {
            assert!(begun(&browser.get(&tile).await).is_some());
        }
        let callback = to_callback(&browser, &world.at("/t/acme/login"), "bob@acme.test").await;
        assert_eq!(browser.open(&callback).await.url.path(), "/t/acme");
        for _ in 0..5 {
            assert_eq!(browser.get(&tile).await.header("location"), Some("/t/acme"));
        }
        browser.drop_cookies("td-session-");
        for _ in 0..2 {
            assert!(begun(&browser.get(&tile).await).is_some(), "what came before the session no longer counts");
        }
        assert_eq!(browser.get(&tile).await.code(), Some("launch_loop"));
    }

    async fn a_browser_that_does_not_keep_its_session_is_told_instead_of_sent_in_circles(db) {
        const LOST: &str = "You signed in a moment ago and your browser didn't keep the cookie of your session. Allow \
                            cookies for this site, then try again.";
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let session = browser.cookie("td-session-acme").unwrap();
        browser.drop_cookies("td-session-");
        let page = browser.get(&world.at("/t/acme/team?q=b")).await;
        assert_told(&page, 400, "session_cookie_missing", LOST);
        assert_eq!(page.button("Try again").as_deref(), Some("/t/acme/login?return_to=%2Ft%2Facme%2Fteam%3Fq%3Db"));
        assert_eq!(browser.get(&world.at("/t/globex")).await.status, 303, "of another team nothing was lost");

        // A session that is there and has ended is another matter: through the provider again, without a stop.
        browser.set_cookie("td-session-acme", &session[..session.len() - 1]);
        assert_eq!(browser.get(&world.at("/t/acme")).await.status, 303);
        browser.drop_cookies("td-session-");
        world.clock.forward(Duration::from_secs(31));
        assert_eq!(browser.get(&world.at("/t/acme")).await.status, 303, "later it is somebody new");
    }

    async fn a_cookie_that_cannot_be_read_counts_as_none(db) {
        let world = World::new(db).await;
        for odd in ["acme.x_acme.y", "acme.99999999999999_acme.99999999999999", "....", "acme"] {
            let browser = Browser::default();
            browser.set_cookie("td-launches", odd);
            assert!(begun(&browser.get(&world.at("/t/acme/launch")).await).is_some(), "{odd}");
        }
        let page = Browser::default();
        for n in 0..40 {
            page.get(&world.at(if n % 2 == 0 { "/t/acme/launch" } else { "/t/globex/launch" })).await;
        }
        assert!(page.cookie("td-launches").unwrap().len() < 250, "it does not grow");
    }
}
