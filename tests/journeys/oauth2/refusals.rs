//! Requests that end on a page of ours, and what nobody starts.

use std::time::Duration;

use reqwest::Method;
use support::{Answer, Browser, Product, World, on_both};
use vocabulary::Role;

use super::{come_back, leads_to, leads_to_idp, outcome};
use crate::eyes;

fn refused(answer: &Answer) -> (u16, &str) {
    assert!(answer.location().is_none(), "nobody is sent anywhere: {answer:?}");
    assert!(answer.reference().is_some(), "{}", answer.body);
    (answer.status, answer.code().unwrap_or_default())
}

on_both! {
    async fn a_request_of_which_it_is_not_certain_whose_it_is_sends_nobody_anywhere(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let browser = world.sign_in("acme", "bob@acme.test").await;
        for (more, expected) in [
            (vec![("client_id", "")], "client_unknown"),
            (vec![("client_id", "nobody")], "client_unknown"),
            (vec![("client_id", "\0")], "client_unknown"),
            (vec![("redirect_uri", "")], "redirect_uri_mismatch"),
            (vec![("redirect_uri", "https://evil.test/back")], "redirect_uri_mismatch"),
            (vec![("redirect_uri", "https://wiki.test/back/")], "redirect_uri_mismatch"),
            (vec![("redirect_uri", "HTTPS://wiki.test/back")], "redirect_uri_mismatch"),
        ] {
            let get = browser.get(&wiki.request(&more)).await;
            assert_eq!(refused(&get), (400, expected), "{more:?}");
            let form = wiki.parameters(&more);
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let post = browser.post(&world.at("/oauth2/authorize"), &form).await;
            assert_eq!(refused(&post), (400, expected), "{more:?}");
        }
        for doubled in ["client_id=x", "redirect_uri=https://wiki.test/back"] {
            let answer = browser.get(&format!("{}&{doubled}", wiki.request(&[]))).await;
            assert_eq!(refused(&answer).0, 400, "{doubled}");
        }
        let page = browser.get(&wiki.request(&[("redirect_uri", "https://evil.test/")])).await;
        assert!(!page.body.contains("evil.test"), "{}", page.body);
    }

    async fn whoever_may_not_use_an_app_reads_so_here_and_finds_the_dashboard(db) {
        let world = World::new(db).await;
        let billing = Product::add(&world, "Billing", |new| new.options.min_role = Role::Admin);
        let other = Product::add(&world, "Other", |new| new.options.teams = Some(vec![eyes::team("globex")]));
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let role = bob.get(&billing.request(&[])).await;
        assert_eq!((refused(&role), role.heading()), ((403, "app_role"), "Billing is for admins of Acme"));
        assert_eq!(role.button("Go to Acme").as_deref(), Some("/t/acme"));
        let team = bob.get(&other.request(&[("team_id", "acme")])).await;
        assert_eq!((refused(&team), team.heading()), ((403, "app_team"), "Other isn&#39;t for Acme"));

        let ada = world.sign_in("acme", "ada@acme.test").await;
        assert_eq!(outcome(&billing, &ada.get(&billing.request(&[])).await), "code");
        let page = world.team_page(&ada, "acme").await;
        world.change(&ada, &page, "Bob Kahn", "role", &[("role", "admin")]).await;
        assert_eq!(outcome(&billing, &bob.get(&billing.request(&[])).await), "code", "with the next request");
    }

    async fn a_team_that_is_not_there_is_told_as_everywhere(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        world.add_team("team-draft", "acme", "ada@acme.test", |team| team.state = teams::State::Draft);
        world.add_team("team-suspe", "acme", "ada@acme.test", |_team| ());
        world.suspend("team-suspe");
        let mut seen = std::collections::BTreeSet::new();
        for team in ["team-never", "team-draft", "team-suspe"] {
            let answer = Browser::default().get(&wiki.request(&[("team_id", team)])).await;
            assert_eq!(refused(&answer), (404, "team_unknown"));
            seen.insert(answer.body.replace(answer.reference().unwrap(), "").replace(team, ""));
        }
        assert_eq!(seen.len(), 1, "{seen:?}");
        assert_eq!(outcome(&wiki, &Browser::default().get(&wiki.request(&[("team_id", "NO WHERE")])).await), "invalid_request");
    }

    async fn after_a_sign_out_nothing_signs_in_again_by_itself(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let page = browser.get(&world.at("/t/acme")).await;
        let csrf = page.hidden("csrf").unwrap();
        browser.post(&world.at("/t/acme/logout"), &[("csrf", &csrf)]).await;

        let asked = wiki.request(&[("team_id", "acme")]);
        let page = browser.get(&asked).await;
        assert_eq!((page.status, page.heading()), (200, "You are signed out of Acme"));
        let again = page.button("Sign in to Acme again").unwrap();
        let to_idp = browser.get(&world.at(&again)).await;
        let back = come_back(&world, &browser, &to_idp, "bob@acme.test").await;
        assert_eq!(outcome(&wiki, &back), "code", "the button leads back to the app");
        assert_eq!(outcome(&wiki, &browser.get(&asked).await), "code");
    }

    async fn an_app_that_wants_a_sign_in_gets_one_after_a_sign_out_too(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let csrf = browser.get(&world.at("/t/acme")).await.hidden("csrf").unwrap();
        browser.post(&world.at("/t/acme/logout"), &[("csrf", &csrf)]).await;
        let to_idp = browser.get(&wiki.request(&[("team_id", "acme"), ("prompt", "login")])).await;
        assert!(leads_to_idp(&world, &to_idp, "acme"), "that one asks: {to_idp:?}");
    }

    async fn heads_prefetches_and_frames_start_nothing(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let nobody = Browser::default();
        let (usual, named) = (wiki.request(&[]), wiki.request(&[("team_id", "acme")]));
        let silent = wiki.request(&[("prompt", "none")]);
        let frame = [("sec-fetch-dest", "iframe")];
        for (headers, method, status) in [
            (&frame[..], Method::GET, 204),
            (&[("sec-fetch-dest", "empty")][..], Method::GET, 204),
            (&[("sec-purpose", "prefetch")][..], Method::GET, 403),
            (&[][..], Method::HEAD, 204),
        ] {
            for (browser, address) in [(&nobody, &usual), (&nobody, &named), (&bob, &usual), (&bob, &named)] {
                let answer = browser.send(method.clone(), address, headers, None).await;
                assert_eq!((answer.status, answer.location()), (status, None), "{method} {headers:?} {address}");
                assert!(answer.set_cookies().is_empty());
            }
        }
        // A hidden frame of an app may ask whether somebody is there: no page is needed for that.
        assert_eq!(outcome(&wiki, &bob.get_with(&silent, &frame).await), "code");
        assert_eq!(outcome(&wiki, &nobody.get_with(&silent, &frame).await), "login_required");
        assert_eq!(bob.get_with(&silent, &[("sec-purpose", "prefetch")]).await.status, 403);
        let form = wiki.parameters(&[]);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(bob.post_with(&world.at("/oauth2/authorize"), &form, &frame).await.status, 204);
    }

    async fn a_flood_of_requests_grows_nothing(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let browser = Browser::default();
        for n in 0..30 {
            let state = n.to_string();
            let answer = browser.get(&wiki.request(&[("team_id", "acme"), ("state", &state)])).await;
            assert!(leads_to_idp(&world, &answer, "acme"));
        }
        assert_eq!(browser.cookie_names().len(), 6, "{:?}", browser.cookie_names());
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let cookies = bob.cookie_names().len();
        let rows = eyes::record(&world.node.house.database, "acme").len();
        for _ in 0..30 {
            assert_eq!(outcome(&wiki, &bob.get(&wiki.request(&[])).await), "code");
        }
        assert_eq!(bob.cookie_names().len(), cookies);
        assert_eq!(eyes::record(&world.node.house.database, "acme").len(), rows);
    }

    async fn a_browser_that_keeps_no_session_is_helped_instead_of_sent_in_circles(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let browser = Browser::default();
        let asked = wiki.request(&[("team_id", "acme")]);
        let to_idp = browser.get(&asked).await;
        let chooser = browser.get(to_idp.location().unwrap().as_str()).await;
        let back = browser.choose(&chooser, "bob@acme.test").await;
        let came_in = browser.get(back.location().unwrap().as_str()).await;
        browser.drop_cookies("td-session-");
        let answer = browser.get(&world.at(&leads_to(&world, &came_in))).await;
        assert_eq!(refused(&answer), (400, "session_cookie_missing"));
        world.clock.forward(Duration::from_secs(31));
        assert!(leads_to_idp(&world, &browser.get(&asked).await, "acme"));
    }
}
