//! RP-Initiated Logout 1.0: who signs whom out, with and without being asked, and where it ends.

use audit::Act;
use support::{Answer, Browser, Product, World, on_both};
use url::form_urlencoded;

use super::{leads_to, outcome};
use crate::eyes;

const BYE: &str = "https://wiki.test/bye";

fn wiki(world: &World) -> Product {
    let bye = apps::RedirectUri::parse(BYE).unwrap();
    Product::add(world, "Wiki", |new| new.options.post_logout_redirect_uris = vec![bye])
}

fn address(world: &World, said: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish();
    world.at(&format!("/oauth2/logout?{query}"))
}

async fn id_token(wiki: &Product, browser: &Browser, team: &str) -> String {
    wiki.tokens(browser, &[("team_id", team)]).await["id_token"].as_str().unwrap().to_owned()
}

async fn is_in(world: &World, browser: &Browser, team: &str) -> bool {
    browser.get(&world.at(&format!("/t/{team}"))).await.status == 200
        && browser.cookie(&format!("td-session-{team}")).is_some()
}

/// Presses the button for a team on the page that asks.
async fn press(world: &World, browser: &Browser, page: &Answer, team: &str) -> Answer {
    let mark = format!("name=\"team_id\" value=\"{team}\"");
    let form =
        page.body.split("<form").find(|form| form.contains(&mark)).unwrap_or_else(|| panic!("{}", page.body));
    let fields: Vec<(String, String)> = form
        .split("<input type=\"hidden\" name=\"")
        .skip(1)
        .map(|field| {
            let (name, rest) = field.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split('"').next().unwrap().replace("&#38;", "&"))
        })
        .collect();
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(&world.at("/oauth2/logout"), &fields).await
}

