//! Here: a team, everywhere, all of this browser. What ends, what does not, and that nothing signs in again by
//! itself.

use std::time::{Duration, Instant};

use serde_json::json;
use support::{Browser, TestDatabase, World, on_both};

use super::{asked, is_in, last_sign_out, leads_to, sign_out, text};

/// A way of signing out of `acme` by its form, and what must come of it.
struct Way {
    fields: &'static [(&'static str, &'static str)],
    /// Whether Bob's other browser stays signed in.
    other_browser_stays: bool,
    /// Whether the other teams of this browser stay open.
    other_teams_stay: bool,
    says: &'static str,
}

const TEAM: Way = Way {
    fields: &[],
    other_browser_stays: true,
    other_teams_stay: true,
    says: "Your session with Acme in this browser has ended. In other browsers nothing has changed.",
};
const EVERYWHERE: Way = Way {
    fields: &[("everywhere", "1")],
    other_browser_stays: false,
    other_teams_stay: true,
    says: "Your sessions with Acme have ended in every browser.",
};
const BROWSER: Way = Way {
    fields: &[("browser", "1")],
    other_browser_stays: true,
    other_teams_stay: false,
    says: "Every team you had open in this browser is signed out. In other browsers nothing has changed.",
};
const ALL: Way = Way {
    fields: &[("browser", "1"), ("everywhere", "1")],
    other_browser_stays: false,
    other_teams_stay: false,
    says: "Your sessions with Acme have ended in every browser, and so has every other team's in this one.",
};

const OTHERS: [&str; 2] = ["acme-labs", "globex"];

/// Bob with `acme`, `acme-labs` and `globex` open in one browser, and with all of them in another.
async fn bob_twice(world: &World) -> [Browser; 2] {
    let browsers = [Browser::default(), Browser::default()];
    for browser in &browsers {
        for (team, email) in
            [("acme", "bob@acme.test"), ("acme-labs", "bob@acme.test"), ("globex", "han@globex.test")]
        {
            let page = world.sign_in_with(browser, team, email).await;
            assert_eq!(page.url.path(), format!("/t/{team}"));
        }
    }
    browsers
}

/// Signs out in one browser and looks at everything that ended, and at everything that did not.
async fn it_ends_what_it_says_and_no_more(world: &World, way: &Way, [here, there]: &[Browser; 2]) {
    let cookie = |team: &str| here.cookie(&format!("td-session-{team}"));
    let tokens = ["acme", "acme-labs", "globex"].map(|team| (team, cookie(team).unwrap()));
    let answer = sign_out(world, here, "acme", way.fields).await;
    assert_eq!((answer.status, leads_to(&answer)), (303, "/t/acme/signed-out".to_owned()));
    let page = here.follow(answer).await;
    assert_eq!(page.heading(), "You are signed out of Acme");
    assert!(text(&page).contains(way.says), "{}", page.body);
    for (team, token) in tokens {
        let stays = team != "acme" && way.other_teams_stay;
        assert_eq!(cookie(team).is_some(), stays, "{team}");
        let thief = Browser::default();
        thief.set_cookie(&format!("td-session-{team}"), &token);
        assert_eq!(is_in(world, &thief, team).await, stays, "{team} by its old cookie");
        assert_eq!(
            page.body.contains(&format!("href=\"/t/{team}\"")),
            stays,
            "{team} is named: {}",
            page.body
        );
    }
    assert_eq!(is_in(world, there, "acme").await, way.other_browser_stays);
    for team in OTHERS {
        assert!(is_in(world, there, team).await, "{team} in the other browser");
    }
    let expected = json!({
        "sessions": if way.other_browser_stays { 1 } else { 2 },
        "tokens": 0,
        "grants": 0,
        "everywhere": !way.other_browser_stays,
        "browser": !way.other_teams_stay,
        "at_idp": false,
    });
    assert_eq!(last_sign_out(world, "acme"), expected);
    for team in OTHERS.iter().filter(|_| !way.other_teams_stay) {
        assert_eq!(last_sign_out(world, team)["sessions"], 1, "{team} has it on its own record");
    }
}

