//! A sign-in on an app's host: to the authorization endpoint and back, in the browser that began it, once.

use std::time::Duration;

use reqwest::Method;
use support::{Browser, World, on_both};

use super::wiki::Wiki;
use super::{TRUSTING, passed, stopped};

on_both! {
    async fn a_session_is_handed_over_to_the_host_of_an_app(db) {
        let world = World::with(db, &TRUSTING).await;
        let (wiki, bob) = (Wiki::new(&world), world.sign_in("acme", "bob@acme.test").await);
        let asked = wiki.ask_for(&bob, "", "/page?a=b&c").await;
        assert_eq!(stopped(&asked), (401, "session_required"), "the session of our own host is not sent there");
        let sign_in = asked.header("x-auth-sign-in").unwrap();
        assert_eq!(sign_in, wiki.at("/.teamdoor/sign-in?return_to=%2Fpage%3Fa%3Db%26c"));
        assert_eq!(wiki.ask_for(&bob, "?redirect=1", "/page?a=b&c").await.header("location"), Some(sign_in));

        let begun = wiki.get_with(&bob, sign_in, &[]).await;
        let arrived = wiki.follow(&bob, begun).await;
        assert_eq!((arrived.status, arrived.header("location")), (303, Some("/page?a=b&c")));
        let [come_in, over] = arrived.set_cookies()[..] else { panic!("{:?}", arrived.set_cookies()) };
        assert!(come_in.starts_with(&format!("{}=", wiki.cookie_name())), "{come_in}");
        assert!(come_in.contains("; HttpOnly; SameSite=Lax; Path=/; Max-Age=604800"), "{come_in}");
        assert!(over.starts_with("td-arrive-") && over.ends_with("; Max-Age=0"), "{over}");

        let answer = wiki.ask(&bob, "").await;
        assert_eq!(passed(&answer), ("acme", "member"));
        assert_eq!(answer.header("x-auth-email"), Some("bob@acme.test"));
        assert_eq!(bob.cookie_names_of(&wiki.name), [wiki.cookie_name()], "nothing else is left there");
    }

    async fn somebody_without_any_session_signs_in_on_the_way(db) {
        let world = World::with(db, &TRUSTING).await;
        let (wiki, bob) = (Wiki::new(&world), Browser::default());
        let asked = wiki.ask(&bob, "?team=acme").await;
        let begun = wiki.get_with(&bob, asked.header("x-auth-sign-in").unwrap(), &[]).await;
        let chooser = wiki.follow(&bob, begun).await;
        let back = bob.choose(&chooser, "bob@acme.test").await;
        let arrived = wiki.follow(&bob, back).await;
        assert_eq!((arrived.status, arrived.header("location")), (303, Some("/page")), "{}", arrived.body);
        assert_eq!(passed(&wiki.ask(&bob, "?team=acme").await), ("acme", "member"));
    }

    async fn a_code_is_worth_nothing_in_another_browser(db) {
        let world = World::with(db, &TRUSTING).await;
        let (wiki, bob, eve) = (Wiki::new(&world), world.sign_in("acme", "bob@acme.test").await, Browser::default());
        let arrival = wiki.arrival(&bob, "").await;
        let stolen = wiki.arrive(&eve, &arrival).await;
        assert_eq!((stolen.status, stolen.code()), (400, Some("attempt_cookie_missing")));
        assert_eq!((wiki.cookie(&eve), stolen.location()), (None, None));
        // Her own attempt of the same host does not help.
        let own = wiki.begin(&eve, "").await;
        let own_state = support::product::parameter(&own.location().unwrap(), "state").unwrap();
        let code = support::product::parameter(&arrival.parse().unwrap(), "code").unwrap();
        let iss = world.node.base.replace(':', "%3A").replace('/', "%2F");
        let mixed = wiki.at(&format!("/.teamdoor/arrive?code={code}&state={own_state}&iss={iss}"));
        let injected = wiki.arrive(&eve, &mixed).await;
        assert_eq!((injected.status, injected.code()), (400, Some("code_rejected")));
        assert!(injected.button("Start again").is_some(), "{}", injected.body);
        assert_eq!(wiki.cookie(&eve), None);
        assert_eq!(wiki.arrive(&bob, &arrival).await.status, 303, "and it was not burnt");
    }

    async fn a_foreign_sign_in_is_not_pushed_onto_a_browser(db) {
        let world = World::with(db, &TRUSTING).await;
        let wiki = Wiki::new(&world);
        let (eve, bob) = (world.sign_in("acme", "cyd@acme.test").await, world.sign_in("acme", "bob@acme.test").await);
        let of_eve = wiki.arrival(&eve, "").await;
        assert_eq!(wiki.arrive(&bob, &of_eve).await.code(), Some("attempt_cookie_missing"));
        wiki.begin(&bob, "").await;
        assert_eq!(wiki.arrive(&bob, &of_eve).await.code(), Some("attempt_cookie_missing"), "not even half-way in");
        assert_eq!(stopped(&wiki.ask(&bob, "").await).0, 401);
    }

    async fn a_sign_in_arrives_once(db) {
        let world = World::with(db, &TRUSTING).await;
        let (wiki, bob) = (Wiki::new(&world), world.sign_in("acme", "bob@acme.test").await);
        let arrival = wiki.arrival(&bob, "?return_to=%2Fpage").await;
        let under_way: Vec<(String, String)> = bob
            .cookie_names_of(&wiki.name)
            .into_iter()
            .map(|name| (name.clone(), bob.cookie_of(&wiki.name, &name).unwrap()))
            .collect();
        assert_eq!(wiki.arrive(&bob, &arrival).await.header("location"), Some("/page"));
        let back_button = wiki.arrive(&bob, &arrival).await;
        assert_eq!((back_button.status, back_button.header("location")), (303, Some("/")), "who is in goes on");
        bob.drop_cookies("td-host-");
        for (name, value) in &under_way {
            bob.set_cookie_of(&wiki.name, name, value);
        }
        let replayed = wiki.arrive(&bob, &arrival).await;
        assert_eq!((replayed.status, replayed.code()), (400, Some("code_rejected")));
        assert_eq!(wiki.cookie(&bob), None);
    }

    async fn whatever_is_odd_about_an_arrival_lets_nobody_in(db) {
        let world = World::with(db, &TRUSTING).await;
        let (wiki, bob) = (Wiki::new(&world), world.sign_in("acme", "bob@acme.test").await);
        let arrival = wiki.arrival(&bob, "?return_to=%2Fpage").await;
        let (path, query) = arrival.split_once('?').unwrap();
        let pairs: Vec<(&str, &str)> = query.split('&').map(|pair| pair.split_once('=').unwrap()).collect();
        let value = |name| pairs.iter().find(|(key, _)| *key == name).unwrap().1;
        let (code, state, iss) = (value("code"), value("state"), value("iss"));
        let (key, _) = state.split_once('.').unwrap();
        for (query, expected) in [
            (String::new(), (400, "state_missing")),
            (format!("code={code}&iss={iss}"), (400, "state_missing")),
            (format!("code={code}&state=x&iss={iss}"), (400, "state_unknown")),
            (format!("code={code}&state={key}.other&iss={iss}"), (400, "state_unknown")),
            (format!("code={code}&state={state}&state={state}&iss={iss}"), (400, "state_unknown")),
            (format!("code={code}&code={code}&state={state}&iss={iss}"), (400, "state_unknown")),
            (format!("code={code}&state=z{state}&iss={iss}"), (400, "attempt_cookie_missing")),
            (format!("code={code}&state={state}"), (400, "issuer_param_mismatch")),
            (format!("code={code}&state={state}&iss=https%3A%2F%2Fevil.test"), (400, "issuer_param_mismatch")),
            (format!("state={state}&iss={iss}"), (400, "issuer_param_mismatch")),
            (format!("code={code}x&state={state}&iss={iss}"), (400, "code_rejected")),
            (format!("code=&state={state}&iss={iss}"), (400, "code_rejected")),
            (format!("code={code}&error=access_denied&state={state}&iss={iss}"), (403, "sign_in_refused")),
        ] {
            let answer = wiki.arrive(&bob, &format!("{path}?{query}")).await;
            assert_eq!((answer.status, answer.code().unwrap_or_default()), expected, "{query}");
            assert!(answer.reference().is_some() && answer.button("Start again").is_some(), "{}", answer.body);
            assert_eq!((answer.location(), wiki.cookie(&bob)), (None, None), "{query}");
        }
        let nobodys = wiki.arrive(&bob, &arrival.replace("wiki.localhost", "notes.localhost")).await;
        assert_eq!(nobodys.code(), Some("attempt_cookie_missing"), "cookies of another host do not come along");
        assert_eq!(wiki.arrive(&bob, &arrival).await.status, 303, "and none of them burnt the code");
    }

    async fn a_sign_in_on_a_host_takes_an_hour_at_most(db) {
        let world = World::with(db, &TRUSTING).await;
        let (wiki, bob) = (Wiki::new(&world), world.sign_in("acme", "bob@acme.test").await);
        let begun = wiki.begin(&bob, "?return_to=%2Fpage").await.location().unwrap();
        world.clock.forward(Duration::from_mins(61));
        let arrival = bob.get(begun.as_str()).await.location().unwrap().to_string();
        let late = wiki.arrive(&bob, &arrival).await;
        assert_eq!((late.status, late.code()), (400, Some("state_expired")));
        let again = late.button("Start again").unwrap();
        assert_eq!(again, wiki.at("/.teamdoor/sign-in?return_to=%2Fpage"), "it keeps where the person was going");
        let arrival = wiki.arrival(&bob, "").await;
        world.clock.forward(Duration::from_secs(61));
        assert_eq!(wiki.arrive(&bob, &arrival).await.code(), Some("code_rejected"), "a code lives a minute");
    }

    async fn two_tabs_arrive_and_many_abandoned_ones_grow_nothing(db) {
        let world = World::with(db, &TRUSTING).await;
        let (wiki, bob) = (Wiki::new(&world), world.sign_in("acme", "bob@acme.test").await);
        let first = wiki.arrival(&bob, "?return_to=%2Fone").await;
        let second = wiki.arrival(&bob, "?return_to=%2Ftwo").await;
        assert_eq!(wiki.arrive(&bob, &first).await.header("location"), Some("/one"));
        assert_eq!(wiki.arrive(&bob, &second).await.header("location"), Some("/two"));
        bob.drop_cookies("td-host-");
        for _ in 0..20 {
            world.clock.forward(Duration::from_secs(1));
            wiki.begin(&bob, &format!("?return_to=%2F{}", "x".repeat(1900))).await;
        }
        let kept = bob.cookie_names_of(&wiki.name);
        assert_eq!(kept.len(), 6, "{kept:?}");
        let size: usize = kept.iter().map(|name| bob.cookie_of(&wiki.name, name).unwrap().len()).sum();
        assert!(size < 4096, "{size}");
    }

    async fn heads_prefetches_and_frames_start_and_end_nothing(db) {
        let world = World::with(db, &TRUSTING).await;
        let (wiki, bob) = (Wiki::new(&world), world.sign_in("acme", "bob@acme.test").await);
        let arrival = wiki.arrival(&bob, "").await;
        for address in [wiki.at("/.teamdoor/sign-in"), arrival.clone()] {
            let host = ("x-forwarded-host", wiki.host.as_str());
            for (method, header, status) in [
                (Method::HEAD, ("accept", "*/*"), 204),
                (Method::GET, ("sec-purpose", "prefetch"), 403),
                (Method::GET, ("sec-fetch-dest", "iframe"), 204),
                (Method::GET, ("sec-fetch-dest", "image"), 204),
            ] {
                let answer = bob.send(method, &address, &[host, header], None).await;
                assert_eq!((answer.status, answer.set_cookies().len()), (status, 0), "{header:?}");
            }
        }
        assert_eq!(wiki.arrive(&bob, &arrival).await.status, 303);
    }

    async fn no_way_back_leads_off_the_host(db) {
        let world = World::with(db, &TRUSTING).await;
        let (wiki, bob) = (Wiki::new(&world), world.sign_in("acme", "bob@acme.test").await);
        for out in ["%2F%2Fevil.test", "https%3A%2F%2Fevil.test", "%2F%5Cevil.test", "%2F.teamdoor%2Fsign-out", "evil", ""] {
            let arrival = wiki.arrival(&bob, &format!("?return_to={out}")).await;
            assert_eq!(wiki.arrive(&bob, &arrival).await.header("location"), Some("/"), "{out}");
            let straight = wiki.begin(&bob, &format!("?return_to={out}")).await;
            assert_eq!((straight.status, straight.header("location")), (303, Some("/")), "{out}");
            bob.drop_cookies("td-host-");
        }
    }
}