on_both! {
    async fn an_app_with_the_id_token_of_this_session_signs_out_at_once(db) {
        let world = World::new(db).await;
        let wiki = wiki(&world);
        let browser = world.sign_in("acme", "bob@acme.test").await;
        world.sign_in_with(&browser, "acme-labs", "bob@acme.test").await;
        let hint = id_token(&wiki, &browser, "acme").await;
        let said = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE), ("state", "a&b")];
        let answer = browser.get(&address(&world, &said)).await;
        assert_eq!((answer.status, leads_to(&world, &answer).as_str()), (303, "https://wiki.test/bye?state=a%26b"));
        assert!(!is_in(&world, &browser, "acme").await);
        assert!(is_in(&world, &browser, "acme-labs").await, "another team's session is another's");
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::SignedOut), 1);
        let page = browser.get(&wiki.request(&[("team_id", "acme")])).await;
        assert_eq!(page.heading(), "You are signed out of Acme", "nothing signs in again by itself");

        // The same again: nothing is there to end, and the address is still the app's own.
        let again = browser.get(&address(&world, &said)).await;
        assert_eq!(leads_to(&world, &again), "https://wiki.test/bye?state=a%26b");
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::SignedOut), 1);
    }

    async fn without_an_address_it_ends_on_our_own_page(db) {
        let world = World::new(db).await;
        let wiki = wiki(&world);
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let hint = id_token(&wiki, &browser, "acme").await;
        let page = browser.open(&address(&world, &[("id_token_hint", &hint)])).await;
        assert_eq!((page.url.path(), page.heading()), ("/t/acme/signed-out", "You are signed out of Acme"));
        assert!(page.body.contains("Your session with Acme in this browser has ended."), "{}", page.body);
    }

    async fn a_posted_request_is_answered_with_its_get_twin(db) {
        let world = World::new(db).await;
        let wiki = wiki(&world);
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let hint = id_token(&wiki, &browser, "acme").await;
        let said = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE), ("other", "x")];
        // Another site's form comes without cookies.
        let twin = Browser::default().post(&world.at("/oauth2/logout"), &said).await;
        assert_eq!(twin.status, 303);
        let place = leads_to(&world, &twin);
        assert!(place.starts_with("/oauth2/logout?id_token_hint=") && !place.contains("other"), "{place}");
        assert!(is_in(&world, &browser, "acme").await);
        assert_eq!(leads_to(&world, &browser.get(&world.at(&place)).await), BYE);
        assert!(!is_in(&world, &browser, "acme").await);
    }

    async fn without_that_proof_the_person_is_asked(db) {
        let world = World::new(db).await;
        let wiki = wiki(&world);
        let other = world.sign_in("acme", "bob@acme.test").await;
        let of_other = id_token(&wiki, &other, "acme").await;
        let id = wiki.client_id.as_str();
        for said in [
            vec![],
            vec![("client_id", id)],
            vec![("client_id", id), ("post_logout_redirect_uri", BYE)],
            vec![("id_token_hint", of_other.as_str()), ("post_logout_redirect_uri", BYE)],
        ] {
            let browser = world.sign_in("acme", "ada@acme.test").await;
            let page = browser.get(&address(&world, &said)).await;
            assert_eq!((page.status, page.heading()), (200, "Sign out of Acme?"), "{said:?}");
            assert!(is_in(&world, &browser, "acme").await, "{said:?}");
            let has_app = !said.is_empty();
            assert_eq!(page.body.contains("Wiki brought you here to sign out."), has_app, "{}", page.body);
            assert!(page.button("Stay signed in").is_some());
            let goes_back = said.iter().any(|(name, _)| *name == "post_logout_redirect_uri");
            let policy = page.header("content-security-policy").unwrap();
            assert_eq!(policy.contains("form-action 'self' https://wiki.test;"), goes_back, "{policy}");

            let done = press(&world, &browser, &page, "acme").await;
            let expected = if goes_back { BYE } else { "/t/acme/signed-out" };
            assert_eq!((done.status, leads_to(&world, &done).as_str()), (303, expected), "{said:?}");
            assert!(!is_in(&world, &browser, "acme").await, "{said:?}");
        }
        assert!(is_in(&world, &other, "acme").await, "the other browser's session was not theirs to end");
    }

    async fn with_several_teams_open_the_person_says_which(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        world.sign_in_with(&browser, "acme-labs", "bob@acme.test").await;
        let page = browser.get(&world.at("/oauth2/logout")).await;
        assert_eq!(page.heading(), "Which team do you want to sign out of?");
        press(&world, &browser, &page, "acme-labs").await;
        assert!(is_in(&world, &browser, "acme").await && !is_in(&world, &browser, "acme-labs").await);
    }

    async fn nobody_is_signed_out_by_a_form_that_is_not_ours(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let page = browser.get(&world.at("/oauth2/logout")).await;
        let csrf = page.hidden("csrf").unwrap();
        for (csrf, headers) in [
            ("nonsense", vec![]),
            (csrf.as_str(), vec![("sec-fetch-site", "cross-site")]),
            (csrf.as_str(), vec![("origin", "https://evil.test")]),
        ] {
            let form = [("csrf", csrf), ("team_id", "acme")];
            let answer = browser.post_with(&world.at("/oauth2/logout"), &form, &headers).await;
            assert_eq!((answer.status, answer.code()), (403, Some("csrf")));
        }
        for headers in [[("sec-fetch-dest", "iframe")], [("sec-fetch-dest", "image")], [("sec-purpose", "prefetch")]] {
            let answer = browser.get_with(&world.at("/oauth2/logout"), &headers).await;
            assert!([204, 403].contains(&answer.status));
        }
        assert!(is_in(&world, &browser, "acme").await);
    }

    async fn nobody_is_sent_to_an_address_that_is_not_registered(db) {
        let world = World::new(db).await;
        let (wiki, other) = (wiki(&world), Product::add(&world, "Other", |_| ()));
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let hint = id_token(&wiki, &browser, "acme").await;
        let (id, other) = (wiki.client_id.as_str(), other.client_id.as_str());
        for (said, expected) in [
            (vec![("post_logout_redirect_uri", BYE)], "post_logout_redirect_uri_mismatch"),
            (vec![("client_id", id), ("post_logout_redirect_uri", "https://evil.test/")], "post_logout_redirect_uri_mismatch"),
            (vec![("client_id", id), ("post_logout_redirect_uri", "https://wiki.test/bye/")], "post_logout_redirect_uri_mismatch"),
            (vec![("client_id", id), ("post_logout_redirect_uri", "https://wiki.test/back")], "post_logout_redirect_uri_mismatch"),
            (vec![("client_id", other), ("post_logout_redirect_uri", BYE)], "post_logout_redirect_uri_mismatch"),
            (vec![("client_id", "nobody")], "client_unknown"),
            (vec![("id_token_hint", "x.y.z")], "logout_request_invalid"),
            (vec![("id_token_hint", hint.as_str()), ("client_id", other)], "logout_request_invalid"),
            (vec![("client_id", id), ("client_id", id)], "logout_request_invalid"),
        ] {
            for answer in [
                browser.get(&address(&world, &said)).await,
                browser.post(&world.at("/oauth2/logout"), &said).await,
            ] {
                assert_eq!((answer.status, answer.code(), answer.location()), (400, Some(expected), None), "{said:?}");
            }
        }
        assert!(is_in(&world, &browser, "acme").await);
        assert_eq!(outcome(&wiki, &browser.get(&wiki.request(&[])).await), "code");
    }

    async fn where_nobody_is_signed_in_nothing_needs_to_end(db) {
        let world = World::new(db).await;
        let wiki = wiki(&world);
        let browser = Browser::default();
        let page = browser.get(&world.at("/oauth2/logout")).await;
        assert_eq!((page.status, page.heading()), (200, "You are signed out"));
        let said = [("client_id", wiki.client_id.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s")];
        assert_eq!(leads_to(&world, &browser.get(&address(&world, &said)).await), "https://wiki.test/bye?state=s");
    }
}
