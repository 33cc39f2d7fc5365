//! An identity provider that tells us nothing: at the limit of a session the person goes through it again, silently
//! as long as it still knows them. `session_expiry` and `auth_time` draw limits too.

use std::time::Duration;

use mock_idp::AuthorizeFault;
use support::{Browser, World, on_both};

use super::{asked, is_in};
use crate::situations::assert_told;

const HOUR: Duration = Duration::from_hours(1);
const DEEP: &str = "/t/acme/team?q=bob";

/// Opens a deep page as a person does; whether they were asked who they are on the way.
async fn through(world: &World, browser: &Browser, email: &str) -> bool {
    let page = browser.open(&world.at(DEEP)).await;
    let is_asked = page.hidden("request").is_some();
    let landed = if is_asked {
        let back = browser.choose(&page, email).await;
        browser.follow(back).await
    } else {
        page
    };
    assert_eq!((landed.status, landed.url.path(), landed.url.query()), (200, "/t/acme/team", Some("q=bob")));
    is_asked
}

on_both! {
    async fn at_the_idle_limit_nobody_is_asked_whom_the_provider_knows(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        world.clock.forward(HOUR * 8);
        let before = asked(&world);
        let first = bob.get(&world.at(DEEP)).await;
        let login = first.location().unwrap();
        assert_eq!((first.status, login.path()), (303, "/t/acme/login"));
        assert!(!through(&world, &bob, "bob@acme.test").await);
        assert_eq!(asked(&world), before + 1);
        assert!(is_in(&world, &bob, "acme").await);
    }

    async fn at_the_absolute_limit_too(db) {
        let world = World::with(db, &[("SESSION__IDLE", "1h"), ("SESSION__ABSOLUTE", "2h")]).await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        for _ in 0..3 {
            world.clock.forward(Duration::from_mins(39));
            assert!(is_in(&world, &bob, "acme").await);
        }
        world.clock.forward(Duration::from_mins(3));
        assert!(!is_in(&world, &bob, "acme").await);
        assert!(!through(&world, &bob, "bob@acme.test").await);
    }

    async fn whom_the_provider_no_longer_knows_it_asks(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        world.clock.forward(HOUR * 8);
        world.idp.forget_sessions("acme");
        assert!(through(&world, &bob, "bob@acme.test").await);
        world.clock.forward(HOUR * 8);
        world.idp.forget_sessions("acme");
        let page = bob.open(&world.at(DEEP)).await;
        let back = bob.choose(&page, "ada@acme.test").await;
        let landed = bob.follow(back).await;
        assert!(landed.body.contains("Ada Lovelace"), "whoever comes is who they are, not who they were");
    }

    async fn whoever_the_provider_turned_away_stays_out(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        world.clock.forward(HOUR * 8);
        world.idp.edit_client("acme", "client-of-acme", |client| client.assigned = Some(vec!["ada@acme.test".to_owned()]));
        let page = bob.open(&world.at(DEEP)).await;
        assert_eq!((page.status, page.code()), (403, Some("idp_not_assigned")));
        assert!(!is_in(&world, &bob, "acme").await, "and the old session is no way round");
    }

    async fn a_form_of_an_ended_session_keeps_where_they_were(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        world.clock.forward(HOUR * 8);
        let address = world.at("/t/acme/people/x/role");
        let from = world.at(DEEP);
        let answer = bob.post_with(&address, &[("role", "admin")], &[("referer", &from)]).await;
        assert_told(&answer, 401, "session_required", "Sign in to Acme first. Nothing was changed.");
        let way = answer.button("Go to sign-in").unwrap();
        assert_eq!(way, "/t/acme/login?return_to=%2Ft%2Facme%2Fteam%3Fq%3Dbob");
        let landed = bob.open(&world.at(&way)).await;
        assert_eq!((landed.status, landed.url.path(), landed.url.query()), (200, "/t/acme/team", Some("q=bob")));
        for foreign in ["https://evil.test/t/acme/team", "http://localhost/t/acme/team", "/t/acme/team", "%", "data:x"] {
            let answer = Browser::default().post_with(&address, &[], &[("referer", foreign)]).await;
            assert_eq!(answer.button("Go to sign-in").as_deref(), Some("/t/acme/login"), "{foreign}");
        }
    }

    async fn a_session_ends_when_its_provider_said_it_would_on_every_node(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        world.idp.set_session_lasts("acme", Some(HOUR));
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let in_at_other = async || bob.get(&other.at(DEEP)).await.status == 200;
        world.clock.forward(Duration::from_mins(59));
        assert!(is_in(&world, &bob, "acme").await && in_at_other().await);
        world.clock.forward(Duration::from_mins(1));
        assert!(!is_in(&world, &bob, "acme").await && !in_at_other().await, "its cookie is worth nothing");
        let page = bob.open(&world.at(DEEP)).await;
        assert_eq!((page.status, page.code()), (403, Some("idp_session_ended")), "the provider's session is over too");
        world.idp.forget_sessions("acme");
        assert!(through(&world, &bob, "bob@acme.test").await);
    }

    async fn the_providers_limit_never_makes_ours_longer(db) {
        let world = World::with(db, &[("SESSION__IDLE", "1h"), ("SESSION__ABSOLUTE", "2h")]).await;
        world.idp.set_session_lasts("acme", Some(HOUR * 24));
        let bob = world.sign_in("acme", "bob@acme.test").await;
        for _ in 0..3 {
            world.clock.forward(Duration::from_mins(39));
            assert!(is_in(&world, &bob, "acme").await);
        }
        world.clock.forward(Duration::from_mins(3));
        assert!(!is_in(&world, &bob, "acme").await);
    }

    async fn nobody_whose_sign_in_there_is_too_old_stays(db) {
        let world = World::with(db, &[("SESSION__MAX_AUTH_AGE", "1h")]).await;
        let start = Browser::default().post(&world.at("/login_sso"), &[("team_id", "acme")]).await;
        let request = start.location().unwrap();
        assert!(request.query_pairs().any(|(name, value)| name == "max_age" && value == "3600"), "{request}");
        let bob = world.sign_in("acme", "bob@acme.test").await;
        world.clock.forward(Duration::from_mins(40));
        bob.drop_cookies("td-session-");
        assert!(!through(&world, &bob, "bob@acme.test").await, "the provider knows him, and not for too long");
        world.clock.forward(Duration::from_mins(20));
        assert!(!is_in(&world, &bob, "acme").await, "by when he signed in there, not here");
        world.clock.forward(Duration::from_secs(1));
        assert!(through(&world, &bob, "bob@acme.test").await, "the provider asks again");
        world.clock.forward(Duration::from_mins(59));
        assert!(is_in(&world, &bob, "acme").await);
    }

    async fn a_provider_that_does_not_hear_max_age_is_refused(db) {
        let world = World::with(db, &[("SESSION__MAX_AUTH_AGE", "1h")]).await;
        world.idp.misbehave("acme", AuthorizeFault::DeafToMaxAge);
        let bob = world.sign_in("acme", "bob@acme.test").await;
        world.clock.forward(Duration::from_mins(63));
        let page = bob.open(&world.at(DEEP)).await;
        assert_eq!((page.status, page.code()), (502, Some("id_token_invalid")), "{}", page.body);
        assert!(!is_in(&world, &bob, "acme").await);
    }
}
