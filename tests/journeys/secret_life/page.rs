//! The section of the settings page: the day it expires, the next one, its test, and its taking over.

use audit::Act;
use support::world::client;
use support::{Answer, Browser, World, command, on_both};
use vocabulary::Clock as _;

use super::{ADA, BOB, NEXT, has_next, letters_of_switches, make_another, rotate, set_next, switches};
use crate::eyes;
use crate::setup::{press, rehearse_by};

/// The button is there and can be pressed.
fn offers(page: &Answer, action: &str) -> bool {
    page.body.contains(&format!("value=\"{action}\">"))
}

/// Presses a button that acts on the next secret which stands there.
async fn press_next(browser: &Browser, page: &str, action: &str) -> Answer {
    let key = browser.get(page).await.hidden("next").unwrap();
    press(browser, page, action, &[("next", &key)]).await
}

async fn test_next(browser: &Browser, page: &str, email: &str) -> Answer {
    let key = browser.get(page).await.hidden("next").unwrap();
    rehearse_by(browser, page, "test_next", &[("next", &key)], email).await
}

on_both! {
    async fn an_admin_adds_the_next_secret_tests_it_and_puts_it_into_use(db) {
        let world = World::new(db).await;
        let (ada, page) = (world.sign_in("acme", ADA).await, world.at("/t/acme/settings/sso"));
        make_another(&world, NEXT);
        let added = press(&ada, &page, "next_secret", &[("next_client_secret", NEXT), ("next_client_secret_expires", "2031-05-03")]).await;
        assert_eq!(added.status, 303, "{}", added.body);
        let stands = ada.follow(added).await;
        assert!(stands.body.contains("Next client secret") && stands.body.contains("Not tested") && stands.body.contains("by Ada Lovelace"), "{}", stands.body);
        assert!(stands.body.contains("on 3 May 2031") && !stands.body.contains(NEXT), "{}", stands.body);
        assert!(offers(&stands, "test_next") && !offers(&stands, "use_next"), "{}", stands.body);
        let early = press_next(&ada, &page, "use_next").await;
        assert_eq!((early.status, early.code()), (409, Some("next_secret_not_tested")));
        assert!(early.body.contains("Test the new one"), "{}", early.body);

        let sessions = eyes::sessions(&world.node.house.database, "acme");
        let tested = test_next(&ada, &page, ADA).await;
        assert!(tested.body.contains("The test sign-in worked"), "{}", tested.body);
        assert_eq!(eyes::sessions(&world.node.house.database, "acme"), sessions, "a test opens no session");
        assert!(offers(&tested, "use_next"), "{}", tested.body);
        assert_eq!(switches(&world), 0, "a test switches nothing");

        let used = press_next(&ada, &page, "use_next").await;
        assert_eq!(used.status, 303, "{}", used.body);
        let stands = ada.follow(used).await;
        assert!(stands.body.contains("The next secret is in use now.") && !offers(&stands, "use_next"), "{}", stands.body);
        assert!(stands.body.contains("value=\"2031-05-03\""), "its day is the current one's: {}", stands.body);
        rotate(&world, NEXT);
        world.sign_in("acme", BOB).await;
        assert_eq!((switches(&world), letters_of_switches(&world).await), (1, 1));
        let letters = crate::setup::letters(&world).await;
        assert!(letters.iter().any(|letter| letter.contains("Changed by: Ada Lovelace.") && letter.contains("/t/acme/settings/sso")), "{letters:?}");
    }

    async fn a_next_secret_that_the_provider_does_not_take_is_not_marked(db) {
        let world = World::new(db).await;
        let (ada, page) = (world.sign_in("acme", ADA).await, world.at("/t/acme/settings/sso"));
        set_next(&world, "mistyped-secret-of-acme");
        let asked = world.idp.counts("acme").token;
        let tested = test_next(&ada, &page, ADA).await;
        assert!(tested.body.contains("The test sign-in did not work") && tested.body.contains("Not tested"), "{}", tested.body);
        assert_eq!(world.idp.counts("acme").token - asked, 1, "the current one is no help here");
        assert_eq!(press_next(&ada, &page, "use_next").await.code(), Some("next_secret_not_tested"));
        world.sign_in("acme", BOB).await;
        let dropped = press_next(&ada, &page, "discard_next").await;
        assert!(ada.follow(dropped).await.body.contains("The next secret was dropped."));
        assert!(!has_next(&world));
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::NextSecretDropped), 1);
    }

    async fn a_test_counts_for_the_very_secret_it_was_made_with(db) {
        let world = World::new(db).await;
        let (ada, page) = (world.sign_in("acme", ADA).await, world.at("/t/acme/settings/sso"));
        make_another(&world, NEXT);
        set_next(&world, NEXT);
        let stale = ada.get(&page).await.hidden("next").unwrap();
        let begun = press_next(&ada, &page, "test_next").await;
        let chooser = ada.get(begun.location().unwrap().as_str()).await;
        let back = match chooser.location() {
            Some(back) => back,
            None => ada.choose(&chooser, ADA).await.location().unwrap(),
        };
        // Of the same moment, and not the same.
        set_next(&world, NEXT);
        let late = ada.get(back.as_str()).await;
        assert_eq!((late.status, late.code()), (400, Some("settings_changed")), "{}", late.body);
        assert!(!offers(&ada.get(&page).await, "use_next"));
        for action in ["use_next", "discard_next", "test_next"] {
            let refused = press(&ada, &page, action, &[("next", &stale)]).await;
            assert_eq!((refused.status, refused.code()), (409, Some("version_conflict")), "{action}");
        }
        assert!(has_next(&world));
    }

    async fn what_is_wrong_with_a_next_secret_or_a_day_stands_beside_it(db) {
        let world = World::new(db).await;
        let (ada, page) = (world.sign_in("acme", ADA).await, world.at("/t/acme/settings/sso"));
        let past = world.clock.now().minus(std::time::Duration::from_hours(30)).day();
        for (typed, day, field, code) in [
            ("", "", "next_client_secret", "form_invalid"),
            ("••••••••", "", "next_client_secret", "form_invalid"),
            ("practice-secret-of-acme", "", "next_client_secret", "client_secret_is_current"),
            ("client-of-acme", "", "next_client_secret", "client_secret_is_client_id"),
            (NEXT, &past, "next_client_secret_expires", "client_secret_expires_invalid"),
            (NEXT, "9999-01-01", "next_client_secret_expires", "client_secret_expires_invalid"),
            (NEXT, "tomorrow", "next_client_secret_expires", "form_invalid"),
        ] {
            let form = [("next_client_secret", typed), ("next_client_secret_expires", day)];
            let refused = press(&ada, &page, "next_secret", &form).await;
            assert_eq!((refused.status, refused.code()), (422, Some(code)), "{typed} {day}: {}", refused.body);
            assert!(refused.body.contains("<title>Error:") && refused.body.contains(&format!("id=\"{field}_error\"")), "{}", refused.body);
            assert!(!refused.body.contains(NEXT) && refused.reference().is_some());
        }
        assert!(!has_next(&world));
        for (day, code) in [(past.as_str(), "client_secret_expires_invalid"), ("2931-05-03", "client_secret_expires_invalid"), ("May", "form_invalid")] {
            let refused = press(&ada, &page, "secret_expires", &[("client_secret_expires", day)]).await;
            assert_eq!((refused.status, refused.code()), (422, Some(code)), "{day}: {}", refused.body);
            assert!(refused.body.contains("id=\"client_secret_expires_error\"") && refused.body.contains(&format!("value=\"{day}\"")), "{}", refused.body);
        }
        let kept = press(&ada, &page, "secret_expires", &[("client_secret_expires", "2031-05-03")]).await;
        assert!(ada.follow(kept).await.body.contains("Expires <time datetime=\"2031-05-03T00:00Z\">on 3 May 2031</time>."));
        let emptied = press(&ada, &page, "secret_expires", &[("client_secret_expires", "")]).await;
        assert!(!ada.follow(emptied).await.body.contains("3 May 2031"));
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::SecretExpirySet), 2);
    }

    async fn the_section_is_for_whoever_has_a_say_and_where_something_is_live(db) {
        let world = World::new(db).await;
        let (page, bob) = (world.at("/t/acme/settings/sso"), world.sign_in("acme", BOB).await);
        let csrf = bob.get(&world.at("/t/acme/tokens")).await.hidden("csrf").unwrap();
        for action in ["secret_expires", "next_secret", "test_next", "use_next", "discard_next"] {
            let form = [("csrf", csrf.as_str()), ("action", action), ("next_client_secret", NEXT)];
            let answer = bob.post(&page, &form).await;
            assert_eq!((answer.status, answer.code()), (403, Some("not_admin")), "{action}");
        }
        assert!(!has_next(&world));

        world.idp.add_client("globex", client("initech", &world.node.base));
        assert!(command(&world, db, &["team", "add", "initech", "--admin-email", "han@globex.test"]).done);
        let (ian, link) = (Browser::default(), command(&world, db, &["team", "setup-link", "initech"]).out.trim().to_owned());
        assert_eq!(ian.post(&link, &[]).await.status, 303);
        assert!(!ian.get(&link).await.body.contains("id=\"secret\""), "nothing is live");
        assert_eq!(press(&ian, &link, "next_secret", &[("next_client_secret", NEXT)]).await.status, 422);
        let said = command(&world, db, &["team", "set", "initech", "--issuer", &world.idp.issuer("globex"), "--client-id", "client-of-initech"]);
        assert!(said.done, "{}", said.err);
        assert!(ian.get(&link).await.body.contains("id=\"secret\""));
        assert_eq!(press(&ian, &link, "next_secret", &[("next_client_secret", NEXT)]).await.status, 303);
        assert!(ian.get(&link).await.body.contains("by whoever has the setup link"));
    }
}
