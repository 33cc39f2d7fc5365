//! Versions of an open team's settings: an edit waits for its test, a swap takes it live, a click goes back.

use audit::Act;
use support::world::client;
use support::{Browser, World, command, on_both};
use vocabulary::Role;

use super::{press, rehearse};
use crate::eyes;

const ADA: &str = "ada@acme.test";
const BOB: &str = "bob@acme.test";

on_both! {
    async fn an_edit_waits_for_its_test_while_people_go_on_signing_in(db) {
        let world = World::new(db).await;
        let page = world.at("/t/acme/settings/sso");
        let ada = world.sign_in("acme", ADA).await;
        let mut other = client("acme", &world.node.base);
        "second-client".clone_into(&mut other.client_id);
        "second-practice-secret".clone_into(&mut other.client_secret);
        world.idp.add_client("acme", other);
        let issuer = world.idp.issuer("acme");
        let edit = [("issuer", issuer.as_str()), ("client_id", "second-client"), ("client_secret", "second-practice-secret")];
        assert_eq!(press(&ada, &page, "save", &edit).await.status, 303);
        let shown = ada.get(&page).await;
        assert!(shown.body.contains("not in use yet") && shown.body.contains("client-of-acme"), "{}", shown.body);
        world.sign_in("acme", BOB).await;

        // Somebody is under way while the settings change: they end on the ones they began with.
        let late = Browser::default();
        let under_way = world.callback(&late, "acme", BOB).await;
        assert!(rehearse(&ada, &page, &[], ADA).await.body.contains("The test sign-in worked"));
        assert_eq!(press(&ada, &page, "enable", &[]).await.status, 303);
        assert_eq!(ada.get(&page).await.status, 200, "the same identity provider: nobody is signed out");
        let arrived = late.get(&under_way).await;
        assert_eq!(arrived.status, 303, "{}", arrived.body);
        assert_eq!(late.follow(arrived).await.status, 200);
        let by_new = Browser::default().post(&world.at("/login_sso"), &[("team_id", "acme")]).await;
        assert!(by_new.location().unwrap().as_str().contains("client_id=second-client"));

        assert_eq!(press(&ada, &page, "rollback", &[]).await.status, 303);
        let by_old = Browser::default().post(&world.at("/login_sso"), &[("team_id", "acme")]).await;
        assert!(by_old.location().unwrap().as_str().contains("client_id=client-of-acme"));
        world.sign_in("acme", BOB).await;
        assert_eq!(press(&ada, &page, "rollback", &[]).await.status, 303, "and forth again");
        world.sign_in("acme", BOB).await;
        let database = &world.node.house.database;
        assert_eq!((eyes::times(database, "acme", Act::SettingsLive), eyes::times(database, "acme", Act::RolledBack)), (1, 2));
        let letters = crate::setup::letters(&world).await;
        assert_eq!(letters.iter().filter(|letter| letter.contains("are in use")).count(), 1);
        assert_eq!(letters.iter().filter(|letter| letter.contains("went back")).count(), 2);
    }

    async fn an_edit_is_dropped_as_if_it_never_was(db) {
        let world = World::new(db).await;
        let page = world.at("/t/acme/settings/sso");
        let ada = world.sign_in("acme", ADA).await;
        let issuer = world.idp.issuer("acme");
        press(&ada, &page, "save", &[("issuer", &issuer), ("client_id", "other"), ("client_secret", "")]).await;
        assert!(ada.get(&page).await.body.contains("value=\"discard\""));
        assert_eq!(press(&ada, &page, "discard", &[]).await.status, 303);
        let shown = ada.get(&page).await.body;
        assert!(!shown.contains("value=\"discard\"") && shown.contains("value=\"client-of-acme\""), "{shown}");
    }

    async fn what_the_operator_says_at_once_ends_no_sign_in_on_older_settings(db) {
        let world = World::new(db).await;
        let page = world.at("/t/acme/settings/sso");
        let ada = world.sign_in("acme", ADA).await;
        let late = Browser::default();
        let under_way = world.callback(&late, "acme", BOB).await;
        let issuer = world.idp.issuer("acme");
        let edit = [("issuer", issuer.as_str()), ("client_id", "client-of-acme"), ("client_secret", "practice-secret-of-acme")];
        assert!(rehearse(&ada, &page, &edit, ADA).await.body.contains("The test sign-in worked"));
        assert_eq!(press(&ada, &page, "enable", &[]).await.status, 303);
        assert!(command(&world, db, &["team", "set", "acme", "--email-trust", "issuer"]).done);
        assert_eq!(late.get(&under_way).await.code(), Some("settings_changed"));
    }

    async fn a_new_identity_provider_keeps_its_people_by_their_trusted_email(db) {
        let world = World::new(db).await;
        let page = world.at("/t/acme/settings/sso");
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        let database = &world.node.house.database;
        let before = [ADA, BOB].map(|email| eyes::person(database, "acme", email).person.id);
        world.idp.add_client("globex", client("acme", &world.node.base));
        let mut person = mock_idp::Person::named("Ada Lovelace", ADA);
        "ada-over-there".clone_into(&mut person.subject);
        world.idp.add_person("globex", person);
        world.idp.add_person("globex", mock_idp::Person::named("Bob Kahn", BOB));
        let issuer = world.idp.issuer("globex");
        let edit = [("issuer", issuer.as_str()), ("client_id", "client-of-acme"), ("client_secret", "practice-secret-of-acme")];

        let by_gil = rehearse(&ada, &page, &edit, "gil@globex.test").await;
        assert!(by_gil.body.contains("The test sign-in worked"), "{}", by_gil.body);
        let refused = press(&ada, &page, "enable", &[]).await;
        assert_eq!((refused.status, refused.code()), (409, Some("admin_would_be_lost")), "{}", refused.body);
        world.idp.forget_sessions("globex");
        assert!(rehearse(&ada, &page, &[], ADA).await.body.contains("The test sign-in worked"));
        assert_eq!(press(&ada, &page, "enable", &[]).await.status, 303);
        assert_eq!(ada.get(&page).await.status, 303, "sessions of the old one ended");
        assert_eq!(bob.get(&world.at("/t/acme")).await.status, 303);

        world.sign_in("acme", ADA).await;
        world.sign_in("acme", BOB).await;
        let stranger = world.sign_in("acme", "gil@globex.test").await;
        assert_eq!(stranger.get(&world.at("/t/acme")).await.status, 200);
        let after = [ADA, BOB].map(|email| eyes::person(database, "acme", email).person.id);
        assert_eq!(before, after, "nobody is lost");
        assert_eq!(eyes::person(database, "acme", ADA).membership.role, Role::Admin);
        assert_eq!(eyes::person(database, "acme", "gil@globex.test").membership.role, Role::Member);

        let ada = world.sign_in("acme", ADA).await;
        assert_eq!(press(&ada, &page, "rollback", &[]).await.status, 303);
        world.sign_in("acme", ADA).await;
        let back = eyes::person(database, "acme", ADA);
        assert_eq!((back.person.id, back.membership.role), (before[0].clone(), Role::Admin), "and home again");
    }

    async fn an_untrusted_email_moves_nobody(db) {
        let world = World::new(db).await;
        let page = world.at("/t/acme/settings/sso");
        let ada = world.sign_in("acme", ADA).await;
        world.sign_in("acme", BOB).await;
        world.idp.add_client("globex", client("acme", &world.node.base));
        world.idp.add_person("globex", mock_idp::Person::named("Ada Lovelace", ADA));
        let mut mallory = mock_idp::Person::named("Mallory", BOB);
        mallory.email_verified = Some(false);
        world.idp.add_person("globex", mallory);
        let issuer = world.idp.issuer("globex");
        let edit = [("issuer", issuer.as_str()), ("client_id", "client-of-acme"), ("client_secret", "practice-secret-of-acme")];
        assert!(rehearse(&ada, &page, &edit, ADA).await.body.contains("The test sign-in worked"));
        assert_eq!(press(&ada, &page, "enable", &[]).await.status, 303);
        world.sign_in("acme", BOB).await;
        let all = eyes::everybody(&world.node.house.database, "acme");
        assert_eq!(all.iter().filter(|one| one.person.email.as_ref().is_some_and(|email| email.as_str() == BOB)).count(), 2);
    }

    async fn requiring_single_sign_on_needs_an_admin_who_came_by_it_of_late(db) {
        let world = World::new(db).await;
        let page = world.at("/t/acme/settings/sso");
        let ada = world.sign_in("acme", ADA).await;
        let asked = press(&ada, &page, "require", &[]).await;
        assert_eq!(asked.status, 200, "its own page");
        assert!(asked.body.contains("confirm_name"), "{}", asked.body);
        assert_eq!(press(&ada, &page, "require", &[("confirm_name", "Globex")]).await.status, 422);
        assert_eq!(press(&ada, &page, "require", &[("confirm_name", "Acme")]).await.status, 303);
        let shown = command(&world, db, &["team", "show", "acme", "--json"]);
        assert!(shown.out.contains("\"sso_required\": true") || shown.out.contains("\"sso_required\":true"), "{}", shown.out);
        assert_eq!(press(&ada, &page, "relax", &[]).await.status, 303);
        assert!(!command(&world, db, &["team", "require", "globex"]).done, "nobody came yet");
        assert!(command(&world, db, &["team", "require", "acme"]).done);
        assert!(command(&world, db, &["team", "relax", "acme"]).done);
        let operator = command(&world, db, &["operator", "add-token", "deploy"]).out.trim().to_owned();
        let bearer = format!("Bearer {operator}");
        world.clock.forward(std::time::Duration::from_hours(24 * 7 + 1));
        let late = Browser::default();
        let late = late.post_with(&world.at("/api/v1/teams/acme/require"), &[], &[("authorization", &bearer)]).await;
        assert_eq!((late.status, late.json()["code"].as_str()), (409, Some("require_needs_admin")), "too long ago");
    }
}
