//! The switch: in the very sign-in for which the provider rejects the current secret and takes the next.

use support::{Browser, World, on_both};

use super::{
    ADA, BOB, Bearer, NEXT, assert_no_life, come_back_at_once, connection, has_next, heard,
    letters_of_switches, make_another, rotate, set_next, set_next_until, switches,
};
use std::time::Duration;

use vocabulary::Clock as _;

on_both! {
    async fn when_the_provider_rejects_the_secret_the_next_one_takes_over_and_nobody_notices(db) {
        let world = World::new(db).await;
        let operator = Bearer::new(&world, db);
        world.sign_in("acme", ADA).await;
        let expires = world.clock.now().plus(Duration::from_hours(24 * 365));
        set_next_until(&world, NEXT, Some(expires));
        let before = connection(&operator).await;
        assert!(before["next_client_secret_set_at"].is_string(), "{before}");
        let asked = world.idp.counts("acme").token;
        world.sign_in("acme", BOB).await;
        assert_eq!((world.idp.counts("acme").token - asked, switches(&world)), (1, 0), "while the current one works, it is used");

        rotate(&world, NEXT);
        world.sign_in("acme", BOB).await;
        assert_eq!(world.idp.counts("acme").token - asked, 3, "asked with either, once");
        world.sign_in("acme", ADA).await;
        assert_eq!(world.idp.counts("acme").token - asked, 4, "and from then on with the one that works");
        assert_eq!(switches(&world), 1);
        let now = connection(&operator).await;
        assert_eq!(now["client_secret_expires_at"], expires.to_string());
        assert_eq!(now["client_secret_set_at"], before["next_client_secret_set_at"]);
        assert_eq!(now["version"], before["version"], "the settings are the same");
        assert!(!has_next(&world));
        assert_eq!(letters_of_switches(&world).await, 1, "to the one admin");
        let ada = world.sign_in("acme", ADA).await;
        let told = ada.get(&world.at("/t/acme/activity")).await;
        assert!(told.body.contains("put the next client secret into use, as the sign-in service no longer took the one before"), "{}", told.body);
    }

    async fn of_many_who_sign_in_at_once_one_switches_and_all_come_in(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        world.sign_in("acme", ADA).await;
        for round in 1..=4 {
            let secret = format!("secret-number-{round}-of-acme");
            set_next(&world, &secret);
            heard().await;
            rotate(&world, &secret);
            for answer in come_back_at_once(&world, [&world.node, &other], 8).await {
                assert_eq!(answer.status, 303, "{}", answer.body);
            }
            assert_eq!((switches(&world), has_next(&world)), (round, false));
        }
        assert_eq!(letters_of_switches(&world).await, 4, "one for each round");
    }

    async fn where_both_are_wrong_nothing_is_switched(db) {
        let world = World::new(db).await;
        let operator = Bearer::new(&world, db);
        world.sign_in("acme", ADA).await;
        set_next(&world, NEXT);
        rotate(&world, "another-one-altogether");
        let asked = world.idp.counts("acme").token;
        let refused = world.sign_in_with(&Browser::default(), "acme", BOB).await;
        assert_eq!((refused.status, refused.code()), (502, Some("idp_client_rejected")), "{}", refused.body);
        assert_eq!(world.idp.counts("acme").token - asked, 2, "never more than two requests for one attempt");
        assert_eq!((switches(&world), has_next(&world)), (0, true));
        let trace = operator.get(&format!("/sign-ins?reference={}", refused.reference().unwrap())).await.to_string();
        assert!(trace.contains("idp_client_rejected") && !trace.contains(NEXT), "{trace}");
        rotate(&world, NEXT);
        world.sign_in("acme", BOB).await;
        assert_eq!(switches(&world), 1, "once it is there at the provider too");
    }

    async fn a_code_that_nobody_gave_out_switches_nothing(db) {
        let world = World::new(db).await;
        set_next(&world, NEXT);
        rotate(&world, NEXT);
        let browser = Browser::default();
        let back = world.callback(&browser, "acme", BOB).await;
        let (before, rest) = back.split_once("code=").unwrap();
        let rest = rest.split_once('&').map_or("", |(_, rest)| rest);
        let refused = browser.get(&format!("{before}code=made-up&{rest}")).await;
        assert_eq!((refused.status, refused.code()), (400, Some("code_rejected")), "{}", refused.body);
        assert_eq!((switches(&world), has_next(&world)), (0, true));
    }

    async fn sign_ins_under_way_end_well_on_either_side_of_a_switch(db) {
        let world = World::new(db).await;
        let operator = Bearer::new(&world, db);
        let other = world.second_node();
        set_next(&world, NEXT);
        make_another(&world, NEXT);
        let (first, second) = (Browser::default(), Browser::default());
        let backs = [world.callback(&first, "acme", ADA).await, world.callback(&second, "acme", BOB).await];
        let used = operator.ask("POST", "/teams/acme/use-next-secret", "").await;
        assert_eq!(used.status, 200, "{}", used.body);
        assert_no_life(&used.json()["connection"]);
        heard().await;
        rotate(&world, NEXT);
        assert_eq!(first.get(&backs[0]).await.status, 303);
        assert_eq!(second.get(&backs[1].replace(&world.node.base, &other.base)).await.status, 303, "on the other node too");
        assert_eq!(switches(&world), 1, "by the operator alone");
    }

    async fn a_test_of_the_live_settings_goes_as_a_sign_in_would(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let page = world.at("/t/acme/settings/sso");
        set_next(&world, NEXT);
        rotate(&world, NEXT);
        let tested = crate::setup::rehearse(&ada, &page, &[], ADA).await;
        assert!(tested.body.contains("The test sign-in worked"), "{}", tested.body);
        assert_eq!((switches(&world), has_next(&world)), (1, false));
    }
}
