//! The setup link: what it opens, for how long, and for whom.

use std::time::Duration;

use audit::Act;
use support::{Browser, World, command, on_both};

use super::{CLIENT, HAN, SECRET, TEAM, founded, installer, new_link, press, rehearse, values};
use crate::eyes;

on_both! {
    async fn a_customer_connects_itself_from_the_link_to_the_first_sign_in(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        let issuer = world.idp.issuer("globex");
        assert_eq!(Browser::default().get(&world.at("/t/initech/login")).await.status, 404, "nobody yet");
        let (ian, page) = installer(&world, db).await;

        let saved = press(&ian, &page, "save", &values(&issuer)).await;
        assert_eq!(saved.status, 303, "{}", saved.body);
        let checked = ian.follow(saved).await;
        assert!(!checked.body.contains(SECRET) && checked.body.contains(CLIENT), "{}", checked.body);
        let early = press(&ian, &page, "enable", &[]).await;
        assert_eq!((early.status, early.code()), (409, Some("not_tested")));

        let tested = rehearse(&ian, &page, &[], HAN).await;
        assert_eq!(tested.status, 200, "{}", tested.body);
        assert!(tested.body.contains("The test sign-in worked") && tested.body.contains("You would come in as Admin."), "{}", tested.body);
        assert_eq!(eyes::sessions(&world.node.house.database, TEAM), 0, "a test opens no session");
        assert!(eyes::everybody(&world.node.house.database, TEAM).is_empty(), "and makes no account");
        assert!(ian.cookie_names().iter().all(|name| !name.starts_with("td-session") && !name.starts_with("td-attempt")));

        let enabled = press(&ian, &page, "enable", &[]).await;
        assert_eq!(enabled.status, 303, "{}", enabled.body);
        let ended = ian.follow(enabled).await;
        assert!(ended.body.contains("/t/initech/login"), "{}", ended.body);
        let stranger = Browser::default().get(&page).await;
        assert_eq!((stranger.status, stranger.code()), (404, Some("setup_link_gone")));
        let again = ian.post(&page, &[("action", "enable")]).await;
        assert_eq!((again.status, again.code()), (404, Some("setup_link_gone")), "dead for whoever used it too");

        world.sign_in(TEAM, HAN).await;
        assert_eq!(eyes::admins(&world.node.house.database, TEAM), 1);
        for act in [Act::SetupLinkMade, Act::SetupLinkOpened, Act::SettingsEdited, Act::Rehearsed, Act::SettingsLive] {
            assert_eq!(eyes::times(&world.node.house.database, TEAM, act), 1, "{act:?}");
        }
    }

    async fn a_scanner_that_follows_the_link_opens_nothing(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        let (scanner, link) = (Browser::default(), new_link(&world, db));
        for _visit in 0..3 {
            let seen = scanner.get(&link).await;
            assert_eq!(seen.status, 200);
            assert!(seen.body.contains("<button") && !seen.body.contains("client_secret"), "{}", seen.body);
        }
        assert!(scanner.cookie_names().is_empty());
        assert_eq!(eyes::times(&world.node.house.database, TEAM, Act::SetupLinkOpened), 0);
        let elsewhere = scanner.post_with(&link, &[], &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!((elsewhere.status, elsewhere.code()), (404, Some("setup_link_gone")), "another site presses nothing");
        assert!(scanner.cookie_names().is_empty());
    }

    async fn a_link_is_resumed_wherever_it_is_opened_until_it_is_revoked_replaced_or_old(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        let issuer = world.idp.issuer("globex");
        let (first, link) = installer(&world, db).await;
        press(&first, &link, "save", &[("issuer", &issuer), ("client_id", ""), ("client_secret", "")]).await;
        let second = Browser::default();
        assert_eq!(second.post(&link, &[]).await.status, 303);
        assert!(second.get(&link).await.body.contains(&issuer), "what was saved is there");
        assert_eq!(eyes::times(&world.node.house.database, TEAM, Act::SetupLinkOpened), 1, "the first time");

        let newer = new_link(&world, db);
        for (browser, what) in [(&first, "replaced"), (&second, "replaced")] {
            assert_eq!(browser.get(&link).await.code(), Some("setup_link_gone"), "{what}");
        }
        assert_eq!(first.get(&newer).await.status, 200);
        assert_eq!(first.post(&newer, &[]).await.status, 303);
        assert!(first.get(&newer).await.body.contains(&issuer));
        assert!(command(&world, db, &["team", "setup-link", TEAM, "--revoke"]).done);
        assert_eq!(first.get(&newer).await.code(), Some("setup_link_gone"), "revoked");

        let (third, last) = installer(&world, db).await;
        world.clock.forward(Duration::from_hours(71));
        assert_eq!(third.get(&last).await.status, 200);
        // The command line, which made it, tells the real time.
        world.clock.forward(Duration::from_mins(65));
        assert_eq!(third.get(&last).await.code(), Some("setup_link_gone"), "three days");
    }

    async fn the_cookie_of_one_link_opens_no_other_and_no_page_of_the_team(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        assert!(command(&world, db, &["team", "add", "hooli", "--admin-email", "g@hooli.test"]).done);
        let (ian, page) = installer(&world, db).await;
        let name = ian.cookie_names().into_iter().find(|name| name.starts_with("td-setup-")).unwrap();
        let cookie = ian.cookie(&name).unwrap();
        let other = command(&world, db, &["team", "setup-link", "hooli"]).out.trim().to_owned();
        let seen = ian.get(&other).await;
        assert!(!seen.body.contains("client_secret"), "the first page, with its button");
        for odd in [cookie.to_uppercase(), format!("{cookie}A"), "x".to_owned(), String::new()] {
            let browser = Browser::default();
            browser.set_cookie(&name, &odd);
            assert!(!browser.get(&page).await.body.contains("client_secret"), "{odd}");
        }
        for path in ["/t/initech/settings/sso", "/t/initech", "/t/initech/team", "/t/hooli/settings/sso"] {
            assert_eq!(ian.get(&world.at(path)).await.status, 404, "{path}");
        }
        for junk in ["/setup/x", "/setup/tdu_x", "/setup/%00", &format!("{}x", page.strip_prefix(&world.at("")).unwrap())] {
            let answer = ian.get(&world.at(junk)).await;
            assert_eq!((answer.status, answer.code()), (404, Some("setup_link_gone")), "{junk}");
        }
        let form = [("action", "enable"), ("csrf", "AAAA")];
        let forged = ian.post(&page, &form).await;
        assert_eq!((forged.status, forged.code()), (403, Some("csrf")));
        for action in ["require", "relax", "rollback", "nonsense"] {
            assert_eq!(press(&ian, &page, action, &[]).await.status, 422, "{action}");
        }
    }

    async fn the_contact_gets_the_link_by_mail_and_no_link_is_made_for_an_open_team(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        let said = command(&world, db, &["team", "setup-link", TEAM, "--email", "it@initech.test"]);
        let letters = crate::setup::letters(&world).await;
        let letter = letters.iter().find(|letter| letter.contains("it@initech.test")).expect("a letter");
        assert!(letter.contains(said.out.trim()), "{letter}");
        for wrong in ["acme", "nobody"] {
            assert!(!command(&world, db, &["team", "setup-link", wrong]).done, "{wrong}");
        }
    }
}
