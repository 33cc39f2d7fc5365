//! The callback's rules, one by one: which answers of an identity provider count, and for whom.

use std::time::Duration;

use mock_idp::{AuthorizeFault, IssParameter};
use support::{Browser, World, on_both};
use teams::{ConnectionOptions, Edit};
use url::Url;
use vocabulary::{ClientSecret, Issuer, Scopes};

use super::{asked, assert_told, is_somebody, to_callback};

const STALE: &str = "This sign-in link has expired or was already used.";
const NO_COOKIE: &str = "Your browser didn't keep the sign-in cookie. Allow cookies for this site and finish in \
                         the browser you began in.";
const WRONG: &str = "This answer belongs to a different sign-in. Nobody was signed in.";
const HERE: &str = "/t/acme/login?return_to=%2Ft%2Facme%2Fteam";

/// A callback that knows where its person was going; nothing but the one thing in question is wrong with it.
async fn callback(world: &World, browser: &Browser) -> String {
    to_callback(browser, &world.at("/t/acme/login?return_to=/t/acme/team"), "ada@acme.test").await
}

/// The address with one parameter replaced, or removed.
fn with(address: &str, name: &str, value: Option<&str>) -> String {
    let mut url = Url::parse(address).unwrap();
    let others: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
    url.query_pairs_mut().clear().extend_pairs(others).extend_pairs(value.map(|value| (name, value)));
    url.to_string()
}

