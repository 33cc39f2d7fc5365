//! Right logout tokens end what they name, no more and no less, on every node; the same one ends it once.

use std::time::Duration;

use audit::{Act, Actor};
use mock_idp::{Endpoint, LogoutOf, Misbehaviour, SignatureFault, WireFault};
use serde_json::json;
use storage::StorageError;
use support::{Browser, World, on_both};
use vocabulary::Clock as _;

use super::{
    ADA, BOB, CLIENT, assert_refused, email, is_in, is_soon_out, revocation_token, revoke, subject, tell,
};
use crate::eyes;

/// Signs Bob in twice, with a session of its own at the provider each time; browser and `sid` of each.
async fn bob_twice(world: &World) -> [(Browser, String); 2] {
    let mut both = Vec::new();
    for _ in 0..2 {
        let known = world.idp.sids("acme", BOB);
        let browser = world.sign_in("acme", BOB).await;
        let sid = world.idp.sids("acme", BOB).into_iter().find(|sid| !known.contains(sid)).expect("a sid");
        both.push((browser, sid));
    }
    both.try_into().unwrap()
}

on_both! {
    async fn a_sid_ends_its_session_and_no_other(db) {
        let world = World::new(db).await;
        let [(here, sid), (elsewhere, _)] = bob_twice(&world).await;
        let ada = world.sign_in("acme", ADA).await;
        let answer = tell(&world.node, "acme", &world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Session(&sid))).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(!is_in(&world.node, &here, "acme").await);
        assert!(is_in(&world.node, &elsewhere, "acme").await && is_in(&world.node, &ada, "acme").await);
    }

    async fn a_sub_ends_all_of_a_persons_sessions_and_nobody_elses(db) {
        let world = World::new(db).await;
        let [(here, _), (there, _)] = bob_twice(&world).await;
        let ada = world.sign_in("acme", ADA).await;
        let sub = subject(&world, "acme", BOB);
        assert_eq!(tell(&world.node, "acme", &world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&sub))).await.status, 200);
        assert!(!is_in(&world.node, &here, "acme").await && !is_in(&world.node, &there, "acme").await);
        assert!(is_in(&world.node, &ada, "acme").await);
    }

    async fn sid_and_sub_together_end_that_session_alone(db) {
        let world = World::new(db).await;
        let [(here, sid), (there, _)] = bob_twice(&world).await;
        let sub = subject(&world, "acme", BOB);
        let of = LogoutOf::Both { subject: &sub, sid: &sid };
        assert_eq!(tell(&world.node, "acme", &world.idp.sign_logout_token("acme", CLIENT, of)).await.status, 200);
        assert!(!is_in(&world.node, &here, "acme").await && is_in(&world.node, &there, "acme").await);
    }

    async fn the_same_person_in_another_team_of_the_issuer_stays(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        world.sign_in_with(&bob, "acme-labs", BOB).await;
        assert!(is_in(&world.node, &bob, "acme-labs").await);
        assert_eq!(subject(&world, "acme", BOB), subject(&world, "acme-labs", BOB));
        let sub = subject(&world, "acme", BOB);
        for of in [LogoutOf::Subject(&sub), LogoutOf::Session(&world.idp.sids("acme", BOB)[0])] {
            assert_eq!(tell(&world.node, "acme", &world.idp.sign_logout_token("acme", CLIENT, of)).await.status, 200);
        }
        assert!(!is_in(&world.node, &bob, "acme").await);
        assert!(is_in(&world.node, &bob, "acme-labs").await);
    }

    async fn a_sid_or_sub_that_nobody_has_ends_nobody(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let before = eyes::record(&world.node.house.database, "acme").len();
        for of in [LogoutOf::Session("nobodys"), LogoutOf::Subject("nobody"), LogoutOf::Both { subject: "nobody", sid: "nobodys" }] {
            assert_eq!(tell(&world.node, "acme", &world.idp.sign_logout_token("acme", CLIENT, of)).await.status, 200, "{of:?}");
        }
        assert!(is_in(&world.node, &bob, "acme").await);
        assert_eq!(eyes::record(&world.node.house.database, "acme").len(), before, "nothing was done");
    }

    async fn tokens_of_every_usual_make_are_understood(db) {
        let world = World::new(db).await;
        for (what, typ, fault) in [
            ("no typ", "", Some(SignatureFault::TypMissing)),
            ("typ JWT", "JWT", None),
            ("typ in capitals", "LOGOUT+JWT", None),
            ("typ as a media type", "application/logout+jwt", None),
            ("no kid", "logout+jwt", Some(SignatureFault::KidMissing)),
            ("an unknown header", "logout+jwt", Some(SignatureFault::UnknownMembers)),
        ] {
            let bob = world.sign_in("acme", BOB).await;
            let mut claims = world.idp.logout_claims("acme", CLIENT, LogoutOf::Subject(&subject(&world, "acme", BOB)));
            claims["aud"] = json!([CLIENT]);
            claims["unknown"] = json!({"deep": [1]});
            claims["events"]["http://schemas.openid.net/event/backchannel-logout"] = json!({"reason": "x"});
            claims.as_object_mut().unwrap().remove("exp");
            let token = match fault {
                None => world.idp.sign("acme", typ, &claims),
                Some(fault) => world.idp.sign_despite("acme", "logout+jwt", &claims, fault, CLIENT),
            };
            let answer = tell(&world.node, "acme", &token).await;
            assert_eq!(answer.status, 200, "{what}: {}", answer.body);
            assert!(!is_in(&world.node, &bob, "acme").await, "{what}");
            world.clock.forward(Duration::from_secs(1));
        }
    }

    async fn what_one_node_was_told_holds_on_the_other(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        for told_at in [&world.node, &other] {
            let [(one, sid), (two, _)] = bob_twice(&world).await;
            for node in [&world.node, &other] {
                assert!(is_in(node, &one, "acme").await && is_in(node, &two, "acme").await, "both nodes have copies");
            }
            assert_eq!(tell(told_at, "acme", &world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Session(&sid))).await.status, 200);
            assert!(!is_in(told_at, &one, "acme").await, "at once where we were told");
            for node in [&world.node, &other] {
                is_soon_out(node, &one, "acme").await;
                assert!(is_in(node, &two, "acme").await);
            }
            let sub = subject(&world, "acme", BOB);
            assert_eq!(tell(told_at, "acme", &world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&sub))).await.status, 200);
            for node in [&world.node, &other] {
                is_soon_out(node, &two, "acme").await;
            }
            world.clock.forward(Duration::from_secs(1));
        }
    }

    async fn the_same_token_again_is_200_and_ends_nothing_new(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let first = world.sign_in("acme", BOB).await;
        let claims = world.idp.logout_claims("acme", CLIENT, LogoutOf::Subject(&subject(&world, "acme", BOB)));
        let token = world.idp.sign("acme", "logout+jwt", &claims);
        assert_eq!(tell(&world.node, "acme", &token).await.status, 200);
        assert!(!is_in(&world.node, &first, "acme").await);
        world.clock.forward(Duration::from_secs(1));
        let second = world.sign_in("acme", BOB).await;
        for node in [&world.node, &other, &world.node] {
            let again = tell(node, "acme", &token).await;
            assert_eq!((again.status, again.body.as_str()), (200, ""));
        }
        assert!(is_in(&world.node, &second, "acme").await);

        let mut other_content = claims.clone();
        other_content["sub"] = json!(subject(&world, "acme", BOB).to_lowercase());
        let mut later = claims.clone();
        later["iat"] = json!(world.clock.now().seconds());
        for changed in [other_content, later] {
            let token = world.idp.sign("acme", "logout+jwt", &changed);
            assert_refused(&tell(&other, "acme", &token).await, 400, "logout_token_invalid", "the same jti");
        }
        assert!(is_in(&world.node, &second, "acme").await);
        let next = world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&subject(&world, "acme", BOB)));
        assert_eq!(tell(&world.node, "acme", &next).await.status, 200);
        assert!(!is_in(&world.node, &second, "acme").await);
    }

    async fn one_token_sent_many_times_at_once_is_heard_once(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        for _ in 0..20 {
            let bob = world.sign_in("acme", BOB).await;
            let before = eyes::times(&world.node.house.database, "acme", Act::SignedOutByIdp);
            let token = world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&subject(&world, "acme", BOB)));
            let (a, b, c, d) = tokio::join!(
                tell(&world.node, "acme", &token), tell(&other, "acme", &token),
                tell(&world.node, "acme", &token), tell(&other, "acme", &token),
            );
            assert_eq!([a.status, b.status, c.status, d.status], [200; 4]);
            is_soon_out(&world.node, &bob, "acme").await;
            assert_eq!(eyes::times(&world.node.house.database, "acme", Act::SignedOutByIdp), before + 1);
            world.clock.forward(Duration::from_secs(1));
        }
    }

    async fn the_team_reads_it_in_its_activity(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let [_, (_, sid)] = bob_twice(&world).await;
        tell(&world.node, "acme", &world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Session(&sid))).await;
        let bob = eyes::person(&world.node.house.database, "acme", BOB).person.id;
        let record = eyes::record(&world.node.house.database, "acme");
        assert_eq!((record[0].act, &record[0].actor, record[0].target.as_ref()), (Some(Act::SignedOutByIdp), &Actor::IdentityProvider, Some(&bob)));
        assert_eq!(record[0].detail, json!({"sessions": 1}));
        let page = ada.get(&world.at("/t/acme/activity")).await;
        let words = text(&page.body);
        assert!(words.contains("Your company's sign-in service signed Bob Kahn out"), "{words}");
    }

    async fn a_provider_whose_keys_cannot_be_had_is_told_to_say_it_again(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let token = world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&subject(&world, "acme", BOB)));
        // A node that has just started has no keys at hand.
        let fresh = world.second_node();
        for fault in [WireFault::Down, WireFault::Html] {
            world.idp.misbehave("acme", Misbehaviour::Wire(Endpoint::Keys, fault));
            let answer = tell(&fresh, "acme", &token).await;
            assert_refused(&answer, 503, "idp_unreachable", "no keys");
            assert!(answer.header("retry-after").is_some());
        }
        assert!(is_in(&world.node, &bob, "acme").await);
        world.idp.behave("acme");
        world.clock.forward(Duration::from_mins(1));
        assert_eq!(tell(&fresh, "acme", &token).await.status, 200);
        is_soon_out(&world.node, &bob, "acme").await;
    }

    async fn keys_that_changed_just_before_signing_are_fetched(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        world.idp.rotate_keys("acme");
        let token = world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&subject(&world, "acme", BOB)));
        assert_eq!(tell(&world.node, "acme", &token).await.status, 200);
        assert!(!is_in(&world.node, &bob, "acme").await);
    }

    async fn a_team_that_is_not_open_is_unknown_to_its_provider_too(db) {
        let world = World::with(db, &[("LIMITS__UNKNOWN_TEAMS_PER_ADDRESS", "off")]).await;
        world.add_team("acme-draft", "acme", ADA, |new| new.state = teams::State::Draft);
        world.sign_in("acme", BOB).await;
        let sub = subject(&world, "acme", BOB);
        world.suspend("acme");
        for team in ["acme", "acme-draft", "acme-none", "ACME"] {
            let token = world.idp.sign_logout_token("acme", &format!("client-of-{team}"), LogoutOf::Subject(&sub));
            let answer = tell(&world.node, team, &token).await;
            assert_eq!((answer.status, answer.code()), (404, Some("team_unknown")), "{team}");
            let answer = revoke(&world.node, team, &revocation_token(&world), &email(BOB)).await;
            assert_eq!((answer.status, answer.code()), (404, Some("team_unknown")), "{team}");
        }
        world.resume("acme");
        assert_eq!(tell(&world.node, "acme", &world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&sub))).await.status, 200);
    }

    async fn what_was_heard_is_forgotten_when_it_cannot_be_believed_any_more(db) {
        let world = World::new(db).await;
        world.sign_in("acme", BOB).await;
        let token = world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&subject(&world, "acme", BOB)));
        assert_eq!(tell(&world.node, "acme", &token).await.status, 200);
        let tidy = || world.node.house.database.write::<_, StorageError>(world.clock.now(), signout::tidy).unwrap();
        assert_eq!(tidy(), 0);
        world.clock.forward(Duration::from_mins(61));
        assert_refused(&tell(&world.node, "acme", &token).await, 400, "logout_token_invalid", "too old");
        assert_eq!(tidy(), 1);
        assert_refused(&tell(&world.node, "acme", &token).await, 400, "logout_token_invalid", "too old");
    }
}

/// The words of a page, without its tags.
fn text(html: &str) -> String {
    let parts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let text = parts.collect::<Vec<_>>().join(" ").replace("&#39;", "'");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
