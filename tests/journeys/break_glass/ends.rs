//! When it is over: by wrong codes, after half an hour, revoked, done, or when its person is no admin any more.

use std::time::Duration;

use audit::Act;
use support::{Answer, Browser, World, command, on_both};

use super::{ADA, BOB, PAGE, asked, assert_gone, inside, typed, world};
use crate::eyes;
use crate::requests::Operator;
use crate::setup::press;

/// Every door of it is shut to a browser that was inside; `csrf` is of its page as it was.
async fn assert_over(browser: &Browser, page: &str, csrf: &str, when: &str) {
    let seen = browser.get(page).await;
    assert!(seen.status == 200 && seen.body.contains("Break-glass is over"), "{when}: {}", seen.body);
    assert!(
        !seen.body.contains("client-of-acme") && !seen.body.contains("value=\"save\""),
        "{when}: {}",
        seen.body
    );
    for action in ["save", "test", "check", "probe", "enable", "rollback", "discard", "relax", "done"] {
        assert_gone(
            &browser.post(page, &[("csrf", csrf), ("action", action)]).await,
            &format!("{when}: {action}"),
        );
    }
}

async fn csrf(browser: &Browser, page: &str) -> String {
    browser.get(page).await.hidden("csrf").expect("the settings page")
}

/// Begins a test, which comes back later.
async fn begun(world: &World, browser: &Browser, page: &str) -> String {
    let sent = press(browser, page, "test", &[]).await;
    let chooser = browser.get(sent.location().unwrap().as_str()).await;
    let back = match chooser.location() {
        Some(back) => back,
        None => browser.choose(&chooser, ADA).await.location().unwrap(),
    };
    assert!(back.as_str().starts_with(&world.at("/t/acme/callback")));
    back.to_string()
}

fn assert_marks_nothing(answer: &Answer, when: &str) {
    assert_eq!((answer.status, answer.code()), (400, Some("settings_changed")), "{when}: {}", answer.body);
}