fn parameter(address: &str, name: &str) -> String {
    let url = Url::parse(address).unwrap();
    url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

on_both! {
    async fn junk_states_are_refused_before_anything_is_asked(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let good = callback(&world, &Browser::default()).await;
        let before = asked(&world, "acme");
        let state = parameter(&good, "state");
        let flipped = if state.starts_with('A') { state.replacen('A', "B", 1) } else { format!("A{}", &state[1..]) };
        for junk in ["x", &"A".repeat(54), &flipped, &format!("{state}A"), &"s".repeat(9_000), "💥", "a\r\nb"] {
            for who in [&browser, &Browser::default()] {
                let page = who.get(&with(&good, "state", Some(junk))).await;
                assert_told(&page, 400, "state_unknown", STALE);
                assert!(page.button("Start again").is_some());
                assert!(page.set_cookies().is_empty());
            }
        }
        for missing in [None, Some("")] {
            let page = browser.get(&with(&good, "state", missing)).await;
            assert_told(&page, 400, "state_missing", STALE);
            assert_eq!(page.button("Start again").as_deref(), Some("/login_sso?team_id=acme"));
        }
        assert_eq!(asked(&world, "acme"), before, "no outbound request");
        assert_eq!(world.spent_states(), 1, "that of the first sign-in alone");
        assert!(is_somebody(&world, &browser, "acme").await, "the session is untouched");
    }

    async fn an_attempt_is_good_for_an_hour_and_not_longer(db) {
        let world = World::new(db).await;
        for (late, lands) in [(Duration::ZERO, true), (Duration::from_millis(1), false)] {
            let browser = Browser::default();
            let chooser = browser.open(&world.at("/t/acme/login?return_to=/t/acme/team")).await;
            world.clock.forward(Duration::from_hours(1) + late);
            let back = browser.choose(&chooser, "ada@acme.test").await.location().unwrap();
            let tokens = world.idp.counts("acme").token;
            let answer = browser.get(back.as_str()).await;
            if lands {
                assert_eq!(answer.location().unwrap().path(), "/t/acme/team");
            } else {
                assert_told(&answer, 400, "state_expired", STALE);
                assert_eq!(answer.button("Start again").as_deref(), Some(HERE));
                assert_eq!(world.idp.counts("acme").token, tokens);
                let trace = world.trace(answer.reference().unwrap()).expect("a genuine attempt leaves a trace");
                assert_eq!((trace.stage.as_str(), trace.cause.as_str()), ("state", "state_expired"));
            }
        }
    }

    async fn the_cookie_of_an_attempt_outlives_it_so_that_starting_again_knows_the_way(db) {
        let world = World::new(db).await;
        let start = Browser::default().get(&world.at("/t/acme/login")).await;
        let [cookie] = start.set_cookies()[..] else { panic!("one cookie: {:?}", start.headers) };
        let seconds = cookie.split("Max-Age=").nth(1).and_then(|rest| rest.split(';').next()).unwrap();
        assert!(seconds.parse::<u64>().unwrap() > 3600, "{cookie}");
    }

    async fn a_callback_cannot_be_played_twice(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        let good = callback(&world, &browser).await;
        assert_eq!(browser.get(&good).await.location().unwrap().path(), "/t/acme/team");
        let session = browser.cookie("td-session-acme");
        let again = browser.get(&good).await;
        assert_eq!((again.status, again.location().unwrap().path()), (303, "/t/acme"), "straight to the dashboard");
        assert_eq!(browser.cookie("td-session-acme"), session);
        for stranger in [Browser::default(), world.sign_in("globex", "gil@globex.test").await] {
            assert_told(&stranger.get(&good).await, 400, "state_used", STALE);
            assert!(stranger.cookie("td-session-acme").is_none());
        }
        browser.drop_cookies("td-session-");
        let page = browser.get(&good).await;
        assert_told(&page, 400, "state_used", STALE);
        assert_eq!(page.button("Start again").as_deref(), Some("/t/acme/login"));
        assert_eq!((world.idp.counts("acme").token, world.sessions_of("acme")), (1, 1));
    }

    async fn a_refused_answer_is_spent_and_starting_again_keeps_the_way(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        world.idp.misbehave("acme", AuthorizeFault::AccessDenied);
        let denied = callback(&world, &browser).await;
        let page = browser.get(&denied).await;
        assert_told(&page, 403, "idp_refused", "Sign-in was cancelled. Nobody was signed in.");
        assert_eq!(page.button("Try again").as_deref(), Some(HERE));
        let page = browser.get(&denied).await;
        assert_told(&page, 400, "state_used", STALE);
        assert_eq!(page.button("Start again").as_deref(), Some(HERE));
        assert_eq!(world.idp.counts("acme").token, 0);
    }

    async fn an_answer_opened_in_another_browser_signs_nobody_in(db) {
        let world = World::new(db).await;
        let (mine, victim) = (Browser::default(), Browser::default());
        let good = callback(&world, &mine).await;
        let page = victim.get(&good).await;
        assert_told(&page, 400, "attempt_cookie_missing", NO_COOKIE);
        assert_eq!(page.button("Start again").as_deref(), Some("/t/acme/login"));
        assert!(victim.cookie_names().is_empty());
        // Its own cookie of another attempt helps nobody either, under its own name or the right one.
        callback(&world, &victim).await;
        let name = victim.cookie_names().into_iter().find(|name| name.starts_with("td-attempt-")).unwrap();
        let wanted = mine.cookie_names().into_iter().find(|name| name.starts_with("td-attempt-")).unwrap();
        victim.set_cookie(&wanted, &victim.cookie(&name).unwrap());
        assert_told(&victim.get(&good).await, 400, "attempt_cookie_missing", NO_COOKIE);
        assert_eq!(world.idp.counts("acme").token, 0);
        assert_eq!(mine.open(&good).await.url.path(), "/t/acme/team", "whoever began may still finish");
    }

    async fn an_answer_at_another_teams_address_is_worth_nothing(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme-labs", "ada@acme.test").await;
        let good = callback(&world, &browser).await;
        let before = asked(&world, "acme");
        for other in ["acme-labs", "globex"] {
            let page = browser.get(&good.replace("/t/acme/", &format!("/t/{other}/"))).await;
            assert_told(&page, 400, "attempt_team_mismatch", WRONG);
            let again = format!("/t/{other}/login?return_to=%2Ft%2Facme%2Fteam");
            assert_eq!(page.button("Start again"), Some(again));
        }
        assert_eq!((asked(&world, "acme"), world.idp.counts("globex").token), (before, 0));
        assert_eq!(browser.open(&good).await.url.path(), "/t/acme/team", "its own address takes it still");
    }

    async fn an_attempt_is_worth_nothing_after_the_operator_changed_the_settings(db) {
        let world = World::new(db).await;
        let issuer = Issuer::parse(&world.idp.issuer("acme")).unwrap();
        let fewer = ConnectionOptions { scopes: Scopes::parse(["openid"]).unwrap(), ..ConnectionOptions::usual(&issuer) };
        let secret = ClientSecret::parse("practice-secret-of-acme");
        for edit in [
            Edit { options: Some(fewer), ..Edit::default() },
            Edit { client_secret: secret, ..Edit::default() },
        ] {
            let browser = Browser::default();
            let good = callback(&world, &browser).await;
            world.set("acme", &edit);
            let page = browser.get(&good).await;
            let sentence = "The sign-in settings of Acme changed while you were signing in.";
            assert_told(&page, 400, "settings_changed", sentence);
            assert_eq!(page.button("Start again").as_deref(), Some(HERE));
            assert_eq!((world.idp.counts("acme").token, world.sessions_of("acme")), (0, 0));
        }
    }

    async fn an_attempt_is_worth_nothing_after_a_suspension(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        let good = callback(&world, &browser).await;
        world.suspend("acme");
        let sentence = "We can't find an active team called acme. Check the spelling or ask your administrator.";
        assert_told(&browser.get(&good).await, 404, "team_unknown", sentence);
        world.resume("acme");
        let page = browser.get(&good).await;
        assert_eq!((page.status, page.code()), (400, Some("settings_changed")));
        assert_eq!((world.idp.counts("acme").token, world.sessions_of("acme")), (0, 0));
        world.sign_in("acme", "ada@acme.test").await;
    }

    async fn with_code_and_error_the_error_counts(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        let good = callback(&world, &browser).await;
        let page = browser.get(&with(&good, "error", Some("access_denied"))).await;
        assert_told(&page, 403, "idp_refused", "Sign-in was cancelled. Nobody was signed in.");
        assert_eq!((world.idp.counts("acme").token, world.sessions_of("acme")), (0, 0));
    }

    async fn a_parameter_that_stands_there_twice_is_no_answer(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        let good = callback(&world, &browser).await;
        let state = parameter(&good, "state");
        for more in [
            format!("&state={state}"),
            "&state=x".to_owned(),
            format!("&code={}", parameter(&good, "code")),
            "&error=a&error=b".to_owned(),
            format!("&iss={0}&iss={0}", world.idp.issuer("acme")),
        ] {
            let page = browser.get(&format!("{good}{more}")).await;
            assert_told(&page, 400, "state_unknown", STALE);
        }
        assert_eq!((world.idp.counts("acme").token, world.spent_states()), (0, 0));
        assert_eq!(browser.open(&good).await.url.path(), "/t/acme/team");
    }

    async fn an_answer_of_another_issuer_is_refused_before_its_code_goes_anywhere(db) {
        let world = World::new(db).await;
        let own = world.idp.issuer("acme");
        for announced in [IssParameter::Absent, IssParameter::Sent] {
            world.idp.set_iss_parameter("acme", announced);
            // A new version of the settings, and with it fresh metadata.
            let client_secret = ClientSecret::parse("practice-secret-of-acme");
            world.set("acme", &Edit { client_secret, ..Edit::default() });
            let browser = Browser::default();
            let good = callback(&world, &browser).await;
            let tokens = world.idp.counts("acme").token;
            let slash = format!("{own}/");
            let mut others = vec![Some("https://evil.test"), Some(slash.as_str())];
            others.extend((announced == IssParameter::Sent).then_some(None));
            for other in others {
                let page = browser.get(&with(&good, "iss", other)).await;
                assert_told(&page, 400, "issuer_param_mismatch", WRONG);
                let trace = world.trace(page.reference().unwrap()).expect("a trace");
                assert_eq!(trace.stage, "authorization");
            }
            assert_eq!(world.idp.counts("acme").token, tokens);
            let right = browser.get(&with(&good, "iss", Some(&own))).await;
            assert_eq!(right.location().unwrap().path(), "/t/acme/team", "{}", right.body);
        }
    }
}
