//! Who sits at the console, and for how long.

use std::time::Duration;

use support::{Browser, World, command, on_both};

use super::{ADA, BOB, ends, led, page, press, refused_within_a_second, send, set, world};
use crate::eyes;

/// A new team's form and one that is there.
const PATHS: [&str; 2] = ["/operator/teams/new", "/operator/teams/globex"];

on_both! {
    async fn nobody_signs_in_to_the_operators_team_first_and_members_of_it_are_told(db) {
        let world = world(db).await;
        let (bob, gil) = (world.sign_in("acme", BOB).await, world.sign_in("globex", "gil@globex.test").await);
        for path in PATHS {
            let address = world.at(path);
            let sign_in = format!("/t/acme/login?return_to={}", path.replace('/', "%2F"));
            for stranger in [&Browser::default(), &gil] {
                assert_eq!(led(&stranger.get(&address).await), (303, sign_in.clone()), "{path}");
                let posted = stranger.post(&address, &[("action", "suspend"), ("typed", "globex")]).await;
                assert_eq!(ends(&posted), (401, Some("session_required")), "{path}");
            }
            assert_eq!(ends(&bob.get(&address).await), (403, Some("not_admin")), "{path}");
            let csrf = bob.open(&world.at("/")).await.hidden("csrf").unwrap();
            let posted = bob.post(&address, &[("csrf", &csrf), ("action", "suspend"), ("typed", "globex")]).await;
            assert_eq!(ends(&posted), (403, Some("not_admin")), "{path}");
        }
        world.sign_in("globex", "han@globex.test").await;
    }

    async fn without_operators_there_is_no_console(db) {
        let world = World::with(db, &[("OPERATOR__TEAM", "")]).await;
        let ada = world.sign_in("acme", ADA).await;
        for path in PATHS {
            for browser in [&Browser::default(), &ada] {
                let seen = browser.get(&world.at(path)).await;
                assert_eq!(ends(&seen), (404, Some("console_not_configured")), "{path}");
                let posted = browser.post(&world.at(path), &[("action", "suspend")]).await;
                assert_eq!(ends(&posted), (404, Some("console_not_configured")), "{path}");
            }
        }
    }

    async fn an_operator_who_is_none_any_more_does_nothing_more(db) {
        let world = world(db).await;
        let ada = world.sign_in("acme", ADA).await;
        world.sign_in("acme", BOB).await;
        set(&world, db, BOB, "admin");
        let globex = page(&world, "globex");
        let seen = ada.get(&globex).await;
        assert_eq!(seen.status, 200);
        set(&world, db, ADA, "member");
        for (action, typed) in [("suspend", "globex"), ("remove", "globex"), ("setup_link", ""), ("edit", ""), ("check", "")] {
            if ["edit", "check"].contains(&action) {
                // These change nothing, so that what this node has heard decides: within a second.
                refused_within_a_second(&ada, &globex).await;
            }
            let late = send(&ada, &globex, &seen, action, &[("typed", typed)]).await;
            assert_eq!(ends(&late), (403, Some("not_admin")), "{action}");
        }
        world.sign_in("globex", "gil@globex.test").await;
    }

    async fn an_hour_without_use_ends_it(db) {
        let world = world(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let globex = page(&world, "globex");
        for _use in 0..3 {
            world.clock.forward(Duration::from_mins(59));
            assert_eq!(ada.get(&globex).await.status, 200);
        }
        let seen = ada.get(&globex).await;
        world.clock.forward(Duration::from_mins(61));
        assert_eq!(ends(&send(&ada, &globex, &seen, "suspend", &[("typed", "globex")]).await), (401, Some("session_required")));
        assert_eq!(led(&ada.get(&globex).await), (303, "/t/acme/login?return_to=%2Foperator%2Fteams%2Fglobex".to_owned()));
    }

    async fn a_form_of_another_site_or_session_does_nothing_to_a_team(db) {
        let world = world(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let other = world.sign_in("acme", ADA).await;
        let theirs = other.get(&page(&world, "globex")).await.hidden("csrf").unwrap();
        let own = ada.get(&page(&world, "globex")).await.hidden("csrf").unwrap();
        let more = [("action", "suspend"), ("typed", "globex"), ("team_id", "hooli"), ("admin_email", "a@hooli.test")];
        for path in PATHS {
            let address = world.at(path);
            for csrf in [None, Some(""), Some(theirs.as_str())] {
                let form: Vec<(&str, &str)> = csrf.map(|csrf| ("csrf", csrf)).into_iter().chain(more).collect();
                assert_eq!(ends(&ada.post(&address, &form).await), (403, Some("csrf")), "{path} {csrf:?}");
            }
            let form: Vec<(&str, &str)> = [("csrf", own.as_str())].into_iter().chain(more).collect();
            for headers in [[("sec-fetch-site", "cross-site")], [("origin", "https://evil.example")]] {
                assert_eq!(ends(&ada.post_with(&address, &form, &headers).await), (403, Some("csrf")), "{path} {headers:?}");
            }
        }
        assert_eq!(eyes::record(&world.node.house.database, "hooli").len(), 0);
        world.sign_in("globex", "gil@globex.test").await;
    }

    async fn unknown_and_removed_teams_are_not_there(db) {
        let world = world(db).await;
        let ada = world.sign_in("acme", ADA).await;
        assert!(command(&world, db, &["team", "remove", "acme-labs", "--yes"]).done);
        for team in ["hooli", "acme-labs", "No%20Team", "x"] {
            let seen = ada.get(&page(&world, team)).await;
            assert_eq!(ends(&seen), (404, Some("team_unknown")), "{team}");
            assert_eq!(seen.button("Back to all teams").as_deref(), Some("/operator"), "{}", seen.body);
        }
        let csrf = ada.get(&page(&world, "globex")).await.hidden("csrf").unwrap();
        for action in ["edit", "check", "setup_link", "revoke_link", "enable", "rollback", "require", "relax", "resume", "suspend", "remove", "break_glass", "revoke_glass"] {
            let more = [("csrf", csrf.as_str()), ("action", action), ("typed", "hooli"), ("name", "x"), ("admin_email", "a@b.test"), ("person", "01j00000000000000000000000")];
            let posted = ada.post(&page(&world, "hooli"), &more).await;
            assert_eq!(ends(&posted), (404, Some("team_unknown")), "{action}");
        }
        assert_eq!(ends(&press(&ada, &page(&world, "globex"), "explode", &[]).await), (422, Some("form_invalid")));
    }

    async fn the_console_does_not_close_itself(db) {
        let world = world(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let own = page(&world, "acme");
        let seen = ada.get(&own).await;
        assert!(seen.body.contains("This team&#39;s admins are the operators"), "{}", seen.body);
        for action in ["suspend", "remove"] {
            for typed in [&[][..], &[("typed", "acme")]] {
                assert_eq!(ends(&send(&ada, &own, &seen, action, typed).await), (409, Some("operators_team")), "{action}");
            }
        }
        assert_eq!(ada.get(&own).await.status, 200);
    }
}