/// After that, every address of every team that ended shows a page with a button, and asks no provider.
async fn nothing_signs_in_again_by_itself(world: &World, way: &Way, here: &Browser) {
    let before = asked(world);
    let gone: &[&str] = if way.other_teams_stay { &["acme"] } else { &["acme", "acme-labs", "globex"] };
    for team in gone {
        // The back button and a reload ask for the same addresses again.
        for path in
            ["", "/team", "/team", "/team?q=bob", "/activity", "/signed-out", "/signed-out?state=x", ""]
        {
            let page = here.get(&world.at(&format!("/t/{team}{path}"))).await;
            assert_eq!((page.status, page.location()), (200, None), "{team}{path}");
            assert!(page.heading().starts_with("You are signed out of "), "{}", page.body);
            assert!(!page.body.contains("bob@acme.test") && !page.body.contains("Bob Kahn"));
        }
        assert!(!is_in(world, here, team).await);
    }
    for path in ["/login", "/"] {
        let page = here.open(&world.at(path)).await;
        let home = if way.other_teams_stay && path == "/" { OTHERS.to_vec() } else { Vec::new() };
        let there = page.url.path().to_owned();
        let fits = there == "/login" || home.iter().any(|team| there == format!("/t/{team}"));
        assert!(page.status == 200 && fits, "{path} leads to {there}");
    }
    assert_eq!(asked(world), before, "nobody went to a provider");
    for (team, name) in
        [("acme", "Acme"), ("globex", "Globex")].into_iter().filter(|(team, _)| gone.contains(team))
    {
        let page = here.get(&world.at(&format!("/t/{team}/team?q=bob"))).await;
        let again = page.button(&format!("Sign in to {name} again")).expect("a button");
        let back = here.open(&world.at(&again)).await;
        assert_eq!(
            (back.status, back.url.path(), back.url.query()),
            (200, format!("/t/{team}/team").as_str(), Some("q=bob"))
        );
    }
}

async fn a_way_out(db: &TestDatabase, way: &Way) {
    let world = World::new(db).await;
    let browsers = bob_twice(&world).await;
    it_ends_what_it_says_and_no_more(&world, way, &browsers).await;
    nothing_signs_in_again_by_itself(&world, way, &browsers[0]).await;
}

