//! The Team ID page: what people type, and what stands in their way before their identity provider is reached.

use std::time::Duration;

use mock_idp::{DiscoveryFault, Endpoint, Misbehaviour, WireFault};
use reqwest::Method;
use support::{Answer, Browser, World, on_both};
use teams::State;

use super::{asked, assert_told, to_callback};

const INVALID: &str = "Team IDs use lowercase letters, digits and single dashes, for example acme-research.";
const EMAIL: &str = "That looks like an email address. Enter your Team ID instead, the short name your company \
                     chose, for example acme.";

/// The page without what differs from visit to visit.
fn timeless(page: &Answer, team_id: &str) -> (u16, Vec<(String, String)>, String) {
    let body =
        page.body.replace(page.reference().expect("a reference"), "XXXX-XXXX").replace(team_id, "TEAM");
    let headers = page.headers.iter().filter(|(name, _)| *name != "date" && *name != "content-length");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (page.status, headers.collect(), body)
}

on_both! {
    async fn what_cannot_be_a_team_id_is_kept_and_explained(db) {
        let world = World::new(db).await;
        let long = "a".repeat(64);
        for (typed, code, sentence) in [
            ("", "team_id_empty", "Enter your Team ID."),
            (" \t ", "team_id_empty", "Enter your Team ID."),
            ("acme!", "team_id_invalid", INVALID),
            ("ac--me", "team_id_invalid", INVALID),
            ("a", "team_id_invalid", INVALID),
            ("acme\0", "team_id_invalid", INVALID),
            ("acme%", "team_id_invalid", INVALID),
            (&long, "team_id_invalid", INVALID),
            ("ada@acme.test", "team_id_invalid", EMAIL),
        ] {
            let browser = Browser::default();
            let form = [("team_id", typed), ("return_to", "/t/acme/team?after=x")];
            let page = browser.post(&world.at("/login_sso"), &form).await;
            assert_told(&page, 422, code, sentence);
            assert_eq!(page.between("name=\"team_id\" value=\"", "\""), Some(typed), "what was typed is kept");
            assert_eq!(page.hidden("return_to").as_deref(), Some("/t/acme/team?after=x"));
            assert!(page.body.contains("aria-invalid=\"true\" autofocus"), "the field has the focus");
            assert!(page.set_cookies().is_empty());
        }
        let hostile = "\"><script>alert(1)</script>";
        let page = Browser::default().post(&world.at("/login_sso"), &[("team_id", hostile)]).await;
        assert_told(&page, 422, "team_id_invalid", INVALID);
        assert!(!page.body.contains("<script"));
    }

    async fn what_people_type_is_forgiven(db) {
        let world = World::new(db).await;
        for typed in ["acme", "ACME", " acme ", "ａｃｍｅ", "https://acme.okta.com", "acme-admin.okta.com/app"] {
            let start = Browser::default().post(&world.at("/login_sso"), &[("team_id", typed)]).await;
            assert_eq!(start.status, 303, "{typed}");
            assert!(start.location().unwrap().as_str().starts_with(&world.idp.issuer("acme")), "{typed}");
        }
        let form = [("team_id", "https://acmee.okta.com/login"), ("return_to", "/t/acmee")];
        let page = Browser::default().post(&world.at("/login_sso"), &form).await;
        assert_eq!((page.status, page.code()), (404, Some("team_unknown")));
        assert_eq!(page.between("name=\"team_id\" value=\"", "\""), Some("acmee"));
        assert!(page.body.contains("We read acmee from the address you pasted."));
        assert_eq!(page.hidden("return_to").as_deref(), Some("/t/acmee"));
    }

    async fn a_link_to_the_page_fills_it_in_and_starts_nothing(db) {
        let world = World::new(db).await;
        let page = Browser::default().get(&world.at("/login_sso?team_id=acme&return_to=/t/acme/team")).await;
        assert_eq!((page.status, page.between("name=\"team_id\" value=\"", "\"")), (200, Some("acme")));
        assert_eq!(page.hidden("return_to").as_deref(), Some("/t/acme/team"));
        assert!(page.set_cookies().is_empty());
        for away in ["//evil.test", "https://evil.test", "/\\evil.test", "/%2fevil.test"] {
            let page = Browser::default().get(&world.at(&format!("/login_sso?return_to={away}"))).await;
            assert_eq!((page.status, page.hidden("return_to")), (200, None), "{away}");
        }
        assert_eq!(asked(&world, "acme"), (0, 0, 0, 0));
    }

    async fn nobody_can_tell_unknown_draft_suspended_and_removed_teams_apart(db) {
        let world = World::with(db, &[("LIMITS__UNKNOWN_TEAMS_PER_ADDRESS", "off")]).await;
        for team_id in ["drafted", "paused", "gone"] {
            world.add_registered_team(team_id, "acme", "ada@acme.test", |new, _| {
                if team_id == "drafted" {
                    new.state = State::Draft;
                }
            });
        }
        world.suspend("paused");
        world.remove("gone");
        let state = {
            let browser = Browser::default();
            let callback = world.callback(&browser, "acme", "ada@acme.test").await;
            callback.split_once("/callback").unwrap().1.to_owned()
        };
        for (method, path) in [
            (Method::POST, "/login_sso".to_owned()),
            (Method::GET, "/t/TEAM".to_owned()),
            (Method::GET, "/t/TEAM/login".to_owned()),
            (Method::GET, "/t/TEAM/launch?iss=https://acme.okta.test".to_owned()),
            (Method::GET, "/t/TEAM/team".to_owned()),
            (Method::GET, "/t/TEAM/signed-out".to_owned()),
            (Method::POST, "/t/TEAM/logout".to_owned()),
            (Method::GET, format!("/t/TEAM/callback{state}")),
        ] {
            let mut seen = Vec::new();
            for team_id in ["acmee", "drafted", "paused", "gone"] {
                let (url, browser) = (world.at(&path.replace("TEAM", team_id)), Browser::default());
                let page = match method {
                    Method::POST => browser.post(&url, &[("team_id", team_id)]).await,
                    _ => browser.get(&url).await,
                };
                assert_eq!((page.status, page.code()), (404, Some("team_unknown")), "{path} {team_id}");
                assert!(page.sentence().contains(team_id), "{path}: {}", page.sentence());
                seen.push(timeless(&page, team_id));
            }
            assert!(seen.iter().all(|page| *page == seen[0]), "{path}: {seen:?}");
        }
        let page = Browser::default().post(&world.at("/login_sso"), &[("team_id", "acmee")]).await;
        let sentence = "We can't find an active team called acmee. Check the spelling or ask your administrator.";
        assert_told(&page, 404, "team_unknown", sentence);
    }

    async fn an_identity_provider_that_is_down_is_named_and_the_way_on_is_kept(db) {
        let world = World::new(db).await;
        world.idp.misbehave("acme", Misbehaviour::Wire(Endpoint::Discovery, WireFault::Unavailable));
        let browser = Browser::default();
        let form = [("team_id", "acme"), ("return_to", "/t/acme/team")];
        let page = browser.post(&world.at("/login_sso"), &form).await;
        let sentence = "Acme's sign-in service isn't answering. Try again in a minute.";
        assert_told(&page, 503, "idp_unreachable", sentence);
        assert_eq!(page.header("retry-after"), Some("7"), "as the provider asked");
        assert_eq!(page.button("Try again").as_deref(), Some("/t/acme/login?return_to=%2Ft%2Facme%2Fteam"));
        assert!(browser.cookie_names().is_empty());
        let trace = world.trace(page.reference().unwrap()).expect("a trace");
        assert_eq!((trace.team_id.as_str(), trace.cause.as_str()), ("acme", "idp_unreachable"));

        world.idp.behave("acme");
        world.clock.forward(Duration::from_secs(8));
        let back = to_callback(&browser, &world.at(&page.button("Try again").unwrap()), "bob@acme.test").await;
        let landed = browser.open(&back).await;
        assert_eq!((landed.status, landed.url.path()), (200, "/t/acme/team"), "where they were going");
    }

    async fn fresh_enough_metadata_and_keys_serve_while_the_provider_is_down(db) {
        let world = World::new(db).await;
        world.sign_in("acme", "ada@acme.test").await;
        for endpoint in [Endpoint::Discovery, Endpoint::Keys] {
            world.idp.misbehave("acme", Misbehaviour::Wire(endpoint, WireFault::Down));
            world.clock.forward(Duration::from_hours(3));
            world.sign_in("acme", "bob@acme.test").await;
        }
        assert!(world.idp.counts("acme").discovery > 1, "it was asked again");
        world.clock.forward(Duration::from_hours(26));
        world.idp.misbehave("acme", Misbehaviour::Wire(Endpoint::Discovery, WireFault::Down));
        let page = Browser::default().post(&world.at("/login_sso"), &[("team_id", "acme")]).await;
        assert_eq!((page.status, page.code()), (503, Some("idp_unreachable")), "not for ever");
    }

    async fn another_issuer_in_the_metadata_is_a_misconfiguration(db) {
        let world = World::new(db).await;
        world.idp.misbehave("acme", DiscoveryFault::IssuerWithSlash);
        let page = Browser::default().get(&world.at("/t/acme/login?return_to=/t/acme/team")).await;
        let sentence = "SSO for Acme is misconfigured. Ask your administrator to check the sign-in settings.";
        assert_told(&page, 502, "idp_issuer_mismatch", sentence);
        assert_eq!(page.button("Try again").as_deref(), Some("/t/acme/login?return_to=%2Ft%2Facme%2Fteam"));
        let issuer = world.idp.issuer("acme");
        assert!(!page.body.contains(&issuer), "both strings stand in the trace");
        let trace = world.trace(page.reference().unwrap()).expect("a trace");
        assert_eq!((trace.stage.as_str(), trace.cause.as_str()), ("metadata", "idp_issuer_mismatch"));
        assert!(trace.detail.contains(&format!("{issuer}/")), "{}", trace.detail);
        assert_eq!(world.idp.counts("globex").discovery, 0);
        world.sign_in("globex", "gil@globex.test").await;
    }
}
