//! A value is shown once: to whoever made it, in the browser that made it, and never again.

use support::{Browser, World, on_both};

use super::{ADA, BOB, act, deeds, make, read, send_form, shown, who};

const FORM: [(&str, &str); 2] = [("name", "build-server"), ("lasts", "90")];

on_both! {
    async fn a_value_survives_no_reload_and_stands_in_no_address_and_no_readable_cookie(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let answer = send_form(&world, &bob, &FORM).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let (place, cookies) = (answer.location().unwrap(), answer.set_cookies().join("\n"));
        assert!(!place.as_str().contains("tdt_") && !cookies.contains("tdt_"), "{place} {cookies}");
        let carrier: Vec<String> = bob.cookie_names().into_iter().filter(|name| name.starts_with("td-fresh-")).collect();
        let [carrier] = carrier.as_slice() else { panic!("{carrier:?}") };
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=60"] {
            assert!(cookies.contains(attribute), "{attribute}: {cookies}");
        }
        let sealed = bob.cookie(carrier).unwrap();

        let first = bob.get(place.as_str()).await;
        let value = shown(&first).unwrap();
        assert_eq!(first.body.matches(&value).count(), 1);
        assert_eq!(who(&world.node, &value).await.status, 200);
        assert!(first.set_cookies().iter().any(|line| line.starts_with(&format!("{carrier}=;")) && line.contains("Max-Age=0")), "{:?}", first.set_cookies());
        assert_eq!(bob.cookie(carrier), None);

        let again = bob.get(place.as_str()).await;
        assert_eq!((again.status, shown(&again)), (200, None));
        assert!(again.body.contains("cannot be shown again"), "{}", again.body);
        bob.set_cookie(carrier, &sealed);
        assert_eq!(shown(&bob.get(place.as_str()).await), None, "a copy of the cookie is worth nothing");
    }

    async fn a_value_waits_for_a_person_and_no_longer_than_a_minute(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let place = send_form(&world, &bob, &FORM).await.location().unwrap();
        for odd in [("sec-purpose", "prefetch"), ("sec-fetch-dest", "iframe"), ("purpose", "prefetch")] {
            assert_eq!(shown(&bob.get_with(place.as_str(), &[odd]).await), None, "{odd:?}");
        }
        let head = bob.send(reqwest::Method::HEAD, place.as_str(), &[], None).await;
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        assert!(shown(&bob.get(place.as_str()).await).is_some());

        let place = send_form(&world, &bob, &FORM).await.location().unwrap();
        world.clock.forward(std::time::Duration::from_secs(61));
        assert_eq!(shown(&bob.get(place.as_str()).await), None);
    }

    async fn a_value_is_shown_to_nobody_else(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        let bob_elsewhere = world.sign_in("acme", BOB).await;
        let place = send_form(&world, &bob, &FORM).await.location().unwrap();
        for name in bob.cookie_names().into_iter().filter(|name| name.starts_with("td-fresh-")) {
            for other in [&ada, &bob_elsewhere] {
                other.set_cookie(&name, &bob.cookie(&name).unwrap());
                let page = other.get(place.as_str()).await;
                assert_eq!((page.status, shown(&page)), (200, None));
            }
        }
        assert!(shown(&bob.get(place.as_str()).await).is_some(), "strangers do not use it up");
    }

    async fn two_tabs_get_a_value_each(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let (one, two) = (send_form(&world, &bob, &FORM).await, send_form(&world, &bob, &FORM).await);
        let (two, one) = (read(&bob, two).await, read(&bob, one).await);
        assert_ne!(one.value, two.value);
        for token in [&one, &two] {
            assert_eq!(who(&world.node, &token.value).await.json()["id"], token.id);
        }
    }

    async fn a_rotation_shows_the_new_value_once_and_ends_the_old_one(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        let old = make(&world, &bob, "build-server", "product").await;
        assert_eq!(who(&world.node, &old.value).await.status, 200);
        let rotated = act(&world, &ada, &old, "rotate").await;
        assert_eq!(who(&world.node, &old.value).await.status, 401, "at once");
        let new = read(&ada, rotated).await;
        assert_eq!(new.id, old.id);
        let told = who(&world.node, &new.value).await.json();
        assert_eq!((&told["name"], &told["id"]), (&"build-server".into(), &old.id.clone().into()));
        assert_eq!(deeds(&world).len(), 2);
        let page = ada.get(&world.at("/t/acme/tokens")).await;
        assert!(page.row("build-server").unwrap().contains("by Ada Lovelace"), "who knows the value is its maker");
    }

    async fn what_the_form_says_is_read_strictly(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        for name in ["", "  ", "<script>", "a\u{202e}b", &"x".repeat(61)] {
            let answer = send_form(&world, &ada, &[("name", name), ("scope", "team:read"), ("lasts", "30")]).await;
            assert_eq!((answer.status, answer.code()), (422, Some("name_invalid")), "{name:?}");
            assert!(answer.sentence().starts_with("A token's name has 1 to 60"), "{}", answer.sentence());
            assert!(answer.body.contains("value=\"team:read\" selected") && answer.body.contains("value=\"30\" selected"), "what was chosen stays");
        }
        let odd = [[("scope", "team:write"), ("lasts", "")], [("scope", "product"), ("lasts", "3650")], [("scope", "product"), ("lasts", "-1")]];
        for odd in odd {
            let mut form = vec![("name", "x")];
            form.extend(odd);
            let answer = send_form(&world, &ada, &form).await;
            assert_eq!((answer.status, answer.code()), (422, Some("form_invalid")), "{odd:?}");
        }
        assert_eq!(deeds(&world).len(), 0);
        let empty = ada.get(&world.at("/t/acme/tokens")).await;
        assert!(empty.body.contains("No API tokens yet") && empty.body.contains("v1/<wbr>whoami"), "{}", empty.body);
        assert_eq!(Browser::default().get(&world.at("/t/acme/tokens")).await.status, 303);
    }
}