on_both! {
    async fn signing_out_of_this_team(db) {
        a_way_out(db, &TEAM).await;
    }

    async fn signing_out_of_this_team_in_every_browser(db) {
        a_way_out(db, &EVERYWHERE).await;
    }

    async fn signing_out_of_every_team_in_this_browser(db) {
        a_way_out(db, &BROWSER).await;
    }

    async fn signing_out_of_every_team_here_and_of_this_one_everywhere(db) {
        a_way_out(db, &ALL).await;
    }

    async fn the_page_tells_what_happened_whatever_its_address_says(db) {
        let world = World::new(db).await;
        let stranger = Browser::default();
        for query in ["", "?ended=everywhere", "?ended=browser", "?state=made-up", "?state=a&state=b"] {
            let page = stranger.get(&world.at(&format!("/t/acme/signed-out{query}"))).await;
            assert!(text(&page).contains("This browser had no session with Acme, so nothing had to end."), "{query}");
            assert!(page.set_cookies().is_empty());
        }
        for cookie in ["1", "everywhere-else", "x.y.z", "ended", "%", "team.ended.ended"] {
            stranger.set_cookie("td-out-acme", cookie);
            let page = stranger.get(&world.at("/t/acme/signed-out?state=x")).await;
            assert_eq!((page.status, page.heading()), (200, "You are signed out of Acme"), "{cookie}");
        }
        let bob = world.sign_in("acme", "bob@acme.test").await;
        assert_eq!(leads_to(&bob.get(&world.at("/t/acme/signed-out")).await), "/t/acme", "who is in is not out");
    }

    async fn whoever_has_no_session_any_more_is_told_so_and_nothing_else_ends(db) {
        let world = World::new(db).await;
        let [here, there] = bob_twice(&world).await;
        let csrf = here.get(&world.at("/t/acme")).await.hidden("csrf").unwrap();
        sign_out(&world, &there, "acme", &[("everywhere", "1")]).await;
        let again = world.sign_in("acme", "bob@acme.test").await;
        let form = [("csrf", csrf.as_str()), ("everywhere", "1"), ("browser", "1"), ("at_idp", "1")];
        let answer = here.post(&world.at("/t/acme/logout"), &form).await;
        assert_eq!((answer.status, leads_to(&answer)), (303, "/t/acme/signed-out".to_owned()));
        assert!(here.cookie("td-session-acme").is_none());
        let page = here.follow(answer).await;
        // It ended elsewhere, or by the first of two clicks: either way it has.
        assert!(text(&page).contains("Your session with Acme in this browser has ended."), "{}", page.body);
        assert!(text(&page).contains("Still open in this browser: Acme-labs, Globex."), "{}", text(&page));
        assert!(is_in(&world, &again, "acme").await && is_in(&world, &here, "globex").await);
        let page = here.follow(here.post(&world.at("/t/acme/logout"), &form).await).await;
        assert!(text(&page).contains("This browser had no session with Acme"), "{}", page.body);
    }

    async fn no_team_is_left_behind_however_many_are_open(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let teams: Vec<String> = (0..24).map(|n| format!("team-{n:02}")).collect();
        for team in &teams {
            world.add_registered_team(team, "acme", "ada@acme.test", |_new, _client| ());
            assert_eq!(browser.open(&world.at(&format!("/t/{team}/login"))).await.status, 200);
        }
        sign_out(&world, &browser, "acme", &[("browser", "1")]).await;
        let left: Vec<String> = browser.cookie_names().into_iter().filter(|name| name.starts_with("td-session-")).collect();
        assert!(left.is_empty(), "{left:?}");
        for team in &teams {
            assert_eq!(world.sessions_of(team), 0, "{team}");
            assert_eq!(browser.get(&world.at(&format!("/t/{team}"))).await.status, 200, "{team} waits for a click");
        }
    }

    async fn a_team_whose_session_ran_out_waits_for_a_click_too(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        world.sign_in_with(&browser, "globex", "han@globex.test").await;
        world.clock.forward(Duration::from_hours(9));
        world.sign_in_with(&browser, "acme", "bob@acme.test").await;
        browser.drop_cookies("td-session-globex");
        sign_out(&world, &browser, "acme", &[("browser", "1")]).await;
        let page = browser.get(&world.at("/t/globex/team")).await;
        assert_eq!((page.status, page.heading()), (200, "You are signed out of Globex"));
    }

    async fn the_form_of_one_team_signs_nobody_out_of_another(db) {
        let world = World::new(db).await;
        let [here, _there] = bob_twice(&world).await;
        let csrf = here.get(&world.at("/t/globex")).await.hidden("csrf").unwrap();
        let form = [("csrf", csrf.as_str()), ("browser", "1")];
        let answer = here.post(&world.at("/t/acme/logout"), &form).await;
        assert_eq!((answer.status, answer.code()), (403, Some("csrf")));
        assert!(is_in(&world, &here, "acme").await && is_in(&world, &here, "globex").await);
    }

    async fn the_menu_offers_what_there_is(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let alone = browser.get(&world.at("/t/acme")).await;
        assert!(alone.body.contains(">Sign out in every browser</button>"));
        assert!(!alone.body.contains("Sign out of all teams here") && !alone.body.contains("name=\"at_idp\""));
        world.sign_in_with(&browser, "globex", "han@globex.test").await;
        for path in ["/t/acme", "/t/acme/team", "/t/acme/activity", "/t/globex"] {
            assert!(browser.get(&world.at(path)).await.body.contains(">Sign out of all teams here</button>"), "{path}");
        }
    }

    async fn a_sign_out_on_one_node_holds_on_the_other_within_a_second(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let [here, there] = bob_twice(&world).await;
        let in_at_other = async |browser: &Browser, team: &str| {
            browser.get(&other.at(&format!("/t/{team}/team"))).await.status == 200
        };
        for team in ["acme", "globex"] {
            assert!(in_at_other(&here, team).await && in_at_other(&there, team).await);
        }
        let copies = ["acme", "globex"].map(|team| {
            let copy = Browser::default();
            let name = format!("td-session-{team}");
            copy.set_cookie(&name, &here.cookie(&name).unwrap());
            (team, copy)
        });
        sign_out(&world, &here, "acme", &[("everywhere", "1"), ("browser", "1")]).await;
        let told = Instant::now();
        let mut all_out = false;
        while !all_out {
            all_out = !in_at_other(&there, "acme").await;
            for (team, copy) in &copies {
                all_out &= !in_at_other(copy, team).await;
            }
            assert!(told.elapsed() < Duration::from_secs(1), "still in on the other node");
        }
    }
}
