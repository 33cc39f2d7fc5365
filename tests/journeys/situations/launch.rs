//! The tile in the Okta dashboard: one click, its own team, and nobody signed in by the launch itself.

use support::{Browser, World, on_both};
use teams::Edit;
use url::Url;
use vocabulary::Issuer;

use super::{asked, assert_told, is_somebody, to_callback};

const FOREIGN: &str = "This tile comes from a different sign-in service than team acme uses.";

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

on_both! {
    async fn two_teams_on_one_issuer_each_open_their_own(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        for team_id in ["acme", "acme-labs"] {
            let tile = world.at(&format!("/t/{team_id}/launch?iss={}", world.idp.issuer("acme")));
            let page = browser.open(&tile).await;
            let landed = if page.url.path() == format!("/t/{team_id}") {
                page
            } else {
                let back = browser.choose(&page, "bob@acme.test").await;
                browser.follow(back).await
            };
            assert_eq!((landed.status, landed.url.path()), (200, format!("/t/{team_id}").as_str()));
        }
        assert!(is_somebody(&world, &browser, "acme").await && is_somebody(&world, &browser, "acme-labs").await);
    }

    async fn a_tile_of_an_unknown_team_says_where_the_mistake_is(db) {
        let world = World::new(db).await;
        let page = Browser::default().get(&world.at("/t/acmee/launch?iss=https://acme.okta.test")).await;
        let sentence = "This app tile points to a team we don't know (acmee). Your Okta administrator should check \
                        the Team ID in the app's settings.";
        assert_told(&page, 404, "team_unknown", sentence);
        assert!(page.button("Go to sign-in").is_some());
        world.suspend("acme");
        let page = Browser::default().get(&world.at("/t/acme/launch")).await;
        assert_told(&page, 404, "team_unknown", &sentence.replace("acmee", "acme"));
    }

    async fn a_misspelt_team_id_is_corrected_before_okta_shows_an_error_of_its_own(db) {
        let world = World::new(db).await;
        for (path, said) in [("ACME", "ACME"), ("Acme", "Acme"), ("%20acme", " acme"), ("acme%20", "acme ")] {
            for post in [false, true] {
                let (browser, url) = (Browser::default(), world.at(&format!("/t/{path}/launch")));
                let page = if post { browser.post(&url, &[]).await } else { browser.get(&url).await };
                let sentence = format!("Your Okta app says {said}. Your administrator must enter acme.");
                assert_told(&page, 400, "launch_team_id_spelling", &sentence);
                assert!(page.body.contains("<b>For your administrator:</b>"));
                assert!(page.button("Go to sign-in").is_some());
                assert!(browser.cookie_names().is_empty());
            }
        }
        let page = Browser::default().get(&world.at("/t/%3Cscript%3E/launch")).await;
        assert_eq!((page.status, page.code()), (404, Some("team_unknown")));
        assert!(!page.body.contains("<script"));
    }

    async fn a_tile_of_another_issuer_is_refused_and_nobody_is_asked(db) {
        let world = World::new(db).await;
        let own = world.idp.issuer("acme");
        let foreign = [
            world.idp.issuer("globex"),
            format!("{own}/"),
            own.to_uppercase(),
            "https://evil.test".to_owned(),
            "http://169.254.169.254/latest".to_owned(),
            "javascript:alert(1)".to_owned(),
            format!("{own}\n"),
        ];
        for iss in foreign {
            let browser = Browser::default();
            let mut url = Url::parse(&world.at("/t/acme/launch")).unwrap();
            url.query_pairs_mut().append_pair("iss", &iss);
            let page = browser.get(url.as_str()).await;
            assert_told(&page, 400, "launch_issuer_mismatch", FOREIGN);
            assert!(page.button("Go to sign-in").is_some());
            let page = browser.post(&world.at("/t/acme/launch"), &[("iss", &iss)]).await;
            assert_told(&page, 400, "launch_issuer_mismatch", FOREIGN);
            assert!(browser.cookie_names().is_empty());
        }
        let twice = world.at(&format!("/t/acme/launch?iss={own}&iss={own}"));
        assert_told(&Browser::default().get(&twice).await, 400, "launch_issuer_mismatch", FOREIGN);
        let nobody = (0, 0, 0, 0);
        assert_eq!((asked(&world, "acme"), asked(&world, "globex")), (nobody, nobody));
    }

    async fn a_missing_issuer_goes_on_by_path_and_an_alias_counts(db) {
        let world = World::new(db).await;
        let alias = Issuer::parse("https://login.acme.test").unwrap();
        for query in ["", "?iss=", "?unknown=x&unknown=y", "?iss=https://login.acme.test"] {
            if query.contains("login.acme.test") {
                let url = world.at(&format!("/t/acme/launch{query}"));
                assert_eq!(Browser::default().get(&url).await.status, 400);
                let issuer = Issuer::parse(&world.idp.issuer("acme")).unwrap();
                let mut options = teams::ConnectionOptions::usual(&issuer);
                options.aliases = vec![alias.clone()];
                world.set("acme", &Edit { options: Some(options), ..Edit::default() });
            }
            let start = Browser::default().get(&world.at(&format!("/t/acme/launch{query}"))).await;
            assert_eq!(start.status, 303, "{query}");
            let request = start.location().unwrap();
            assert!(request.as_str().starts_with(&world.idp.issuer("acme")), "{request}");
        }
    }

    async fn a_target_is_reached_when_it_is_ours_and_dropped_otherwise(db) {
        let world = World::new(db).await;
        let ours = world.at("/t/acme/activity?after=1");
        for (target, lands) in [
            ("/t/acme/team", "/t/acme/team"),
            (ours.as_str(), "/t/acme/activity"),
            ("https://evil.test/x", "/t/acme"),
            ("//evil.test/x", "/t/acme"),
            ("/\\evil.test", "/t/acme"),
            ("javascript:alert(1)", "/t/acme"),
            ("http://localhost@evil.test/", "/t/acme"),
            ("/t/acme\r\nset-cookie: a=b", "/t/acme"),
        ] {
            let browser = Browser::default();
            let mut url = Url::parse(&world.at("/t/acme/launch")).unwrap();
            url.query_pairs_mut().append_pair("target_link_uri", target);
            let callback = to_callback(&browser, url.as_str(), "bob@acme.test").await;
            let arrived = browser.get(&callback).await.location().unwrap();
            assert_eq!(arrived.path(), lands, "{target}");
            assert_eq!(arrived.origin(), Url::parse(&world.node.base).unwrap().origin(), "{target}");
        }
    }

    async fn a_hint_is_passed_on_unless_it_is_odd(db) {
        let world = World::new(db).await;
        let long = "x".repeat(321);
        for (hint, passed) in [("ada+x@acme.test", true), (long.as_str(), false), ("a\nb", false), ("", false)] {
            let mut url = Url::parse(&world.at("/t/acme/launch")).unwrap();
            url.query_pairs_mut().append_pair("login_hint", hint);
            let request = Browser::default().get(url.as_str()).await.location().unwrap();
            assert_eq!(parameter(&request, "login_hint"), passed.then(|| hint.to_owned()), "{hint:?}");
        }
    }

    async fn a_posted_launch_is_answered_with_its_get_twin(db) {
        let world = World::new(db).await;
        let own = world.idp.issuer("acme");
        let form = [
            ("iss", own.as_str()),
            ("login_hint", "bob@acme.test"),
            ("target_link_uri", "/t/acme/team"),
            ("surprise", "x"),
        ];
        let browser = Browser::default();
        let cross_site = [("sec-fetch-site", "cross-site"), ("origin", "https://acme.okta.test")];
        let twin = browser.post_with(&world.at("/t/acme/launch"), &form, &cross_site).await;
        assert_eq!(twin.status, 303);
        assert!(browser.cookie_names().is_empty(), "the POST starts nothing");
        let twin = twin.location().unwrap();
        assert_eq!(twin.path(), "/t/acme/launch");
        assert_eq!(parameter(&twin, "iss").as_deref(), Some(own.as_str()));
        assert_eq!(parameter(&twin, "surprise"), None);
        let chooser = browser.open(twin.as_str()).await;
        let back = browser.choose(&chooser, "bob@acme.test").await;
        assert_eq!(browser.follow(back).await.url.path(), "/t/acme/team");

        let (hint, target) = ("x".repeat(9000), format!("/t/acme/{}", "x".repeat(9000)));
        let form = [("iss", ""), ("iss", own.as_str()), ("client_id", &hint), ("login_hint", &hint), ("target_link_uri", &target)];
        let twin = Browser::default().post(&world.at("/t/acme/launch"), &form).await.location().unwrap();
        let said: Vec<_> = twin.query_pairs().collect();
        assert_eq!(said, [("iss".into(), own.as_str().into())], "what was read and nothing else");
        assert_eq!(Browser::default().get(twin.as_str()).await.status, 303);
    }

    async fn a_launch_opens_beside_another_team_and_changes_nothing_of_it(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("globex", "gil@globex.test").await;
        let other = browser.cookie("td-session-globex");
        let callback = to_callback(&browser, &world.at("/t/acme/launch"), "bob@acme.test").await;
        let page = browser.open(&callback).await;
        assert_eq!(page.url.path(), "/t/acme");
        assert!(page.body.contains("Acme") && page.body.contains("Globex"), "the page names the team, and the other");
        assert_eq!(browser.cookie("td-session-globex"), other);
        assert!(is_somebody(&world, &browser, "globex").await);
        assert_eq!(browser.cookie("td-default"), None, "only a click chooses the team opened by default");
        assert_eq!(browser.get(&world.at("/")).await.location().unwrap().path(), "/login", "two are open");
    }

    async fn who_is_signed_in_goes_straight_on(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let (session, before) = (browser.cookie("td-session-acme"), asked(&world, "acme"));
        let authorize = world.idp.counts("acme").authorize;
        let form = [("team_id", "acme"), ("return_to", "/t/acme/team")];
        for (answer, lands) in [
            (browser.get(&world.at("/t/acme/launch")).await, "/t/acme"),
            (browser.get(&world.at("/t/acme/launch?target_link_uri=/t/acme/team")).await, "/t/acme/team"),
            (browser.get(&world.at("/t/acme/login")).await, "/t/acme"),
            (browser.get(&world.at("/t/acme/login?return_to=/t/acme/team")).await, "/t/acme/team"),
            (browser.post(&world.at("/login_sso"), &form).await, "/t/acme/team"),
            (browser.get(&world.at("/")).await, "/t/acme"),
        ] {
            assert_eq!((answer.status, answer.location().unwrap().path()), (303, lands));
        }
        assert_eq!((browser.cookie("td-session-acme"), asked(&world, "acme")), (session, before));
        assert_eq!(world.idp.counts("acme").authorize, authorize);
    }
}
