//! The stage: where its tiles go, what is said when there is none, and the banner on every page of it.

use support::{Answer, Browser, TestDatabase, World, on_both};

use super::{address, begun};
use crate::situations::assert_told;

const STAGE: &str = "https://stage.example";
const NONE: &str = "This tile asks for the stage, a place for trying things out, and there is none.";

fn leads(answer: &Answer) -> (u16, Option<&str>) {
    (answer.status, answer.header("location"))
}

on_both! {
    async fn a_production_tile_stays_and_a_stage_tile_goes_to_the_stage(db) {
        let world = World::with(db, &[("STAGE__PUBLIC_URL", STAGE)]).await;
        for production in ["", "false", "0", "no"] {
            for path in ["/t/globex/launch", "/launch"] {
                let said = [("iss", world.idp.issuer("globex")), ("use_stage", production.to_owned())];
                let said = said.each_ref().map(|(name, value)| (*name, value.as_str()));
                let browser = Browser::default();
                assert_eq!(begun(&browser.get(&address(&world, path, &said)).await).as_deref(), Some("client-of-globex"), "{production:?}");
                assert_eq!(browser.post(&world.at(path), &said).await.location().unwrap().path(), path);
            }
        }
        for stage in ["true", "1", "yes"] {
            for (at, twin) in [
                ("/t/acme/launch?use_stage=STAGE", "/t/acme/launch"),
                ("/t/acme/launch?iss=https%3A%2F%2Fa.test&use_stage=STAGE&x=%2f&target_link_uri=/t", "/t/acme/launch?iss=https%3A%2F%2Fa.test&x=%2f&target_link_uri=/t"),
                ("/launch?use_stage=STAGE&iss=https://a.test", "/launch?iss=https://a.test"),
                ("/launch?us%65_stage=STAGE", "/launch"),
                ("/t/only-on-stage/launch?use_stage=STAGE&use_stage=STAGE", "/t/only-on-stage/launch"),
            ] {
                let browser = Browser::default();
                let answer = browser.get(&world.at(&at.replace("STAGE", stage))).await;
                assert_eq!(leads(&answer), (303, Some(format!("{STAGE}{twin}").as_str())));
                assert!(browser.cookie_names().is_empty());
            }
            let form = [("iss", "https://a.test"), ("use_stage", stage), ("surprise", "x"), ("login_hint", "a@b.test")];
            for path in ["/t/acme/launch", "/launch"] {
                let answer = Browser::default().post(&world.at(path), &form).await;
                let twin = format!("{STAGE}{path}?iss=https%3A%2F%2Fa.test&login_hint=a%40b.test");
                assert_eq!(leads(&answer), (303, Some(twin.as_str())));
            }
        }
    }

    async fn a_value_that_means_nothing_is_explained_and_the_team_hears_of_it(db) {
        let world = World::with(db, &[("STAGE__PUBLIC_URL", STAGE)]).await;
        for unclear in ["TRUE", "maybe", "{app.use_stage}", "2", " true"] {
            for post in [false, true] {
                for path in ["/t/acme/launch", "/launch"] {
                    let (browser, said) = (Browser::default(), [("use_stage", unclear)]);
                    let page = if post { browser.post(&world.at(path), &said).await } else { browser.get(&address(&world, path, &said)).await };
                    assert_told(&page, 400, "stage_not_configured", NONE);
                    assert!(page.body.contains("<b>For your administrator:</b>") && page.button("Go to sign-in").is_some());
                    let trace = world.trace(page.reference().unwrap()).map(|trace| (trace.team_id, trace.stage, trace.cause));
                    let expected = (path != "/launch").then(|| ["acme", "launch", "stage_not_configured"].map(str::to_owned).into());
                    assert_eq!(trace, expected);
                }
            }
        }
    }

    async fn without_a_stage_a_stage_tile_is_explained(db) {
        let world = World::new(db).await;
        for stage in ["true", "1", "yes", "on"] {
            let said = [("iss", world.idp.issuer("acme")), ("use_stage", stage.to_owned())];
            let said = said.each_ref().map(|(name, value)| (*name, value.as_str()));
            let page = Browser::default().get(&address(&world, "/t/acme/launch", &said)).await;
            assert_told(&page, 400, "stage_not_configured", NONE);
        }
        let browser = world.sign_in("acme", "bob@acme.test").await;
        let page = browser.get(&world.at("/t/acme/launch?use_stage=true")).await;
        assert_told(&page, 400, "stage_not_configured", NONE);
    }

    async fn what_is_refused_here_is_not_sent_to_the_stage(db) {
        let world = World::with(db, &[("STAGE__PUBLIC_URL", STAGE)]).await;
        let answer = Browser::default().post(&world.at("/t/acme/launch"), &[("use_stage", "true"), ("id_token", "a.b.c")]).await;
        assert_eq!((answer.status, answer.code(), answer.location()), (400, Some("launch_id_token_refused"), None));
        for foreign in ["https://evil.test", "//evil.test", "true", "https://stage.example@evil.test"] {
            let at = address(&world, "/t/acme/launch", &[("use_stage", "true"), ("target_link_uri", foreign), ("stage", foreign)]);
            let place = Browser::default().get(&at).await.location().unwrap();
            assert_eq!(place.origin().ascii_serialization(), STAGE);
        }
    }

    async fn the_stage_serves_itself_and_says_on_every_page_what_it_is(db) {
        let world = World::with(db, &[("SERVER__PUBLIC_URL", STAGE), ("STAGE__PUBLIC_URL", "https://STAGE.example:443")]).await;
        let browser = Browser::default();
        for path in ["/t/acme/launch?use_stage=true", "/launch?use_stage=true&client_id=client-of-acme"] {
            assert_eq!(begun(&browser.get(&world.at(path)).await).as_deref(), Some("client-of-acme"), "no circle");
        }
        let twin = browser.post(&world.at("/t/acme/launch"), &[("use_stage", "true")]).await;
        assert_eq!(twin.header("location"), Some("/t/acme/launch?"));
        let banner = "This is the stage of Ledger, for trying things out.";
        for path in ["/login", "/login_sso", "/nowhere", "/t/acmee/launch", "/t/acme/signed-out", "/t/acme/launch?iss=https://a.test"] {
            let page = browser.get(&world.at(path)).await;
            assert_eq!(page.body.matches(banner).count(), 1, "{path}");
        }
        let another = TestDatabase::new(db.kind());
        let production = World::with(&another, &[("STAGE__PUBLIC_URL", STAGE)]).await;
        let inside = production.sign_in("acme", "ada@acme.test").await;
        for path in ["/t/acme", "/t/acme/team", "/login", "/nowhere"] {
            assert!(!inside.get(&production.at(path)).await.body.contains("stage of"), "{path}");
        }
    }
}
