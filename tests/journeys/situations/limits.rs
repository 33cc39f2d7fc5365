//! Limits count what is wrong, never what a company does at nine o'clock behind one address.

use support::{Browser, World, on_both};

use super::{assert_told, to_callback};

const WAIT: &str = "Wait a minute, then try again.";

on_both! {
    async fn twenty_unknown_team_ids_a_minute_and_known_ones_without_end(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        for n in 0..20 {
            let page = browser.post(&world.at("/login_sso"), &[("team_id", &format!("guess-{n}"))]).await;
            assert_eq!((page.status, page.code()), (404, Some("team_unknown")));
        }
        let form = [("team_id", "guess-20"), ("return_to", "/t/acme/team")];
        for headers in [&[][..], &[("x-forwarded-for", "198.51.100.7")]] {
            let page = browser.post_with(&world.at("/login_sso"), &form, headers).await;
            assert_told(&page, 429, "rate_limited", WAIT);
            let wait: u64 = page.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
            assert_eq!(page.between("name=\"team_id\" value=\"", "\""), Some("guess-20"));
            assert_eq!(page.hidden("return_to").as_deref(), Some("/t/acme/team"));
        }
        for path in ["/t/guess-21", "/t/guess-21/login", "/t/guess-21/launch", "/t/guess-21/signed-out"] {
            let page = browser.get(&world.at(path)).await;
            assert_eq!((page.status, page.code()), (429, Some("rate_limited")), "{path}: no way around");
            assert!(page.header("retry-after").is_some());
        }
        for _ in 0..40 {
            let start = Browser::default().post(&world.at("/login_sso"), &[("team_id", "acme")]).await;
            assert_eq!(start.status, 303, "a known team is never limited");
        }
        world.sign_in("acme", "bob@acme.test").await;
    }

    async fn behind_a_trusted_proxy_each_address_counts_for_itself(db) {
        let world = World::with(db, &[("SERVER__TRUSTED_PROXIES", r#"["127.0.0.0/8", "::1/128"]"#)]).await;
        let from = async |address: &str, n: usize| {
            let form = [("team_id", format!("guess-{n}"))];
            let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
            let headers = [("x-forwarded-for", address)];
            Browser::default().post_with(&world.at("/login_sso"), &form, &headers).await.status
        };
        for n in 0..20 {
            assert_eq!(from("203.0.113.9, 198.51.100.7", n).await, 404);
        }
        assert_eq!(from("203.0.113.10, 198.51.100.7", 20).await, 429, "what stands before is hearsay");
        assert_eq!(from("198.51.100.8", 20).await, 404);
        assert_eq!(from("2001:db8::1", 20).await, 404);
    }

    async fn thirty_failed_callbacks_a_minute_stop_the_next_before_the_provider_is_asked(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        let good = to_callback(&browser, &world.at("/t/acme/login"), "bob@acme.test").await;
        let other = to_callback(&browser, &world.at("/t/acme-labs/login"), "bob@acme.test").await;
        for _ in 0..30 {
            let page = browser.get(&world.at("/t/acme/callback?code=made-up&state=made-up")).await;
            assert_eq!((page.status, page.code()), (400, Some("state_unknown")));
        }
        let page = browser.get(&good).await;
        assert_told(&page, 429, "rate_limited", WAIT);
        let wait: u64 = page.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert_eq!((world.idp.counts("acme").token, world.spent_states()), (0, 0));
        assert_eq!(browser.open(&other).await.url.path(), "/t/acme-labs", "another team is not concerned");
        assert_eq!(browser.get(&world.at("/t/acme/login")).await.status, 303, "starting is never limited");
    }

    async fn made_up_codes_are_no_load_on_the_provider(db) {
        let world = World::with(db, &[("LIMITS__FAILED_CALLBACKS_PER_ADDRESS_AND_TEAM", "3")]).await;
        for n in 0..6 {
            let browser = Browser::default();
            let good = to_callback(&browser, &world.at("/t/acme/login"), "bob@acme.test").await;
            let (before, after) = good.split_once("code=").unwrap();
            let rest = after.split_once('&').map_or("", |(_, rest)| rest);
            let page = browser.get(&format!("{before}code=made-up&{rest}")).await;
            let expected = if n < 3 { (400, Some("code_rejected")) } else { (429, Some("rate_limited")) };
            assert_eq!((page.status, page.code()), expected);
        }
        assert_eq!(world.idp.counts("acme").token, 3);
    }

    async fn a_company_at_nine_oclock_is_not_limited(db) {
        let world = World::new(db).await;
        for _ in 0..35 {
            world.sign_in("acme", "bob@acme.test").await;
        }
        let browser = Browser::default();
        let callback = to_callback(&browser, &world.at("/t/acme/login"), "bob@acme.test").await;
        browser.open(&callback).await;
        for _ in 0..35 {
            assert_eq!(browser.get(&callback).await.status, 303, "Back and reload are nothing wrong");
        }
        world.sign_in("acme", "ada@acme.test").await;
    }

    async fn a_limit_can_be_switched_off(db) {
        let off = [("LIMITS__UNKNOWN_TEAMS_PER_ADDRESS", "off"), ("LIMITS__FAILED_CALLBACKS_PER_ADDRESS_AND_TEAM", "off")];
        let world = World::with(db, &off).await;
        let browser = Browser::default();
        for _ in 0..35 {
            assert_eq!(browser.post(&world.at("/login_sso"), &[("team_id", "guess")]).await.status, 404);
            assert_eq!(browser.get(&world.at("/t/acme/callback?code=c&state=s")).await.status, 400);
        }
        world.sign_in("acme", "bob@acme.test").await;
    }
}
