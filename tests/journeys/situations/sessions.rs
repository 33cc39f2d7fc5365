//! Sessions: how long they last, that a sign-in makes a new one, and that whatever is odd about a cookie
//! means nobody.

use std::time::Duration;

use reqwest::Method;
use support::{Browser, World, command, on_both};

use super::{is_somebody, to_callback};
use crate::eyes;

const HOUR: Duration = Duration::from_hours(1);
/// Hours, but for a millisecond.
const ALMOST_EIGHT: Duration = Duration::from_millis(8 * 3_600_000 - 1);
const ALMOST_SEVEN: Duration = Duration::from_millis(7 * 3_600_000 - 1);

/// A browser that sends these cookies and no others.
async fn with_cookies(world: &World, cookies: &str) -> u16 {
    let url = world.at("/t/acme/team");
    Browser::default().get_with(&url, &[("cookie", cookies)]).await.status
}

on_both! {
    async fn an_unused_session_ends_after_eight_hours(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        world.clock.forward(ALMOST_EIGHT);
        assert!(is_somebody(&world, &browser, "acme").await);
        world.clock.forward(ALMOST_EIGHT);
        assert!(is_somebody(&world, &browser, "acme").await, "a use renews it");
        world.clock.forward(HOUR * 8);
        assert!(!is_somebody(&world, &browser, "acme").await);
        world.clock.forward(HOUR);
        assert!(!is_somebody(&world, &browser, "acme").await, "and the look at it did not");
    }

    async fn a_session_ends_after_seven_days_however_much_it_is_used(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        for hours in 1..24 {
            world.clock.forward(HOUR * 7);
            assert!(is_somebody(&world, &browser, "acme").await, "after {hours} times seven hours");
        }
        world.clock.forward(ALMOST_SEVEN);
        assert!(is_somebody(&world, &browser, "acme").await);
        world.clock.forward(Duration::from_millis(1));
        assert!(!is_somebody(&world, &browser, "acme").await);
    }

    async fn the_operator_sets_the_limits(db) {
        let world = World::with(db, &[("SESSION__IDLE", "10m"), ("SESSION__ABSOLUTE", "15m")]).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        world.clock.forward(Duration::from_mins(9));
        assert!(is_somebody(&world, &browser, "acme").await);
        world.clock.forward(Duration::from_mins(6));
        assert!(!is_somebody(&world, &browser, "acme").await);
        let idle = world.sign_in("acme", "bob@acme.test").await;
        world.clock.forward(Duration::from_mins(10));
        assert!(!is_somebody(&world, &idle, "acme").await);
    }

    async fn a_sign_in_makes_a_new_session_and_the_old_one_is_dead(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let old = browser.cookie("td-session-acme").unwrap();
        let chooser = browser.open(&world.at("/t/acme/login?prompt=login")).await;
        let back = browser.choose(&chooser, "bob@acme.test").await;
        assert_eq!(browser.follow(back).await.url.path(), "/t/acme");
        let new = browser.cookie("td-session-acme").unwrap();
        assert_ne!(old, new);
        assert_eq!(with_cookies(&world, &format!("td-session-acme={old}")).await, 303);
        assert_eq!(with_cookies(&world, &format!("td-session-acme={new}")).await, 200);
        assert_eq!(world.sessions_of("acme"), 1);
    }

    async fn a_session_someone_planted_is_not_taken_over(db) {
        let world = World::new(db).await;
        let mallory = world.sign_in("acme", "cyd@acme.test").await;
        let planted = mallory.cookie("td-session-acme").unwrap();
        let victim = Browser::default();
        victim.set_cookie("td-session-acme", &planted);
        let callback = to_callback(&victim, &world.at("/t/acme/login?prompt=login"), "bob@acme.test").await;
        assert_eq!(victim.open(&callback).await.url.path(), "/t/acme");
        assert_ne!(victim.cookie("td-session-acme").unwrap(), planted);
        assert!(!is_somebody(&world, &mallory, "acme").await);
    }

    async fn an_odd_cookie_means_nobody(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let token = browser.cookie("td-session-acme").unwrap();
        let good = format!("td-session-acme={token}");
        assert_eq!(with_cookies(&world, &good).await, 200);
        let last = if token.ends_with('A') { "B" } else { "A" };
        let bent = format!("{}{last}", &token[..token.len() - 1]);
        for odd in [
            String::new(),
            "td-session-acme".to_owned(),
            "td-session-acme=".to_owned(),
            format!("td-session-acme={bent}"),
            format!("td-session-acme={}", &token[..token.len() - 1]),
            format!("td-session-acme={token}A"),
            format!("td-session-acme=\"{token}\""),
            format!("td-session-acme={}", token.to_uppercase()),
            format!("td-session-acme={}", "a".repeat(40_000)),
            format!("td-session-acme={}", "💥".repeat(1000)),
            format!("TD-SESSION-ACME={token}"),
            format!("__Host-td-session-acme={token}"),
            format!("td-session-globex={token}"),
            format!("td-session-acme-labs={token}"),
            format!("td-session-={token}"),
            format!("{good}; {good}"),
            format!("{good}; td-session-acme={bent}"),
            format!("td-session-acme=; {good}"),
        ] {
            assert_eq!(with_cookies(&world, &odd).await, 303, "{odd:.100}");
        }
        for beside in ["other=ü", "other=\"quo;ted\"", ";;;=;", "td-session-globex=x", "td-attempt-x=y"] {
            assert_eq!(with_cookies(&world, &format!("{beside}; {good}")).await, 200, "{beside}");
        }
    }

    async fn a_session_is_good_for_its_own_team_alone(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let token = browser.cookie("td-session-acme").unwrap();
        for team_id in ["acme-labs", "globex", "operators"] {
            browser.set_cookie(&format!("td-session-{team_id}"), &token);
            assert!(!is_somebody(&world, &browser, team_id).await, "{team_id}");
        }
        let root = browser.get(&world.at("/")).await;
        assert_eq!(root.location().unwrap().path(), "/t/acme", "the only one that is open");
    }

    async fn a_suspended_teams_people_are_nobody_at_once(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        world.suspend("acme");
        let page = browser.get(&world.at("/t/acme/team")).await;
        assert_eq!((page.status, page.code()), (404, Some("team_unknown")));
        world.resume("acme");
        assert!(!is_somebody(&world, &browser, "acme").await, "a suspension ends every session");
    }

    async fn what_is_suspended_or_open_already_stays_as_it_is(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let database = &world.node.house.database;
        let seen = || {
            let team = database.read(|c| teams::find_connected(c, &eyes::team("acme"))).unwrap().unwrap();
            (team.connection.version, eyes::record(database, "acme").len())
        };
        let before = seen();
        world.resume("acme");
        assert_eq!(seen(), before);
        assert!(is_somebody(&world, &browser, "acme").await, "nobody is signed out of an open team");
        world.suspend("acme");
        let suspended = seen();
        world.suspend("acme");
        assert_eq!((seen(), suspended.1), (suspended, before.1 + 1));
        world.resume("acme");
        assert_ne!(seen(), suspended);
        world.remove("acme");
        let gone = command(&world, db, &["team", "suspend", "acme"]);
        assert!(!gone.done && gone.err.contains("acme"), "{}", gone.err);
    }

    async fn an_address_for_after_a_sign_out_is_checked_by_command_line_and_api_alike(db) {
        let world = World::new(db).await;
        let token = command(&world, db, &["operator", "add-token", "addresses"]).out;
        let bearer = format!("Bearer {}", token.trim());
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json"), ("if-match", "*")];
        let api = world.at("/api/v1/teams/acme/connection");
        for (uri, good) in [("http://acme.test/out", false), ("https://a@acme.test/", false), ("https://acme.test/out", true)] {
            let said = command(&world, db, &["team", "set", "acme", "--post-logout-redirect-uri", uri]);
            assert_eq!(said.done, good, "{uri}: {}", said.err);
            assert!(good || said.err.contains("https://, or http:// on this machine"), "{}", said.err);
            let body = format!(r#"{{"post_logout_redirect_uri":"{uri}"}}"#);
            let answer = Browser::default().send(Method::PUT, &api, &headers, Some(body)).await;
            let code = answer.json()["code"].as_str().map(str::to_owned);
            let expected = if good { (200, None) } else { (422, Some("post_logout_redirect_uri_invalid".to_owned())) };
            assert_eq!((answer.status, code), expected, "{uri}");
        }
    }
}
