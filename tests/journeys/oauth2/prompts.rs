//! `prompt`, `max_age` and `id_token_hint` (OpenID Connect Core §3.1.2.1).

use std::time::Duration;

use support::{Browser, Product, World, on_both};

use super::{claims, come_back, leads_to, leads_to_idp, outcome, tells_idp};
use crate::eyes;

/// Who is in the browser.
#[derive(Clone, Copy, Debug)]
enum Open {
    Nobody,
    Acme,
    Both,
}

/// What comes of a request: back at the app with this, or a page of ours with this heading, or the team's provider.
const IDP: &str = "idp";
const TEAM_ID_PAGE: &str = "/login_sso";

async fn browser(world: &World, open: Open) -> Browser {
    let browser = Browser::default();
    let teams: &[&str] = match open {
        Open::Nobody => &[],
        Open::Acme => &["acme"],
        Open::Both => &["acme", "acme-labs"],
    };
    for team in teams {
        world.sign_in_with(&browser, team, "bob@acme.test").await;
    }
    browser
}

on_both! {
    async fn each_prompt_is_followed_whoever_is_there(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let admins = Product::add(&world, "Admins", |new| new.options.min_role = vocabulary::Role::Admin);
        let named = ("team_id", "acme");
        for (open, app, more, expected) in [
            (Open::Nobody, &wiki, vec![], TEAM_ID_PAGE),
            (Open::Nobody, &wiki, vec![named], IDP),
            (Open::Nobody, &wiki, vec![("prompt", "none")], "login_required"),
            (Open::Nobody, &wiki, vec![("prompt", "none"), named], "login_required"),
            (Open::Nobody, &wiki, vec![("prompt", "login")], TEAM_ID_PAGE),
            (Open::Nobody, &wiki, vec![("prompt", "login"), named], IDP),
            (Open::Nobody, &wiki, vec![("prompt", "select_account")], TEAM_ID_PAGE),
            (Open::Nobody, &wiki, vec![("prompt", "consent")], TEAM_ID_PAGE),
            (Open::Acme, &wiki, vec![], "code"),
            (Open::Acme, &wiki, vec![named], "code"),
            (Open::Acme, &wiki, vec![("prompt", "none")], "code"),
            (Open::Acme, &wiki, vec![("prompt", "none"), ("team_id", "globex")], "login_required"),
            (Open::Acme, &wiki, vec![("prompt", "login")], IDP),
            (Open::Acme, &wiki, vec![("prompt", "select_account")], "Continue to Wiki"),
            (Open::Acme, &wiki, vec![("prompt", "consent")], "code"),
            (Open::Acme, &wiki, vec![("prompt", "none login")], "invalid_request"),
            (Open::Acme, &wiki, vec![("max_age", "x")], "invalid_request"),
            (Open::Acme, &wiki, vec![("max_age", "-1")], "invalid_request"),
            (Open::Acme, &admins, vec![("prompt", "none")], "access_denied"),
            (Open::Acme, &admins, vec![], "Admins is for admins of Acme"),
            (Open::Both, &wiki, vec![], "Continue to Wiki"),
            (Open::Both, &wiki, vec![("prompt", "none")], "account_selection_required"),
            (Open::Both, &wiki, vec![("prompt", "none"), named], "code"),
            (Open::Both, &wiki, vec![("prompt", "login")], "Continue to Wiki"),
        ] {
            let browser = browser(&world, open).await;
            let answer = browser.get(&app.request(&more)).await;
            let about = format!("{open:?} {more:?}: {} {:?}", answer.status, answer.headers);
            let place = leads_to(&world, &answer);
            if place.starts_with(&app.back) {
                assert_eq!(outcome(app, &answer), expected, "{about}");
                assert_eq!(app.told(&answer)["state"], "the state", "{about}");
            } else if expected == IDP {
                assert!(leads_to_idp(&world, &answer, "acme"), "{about}");
            } else if expected == TEAM_ID_PAGE {
                assert!(place.starts_with("/login_sso?return_to="), "{about}");
            } else {
                assert_eq!(answer.heading(), expected, "{about}");
            }
        }
    }

    async fn whoever_is_to_sign_in_again_does_so_once(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let before = browser.cookie("td-session-acme");
        world.clock.forward(Duration::from_hours(1));
        for (more, upstream) in [(("prompt", "login"), "login"), (("max_age", "300"), "login"), (("max_age", "0"), "login")] {
            world.clock.forward(Duration::from_mins(10));
            let to_idp = browser.get(&wiki.request(&[more])).await;
            assert!(leads_to_idp(&world, &to_idp, "acme"), "{more:?}: {to_idp:?}");
            assert_eq!(tells_idp(&to_idp, "prompt").as_deref(), Some(upstream));
            let back = come_back(&world, &browser, &to_idp, "bob@acme.test").await;
            let tokens = wiki.redeem(&wiki.code(&back)).await.json();
            let now = vocabulary::Clock::now(&world.clock).seconds();
            let told = claims(&tokens["id_token"])["auth_time"].as_i64().unwrap();
            assert!((now - told).abs() <= 1, "{more:?}: signed in now, {told} at {now}");
        }
        assert_ne!(browser.cookie("td-session-acme"), before);
        assert_eq!(eyes::sessions(&world.node.house.database, "acme"), 1, "each new one ended the one before");
        // Fresh enough, and no question.
        assert_eq!(outcome(&wiki, &browser.get(&wiki.request(&[("max_age", "300")])).await), "code");
    }

    async fn nobody_with_the_wish_to_sign_in_again_is_asked_once_too(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        for more in [("prompt", "login"), ("prompt", "select_account"), ("max_age", "300")] {
            let browser = Browser::default();
            let page = browser.open(&wiki.request(&[more])).await;
            let return_to = page.hidden("return_to").unwrap();
            let form = [("team_id", "acme"), ("return_to", return_to.as_str())];
            let to_idp = browser.post(&world.at("/login_sso"), &form).await;
            assert_eq!(tells_idp(&to_idp, more.0).as_deref(), Some(more.1), "the provider is told");
            let back = come_back(&world, &browser, &to_idp, "bob@acme.test").await;
            assert_eq!(outcome(&wiki, &back), "code", "{more:?}");
        }
    }

    async fn an_id_token_says_who_it_has_to_be(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let hint = wiki.tokens(&bob, &[]).await["id_token"].as_str().unwrap().to_owned();
        let with_hint = [("id_token_hint", hint.as_str()), ("prompt", "none")];
        assert_eq!(outcome(&wiki, &bob.get(&wiki.request(&with_hint)).await), "code");
        assert_eq!(outcome(&wiki, &ada.get(&wiki.request(&with_hint)).await), "login_required");
        assert_eq!(outcome(&wiki, &Browser::default().get(&wiki.request(&with_hint)).await), "login_required");

        // Asked aloud, Ada may sign in as Bob; the hint also tells the team. As herself, she is not let in as him.
        let aloud = wiki.request(&[("id_token_hint", &hint)]);
        let to_idp = ada.get(&aloud).await;
        assert!(leads_to_idp(&world, &to_idp, "acme"), "{to_idp:?}");
        assert_eq!(tells_idp(&to_idp, "prompt").as_deref(), Some("select_account"));
        let back = come_back(&world, &ada, &to_idp, "ada@acme.test").await;
        assert_eq!(outcome(&wiki, &back), "login_required");
        let to_idp = ada.get(&aloud).await;
        let back = come_back(&world, &ada, &to_idp, "bob@acme.test").await;
        assert_eq!(outcome(&wiki, &back), "code");

        let other = Product::add(&world, "Other", |_| ());
        for wrong in ["x", "a.b.c", hint.trim_end_matches(|c: char| c != '.')] {
            assert_eq!(outcome(&wiki, &bob.get(&wiki.request(&[("id_token_hint", wrong)])).await), "invalid_request");
        }
        let foreign = bob.get(&other.request(&[("id_token_hint", &hint)])).await;
        assert_eq!(outcome(&other, &foreign), "invalid_request", "another app's");
    }
}
