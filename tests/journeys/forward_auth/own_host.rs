//! On our own host the session's cookie answers.

use reqwest::Method;
use support::{Browser, TestDatabase, World, on_both};

use super::{CLICK, TRUSTING, passed, stopped};
use crate::eyes;

const SIGN_IN: &str = "x-auth-sign-in";

on_both! {
    async fn on_our_own_host_the_session_answers(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let answer = bob.get(&world.at("/forward-auth")).await;
        assert_eq!(passed(&answer), ("acme", "member"));
        assert_eq!(answer.header("x-auth-email"), Some("bob@acme.test"));
        assert_eq!(answer.header("x-auth-name"), Some("Bob Kahn"));
        let person = eyes::person(&world.node.house.database, "acme", "bob@acme.test").person.id;
        assert_eq!(answer.header("x-auth-subject"), Some(person.as_str()));
        let ada = world.sign_in("acme", "ada@acme.test").await;
        assert_eq!(passed(&ada.get(&world.at("/forward-auth")).await), ("acme", "admin"));
        let head = ada.send(Method::HEAD, &world.at("/forward-auth"), &[], None).await;
        assert_eq!(passed(&head), ("acme", "admin"));
    }

    async fn nobody_is_told_where_to_sign_in(db) {
        let world = World::new(db).await;
        let nobody = Browser::default();
        let answer = nobody.get(&world.at("/forward-auth")).await;
        assert_eq!(stopped(&answer), (401, "session_required"));
        assert_eq!(answer.header(SIGN_IN), Some(world.at("/login").as_str()));
        let answer = nobody.get(&world.at("/forward-auth?team=acme")).await;
        assert_eq!(answer.header(SIGN_IN), Some(world.at("/t/acme/login").as_str()));
        let answer = nobody.get(&world.at("/forward-auth?redirect=1")).await;
        assert_eq!((stopped(&answer).0, answer.header("location")), (302, Some(world.at("/login").as_str())));
        assert_eq!(answer.header(SIGN_IN), answer.header("location"));
        let unknown = nobody.get(&world.at("/forward-auth?team=acmee")).await;
        assert_eq!(stopped(&unknown), (401, "session_required"), "a team that is not there looks like any other");
    }

    async fn a_proxy_narrows_the_answer_to_a_team_and_a_role(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        for (who, query, expected) in [
            (&ada, "team=acme&min_role=admin", (200, "")),
            (&ada, "min_role=admin", (200, "")),
            (&bob, "team=acme&min_role=member&redirect=0", (200, "")),
            (&bob, "min_role=admin", (403, "not_admin")),
            (&bob, "min_role=admin&redirect=1", (403, "not_admin")),
            (&bob, "team=globex", (403, "wrong_team")),
            (&bob, "team=globex&redirect=1", (403, "wrong_team")),
            (&bob, "team=acme-labs", (403, "wrong_team")),
            (&ada, "team=no-such-team", (403, "wrong_team")),
        ] {
            let answer = who.get(&world.at(&format!("/forward-auth?{query}"))).await;
            if expected.0 == 200 {
                assert_eq!(passed(&answer).0, "acme", "{query}");
            } else {
                assert_eq!(stopped(&answer), expected, "{query}");
            }
        }
    }

    async fn a_question_that_means_nothing_opens_nothing(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        for query in [
            "min_rol=admin", "min_role=owner", "min_role=", "min_role=admin&min_role=member", "team=", "team=ACME",
            "team=acme&team=globex", "team[]=acme", "redirect=yes", "x=1", "team=acme&access_token=x", "team=%00",
        ] {
            let answer = ada.get(&world.at(&format!("/forward-auth?{query}"))).await;
            assert_eq!(stopped(&answer), (400, "question_invalid"), "{query}");
        }
    }

    async fn with_two_teams_open_a_click_says_which(db) {
        let world = World::with(db, &TRUSTING).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        world.sign_in_with(&ada, "acme-labs", "ada@acme.test").await;
        let ask = async || ada.get_with(&world.at("/forward-auth"), &[("x-forwarded-uri", "/wiki?a=b")]).await;
        let asked = ask().await;
        assert_eq!(stopped(&asked), (401, "session_required"));
        let chooser = ada.get(asked.header(SIGN_IN).unwrap()).await;
        let choice = world.at(&chooser.button("Continue to Acme").unwrap());
        let by_a_link = ada.get_with(&choice, &[("sec-fetch-site", "cross-site"), ("sec-fetch-user", "?1")]).await;
        assert_eq!(by_a_link.header("location"), Some("/wiki?a=b"));
        assert_eq!(stopped(&ask().await).0, 401, "a foreign link chooses nothing");
        let clicked = ada.get_with(&choice, &CLICK).await;
        assert_eq!(clicked.header("location"), Some("/wiki?a=b"));
        assert_eq!(passed(&ask().await).0, "acme");
        assert_eq!(passed(&ada.get(&world.at("/forward-auth?team=acme-labs")).await).0, "acme-labs");
        ada.set_cookie("td-default", "globex");
        assert_eq!(stopped(&ask().await).0, 401, "a default that is not open chooses nothing");
        ada.drop_cookies("td-session-acme-labs");
        assert_eq!(stopped(&ask().await).0, 401, "and no other steps in for it");
        ada.drop_cookies("td-default");
        assert_eq!(passed(&ask().await).0, "acme", "the only one that is open");
    }

    async fn the_way_back_is_believed_from_a_trusted_proxy_alone(db) {
        let (world, other) = (World::new(db).await, TestDatabase::new(db.kind()));
        let trusting = World::with(&other, &TRUSTING).await;
        let way = [("x-original-url", "http://ignored.test/wiki"), ("x-forwarded-uri", "/wiki")];
        let nobody = Browser::default();
        let spoofed = nobody.get_with(&world.at("/forward-auth?team=acme"), &way).await;
        assert_eq!(spoofed.header(SIGN_IN), Some(world.at("/t/acme/login").as_str()));
        for headers in [
            vec![("x-original-url", trusting.at("/wiki?a=b&c"))],
            vec![("x-forwarded-uri", "/wiki?a=b&c".to_owned())],
        ] {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let believed = nobody.get_with(&trusting.at("/forward-auth?team=acme"), &headers).await;
            let expected = trusting.at("/t/acme/login?return_to=%2Fwiki%3Fa%3Db%26c");
            assert_eq!(believed.header(SIGN_IN), Some(expected.as_str()));
        }
        for out in ["//evil.test", "/\\evil.test", "/a\tb", "https://evil.test/"] {
            let answer = nobody.get_with(&trusting.at("/forward-auth?team=acme"), &[("x-forwarded-uri", out)]).await;
            assert_eq!(answer.header(SIGN_IN), Some(trusting.at("/t/acme/login").as_str()), "{out}");
        }
    }

    async fn after_a_sign_out_nothing_signs_in_again_by_itself(db) {
        let world = World::with(db, &TRUSTING).await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let page = world.team_page(&bob, "acme").await;
        let csrf = page.hidden("csrf").unwrap();
        bob.post(&world.at("/t/acme/logout"), &[("csrf", &csrf)]).await;
        let asked = bob.get_with(&world.at("/forward-auth?team=acme"), &[("x-forwarded-uri", "/wiki")]).await;
        assert_eq!(stopped(&asked).0, 401);
        let page = bob.get(asked.header(SIGN_IN).unwrap()).await;
        assert_eq!((page.status, page.url.path()), (200, "/t/acme/signed-out"), "no redirect to the provider");
        assert!(page.body.contains("/t/acme/login?return_to=%2Fwiki"), "{}", page.body);
    }

    async fn an_odd_cookie_is_nobodys(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let good = bob.cookie("td-session-acme").unwrap();
        let gil = world.sign_in("globex", "gil@globex.test").await.cookie("td-session-globex").unwrap();
        let other = if good.ends_with('x') { "y" } else { "x" };
        let broken = format!("{}{other}", &good[..good.len() - 1]);
        let odd = [
            format!("td-session-acme={good}; td-session-acme={good}"),
            format!("td-session-acme={good}; td-session-acme="),
            format!("td-session-acme={broken}"),
            format!("td-session-acme={gil}"),
            format!("td-session-acme-labs={good}"),
            format!("td-session-acme=\"{good}\""),
            format!("td-session-ACME={good}"),
            format!("__Host-td-session-acme={good}"),
            format!("td-session-acme={}", "A".repeat(6000)),
            "td-session-acme=".to_owned(),
            "td-session-acme".to_owned(),
            ";;;==; =; td-session-=x".to_owned(),
        ];
        for odd in &odd {
            for query in ["", "?team=acme"] {
                let answer = Browser::default().get_with(&world.at(&format!("/forward-auth{query}")), &[("cookie", odd)]).await;
                assert_eq!(stopped(&answer), (401, "session_required"), "{odd}");
            }
        }
        let twice = [("cookie", format!("td-session-acme={good}")), ("cookie", format!("td-session-acme={good}"))];
        let twice: Vec<(&str, &str)> = twice.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(stopped(&Browser::default().get_with(&world.at("/forward-auth"), &twice).await).0, 401);
    }

    async fn a_name_injects_nothing_and_an_email_may_be_missing(db) {
        let world = World::new(db).await;
        for (name, expected) in [
            ("Zoë 100% 山", "Zo%C3%AB 100%25 %E5%B1%B1"),
            ("Bob\r\nX-Auth-Role: admin", "BobX-Auth-Role: admin"),
        ] {
            world.idp.edit_person("acme", "bob@acme.test", |bob| bob.name = Some(name.to_owned()));
            let bob = world.sign_in("acme", "bob@acme.test").await;
            let answer = bob.get(&world.at("/forward-auth")).await;
            assert_eq!(passed(&answer), ("acme", "member"));
            assert_eq!(answer.header("x-auth-name"), Some(expected));
        }
        world.idp.edit_person("acme", "cyd@acme.test", |cyd| (cyd.subject, cyd.email, cyd.name) = ("cyd".to_owned(), None, None));
        let cyd = Browser::default();
        let start = cyd.post(&world.at("/login_sso"), &[("team_id", "acme")]).await;
        let chooser = cyd.get(start.location().unwrap().as_str()).await;
        let back = cyd.choose(&chooser, "cyd").await;
        cyd.follow(back).await;
        let answer = cyd.get(&world.at("/forward-auth")).await;
        assert_eq!(passed(&answer), ("acme", "member"));
        assert_eq!((answer.header("x-auth-email"), answer.header("x-auth-name")), (Some(""), Some("Cyd Rivera")));
    }
}