on_both! {
    async fn the_fifth_wrong_code_ends_it(db) {
        let world = world(db).await;
        let hand = asked(&world, db, ADA).await;
        let wrong = if hand.code.starts_with('7') { "8888-8888-88" } else { "7777-7777-77" };
        let thief = Browser::default();
        for left in ["4 tries are left", "3 tries are left", "2 tries are left", "One try is left"] {
            let answer = typed(&thief, &hand.link, wrong).await;
            assert_eq!((answer.status, answer.code()), (422, Some("break_glass_code_wrong")));
            assert!(answer.body.contains(left) && !answer.body.contains(wrong), "{}", answer.body);
        }
        assert_gone(&typed(&thief, &hand.link, wrong).await, "the fifth");
        assert_gone(&typed(&Browser::default(), &hand.link, &hand.code).await, "the right one comes too late");
        assert_gone(&thief.get(&hand.link).await, "over");
        let database = &world.node.house.database;
        assert_eq!((eyes::times(database, "acme", Act::BreakGlassWrongCode), eyes::times(database, "acme", Act::BreakGlassEnded)), (5, 1));
        let another = asked(&world, db, ADA).await;
        assert_eq!(typed(&Browser::default(), &another.link, &another.code).await.status, 303, "another one is another one");
    }

    async fn four_wrong_codes_are_forgiven(db) {
        let world = world(db).await;
        let hand = asked(&world, db, ADA).await;
        let other = asked(&world, db, ADA).await;
        for _ in 0..4 {
            assert_eq!(typed(&Browser::default(), &other.link, &hand.code).await.status, 422, "the code of one is not the other's");
        }
        assert_eq!(typed(&Browser::default(), &other.link, &other.code).await.status, 303);
    }

    async fn whoever_guesses_links_or_codes_is_slowed_down_by_address(db) {
        let world = World::with(db, &[("LIMITS__UNKNOWN_TEAMS_PER_ADDRESS", "3"), ("SERVER__TRUSTED_PROXIES", r#"["127.0.0.0/8"]"#)]).await;
        world.sign_in("acme", ADA).await;
        let hand = asked(&world, db, ADA).await;
        let thief = Browser::default();
        let made_up = sealing::OpaqueToken::mint(sealing::TokenPrefix::BreakGlass, &sealing::SystemChance);
        let other_kind = sealing::OpaqueToken::mint(sealing::TokenPrefix::Setup, &sealing::SystemChance);
        for junk in [made_up.reveal(), other_kind.reveal(), "%00"] {
            assert_gone(&thief.get(&world.at(&format!("/break-glass/{junk}"))).await, junk);
        }
        for _ in 0..2 {
            let answer = typed(&thief, &hand.link, &hand.code).await;
            assert_eq!((answer.status, answer.code()), (429, Some("rate_limited")));
            assert!(answer.header("retry-after").is_some());
        }
        let elsewhere = [("x-forwarded-for", "203.0.113.9")];
        let other = Browser::default().post_with(&hand.link, &[("code", &hand.code)], &elsewhere).await;
        assert_eq!(other.status, 303, "nobody stops the admin at another address: {}", other.body);
    }

    async fn it_lasts_half_an_hour_from_its_making(db) {
        let world = world(db).await;
        let (late, hand) = (Browser::default(), asked(&world, db, ADA).await);
        world.clock.forward(Duration::from_secs(30 * 60 - 30));
        assert_eq!(late.get(&hand.link).await.status, 200);
        assert_eq!(typed(&late, &hand.link, &hand.code).await.status, 303);
        let page = world.at(PAGE);
        let token = csrf(&late, &page).await;
        let test = begun(&world, &late, &page).await;
        world.clock.forward(Duration::from_secs(31));
        assert_over(&late, &page, &token, "half an hour").await;
        assert_marks_nothing(&late.get(&test).await, "half an hour");

        let hand = asked(&world, db, ADA).await;
        world.clock.forward(Duration::from_secs(30 * 60 + 1));
        assert_gone(&late.get(&hand.link).await, "too late");
        assert_gone(&typed(&Browser::default(), &hand.link, &hand.code).await, "too late");
    }

    async fn an_operator_revokes_it_before_and_after_it_was_opened(db) {
        let world = world(db).await;
        let hand = asked(&world, db, ADA).await;
        let operator = Operator::new(&world, db);
        assert_eq!(operator.ask("DELETE", "/teams/acme/break-glass", "").await.status, 204);
        assert_gone(&typed(&Browser::default(), &hand.link, &hand.code).await, "revoked");
        let (ada, page) = inside(&world, db).await;
        let (token, test) = (csrf(&ada, &page).await, begun(&world, &ada, &page).await);
        let said = command(&world, db, &["team", "break-glass", "acme", ADA, "--revoke"]);
        assert!(said.done && said.err.contains("Revoked."), "{said:?}");
        assert_over(&ada, &page, &token, "revoked").await;
        assert_marks_nothing(&ada.get(&test).await, "revoked");
        let again = command(&world, db, &["team", "break-glass", "acme", "--revoke"]);
        assert!(again.done && again.err.contains("There was no break-glass."), "{again:?}");
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::BreakGlassRevoked), 2);
        assert!(!command(&world, db, &["team", "break-glass", "acme"]).done, "somebody must be named");
    }

    async fn whoever_is_demoted_or_deactivated_meanwhile_is_out_with_the_next_click(db) {
        let world = world(db).await;
        world.sign_in("acme", BOB).await;
        assert!(command(&world, db, &["role", "set", "acme", BOB, "admin"]).done);
        let waiting = asked(&world, db, ADA).await;
        assert!(command(&world, db, &["role", "set", "acme", ADA, "member"]).done);
        assert_gone(&Browser::default().get(&waiting.link).await, "demoted before");
        assert_gone(&typed(&Browser::default(), &waiting.link, &waiting.code).await, "demoted before");
        assert!(command(&world, db, &["role", "set", "acme", ADA, "admin"]).done);

        let (ada, page) = inside(&world, db).await;
        let (token, test) = (csrf(&ada, &page).await, begun(&world, &ada, &page).await);
        assert!(command(&world, db, &["role", "set", "acme", ADA, "member"]).done);
        assert_over(&ada, &page, &token, "demoted").await;
        assert_marks_nothing(&ada.get(&test).await, "demoted");
        assert!(command(&world, db, &["role", "set", "acme", ADA, "admin"]).done);

        let (ada, page) = inside(&world, db).await;
        let token = csrf(&ada, &page).await;
        let operator = Operator::new(&world, db);
        let id = eyes::person(&world.node.house.database, "acme", ADA).person.id;
        let off = operator.ask("PATCH", &format!("/teams/acme/people/{id}"), r#"{"active":false}"#).await;
        assert_eq!(off.status, 200, "{}", off.body);
        assert_over(&ada, &page, &token, "deactivated").await;
        assert_eq!(operator.ask("POST", "/teams/acme/break-glass", r#"{"person":"ada@acme.test"}"#).await.status, 409);
    }

    async fn a_team_that_is_suspended_or_removed_opens_to_nobody(db) {
        let world = world(db).await;
        let (ada, page) = inside(&world, db).await;
        let token = csrf(&ada, &page).await;
        let hand = {
            world.sign_in("acme", BOB).await;
            assert!(command(&world, db, &["role", "set", "acme", BOB, "admin"]).done);
            command(&world, db, &["team", "break-glass", "acme", BOB])
        };
        assert!(hand.done, "{hand:?}");
        assert!(command(&world, db, &["team", "suspend", "acme"]).done);
        assert_over(&ada, &page, &token, "suspended").await;
        assert!(command(&world, db, &["team", "resume", "acme"]).done);
        assert_over(&ada, &page, &token, "it does not come back to life").await;
        let (ada, page) = inside(&world, db).await;
        let token = csrf(&ada, &page).await;
        assert!(command(&world, db, &["team", "remove", "acme", "--yes"]).done);
        assert_over(&ada, &page, &token, "removed").await;
    }
}
