//! From the customer's dashboard into an app: one click.

use apps::WebUri;
use serde_json::json;
use support::{Answer, Browser, Product, World, on_both};
use url::Url;

use super::{ADA, BOB, Vendor, told};

const INVOICES: &str = "https://ledger.example/invoices?no=7";

/// The address of a launch with this target.
fn launch(world: &World, path: &str, target: &str) -> String {
    let mut url = Url::parse(&world.at(path)).unwrap();
    let issuer = world.idp.issuer("acme");
    url.query_pairs_mut().append_pair("iss", &issuer).append_pair("target_link_uri", target);
    url.into()
}

/// Goes on by redirects as long as they lead to us or the provider; how many there were, and the answer that leads
/// elsewhere or is a page.
async fn walk(browser: &Browser, address: &str) -> (usize, Answer) {
    let mut answer = browser.get(address).await;
    for count in 1..10 {
        match answer.location().filter(|next| next.host_str() == Some("localhost")) {
            Some(next) => answer = browser.get(next.as_str()).await,
            None if answer.location().is_some() => return (count, answer),
            None => return (count - 1, answer),
        }
    }
    panic!("in circles at {}", answer.url);
}

/// A browser in which the provider knows Bob and we don't.
async fn known_there(world: &World) -> Browser {
    let browser = world.sign_in("acme", BOB).await;
    browser.drop_cookies("td-");
    browser
}

on_both! {
    async fn from_tile_to_product_it_is_one_click_and_four_redirects(db) {
        let world = World::new(db).await;
        let ledger = Product::add(&world, "Ledger", |new| {
            new.options.initiate_login_uri = Some(WebUri::parse("https://ledger.test/login").unwrap());
        });
        let browser = known_there(&world).await;
        let invoices = "https://ledger.test/invoices?no=7";
        for expected in [4, 2] {
            let (redirects, answer) = walk(&browser, &launch(&world, "/t/acme/launch", invoices)).await;
            let (there, all) = told(&answer);
            assert_eq!(there, "https://ledger.test/login");
            let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            assert_eq!(all, [pair("iss", &world.node.base), pair("team_id", "acme"), pair("target_link_uri", invoices)]);
            // What the product does with it.
            let (more, answer) = walk(&browser, &ledger.request(&[("team_id", &all[1].1)])).await;
            assert!(!ledger.code(&answer).is_empty());
            assert_eq!(redirects + more, expected, "of ours and the provider's");
        }
        assert!(browser.cookie(&format!("td-app-{}", ledger.client_id)).is_none(), "no click on one of our pages");
        assert!(browser.cookie("td-default").is_none());
    }

    async fn a_post_and_a_tile_without_a_team_end_in_the_app_too(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        vendor.register(json!({"name": "Ledger", "home_url": "https://ledger.example/"})).await;
        let browser = known_there(&world).await;
        let issuer = world.idp.issuer("acme");
        let form = [("iss", issuer.as_str()), ("target_link_uri", INVOICES)];
        let twin = browser.post(&world.at("/t/acme/launch"), &form).await;
        let (_, answer) = walk(&browser, twin.location().unwrap().as_str()).await;
        assert_eq!(answer.location().unwrap().as_str(), INVOICES);
        let long = format!("https://ledger.example/{}", "x".repeat(2000));
        let (_, answer) = walk(&known_there(&world).await, &launch(&world, "/t/acme/launch", &long)).await;
        assert_eq!(answer.location().unwrap().as_str(), "https://ledger.example/", "too long to carry: the app at least");
        // Two teams have this issuer: the Team ID page keeps where the tile leads.
        let (_, page) = walk(&browser, &launch(&world, "/launch", INVOICES)).await;
        assert_eq!((page.status, page.hidden("target_link_uri").as_deref()), (200, Some(INVOICES)));
        let form = [("team_id", "acme"), ("iss", issuer.as_str()), ("target_link_uri", INVOICES)];
        let answer = browser.post(&world.at("/login_sso"), &form).await;
        assert_eq!(answer.location().unwrap().as_str(), INVOICES);
        let (_, page) = walk(&browser, &launch(&world, "/launch", "https://evil.example/")).await;
        assert!(!page.body.contains("evil.example"), "no app's: not even kept");
    }

    async fn an_address_that_is_no_apps_of_the_team_leads_to_the_dashboard(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        vendor.register(json!({"name": "Of globex", "home_url": "https://globex.example/", "teams": ["globex"]})).await;
        vendor.register(json!({"name": "Ledger", "home_url": "https://ledger.example/"})).await;
        let targets = [
            "https://globex.example/",
            "https://evil.example/",
            "https://ledger.example.evil.example/",
            "https://ledger.example@evil.example/",
            "https://ledger.example:444/",
            "http://ledger.example/",
            "javascript:alert(1)",
        ];
        for target in targets {
            let browser = known_there(&world).await;
            for _with_and_without_a_session in 0..2 {
                let (_, page) = walk(&browser, &launch(&world, "/t/acme/launch", target)).await;
                assert_eq!((page.status, page.url.path()), (200, "/t/acme"), "{target}");
            }
        }
    }

    async fn of_two_apps_at_one_address_the_one_opens_that_asks_for_less(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        vendor.register(json!({"name": "A", "min_role": "admin", "initiate_login_uri": "https://ledger.example/admin"})).await;
        vendor.register(json!({"name": "B", "initiate_login_uri": "https://ledger.example/login"})).await;
        for email in [BOB, ADA] {
            let browser = world.sign_in("acme", email).await;
            let (_, answer) = walk(&browser, &launch(&world, "/t/acme/launch", INVOICES)).await;
            assert_eq!(told(&answer).0, "https://ledger.example/login", "{email}");
        }
    }

    async fn what_does_not_suffice_at_arrival_ends_on_a_page_that_says_so(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        let id = vendor.register(json!({"name": "Exports", "min_role": "admin", "home_url": "https://ledger.example/"})).await;
        world.sign_in("acme", ADA).await;
        let bob = known_there(&world).await;
        let (_, page) = walk(&bob, &launch(&world, "/t/acme/launch", INVOICES)).await;
        assert_eq!((page.status, page.code()), (403, Some("app_role")));
        // Registered when the sign-in began, gone when it ends.
        let bob = known_there(&world).await;
        let begun = bob.get(&launch(&world, "/t/acme/launch", INVOICES)).await;
        let callback = bob.get(begun.location().unwrap().as_str()).await;
        vendor.remove(&id).await;
        let (_, page) = walk(&bob, callback.location().unwrap().as_str()).await;
        assert_eq!((page.status, page.code()), (404, Some("not_found")));
    }

    async fn whoever_is_promoted_on_the_way_comes_in_as_an_admin(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        vendor.register(json!({"name": "Exports", "min_role": "admin", "home_url": "https://ledger.example/"})).await;
        let browser = Browser::default();
        let (_, chooser) = walk(&browser, &launch(&world, "/t/acme/launch", INVOICES)).await;
        let back = browser.choose(&chooser, ADA).await;
        let (_, answer) = walk(&browser, back.location().unwrap().as_str()).await;
        assert_eq!(answer.location().unwrap().as_str(), INVOICES);
    }
}
