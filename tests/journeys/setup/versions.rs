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

        let stands = ada.get(&page).await;
        assert_eq!(press(&ada, &page, "rollback", &[]).await.status, 303);
        let again = [("csrf", stands.hidden("csrf").unwrap()), ("version", stands.hidden("version").unwrap()), ("action", "rollback".to_owned())];
        let again: Vec<_> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(ada.post(&page, &again).await.code(), Some("version_conflict"), "a second click does not go forth again");
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

    async fn the_operators_word_undoes_what_was_being_worked_on(db) {
        let world = World::new(db).await;
        let page = world.at("/t/acme/settings/sso");
        let ada = world.sign_in("acme", ADA).await;
        let issuer = world.idp.issuer("acme");
        let edit = [("issuer", issuer.as_str()), ("client_id", "client-of-acme"), ("client_secret", "practice-secret-of-acme")];
        assert!(rehearse(&ada, &page, &edit, ADA).await.body.contains("The test sign-in worked"));
        let stale = ada.get(&page).await;
        assert!(command(&world, db, &["team", "set", "acme", "--domain", "acme.test"]).done);
        let (csrf, version) = (stale.hidden("csrf").unwrap(), stale.hidden("version").unwrap());
        let form = [("csrf", csrf.as_str()), ("version", version.as_str()), ("action", "enable")];
        let late = ada.post(&page, &form).await;
        assert_eq!((late.status, late.code()), (409, Some("version_conflict")), "{}", late.body);
        let shown = command(&world, db, &["team", "show", "acme", "--json"]).out;
        assert!(shown.contains("acme.test\""), "{shown}");
        assert!(!ada.get(&page).await.body.contains("value=\"discard\""));
    }

    async fn a_tested_draft_that_the_operator_changes_is_not_tested(db) {
        let world = World::new(db).await;
        crate::setup::founded(&world, db, |_client| ());
        let issuer = world.idp.issuer("globex");
        assert!(command(&world, db, &["team", "set", crate::setup::TEAM, "--issuer", &issuer, "--client-id", crate::setup::CLIENT]).done);
        let (ian, page) = crate::setup::installer(&world, db).await;
        assert!(rehearse(&ian, &page, &crate::setup::values(&issuer), crate::setup::HAN).await.body.contains("The test sign-in worked"));
        assert!(command(&world, db, &["team", "set", crate::setup::TEAM, "--client-id", "another"]).done);
        assert_eq!(press(&ian, &page, "enable", &[]).await.code(), Some("not_tested"));
    }

    async fn a_secret_never_reaches_an_address_that_it_was_not_entered_for(db) {
        let world = World::new(db).await;
        let page = world.at("/t/acme/settings/sso");
        let ada = world.sign_in("acme", ADA).await;
        let (mine, other) = (world.idp.issuer("acme"), world.idp.issuer("globex"));
        let save = async |issuer: &str| press(&ada, &page, "save", &[("issuer", issuer), ("client_id", "client-of-acme"), ("client_secret", "")]).await;
        assert_eq!(save(&other).await.code(), Some("client_secret_needed"));
        assert_eq!(save("").await.status, 303, "without an address the secret goes");
        assert_eq!(save(&other).await.status, 303);
        let shown = ada.get(&page).await.body;
        assert!(shown.contains("Not set yet") || !shown.contains("Leave empty to keep it"), "{shown}");
        assert_eq!(press(&ada, &page, "discard", &[]).await.status, 303);
        assert!(command(&world, db, &["team", "set", "acme", "--alias", &other]).done);
        assert_eq!(save(&other).await.code(), Some("client_secret_needed"), "an alias is another address");
        assert_eq!(save(&mine).await.status, 303);
        assert_eq!(world.idp.counts("globex").token, 0);
    }

    async fn moving_goes_on_after_the_next_edit_and_lets_nobody_back_in_who_was_shut_out(db) {
        let world = World::new(db).await;
        let page = world.at("/t/acme/settings/sso");
        let ada = world.sign_in("acme", ADA).await;
        let database = &world.node.house.database;
        for email in [BOB, "cyd@acme.test"] {
            world.sign_in("acme", email).await;
        }
        let [bob, cyd] = [BOB, "cyd@acme.test"].map(|email| eyes::person(database, "acme", email).person.id);
        let team_page = world.team_page(&ada, "acme").await;
        assert_eq!(world.change(&ada, &team_page, "cyd@acme.test", "deactivate", &[]).await.status, 303);
        world.idp.add_client("globex", client("acme", &world.node.base));
        for (name, email) in [("Ada Lovelace", ADA), ("Bob Kahn", BOB), ("Cyd Noor", "cyd@acme.test")] {
            world.idp.add_person("globex", mock_idp::Person::named(name, email));
        }
        let issuer = world.idp.issuer("globex");
        let edit = [("issuer", issuer.as_str()), ("client_id", "client-of-acme"), ("client_secret", "practice-secret-of-acme")];
        assert!(rehearse(&ada, &page, &edit, ADA).await.body.contains("You would come in as Admin."));
        assert_eq!(press(&ada, &page, "enable", &[]).await.status, 303);
        let ada = world.sign_in("acme", ADA).await;
        assert!(rehearse(&ada, &page, &edit, ADA).await.body.contains("The test sign-in worked"));
        assert_eq!(press(&ada, &page, "enable", &[]).await.status, 303, "the same provider once more");
        world.sign_in("acme", BOB).await;
        assert_eq!(eyes::person(database, "acme", BOB).person.id, bob);
        let shut_out = world.sign_in_with(&Browser::default(), "acme", "cyd@acme.test").await;
        assert_eq!((shut_out.status, shut_out.code()), (403, Some("account_deactivated")), "{}", shut_out.body);
        assert_eq!(eyes::person(database, "acme", "cyd@acme.test").person.id, cyd);
    }

    async fn nobody_goes_back_to_a_provider_that_knows_no_admin(db) {
        let world = World::new(db).await;
        let page = world.at("/t/acme/settings/sso");
        let ada = world.sign_in("acme", ADA).await;
        world.idp.add_client("globex", client("acme", &world.node.base));
        world.idp.add_person("globex", mock_idp::Person::named("Ada Lovelace", ADA));
        let issuer = world.idp.issuer("globex");
        let edit = [("issuer", issuer.as_str()), ("client_id", "client-of-acme"), ("client_secret", "practice-secret-of-acme")];
        rehearse(&ada, &page, &edit, ADA).await;
        assert_eq!(press(&ada, &page, "enable", &[]).await.status, 303);
        let ada = world.sign_in("acme", ADA).await;
        let gil = world.sign_in("acme", "gil@globex.test").await;
        let team_page = world.team_page(&ada, "acme").await;
        assert_eq!(world.change(&ada, &team_page, "gil@globex.test", "role", &[("role", "admin")]).await.status, 303);
        let team_page = world.team_page(&gil, "acme").await;
        assert_eq!(world.change(&gil, &team_page, ADA, "role", &[("role", "member")]).await.status, 303);
        let refused = press(&gil, &page, "rollback", &[]).await;
        assert_eq!((refused.status, refused.code()), (409, Some("admin_would_be_lost")), "Gil is nobody there");
        assert_eq!(gil.get(&page).await.status, 200, "nothing has changed");
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
