//! Signing out on an app's host.

use reqwest::Method;
use support::{Answer, Browser, World, on_both};

use super::wiki::Wiki;
use super::{TRUSTING, passed, stopped};

async fn sign_out(wiki: &Wiki<'_>, browser: &Browser, more: &[(&str, &str)]) -> Answer {
    let mut headers = vec![("x-forwarded-host", wiki.host.as_str())];
    headers.extend_from_slice(more);
    browser.send(Method::POST, &wiki.at("/.teamdoor/sign-out"), &headers, None).await
}

on_both! {
    async fn a_sign_out_on_a_host_ends_the_session_of_that_team_here_and_there(db) {
        let world = World::with(db, &TRUSTING).await;
        let (wiki, notes) = (Wiki::new(&world), Wiki::called(&world, "notes", |_options| ()));
        let ada = wiki.visitor("acme", "ada@acme.test").await;
        notes.sign_in(&ada, "?team=acme").await;
        world.sign_in_with(&ada, "acme-labs", "ada@acme.test").await;
        let elsewhere = wiki.visitor("acme", "ada@acme.test").await;
        let origin = wiki.at("");
        let out = sign_out(&wiki, &ada, &[("origin", &origin), ("sec-fetch-site", "same-origin")]).await;
        assert_eq!((out.status, out.header("location")), (303, Some(world.at("/t/acme/signed-out").as_str())));
        assert_eq!(wiki.cookie(&ada), None);
        let page = ada.get(out.header("location").unwrap()).await;
        assert!(page.body.contains("Your session with Acme in this browser has ended."), "{}", page.body);
        assert_eq!(stopped(&wiki.ask(&ada, "").await).0, 401);
        assert_eq!(stopped(&notes.ask(&ada, "").await).0, 401, "it ended for every app of that session");
        assert_eq!(world.team_page(&ada, "acme-labs").await.status, 200, "another team stays");
        assert_eq!(passed(&wiki.ask(&elsewhere, "").await).0, "acme", "and so does another browser");
        let again = ada.get(&world.at("/t/acme")).await;
        assert_eq!(again.status, 200, "nothing signs in again by itself: {}", again.body);
        assert!(again.body.contains("You are signed out of Acme"), "{}", again.body);
    }

    async fn another_site_signs_nobody_out(db) {
        let world = World::with(db, &TRUSTING).await;
        let wiki = Wiki::new(&world);
        let bob = wiki.visitor("acme", "bob@acme.test").await;
        for headers in [
            [("sec-fetch-site", "cross-site")],
            [("sec-fetch-site", "same-site")],
            [("origin", "https://evil.test")],
            [("origin", "http://localhost")],
        ] {
            let answer = sign_out(&wiki, &bob, &headers).await;
            assert_eq!((answer.status, answer.code()), (403, Some("csrf")), "{headers:?}");
            assert!(answer.set_cookies().is_empty());
        }
        assert_eq!(passed(&wiki.ask(&bob, "").await).0, "acme");
    }

    async fn a_sign_out_without_a_session_takes_the_cookie_away(db) {
        let world = World::with(db, &TRUSTING).await;
        let (wiki, bob) = (Wiki::new(&world), Browser::default());
        bob.set_cookie_of(&wiki.name, &wiki.cookie_name(), "k1.AAAA");
        let out = sign_out(&wiki, &bob, &[]).await;
        assert_eq!((out.status, out.header("location")), (303, Some(world.at("/login").as_str())));
        assert_eq!(wiki.cookie(&bob), None);
    }
}
