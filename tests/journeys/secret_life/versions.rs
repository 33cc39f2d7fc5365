//! The secret's life beside versions of the settings: a switch holds in all of them, and another secret has another life.

use support::{World, command, on_both};
use teams::Edit;
use vocabulary::ClientSecret;

use super::{
    ADA, BOB, Bearer, CLIENT, NEXT, assert_no_life, connection, has_next, rotate, rows, set_next, switches,
};
use crate::setup::{press, rehearse};

on_both! {
    async fn an_edit_that_kept_the_stored_secret_does_not_bring_it_back(db) {
        let world = World::new(db).await;
        let (ada, page) = (world.sign_in("acme", ADA).await, world.at("/t/acme/settings/sso"));
        let issuer = world.idp.issuer("acme");
        // Another client id at first, then back: a pending version like the live one, with the stored secret.
        for client_id in ["another-client", CLIENT] {
            let edit = [("issuer", issuer.as_str()), ("client_id", client_id), ("client_secret", "")];
            assert_eq!(press(&ada, &page, "save", &edit).await.status, 303);
        }
        assert!(rehearse(&ada, &page, &[], ADA).await.body.contains("The test sign-in worked"));
        set_next(&world, NEXT);
        rotate(&world, NEXT);
        world.sign_in("acme", BOB).await;
        assert_eq!((switches(&world), has_next(&world)), (1, false));

        assert_eq!(press(&ada, &page, "enable", &[]).await.status, 303, "its test still counts");
        let asked = world.idp.counts("acme").token;
        world.sign_in("acme", BOB).await;
        assert_eq!(world.idp.counts("acme").token - asked, 1, "with the secret that works");
        assert_eq!(press(&ada, &page, "rollback", &[]).await.status, 303);
        world.sign_in("acme", BOB).await;
        assert_eq!(world.idp.counts("acme").token - asked, 2, "and so do the settings from before");
    }

    async fn the_stored_secret_keeps_its_life_through_an_edit_and_a_new_one_begins_another(db) {
        let world = World::new(db).await;
        let operator = Bearer::new(&world, db);
        let (ada, page) = (world.sign_in("acme", ADA).await, world.at("/t/acme/settings/sso"));
        let issuer = world.idp.issuer("acme");
        let life = async || {
            set_next(&world, NEXT);
            let day = [("client_secret_expires", "2031-05-03")];
            assert_eq!(press(&ada, &page, "secret_expires", &day).await.status, 303);
        };
        life().await;
        let other = |client_id| [("issuer", issuer.as_str()), ("client_id", client_id), ("client_secret", "")];
        assert_eq!(press(&ada, &page, "save", &other("x")).await.status, 303);
        assert_eq!(press(&ada, &page, "save", &other(CLIENT)).await.status, 303);
        assert!(rehearse(&ada, &page, &[], ADA).await.body.contains("The test sign-in worked"));
        assert_eq!(press(&ada, &page, "enable", &[]).await.status, 303);
        assert!(has_next(&world) && connection(&operator).await["client_secret_expires_at"].is_string(), "the same secret");

        let new = [("issuer", issuer.as_str()), ("client_id", CLIENT), ("client_secret", "the-third-secret-of-acme")];
        world.idp.edit_client("acme", CLIENT, |client| client.other_secret = Some("the-third-secret-of-acme".to_owned()));
        assert!(rehearse(&ada, &page, &new, ADA).await.body.contains("The test sign-in worked"));
        assert!(has_next(&world), "nothing is live yet");
        assert_eq!(press(&ada, &page, "enable", &[]).await.status, 303);
        assert_no_life(&connection(&operator).await);

        life().await;
        assert_eq!(press(&ada, &page, "rollback", &[]).await.status, 303);
        assert_no_life(&connection(&operator).await);
        world.sign_in("acme", BOB).await;
        assert_eq!(switches(&world), 0);

        life().await;
        let edit = Edit { client_secret: ClientSecret::parse("practice-secret-of-acme"), ..Edit::default() };
        world.set("acme", &edit);
        assert_no_life(&connection(&operator).await);
        life().await;
        let edit = Edit { name: Some("Acme Limited".to_owned()), ..Edit::default() };
        world.set("acme", &edit);
        assert!(has_next(&world), "a change of something else leaves it");
    }

    async fn a_connection_that_is_replaced_loses_its_next_secret(db) {
        let world = World::new(db).await;
        world.sign_in("acme", ADA).await;
        set_next(&world, NEXT);
        let said = command(&world, db, &["team", "set", "acme", "--issuer", &world.idp.issuer("globex"), "--client-id", "x", "--client-secret-file", "/dev/null"]);
        assert!(!said.done, "an empty file is no secret");
        let edit = Edit {
            issuer: vocabulary::Issuer::parse(&world.idp.issuer("globex")).ok(),
            client_secret: ClientSecret::parse("another-secret-of-acme"),
            ..Edit::default()
        };
        world.set("acme", &edit);
        assert!(!has_next(&world));
        assert_eq!(rows(&world), [None], "of the retired one neither");
    }
}
