//! The settings page: what is typed, what is checked, and who may.

use support::{Browser, World, on_both};

use super::{CLIENT, GIL, SECRET, founded, installer, press, values};

on_both! {
    async fn what_is_typed_wrong_says_what_to_do_and_is_kept(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        let issuer = world.idp.issuer("globex");
        let (ian, page) = installer(&world, db).await;
        for (values, wrong) in [
            ([("issuer", "nonsense with blanks"), ("client_id", CLIENT), ("client_secret", SECRET)], "issuer"),
            ([("issuer", &issuer), ("client_id", CLIENT), ("client_secret", "••••••••")], "client_secret"),
            ([("issuer", &issuer), ("client_id", CLIENT), ("client_secret", CLIENT)], "client_secret"),
            ([("issuer", "https://accounts.google.com"), ("client_id", CLIENT), ("client_secret", SECRET)], "issuer"),
        ] {
            for action in ["save", "test"] {
                let answer = press(&ian, &page, action, &values).await;
                assert_eq!(answer.status, 422, "{values:?}");
                assert!(answer.body.contains("<title>Error:") && answer.body.contains("role=\"alert\""), "{}", answer.body);
                assert!(answer.body.contains(&format!("id=\"{wrong}_error\"")), "{wrong}: {}", answer.body);
                // Pasted into both fields, it may be the secret.
                assert_eq!(answer.body.contains(CLIENT), values[2].1 != CLIENT, "{values:?}");
                assert!(!answer.body.contains(SECRET), "typed, but the secret");
            }
        }
        let empty = [("issuer", ""), ("client_id", ""), ("client_secret", "")];
        assert_eq!(press(&ian, &page, "test", &empty).await.status, 422);
        assert_eq!(press(&ian, &page, "save", &empty).await.status, 303, "a save may be resumed");
        assert_eq!(world.idp.counts("globex").token, 0);
    }

    async fn an_issuer_written_differently_is_shown_letter_by_letter_and_corrected_in_one_click(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        let issuer = world.idp.issuer("globex");
        let (ian, page) = installer(&world, db).await;
        let wrong = format!("{issuer}/");
        let checked = ian.follow(press(&ian, &page, "save", &values(&wrong)).await).await;
        assert!(checked.body.contains("value=\"use_issuer\"") && checked.body.contains("<mark>/</mark>"), "{}", checked.body);
        let corrected = ian.follow(press(&ian, &page, "use_issuer", &[]).await).await;
        assert!(!corrected.body.contains("value=\"use_issuer\""), "{}", corrected.body);
        assert!(corrected.body.contains(&format!("value=\"{issuer}\"")), "{}", corrected.body);
        let probed = ian.follow(press(&ian, &page, "probe", &[]).await).await;
        assert!(probed.body.contains("knows them"), "the secret was kept: {}", probed.body);
        let moved = [("issuer", world.idp.issuer("acme")), ("client_id", CLIENT.to_owned()), ("client_secret", String::new())];
        let moved: Vec<_> = moved.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = press(&ian, &page, "save", &moved).await;
        assert_eq!((refused.status, refused.code()), (422, Some("client_secret_needed")), "a new issuer needs it again");
    }

    async fn the_probe_has_three_outcomes_and_signs_nobody_in(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        let issuer = world.idp.issuer("globex");
        let (ian, page) = installer(&world, db).await;
        let wrong = [("issuer", issuer.as_str()), ("client_id", CLIENT), ("client_secret", "another-secret")];
        press(&ian, &page, "save", &wrong).await;
        assert!(ian.follow(press(&ian, &page, "probe", &[]).await).await.body.contains("refused them"));
        press(&ian, &page, "save", &values(&issuer)).await;
        assert!(ian.get(&page).await.body.contains("Not tried yet"), "other settings were not tried");
        assert!(ian.follow(press(&ian, &page, "probe", &[]).await).await.body.contains("knows them"));
    }

    async fn the_buttons_that_ask_a_provider_are_no_port_scanner(db) {
        let world = World::new(db).await;
        founded(&world, db, |_client| ());
        let issuer = world.idp.issuer("globex");
        let (ian, page) = installer(&world, db).await;
        press(&ian, &page, "save", &values(&issuer)).await;
        let mut answers = Vec::new();
        for _press in 0..25 {
            answers.push(press(&ian, &page, "check", &[]).await.status);
        }
        assert_eq!(answers.iter().filter(|status| **status == 303).count(), 19, "{answers:?}");
        assert_eq!(answers.last(), Some(&429));
    }

    async fn the_page_is_for_admins_of_the_team_alone(db) {
        let world = World::new(db).await;
        let page = world.at("/t/acme/settings/sso");
        let (ada, bob) = (world.sign_in("acme", "ada@acme.test").await, world.sign_in("acme", "bob@acme.test").await);
        let gil = world.sign_in("globex", GIL).await;
        assert_eq!(ada.get(&page).await.status, 200);
        let member = bob.get(&page).await;
        assert_eq!((member.status, member.code()), (403, Some("not_admin")));
        let csrf = bob.get(&world.at("/t/acme/tokens")).await.hidden("csrf").unwrap();
        for action in ["save", "test", "check", "probe", "enable", "discard", "rollback", "relax"] {
            let form = [("csrf", csrf.as_str()), ("action", action), ("issuer", ""), ("client_id", ""), ("client_secret", "")];
            let answer = bob.post(&page, &form).await;
            assert_eq!((answer.status, answer.code()), (403, Some("not_admin")), "{action}: {}", answer.body);
        }
        assert_eq!(gil.get(&page).await.status, 303, "to the sign-in of acme");
        assert_eq!(gil.post(&page, &[("action", "save")]).await.status, 401);
        assert_eq!(Browser::default().get(&page).await.status, 303);
        let forged = ada.post(&page, &[("action", "relax"), ("csrf", "x")]).await;
        assert_eq!((forged.status, forged.code()), (403, Some("csrf")));
    }
}
