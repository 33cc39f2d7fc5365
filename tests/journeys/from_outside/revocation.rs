//! Universal Logout: whoever the provider names is out everywhere, and the same request gets the same answer.

use std::time::Duration;

use audit::{Act, Actor};
use mock_idp::{LogoutOf, Person};
use people::{CameBy, EmailStanding, Profile};
use sealing::SystemChance;
use serde_json::json;
use storage::StorageError;
use support::{Browser, World, on_both};
use vocabulary::{Clock as _, Email, Issuer, Subject};

use super::{
    ADA, BOB, CLIENT, CYD, REVOCATION, assert_refused, email, is_in, is_soon_out, issuer_and_subject,
    revocation_claims, revocation_token, revoke, subject, tell,
};
use crate::eyes;

on_both! {
    async fn both_formats_end_all_of_somebodys_sessions_on_every_node(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let ada = world.sign_in("acme", ADA).await;
        let labs = world.sign_in("acme-labs", BOB).await;
        world.sign_in("acme", BOB).await;
        let issuer_and_subject = issuer_and_subject(&world.idp.issuer("acme"), &subject(&world, "acme", BOB));
        for (node, body) in [(&world.node, email(BOB)), (&other, issuer_and_subject), (&other, email("BOB@Acme.Test"))] {
            let here = world.sign_in("acme", BOB).await;
            let there = world.sign_in("acme", BOB).await;
            assert!(is_in(&world.node, &here, "acme").await && is_in(&other, &there, "acme").await);
            let answer = revoke(node, "acme", &revocation_token(&world), &body).await;
            assert_eq!((answer.status, answer.body.as_str()), (204, ""));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            for node in [&world.node, &other] {
                is_soon_out(node, &here, "acme").await;
                is_soon_out(node, &there, "acme").await;
                assert!(is_in(node, &ada, "acme").await && is_in(node, &labs, "acme-labs").await, "nobody else");
            }
            world.clock.forward(Duration::from_secs(1));
        }
    }

    async fn an_email_that_fits_several_people_ends_all_of_them(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let younger = Person::named("Bob Kahn the Younger", "bob.younger@acme.test");
        let sub = younger.subject.clone();
        world.idp.add_person("acme", younger);
        world.sign_in("acme", "bob.younger@acme.test").await;
        world.idp.edit_person("acme", &sub, |person| person.email = Some(BOB.to_owned()));
        let twin = Browser::default();
        assert_eq!(world.sign_in_with(&twin, "acme", &sub).await.status, 200);
        let cyd = world.sign_in("acme", CYD).await;
        assert!(is_in(&world.node, &bob, "acme").await && is_in(&world.node, &twin, "acme").await);
        assert_eq!(revoke(&world.node, "acme", &revocation_token(&world), &email(BOB)).await.status, 204);
        assert!(!is_in(&world.node, &bob, "acme").await && !is_in(&world.node, &twin, "acme").await);
        assert!(is_in(&world.node, &cyd, "acme").await);
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::RevokedByIdp), 2);
    }

    async fn more_people_of_one_email_than_one_request_ends_are_422_and_stay(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        crowd(&world, 100);
        let answer = revoke(&world.node, "acme", &revocation_token(&world), &email(BOB)).await;
        assert_refused(&answer, 422, "people_too_many", "a hundred and one");
        assert!(is_in(&world.node, &bob, "acme").await);
        let named = issuer_and_subject(&world.idp.issuer("acme"), "one-of-many-7");
        assert_eq!(revoke(&world.node, "acme", &revocation_token(&world), &named).await.status, 204);
    }

    async fn people_of_a_connection_that_was_replaced_are_nobody_to_the_new_one(db) {
        let world = World::new(db).await;
        world.sign_in("acme", BOB).await;
        let old = subject(&world, "acme", BOB);
        let house = &world.node.house;
        world.idp.add_client("globex", support::world::client("acme", &world.node.base));
        let edit = teams::Edit {
            issuer: Some(Issuer::parse(&world.idp.issuer("globex")).unwrap()),
            client_secret: vocabulary::ClientSecret::parse("practice-secret-of-acme"),
            ..teams::Edit::default()
        };
        world.set("acme", &edit);
        let mut claims = revocation_claims(&world);
        claims["iss"] = json!(world.idp.issuer("globex"));
        for body in [email(BOB), issuer_and_subject(&world.idp.issuer("globex"), &old), issuer_and_subject(&world.idp.issuer("acme"), &old)] {
            claims["jti"] = json!(body.len().to_string());
            let answer = revoke(&world.node, "acme", &world.idp.sign("globex", REVOCATION, &claims), &body).await;
            assert_refused(&answer, 404, "person_unknown", &body);
        }
        assert_eq!(eyes::times(&house.database, "acme", Act::RevokedByIdp), 0);
        let stale = revoke(&world.node, "acme", &revocation_token(&world), &email(BOB)).await;
        assert_refused(&stale, 401, "revocation_token_invalid", "the old provider has no say");
    }

    async fn the_same_request_gets_its_first_answer_and_another_body_none(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let first = world.sign_in("acme", BOB).await;
        let token = revocation_token(&world);
        assert_eq!(revoke(&world.node, "acme", &token, &email(BOB)).await.status, 204);
        assert!(!is_in(&world.node, &first, "acme").await);
        world.clock.forward(Duration::from_secs(1));
        let second = world.sign_in("acme", BOB).await;
        for node in [&world.node, &other] {
            assert_eq!(revoke(node, "acme", &token, &email(BOB)).await.status, 204, "the first answer");
            let swapped = revoke(node, "acme", &token, &email(ADA)).await;
            assert_refused(&swapped, 401, "revocation_token_invalid", "another body");
            assert_refused(&revoke(node, "acme", &token, "{}").await, 401, "revocation_token_invalid", "another body");
        }
        assert!(is_in(&world.node, &second, "acme").await, "nothing ended anew");

        // 404 and 400 are answers too.
        for (body, status) in [(email("nobody@acme.test"), 404), ("[]".to_owned(), 400)] {
            let token = revocation_token(&world);
            assert_eq!(revoke(&world.node, "acme", &token, &body).await.status, status);
            assert_eq!(revoke(&other, "acme", &token, &body).await.status, status, "the first answer");
            assert_eq!(revoke(&other, "acme", &token, &email(BOB)).await.status, 401, "another body");
        }
        assert!(is_in(&world.node, &second, "acme").await);

        // A logout token's jti is another matter.
        let mut claims = revocation_claims(&world);
        let logout = world.idp.logout_claims("acme", CLIENT, LogoutOf::Session("nobodys"));
        claims["jti"] = logout["jti"].clone();
        assert_eq!(tell(&world.node, "acme", &world.idp.sign("acme", "logout+jwt", &logout)).await.status, 200);
        assert_eq!(revoke(&world.node, "acme", &world.idp.sign("acme", REVOCATION, &claims), &email(BOB)).await.status, 204);
        assert!(!is_in(&world.node, &second, "acme").await);
    }

    async fn the_team_reads_who_was_revoked_even_without_a_session(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let bob = world.sign_in("acme", BOB).await;
        world.sign_in("acme", BOB).await;
        for sessions in [2, 0] {
            assert_eq!(revoke(&world.node, "acme", &revocation_token(&world), &email(BOB)).await.status, 204);
            let record = eyes::record(&world.node.house.database, "acme");
            assert_eq!((record[0].act, &record[0].actor), (Some(Act::RevokedByIdp), &Actor::IdentityProvider));
            assert_eq!(record[0].detail, json!({"sessions": sessions, "tokens": 0, "grants": 0}));
        }
        assert!(!is_in(&world.node, &bob, "acme").await);
        let page = ada.get(&world.at("/t/acme/activity")).await;
        assert!(page.body.contains("out everywhere"), "{}", page.body);
    }
}

/// More people who have Bob's email.
fn crowd(world: &World, count: usize) {
    let house = &world.node.house;
    let made = house.database.write(world.clock.now(), |tx| {
        let team = teams::find_connected(tx, &eyes::team("acme"))?.expect("a team");
        for n in 0..count {
            let profile = Profile {
                subject: Subject::parse(&format!("one-of-many-{n}")).unwrap(),
                email: Email::parse(BOB).ok(),
                standing: EmailStanding::Trusted,
                name: None,
                given_name: None,
                family_name: None,
            };
            let (id, connection) = (&team.team.team_id, &team.connection.id);
            people::recognise(tx, &SystemChance, id, connection, &profile, CameBy::TeamId)?;
        }
        Ok::<_, StorageError>(())
    });
    made.unwrap();
}
