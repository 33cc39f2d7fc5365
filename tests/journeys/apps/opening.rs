//! Opening an app: what it is told, and that nobody is led elsewhere.

use serde_json::json;
use support::{Browser, World, on_both};
use url::form_urlencoded;

use super::{ADA, BOB, Vendor, open, told};

const LOGIN: &str = "https://ledger.example/login?via=door";

/// Addresses that are no addresses of the app, and the ways in which others are led astray.
const FORGED: &[&str] = &[
    "https://evil.example/",
    "//evil.example/",
    "https:evil.example",
    "/\\evil.example",
    "https://ledger.example.evil.example/",
    "https://ledger.example@evil.example/",
    "https://ledger.example:444/",
    "http://ledger.example/",
    "https://user@ledger.example/",
    "https://ledgér.example/",
    "https://ledger.example%2f@evil.example/",
    "https://ledger.example\\@evil.example/",
    "javascript:alert(1)//https://ledger.example/",
    "data:text/html,https://ledger.example/",
    "/invoices",
    "invoices",
    "",
    "https://",
    "\0",
];

fn with(name: &str, value: &str) -> String {
    format!("?{}", form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish())
}

on_both! {
    async fn an_app_is_told_who_we_are_which_team_it_is_and_what_they_want(db) {
        let world = World::new(db).await;
        let (vendor, bob) = (Vendor::new(&world, db), world.sign_in("acme", BOB).await);
        let app = json!({"name": "Ledger", "initiate_login_uri": LOGIN, "redirect_uris": ["https://in.ledger.example/cb"]});
        let id = vendor.register(app).await;
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let usual = [pair("via", "door"), pair("iss", &world.node.base), pair("team_id", "acme")];
        let answer = open(&world, &bob, "acme", &id, "").await;
        assert_eq!(answer.status, 303);
        assert_eq!(told(&answer), ("https://ledger.example/login".to_owned(), usual.to_vec()));
        for target in ["https://ledger.example/invoices?no=7&x=y", "https://in.ledger.example/"] {
            let answer = open(&world, &bob, "acme", &id, &with("target_link_uri", target)).await;
            let all = [usual.as_slice(), &[pair("target_link_uri", target)]].concat();
            assert_eq!(told(&answer).1, all);
        }
        for (name, value) in FORGED.iter().map(|value| ("target_link_uri", *value)).chain([("iss", "https://evil.example"), ("team_id", "globex")]) {
            let answer = open(&world, &bob, "acme", &id, &with(name, value)).await;
            assert_eq!(told(&answer), ("https://ledger.example/login".to_owned(), usual.to_vec()), "{name} {value:?}");
        }
    }

    async fn an_app_without_a_login_page_opens_what_they_want_or_its_front_page(db) {
        let world = World::new(db).await;
        let (vendor, bob) = (Vendor::new(&world, db), world.sign_in("acme", BOB).await);
        let id = vendor.register(json!({"name": "Ledger", "home_url": "https://ledger.example/start"})).await;
        let leads_to = async |query: String| open(&world, &bob, "acme", &id, &query).await.location().unwrap().to_string();
        assert_eq!(leads_to(String::new()).await, "https://ledger.example/start");
        assert_eq!(leads_to(with("target_link_uri", "https://ledger.example/a?b")).await, "https://ledger.example/a?b");
        for forged in FORGED {
            assert_eq!(leads_to(with("target_link_uri", forged)).await, "https://ledger.example/start", "{forged:?}");
        }
        vendor.set(&id, json!({"home_url": null, "host": "wiki.localhost:8080"})).await;
        let sign_in = "http://wiki.localhost:8080/.teamdoor/sign-in?team=acme&return_to=%2F";
        assert_eq!(leads_to(String::new()).await, sign_in);
        assert_eq!(leads_to(with("target_link_uri", "https://ledger.example/a")).await, sign_in);
    }

    async fn nobody_signs_in_first_and_then_comes_straight_into_the_app(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        let id = vendor.register(json!({"name": "Ledger", "initiate_login_uri": LOGIN})).await;
        let browser = Browser::default();
        let target = with("target_link_uri", "https://ledger.example/invoices");
        let mut answer = open(&world, &browser, "acme", &id, &target).await;
        while let Some(next) = answer.location().filter(|next| next.host_str() == Some("localhost")) {
            answer = browser.get(next.as_str()).await;
        }
        let mut answer = browser.choose(&answer, BOB).await;
        while let Some(next) = answer.location().filter(|next| next.host_str() == Some("localhost")) {
            answer = browser.get(next.as_str()).await;
        }
        assert!(answer.url.path().ends_with("/callback"), "the callback itself leads there: {}", answer.url);
        let (there, all) = told(&answer);
        assert_eq!((there.as_str(), all.last().unwrap().1.as_str()), ("https://ledger.example/login", "https://ledger.example/invoices"));
    }

    async fn only_a_click_on_our_page_says_with_which_team_an_app_is_used(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        let id = vendor.register(json!({"name": "Ledger", "initiate_login_uri": LOGIN})).await;
        let browser = world.sign_in("acme", BOB).await;
        world.sign_in_with(&browser, "acme-labs", BOB).await;
        let name = format!("td-app-{id}");
        let click = |site| [("sec-fetch-site", site), ("sec-fetch-user", "?1"), ("sec-fetch-dest", "document"), ("sec-fetch-mode", "navigate")];
        let press = async |team: &str, headers: &[(&str, &str)]| {
            let answer = browser.get_with(&world.at(&format!("/t/{team}/apps/{id}")), headers).await;
            assert_eq!(answer.status, 303);
            browser.cookie(&name)
        };
        assert_eq!(press("acme", &[]).await, None);
        assert_eq!(press("acme", &click("cross-site")).await, None);
        assert_eq!(press("acme", &click("same-origin")).await.as_deref(), Some("acme"));
        for foreign in ["cross-site", "same-site", "none"] {
            assert_eq!(press("acme-labs", &click(foreign)).await.as_deref(), Some("acme"), "{foreign}");
        }
        let script = [("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "document")];
        assert_eq!(press("acme-labs", &script).await.as_deref(), Some("acme"));
        assert_eq!(press("acme-labs", &click("same-origin")).await.as_deref(), Some("acme-labs"));
    }

    async fn a_refused_app_changes_no_cookie_and_says_whom_to_ask(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        let id = vendor.register(json!({"name": "Exports", "home_url": "https://x.example/", "min_role": "admin"})).await;
        world.sign_in("acme", ADA).await;
        let bob = world.sign_in("acme", BOB).await;
        let click = [("sec-fetch-site", "same-origin"), ("sec-fetch-user", "?1")];
        let page = bob.get_with(&world.at(&format!("/t/acme/apps/{id}")), &click).await;
        assert_eq!((page.status, page.code(), page.heading()), (403, Some("app_role"), "Exports is for admins of Acme"));
        assert!(page.sentence().ends_with("ask Ada Lovelace."), "{}", page.sentence());
        assert_eq!(page.button("Back to apps").as_deref(), Some("/t/acme"));
        assert!(page.reference().is_some() && bob.cookie(&format!("td-app-{id}")).is_none());
    }

    async fn whoever_does_not_navigate_opens_nothing(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        let id = vendor.register(json!({"name": "Ledger", "initiate_login_uri": LOGIN})).await;
        let bob = world.sign_in("acme", BOB).await;
        for path in [format!("/t/acme/apps/{id}"), "/t/acme/billing".to_owned()] {
            for (headers, status) in [([("sec-fetch-dest", "iframe")], 204), ([("sec-purpose", "prefetch")], 403)] {
                assert_eq!(bob.get_with(&world.at(&path), &headers).await.status, status, "{path}");
            }
            let head = bob.send(reqwest::Method::HEAD, &world.at(&path), &[], None).await;
            assert_eq!((head.status, head.location()), (204, None), "{path}");
        }
    }
}
