//! What no person asked for starts nothing: HEAD, prefetch, prerender and frames, at every address that starts
//! sign-ins.

use reqwest::Method;
use support::{Browser, World, on_both};

use super::address;

/// Requests that a browser makes by itself.
const UNASKED: [&[(&str, &str)]; 9] = [
    &[("sec-purpose", "prefetch")],
    &[("sec-purpose", "prefetch;prerender")],
    &[("sec-purpose", "prefetch;anonymous-client-ip")],
    &[("purpose", "prefetch")],
    &[("x-moz", "prefetch")],
    &[("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "navigate")],
    &[("sec-fetch-dest", "frame")],
    &[("sec-fetch-dest", "embed")],
    &[("sec-fetch-dest", "image"), ("sec-fetch-mode", "no-cors")],
];

/// A browser keeps the success of a prefetch for the click that follows.
fn status_of(headers: &[(&str, &str)]) -> u16 {
    if headers.iter().any(|(_, value)| value.starts_with("prefetch")) { 403 } else { 204 }
}

on_both! {
    async fn nothing_starts_that_no_person_asked_for(db) {
        let world = World::with(db, &[("STAGE__PUBLIC_URL", "https://stage.example")]).await;
        let issuer = world.idp.issuer("globex");
        let tile = [("iss", issuer.as_str())];
        let stage = [("iss", issuer.as_str()), ("use_stage", "true")];
        let foreign = [("iss", "https://evil.test")];
        let gets = [
            world.at("/t/globex/login"),
            address(&world, "/t/globex/launch", &tile),
            address(&world, "/t/globex/launch", &stage),
            address(&world, "/t/globex/launch", &foreign),
            world.at("/t/GLOBEX/launch"),
            address(&world, "/launch", &tile),
            address(&world, "/launch", &stage),
            address(&world, "/launch", &foreign),
            world.at("/launch"),
            world.at("/t/globex/callback?code=x&state=y"),
        ];
        for url in &gets {
            let browser = Browser::default();
            let head = browser.send(Method::HEAD, url, &[], None).await;
            assert_eq!((head.status, head.location()), (204, None), "HEAD {url}");
            for headers in UNASKED {
                let answer = browser.get_with(url, headers).await;
                assert_eq!((answer.status, answer.location(), answer.body.as_str()), (status_of(headers), None, ""), "{url} {headers:?}");
            }
            assert!(browser.cookie_names().is_empty(), "{url}");
        }
        for (path, form) in [("/login_sso", ("team_id", "globex")), ("/t/globex/launch", tile[0]), ("/launch", tile[0]), ("/t/globex/launch", ("id_token", "a.b.c"))] {
            let browser = Browser::default();
            for headers in UNASKED {
                let answer = browser.post_with(&world.at(path), &[form], headers).await;
                assert_eq!((answer.status, answer.location()), (status_of(headers), None), "POST {path} {headers:?}");
            }
            assert!(browser.cookie_names().is_empty(), "{path}");
        }
        let counts = world.idp.counts("globex");
        assert_eq!((counts.discovery, counts.authorize), (0, 0), "nobody was asked");
        for url in &gets[1..2] {
            assert_eq!(Browser::default().get_with(url, &[("sec-fetch-dest", "document")]).await.status, 303, "a person is");
        }
    }

    async fn unasked_launches_are_no_guesses_and_no_circles(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        for _ in 0..25 {
            browser.send(Method::HEAD, &world.at("/launch?iss=https://guess.test"), &[], None).await;
            browser.get_with(&world.at("/t/acme/launch"), &[("sec-purpose", "prefetch")]).await;
        }
        assert_eq!(browser.get(&world.at("/launch?iss=https://guess.test")).await.status, 404);
        assert_eq!(browser.get(&world.at("/t/acme/launch")).await.status, 303);
    }
}
