//! `/launch`: a tile without a team in its address.

use support::{Answer, Browser, World, on_both};
use teams::{ConnectionOptions, Edit, State};
use vocabulary::Issuer;

use super::{address, begun, parameter};
use crate::situations::{asked, assert_told, to_callback};

const OF_NOBODY: &str = "This app tile comes from a sign-in service that no team here uses. Sign in with your Team \
                         ID, or ask your administrator.";

/// The Team ID page, asking for one of the teams of an issuer that is not listed anywhere.
fn assert_asks(page: &Answer) {
    assert_eq!((page.status, page.heading()), (200, "Corporate SSO"), "{}", page.body);
    for listed in ["acme-labs", "Acme", "Globex"] {
        assert!(!page.body.contains(listed), "lists {listed}: {}", page.body);
    }
}

on_both! {
    async fn a_client_id_of_one_team_leads_to_it(db) {
        let world = World::new(db).await;
        for team_id in ["acme", "acme-labs", "globex"] {
            let client = format!("client-of-{team_id}");
            let start = Browser::default().get(&address(&world, "/launch", &[("client_id", &client)])).await;
            assert_eq!(begun(&start), Some(client));
        }
        let own = world.idp.issuer("acme");
        let both = [("client_id", "client-of-acme-labs"), ("iss", own.as_str())];
        let start = Browser::default().get(&address(&world, "/launch", &both)).await;
        assert_eq!(begun(&start).as_deref(), Some("client-of-acme-labs"), "both said, and they agree");
    }

    async fn an_issuer_or_alias_of_one_team_leads_to_it_and_the_person_gets_in(db) {
        let world = World::new(db).await;
        let issuer = world.idp.issuer("globex");
        let tile = address(&world, "/launch", &[("iss", &issuer), ("target_link_uri", "/t/globex/team")]);
        let browser = Browser::default();
        let callback = to_callback(&browser, &tile, "gil@globex.test").await;
        assert_eq!(browser.open(&callback).await.url.path(), "/t/globex/team");

        let alias = "https://login.globex.test";
        let tile = address(&world, "/launch", &[("iss", alias)]);
        assert_told(&Browser::default().get(&tile).await, 404, "team_unknown", OF_NOBODY);
        let mut options = ConnectionOptions::usual(&Issuer::parse(&issuer).unwrap());
        options.aliases = vec![Issuer::parse(alias).unwrap()];
        world.set("globex", &Edit { options: Some(options.clone()), ..Edit::default() });
        assert_eq!(begun(&Browser::default().get(&tile).await).as_deref(), Some("client-of-globex"));
        options.aliases.clear();
        world.set("globex", &Edit { options: Some(options), ..Edit::default() });
        assert_told(&Browser::default().get(&tile).await, 404, "team_unknown", OF_NOBODY);
    }

    async fn an_issuer_of_several_teams_asks_for_the_team_id_and_takes_no_other_team(db) {
        let world = World::new(db).await;
        let issuer = world.idp.issuer("acme");
        let said = [("iss", issuer.as_str()), ("login_hint", "bob@acme.test"), ("target_link_uri", "/t/acme/team")];
        let browser = Browser::default();
        let page = browser.get(&address(&world, "/launch", &said)).await;
        assert_asks(&page);
        assert_eq!(page.hidden("iss").as_deref(), Some(issuer.as_str()));
        assert_eq!(page.hidden("login_hint").as_deref(), Some("bob@acme.test"));
        assert_eq!(page.hidden("return_to").as_deref(), Some("/t/acme/team"));
        assert!(browser.cookie_names().is_empty(), "nothing has begun");

        let form = |team_id: &'static str| [("team_id", team_id), ("iss", issuer.as_str()), ("return_to", "/t/acme/team"), ("login_hint", "bob@acme.test")];
        for (team_id, client) in [("acme", "client-of-acme"), ("acme-labs", "client-of-acme-labs")] {
            let start = Browser::default().post(&world.at("/login_sso"), &form(team_id)).await;
            assert_eq!(begun(&start).as_deref(), Some(client));
            assert_eq!(parameter(&start.location().unwrap(), "login_hint").as_deref(), Some("bob@acme.test"));
        }
        // Another issuer's team is as unknown as one that does not exist, to the letter.
        let told: Vec<String> = {
            let mut told = Vec::new();
            for team_id in ["globex", "nobody"] {
                let page = browser.post(&world.at("/login_sso"), &form(team_id)).await;
                let sentence = format!("We can't find an active team called {team_id}. Check the spelling or ask your administrator.");
                assert_told(&page, 404, "team_unknown", &sentence);
                assert_eq!(page.hidden("iss").as_deref(), Some(issuer.as_str()), "the next try is limited too");
                told.push(page.body.replace(page.reference().unwrap(), "REFERENCE").replace(team_id, "TEAM"));
            }
            told
        };
        assert_eq!(told[0], told[1]);
        let empty = browser.post(&world.at("/login_sso"), &form("")).await;
        assert_eq!((empty.code(), empty.hidden("iss")), (Some("team_id_empty"), Some(issuer.clone())));
    }

    async fn without_anything_the_team_id_page_takes_every_team(db) {
        let world = World::new(db).await;
        for query in ["", "?iss=&client_id=", "?surprise=x"] {
            let page = Browser::default().get(&world.at(&format!("/launch{query}"))).await;
            assert_asks(&page);
            assert_eq!(page.hidden("iss"), None);
        }
        let page = Browser::default().get(&world.at("/launch?login_hint=gil@globex.test")).await;
        assert_eq!(page.hidden("login_hint").as_deref(), Some("gil@globex.test"));
    }

    async fn what_no_open_team_has_is_unknown_and_nobody_is_asked(db) {
        let world = World::with(db, &[("LIMITS__UNKNOWN_TEAMS_PER_ADDRESS", "off")]).await;
        world.add_team("initech", "globex", "a@initech.test", |new| {
            new.issuer = Issuer::parse("https://initech.okta.test").unwrap();
            new.options = ConnectionOptions::usual(&new.issuer);
            new.state = State::Draft;
        });
        world.add_team("hooli", "globex", "a@hooli.test", |new| {
            new.issuer = Issuer::parse("https://hooli.okta.test").unwrap();
            new.options = ConnectionOptions::usual(&new.issuer);
        });
        world.suspend("hooli");
        let long = format!("https://{}.test", "x".repeat(9000));
        let own = world.idp.issuer("globex");
        for iss in [
            "https://never.okta.test",
            "https://initech.okta.test",
            "https://hooli.okta.test",
            "http://169.254.169.254/latest",
            "javascript:alert(1)",
            "\0",
            "%",
            long.as_str(),
            format!("{own}/").as_str(),
            own.to_uppercase().as_str(),
        ] {
            for post in [false, true] {
                let browser = Browser::default();
                let said = [("iss", iss)];
                let page = if post { browser.post(&world.at("/launch"), &said).await } else { browser.get(&address(&world, "/launch", &said)).await };
                assert_told(&page, 404, "team_unknown", OF_NOBODY);
                assert!(page.body.contains("<b>For your administrator:</b>") && page.button("Go to sign-in").is_some());
                assert!(browser.cookie_names().is_empty());
            }
        }
        let page = Browser::default().get(&address(&world, "/launch", &[("client_id", "client-of-initech")])).await;
        assert_told(&page, 404, "team_unknown", OF_NOBODY);
        world.resume("hooli");
        let start = Browser::default().get(&address(&world, "/launch", &[("client_id", "client-of-hooli"), ("iss", "https://hooli.okta.test")])).await;
        assert_eq!(start.code(), Some("idp_unreachable"), "open again, and gone as far as its provider: {}", start.status);
        world.remove("hooli");
        let page = Browser::default().get(&address(&world, "/launch", &[("iss", "https://hooli.okta.test")])).await;
        assert_told(&page, 404, "team_unknown", OF_NOBODY);
        let nobody = (0, 0, 0, 0);
        assert_eq!((asked(&world, "acme"), asked(&world, "globex")), (nobody, nobody));
    }

    async fn a_suspended_team_no_longer_makes_an_issuer_ambiguous(db) {
        let world = World::new(db).await;
        let tile = address(&world, "/launch", &[("iss", &world.idp.issuer("acme"))]);
        assert_asks(&Browser::default().get(&tile).await);
        world.suspend("acme-labs");
        assert_eq!(begun(&Browser::default().get(&tile).await).as_deref(), Some("client-of-acme"));
        world.resume("acme-labs");
        assert_asks(&Browser::default().get(&tile).await);
    }

    async fn a_client_and_an_issuer_that_do_not_belong_together_are_refused(db) {
        let world = World::new(db).await;
        let said = [("client_id", "client-of-acme"), ("iss", &world.idp.issuer("globex"))];
        let sentence = "This tile comes from a different sign-in service than team acme uses.";
        let page = Browser::default().get(&address(&world, "/launch", &said)).await;
        assert_told(&page, 400, "launch_issuer_mismatch", sentence);
        assert_eq!(world.trace(page.reference().unwrap()).unwrap().cause, "launch_issuer_mismatch");
        let page = Browser::default().post(&world.at("/launch"), &said).await;
        assert_told(&page, 400, "launch_issuer_mismatch", sentence);
        let twice = format!("/launch?iss={0}&iss={0}", world.idp.issuer("globex"));
        let sentence = "This tile names two sign-in services, so we can't tell which is yours.";
        assert_told(&Browser::default().get(&world.at(&twice)).await, 400, "launch_issuer_mismatch", sentence);
    }

    async fn two_teams_with_one_client_id_are_told_apart_by_their_issuers(db) {
        let world = World::new(db).await;
        for (team_id, path) in [("one", "acme"), ("two", "globex")] {
            world.add_team(team_id, path, "a@acme.test", |new| new.client_id = vocabulary::ClientId::parse("shared").unwrap());
        }
        assert_asks(&Browser::default().get(&address(&world, "/launch", &[("client_id", "shared")])).await);
        world.suspend("globex");
        let said = [("client_id", "shared"), ("iss", &world.idp.issuer("globex"))];
        assert_eq!(begun(&Browser::default().get(&address(&world, "/launch", &said)).await).as_deref(), Some("shared"));
    }

    async fn unknown_tiles_are_guesses_and_known_ones_are_not(db) {
        let world = World::new(db).await;
        for n in 0..20 {
            let said = [("iss", format!("https://guess-{n}.okta.test"))];
            let page = Browser::default().get(&address(&world, "/launch", &[("iss", &said[0].1)])).await;
            assert_eq!((page.status, page.code()), (404, Some("team_unknown")));
        }
        for said in [("iss", "https://guess.okta.test"), ("client_id", "guess")] {
            let page = Browser::default().get(&address(&world, "/launch", &[said])).await;
            assert_eq!((page.status, page.code()), (429, Some("rate_limited")));
            assert!(page.header("retry-after").is_some());
        }
        let page = Browser::default().get(&world.at("/t/GUESS/launch")).await;
        assert_eq!((page.status, page.code()), (429, Some("rate_limited")), "misspelt, and nobody's");
        let form = [("team_id", "globex"), ("iss", world.idp.issuer("acme").as_str())].map(|(k, v)| (k, v.to_owned()));
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        let page = Browser::default().post(&world.at("/login_sso"), &form).await;
        assert_eq!((page.status, page.code()), (429, Some("rate_limited")), "another issuer's team");
        for _ in 0..30 {
            let start = Browser::default().get(&address(&world, "/launch", &[("client_id", "client-of-acme")])).await;
            assert_eq!(start.status, 303, "a known team is never limited");
        }
    }

    async fn a_posted_tile_is_answered_with_its_get_twin(db) {
        let world = World::new(db).await;
        let issuer = world.idp.issuer("globex");
        let form = [("iss", issuer.as_str()), ("client_id", "client-of-globex"), ("login_hint", "gil@globex.test"), ("target_link_uri", "/t/globex/team"), ("surprise", "x")];
        let browser = Browser::default();
        let cross_site = [("sec-fetch-site", "cross-site"), ("origin", "https://globex.okta.test")];
        let twin = browser.post_with(&world.at("/launch"), &form, &cross_site).await;
        assert_eq!(twin.status, 303);
        assert!(browser.cookie_names().is_empty(), "the POST starts nothing");
        let twin = twin.location().unwrap();
        assert_eq!((twin.path(), parameter(&twin, "surprise")), ("/launch", None));
        let callback = to_callback(&browser, twin.as_str(), "gil@globex.test").await;
        assert_eq!(browser.open(&callback).await.url.path(), "/t/globex/team");

        let form = [("iss", world.idp.issuer("acme"))];
        let twin = Browser::default().post(&world.at("/launch"), &[("iss", &form[0].1)]).await;
        assert_asks(&Browser::default().follow(twin).await);
    }
}
