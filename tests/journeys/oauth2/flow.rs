//! The code flow from end to end.

use support::{Browser, Product, World, on_both};

use super::{claims, come_back, leads_to, leads_to_idp, outcome, tells_idp};
use crate::eyes;

on_both! {
    async fn somebody_comes_from_an_app_types_the_team_id_and_is_signed_in_to_the_app(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let browser = Browser::default();
        let page = browser.open(&wiki.request(&[("login_hint", "ada@acme.test")])).await;
        assert_eq!((page.status, page.url.path(), page.heading()), (200, "/login_sso", "Sign in to Wiki"));
        let return_to = page.hidden("return_to").unwrap();
        let form = [("team_id", "acme"), ("return_to", return_to.as_str())];
        let to_idp = browser.post(&world.at("/login_sso"), &form).await;
        assert!(leads_to_idp(&world, &to_idp, "acme"), "{to_idp:?}");
        assert_eq!(tells_idp(&to_idp, "login_hint").as_deref(), Some("ada@acme.test"), "the app's hint");
        let back = come_back(&world, &browser, &to_idp, "ada@acme.test").await;
        let told = wiki.told(&back);
        assert_eq!((told["state"].as_str(), told["iss"].as_str()), ("the state", world.node.base.as_str()));
        assert_eq!(told.len(), 3, "{told:?}");

        let answer = wiki.redeem(&told["code"]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!((answer.header("cache-control"), answer.header("pragma")), (Some("no-store"), Some("no-cache")));
        let tokens = answer.json();
        assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&"Bearer".into(), &600.into()));
        let ada = eyes::person(&world.node.house.database, "acme", "ada@acme.test").person.id.to_string();
        let id_token = claims(&tokens["id_token"]);
        let userinfo = wiki.userinfo(tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(userinfo.status, 200, "{}", userinfo.body);
        for told in [&id_token, &userinfo.json()] {
            for (name, value) in [
                ("sub", ada.as_str()), ("team_id", "acme"), ("team_name", "Acme"), ("role", "admin"),
                ("email", "ada@acme.test"), ("name", "Ada Lovelace"),
            ] {
                assert_eq!(told[name], value, "{name}: {told}");
            }
            assert_eq!((&told["email_verified"], &told["sso_required"]), (&true.into(), &false.into()));
        }
        assert_eq!((&id_token["nonce"], &id_token["aud"]), (&"the-nonce".into(), &wiki.client_id.as_str().into()));
    }

    async fn whoever_is_signed_in_goes_straight_back_and_nothing_is_written(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let before = eyes::record(&world.node.house.database, "acme").len();
        for _ in 0..3 {
            let answer = browser.get(&wiki.request(&[])).await;
            assert_eq!(outcome(&wiki, &answer), "code");
            assert!(answer.set_cookies().is_empty());
        }
        assert_eq!(eyes::record(&world.node.house.database, "acme").len(), before);
        assert_eq!(claims(&wiki.tokens(&browser, &[]).await["id_token"])["role"], "member");
    }

    async fn a_posted_request_is_answered_with_its_get_twin(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let form = wiki.parameters(&[("unknown", "x"), ("max_age", "100")]);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        // A form of another site comes without cookies.
        let twin = Browser::default().post(&world.at("/oauth2/authorize"), &form).await;
        assert_eq!(twin.status, 303);
        let place = leads_to(&world, &twin);
        assert!(place.starts_with("/oauth2/authorize?client_id=") && !place.contains("unknown"), "{place}");
        let back = browser.get(&world.at(&place)).await;
        assert_eq!((outcome(&wiki, &back).as_str(), wiki.told(&back)["state"].as_str()), ("code", "the state"));
    }

    async fn a_request_that_names_the_team_goes_straight_to_its_provider(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let browser = Browser::default();
        let to_idp = browser.get(&wiki.request(&[("team_id", "globex"), ("login_hint", "han@globex.test"), ("max_age", "600")])).await;
        assert!(leads_to_idp(&world, &to_idp, "globex"), "{to_idp:?}");
        assert_eq!(tells_idp(&to_idp, "login_hint").as_deref(), Some("han@globex.test"));
        assert_eq!(tells_idp(&to_idp, "max_age").as_deref(), Some("600"));
        assert_eq!(tells_idp(&to_idp, "prompt"), None);
        let back = come_back(&world, &browser, &to_idp, "han@globex.test").await;
        let tokens = wiki.redeem(&wiki.code(&back)).await.json();
        assert_eq!(claims(&tokens["id_token"])["team_id"], "globex");
    }

    async fn a_remembered_team_is_offered_first_and_answers_for_the_app(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |new| new.options.teams = Some(vec![eyes::team("globex"), eyes::team("acme")]));
        let browser = Browser::default();
        for (team, email) in [("acme-labs", "cyd@acme.test"), ("globex", "gil@globex.test"), ("acme", "ada@acme.test")] {
            world.sign_in_with(&browser, team, email).await;
        }
        browser.drop_cookies("td-session-");
        browser.drop_cookies("td-in-");
        let page = browser.open(&wiki.request(&[])).await;
        assert_eq!((page.url.path(), page.heading()), ("/login_sso", "Sign in to Wiki"));
        assert!(!page.body.contains("Acme-labs"), "the app is not for that team: {}", page.body);
        let acme = page.button("Continue to Acme").unwrap();
        assert!(page.body.find("Continue to Acme").unwrap() < page.body.find("Continue to Globex").unwrap());
        assert!(page.body.find("Continue to Globex").unwrap() < page.body.find("name=\"team_id\"").unwrap());
        let to_idp = browser.get(&world.at(&acme)).await;
        assert!(leads_to_idp(&world, &to_idp, "acme"), "{to_idp:?}");
        let back = come_back(&world, &browser, &to_idp, "ada@acme.test").await;
        assert_eq!(outcome(&wiki, &back), "code");
        let login = browser.get(&world.at(&page.button("Other ways to sign in").unwrap())).await;
        assert_eq!(login.heading(), "Sign in to Wiki");
    }

    async fn a_code_begun_on_one_node_is_redeemed_on_another(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let second = world.second_node();
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let request = wiki.request(&[]).replace(&world.node.base, &second.base);
        let back = browser.get(&request).await;
        assert_eq!(wiki.redeem(&wiki.code(&back)).await.status, 200);
    }

    async fn a_long_request_outlives_the_sign_in_and_a_browser_full_of_them_still_fits_into_a_head(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let (state, browser) = ("s".repeat(1200), Browser::default());
        let request = wiki.request(&[("state", &state), ("team_id", "acme")]);
        let mut to_idp = browser.get(&request).await;
        for _ in 0..8 {
            to_idp = browser.get(&request).await;
        }
        let weight = |name: &String| name.len() + browser.cookie(name).unwrap_or_default().len() + 3;
        let weight: usize = browser.cookie_names().iter().map(weight).sum();
        assert!((2000..7000).contains(&weight), "{weight}");
        let back = come_back(&world, &browser, &to_idp, "ada@acme.test").await;
        assert_eq!(wiki.told(&back)["state"], state);
        assert_eq!(outcome(&wiki, &back), "code");

        let longer = browser.get(&wiki.request(&[("state", &"s".repeat(2048)), ("team_id", "acme")])).await;
        assert_eq!(wiki.told(&longer)["error"], "invalid_request", "told at once, not lost on the way");
    }
}
