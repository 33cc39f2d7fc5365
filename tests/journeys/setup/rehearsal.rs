//! A rehearsal: a real sign-in that changes nothing, whose mark belongs to the settings it was made with.

use std::time::Duration;

use mock_idp::{ClaimsFault, SignatureFault};
use support::{Browser, World, on_both};

use super::{CLIENT, GIL, HAN, TEAM, founded, installer, press, rehearse, values};
use crate::eyes;

on_both! {
    async fn a_mark_belongs_to_the_very_settings_that_were_tested(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        let issuer = world.idp.issuer("globex");
        let (ian, page) = installer(&world, db).await;
        let tested = rehearse(&ian, &page, &values(&issuer), GIL).await;
        assert!(tested.body.contains("You would come in as Member."), "{}", tested.body);
        let typo = [("issuer", issuer.as_str()), ("client_id", "client-of-initecj"), ("client_secret", "")];
        assert_eq!(press(&ian, &page, "save", &typo).await.status, 303);
        let refused = press(&ian, &page, "enable", &[]).await;
        assert_eq!((refused.status, refused.code()), (409, Some("not_tested")), "another client id was not tested");
        let old = ian.get(&page).await.hidden("version").unwrap();
        assert_eq!(press(&ian, &page, "save", &values(&issuer)).await.status, 303);
        let csrf = ian.get(&page).await.hidden("csrf").unwrap();
        for action in ["save", "enable"] {
            let form = [("csrf", csrf.as_str()), ("version", old.as_str()), ("action", action), ("issuer", issuer.as_str()), ("client_id", CLIENT)];
            let stale = ian.post(&page, &form).await;
            assert_eq!((stale.status, stale.code()), (409, Some("version_conflict")), "{action}");
        }
        assert!(rehearse(&ian, &page, &[], HAN).await.body.contains("The test sign-in worked"));
        assert_eq!(press(&ian, &page, "enable", &[]).await.status, 303);
    }

    async fn settings_that_change_during_a_test_are_not_marked_by_it(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        let issuer = world.idp.issuer("globex");
        let (ian, page) = installer(&world, db).await;
        let begun = press(&ian, &page, "test", &values(&issuer)).await;
        let chooser = ian.get(begun.location().unwrap().as_str()).await;
        let back = ian.choose(&chooser, HAN).await.location().unwrap();
        let other = [("issuer", issuer.as_str()), ("client_id", "another"), ("client_secret", "")];
        press(&ian, &page, "save", &other).await;
        let late = ian.get(back.as_str()).await;
        assert_eq!((late.status, late.code()), (400, Some("settings_changed")), "{}", late.body);
        assert_eq!(press(&ian, &page, "enable", &[]).await.code(), Some("not_tested"));
    }

    async fn a_rehearsal_cannot_be_played_twice_nor_in_another_browser_nor_an_hour_later(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        let issuer = world.idp.issuer("globex");
        let (ian, page) = installer(&world, db).await;
        press(&ian, &page, "save", &values(&issuer)).await;
        let arrive = async || {
            let begun = press(&ian, &page, "test", &[]).await;
            let chooser = ian.get(begun.location().unwrap().as_str()).await;
            match chooser.location() {
                Some(back) => back.to_string(),
                None => ian.choose(&chooser, HAN).await.location().unwrap().to_string(),
            }
        };
        let back = arrive().await;
        let stranger = Browser::default().get(&back).await;
        assert_eq!(stranger.status, 404, "a team that is not open is unknown: {:?}", stranger.code());
        let names: Vec<String> = ian.cookie_names();
        let attempt = names.iter().find(|name| name.starts_with("td-attempt-")).unwrap().clone();
        let kept = ian.cookie(&attempt).unwrap();
        assert_eq!(ian.get(&back).await.status, 303);
        ian.set_cookie(&attempt, &kept);
        let twice = ian.get(&back).await;
        assert_eq!((twice.status, twice.code()), (400, Some("state_used")));
        let old = arrive().await;
        world.clock.forward(Duration::from_mins(61));
        assert_eq!(ian.get(&old).await.code(), Some("state_expired"));
        assert_eq!(eyes::sessions(&world.node.house.database, TEAM), 0);
    }

    async fn each_fault_ends_at_its_own_step_with_its_remedy(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        let issuer = world.idp.issuer("globex");
        let (ian, page) = installer(&world, db).await;
        let wrong = [("issuer", issuer.as_str()), ("client_id", CLIENT), ("client_secret", "another-secret")];
        let told = rehearse(&ian, &page, &wrong, HAN).await;
        assert!(told.body.contains("The test sign-in did not work"), "{}", told.body);
        assert_eq!(press(&ian, &page, "enable", &[]).await.code(), Some("not_tested"));
        press(&ian, &page, "save", &values(&issuer)).await;
        world.idp.misbehave("globex", SignatureFault::SignatureBitFlipped);
        let told = rehearse(&ian, &page, &[], HAN).await;
        assert!(told.body.contains("The test sign-in did not work"), "{}", told.body);
        world.idp.misbehave("globex", ClaimsFault::NonceOther);
        assert!(rehearse(&ian, &page, &[], HAN).await.body.contains("The test sign-in did not work"));
        world.idp.behave("globex");
        world.idp.edit_client("globex", CLIENT, |client| client.assigned = Some(Vec::new()));
        let told = rehearse(&ian, &page, &[], HAN).await;
        assert!(told.body.contains("did not work") && told.body.contains("ssign"), "{}", told.body);
        world.idp.edit_client("globex", CLIENT, |client| client.assigned = None);
        assert!(rehearse(&ian, &page, &[], HAN).await.body.contains("The test sign-in worked"));
        assert_eq!(eyes::sessions(&world.node.house.database, TEAM), 0);
        assert!(eyes::everybody(&world.node.house.database, TEAM).is_empty());
    }
}
