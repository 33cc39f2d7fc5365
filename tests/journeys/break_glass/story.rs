//! The whole story, and how far its holder gets.

use audit::{Act, Actor};
use mock_idp::{AuthorizeFault, Client};
use support::world::client;
use support::{Browser, World, command, on_both};

use super::{ADA, BOB, PAGE, asked, assert_gone, inside, links, typed, world};
use crate::eyes;
use crate::setup::{press, rehearse};

/// The provider knows us by another secret from now on.
fn rotate(world: &World, secret: &str) {
    let mut other: Client = client("acme", &world.node.base);
    secret.clone_into(&mut other.client_secret);
    world.idp.add_client("acme", other);
}

on_both! {
    async fn an_admin_whom_nobody_lets_in_mends_the_settings_and_everybody_comes_in_again(db) {
        let world = world(db).await;
        world.sign_in("acme", BOB).await;
        let database = &world.node.house.database;
        rotate(&world, "the-next-practice-secret");
        let refused = world.sign_in_with(&Browser::default(), "acme", BOB).await;
        assert_eq!(refused.code(), Some("idp_client_rejected"), "{}", refused.body);
        let reference = refused.reference().unwrap().to_owned();

        let said = command(&world, db, &["team", "break-glass", "acme", ADA]);
        assert!(said.done && said.out.trim().len() == 12 && said.err.contains(ADA), "{said:?}");
        let letter = links(&world, ADA).await.pop().expect("a letter");
        assert!(!letter.text.contains(said.out.trim()) && letter.text.contains("30 minutes"), "{}", letter.text);
        let path = support::browser::between(&letter.text, "/break-glass/", "\r\n").unwrap();
        let link = world.at(&format!("/break-glass/{path}"));
        let (ada, sessions) = (Browser::default(), eyes::sessions(database, "acme"));
        let door = ada.get(&link).await;
        assert_eq!(door.status, 200, "{}", door.body);
        assert!(door.body.contains("name=\"code\"") && door.body.contains("<time ") && !door.body.contains(path), "{}", door.body);
        assert_eq!(door.header("referrer-policy"), Some("same-origin"));
        let opened = typed(&ada, &link, said.out.trim()).await;
        assert_eq!((opened.status, opened.location().unwrap().path()), (303, PAGE), "{}", opened.body);

        let page = world.at(PAGE);
        let stands = ada.get(&page).await;
        assert!(stands.body.contains("Ada Lovelace, you are here by break-glass") && stands.body.contains("<time "), "{}", stands.body);
        assert!(stands.body.contains(&reference), "what failed is read here: {}", stands.body);
        let values = [("issuer", world.idp.issuer("acme")), ("client_id", "client-of-acme".to_owned()), ("client_secret", "the-next-practice-secret".to_owned())];
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let tested = rehearse(&ada, &page, &values, ADA).await;
        assert_eq!((tested.status, tested.url.path()), (200, PAGE), "back on this very page: {}", tested.body);
        assert!(tested.body.contains("The test sign-in worked"), "{}", tested.body);
        assert_eq!(press(&ada, &page, "enable", &[]).await.status, 303);
        world.sign_in("acme", BOB).await;

        assert_eq!(eyes::sessions(database, "acme"), sessions + 1, "Bob's; break-glass opens none");
        let record = eyes::record(database, "acme");
        let ada_id = eyes::person(database, "acme", ADA).person.id;
        for act in [Act::BreakGlassOpened, Act::SettingsEdited, Act::Rehearsed, Act::SettingsLive] {
            let row = record.iter().find(|entry| entry.act == Some(act)).unwrap_or_else(|| panic!("{act:?}"));
            assert_eq!(row.actor, Actor::BreakGlass(ada_id.clone()), "{act:?}");
        }
        let made = record.iter().find(|entry| entry.act == Some(Act::BreakGlassMade)).unwrap();
        assert_eq!((made.actor.clone(), made.target.clone()), (Actor::CommandLine, Some(ada_id)));

        assert_eq!(press(&ada, &page, "rollback", &[]).await.status, 303, "and back");
        assert_eq!(press(&ada, &page, "rollback", &[]).await.status, 303, "and forth");
        let done = press(&ada, &page, "done", &[]).await;
        assert_eq!(done.status, 303, "{}", done.body);
        let over = ada.follow(done).await;
        assert!(over.status == 200 && over.body.contains("Break-glass is over"), "{}", over.body);
        assert_eq!(eyes::times(database, "acme", Act::BreakGlassEnded), 1);
    }

    async fn a_page_of_the_team_s_activity_names_who_came_by_break_glass(db) {
        let world = world(db).await;
        let (ada, page) = inside(&world, db).await;
        press(&ada, &page, "save", &[("issuer", &world.idp.issuer("acme")), ("client_id", "other"), ("client_secret", "")]).await;
        let signed_in = world.sign_in("acme", ADA).await;
        let activity = signed_in.get(&world.at("/t/acme/activity")).await;
        assert!(activity.body.contains("Ada Lovelace, by break-glass"), "{}", activity.body);
        assert!(!activity.body.contains("no words for"), "{}", activity.body);
    }

    async fn what_was_required_may_be_dropped_and_nothing_is_required(db) {
        let world = world(db).await;
        assert!(command(&world, db, &["team", "require", "acme"]).done);
        let (ada, page) = inside(&world, db).await;
        assert!(ada.get(&page).await.body.contains("value=\"relax\""));
        assert_eq!(press(&ada, &page, "relax", &[]).await.status, 303);
        assert!(!ada.get(&page).await.body.contains("value=\"require\""));
        for action in ["require", "nonsense"] {
            assert_eq!(press(&ada, &page, action, &[]).await.status, 422, "{action}");
        }
        assert_eq!(press(&ada, &page, "discard", &[]).await.status, 303);
    }

    async fn the_sole_admin_is_not_lost_by_their_own_hand_here_either(db) {
        let world = world(db).await;
        let (ada, page) = inside(&world, db).await;
        world.idp.add_client("globex", client("acme", &world.node.base));
        let values = [("issuer", world.idp.issuer("globex")), ("client_id", "client-of-acme".to_owned()), ("client_secret", "practice-secret-of-acme".to_owned())];
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert!(rehearse(&ada, &page, &values, "gil@globex.test").await.body.contains("The test sign-in worked"));
        let refused = press(&ada, &page, "enable", &[]).await;
        assert_eq!((refused.status, refused.code()), (409, Some("admin_would_be_lost")), "{}", refused.body);
        assert_eq!(refused.button("Back to single sign-on").as_deref(), Some(PAGE));
    }

    async fn a_test_that_fails_says_why_on_this_page(db) {
        let world = world(db).await;
        let (ada, page) = inside(&world, db).await;
        world.idp.misbehave("acme", AuthorizeFault::AccessDenied);
        let tested = rehearse(&ada, &page, &[], ADA).await;
        assert_eq!((tested.status, tested.url.path()), (200, PAGE));
        assert!(tested.body.contains("The test sign-in did not work"), "{}", tested.body);
    }

    async fn nothing_else_of_the_team_opens(db) {
        let world = world(db).await;
        let (ada, page) = inside(&world, db).await;
        let person = eyes::person(&world.node.house.database, "acme", ADA).person.id.to_string();
        let csrf = ada.get(&page).await.hidden("csrf").unwrap();
        let nobody = Browser::default();
        let shape = |answer: &support::Answer| (answer.status, answer.location().map(|place| place.path().to_owned()), answer.code().map(str::to_owned));
        for (methods, pattern) in web::ROUTES.iter().filter(|(_, pattern)| *pattern != PAGE.replace("acme", "{team_id}")) {
            for team in ["acme", "acme-labs"] {
                let path = pattern.replace("{team_id}", team).replace("{person_id}", &person);
                let address = world.at(&path.replace(['{', '}'], ""));
                if methods.contains("GET") {
                    assert_eq!(shape(&ada.get(&address).await), shape(&nobody.get(&address).await), "GET {path}");
                }
                if methods.contains("POST") && !path.ends_with("/forget") {
                    let form = [("csrf", csrf.as_str()), ("role", "member"), ("version", "1"), ("action", "save")];
                    assert_eq!(shape(&ada.post(&address, &form).await), shape(&nobody.post(&address, &form).await), "POST {path}");
                }
            }
        }
        assert_eq!(ada.get(&world.at("/t/acme-labs/break-glass")).await.code(), Some("break_glass_gone"));
        let name = ada.cookie_names().into_iter().find(|name| name.starts_with("td-glass-")).unwrap();
        let cookie = ada.cookie(&name).unwrap();
        let other = Browser::default();
        other.set_cookie("td-glass-acme-labs", &cookie);
        assert_eq!(other.get(&world.at("/t/acme-labs/break-glass")).await.code(), Some("break_glass_gone"));
        for odd in [cookie.to_uppercase(), format!("{cookie}A"), "x".to_owned(), String::new()] {
            other.set_cookie("td-glass-acme", &odd);
            assert_eq!(other.get(&page).await.code(), Some("break_glass_gone"), "{odd}");
        }
    }

    async fn a_form_of_another_site_or_without_its_token_does_nothing(db) {
        let world = world(db).await;
        let (ada, page) = inside(&world, db).await;
        let csrf = ada.get(&page).await.hidden("csrf").unwrap();
        for action in ["save", "enable", "done"] {
            let forged = ada.post(&page, &[("csrf", "AAAA"), ("action", action)]).await;
            assert_eq!((forged.status, forged.code()), (403, Some("csrf")), "{action}");
            let form = [("csrf", csrf.as_str()), ("action", action)];
            let foreign = ada.post_with(&page, &form, &[("sec-fetch-site", "cross-site")]).await;
            assert_eq!((foreign.status, foreign.code()), (403, Some("csrf")), "{action}");
        }
        assert_eq!(ada.get(&page).await.status, 200, "it goes on");
        let hand = asked(&world, db, ADA).await;
        let elsewhere = Browser::default();
        let foreign = elsewhere.post_with(&hand.link, &[("code", &hand.code)], &[("sec-fetch-site", "cross-site")]).await;
        assert_gone(&foreign, "another site");
        assert_eq!(typed(&elsewhere, &hand.link, &hand.code).await.status, 303);
    }
}
