//! What nobody may get past a proxy with: spoofed headers, cookies of other apps and hosts, made-up addresses.

use diesel::connection::SimpleConnection as _;
use reqwest::Method;
use storage::{StorageError, each};
use support::{Answer, Browser, TestDatabase, World, on_both};

use super::wiki::Wiki;
use super::{IDENTITY, TRUSTING, passed, stopped};

async fn ask(world: &World, browser: &Browser, headers: &[(&str, &str)]) -> Answer {
    browser.get_with(&world.at("/forward-auth"), headers).await
}

on_both! {
    async fn headers_of_somebody_we_do_not_trust_count_for_nothing(db) {
        for trusted in ["[]", r#"["10.0.0.0/8"]"#] {
            let empty = TestDatabase::new(db.kind());
            let world = World::with(&empty, &[("SERVER__TRUSTED_PROXIES", trusted)]).await;
            let wiki = Wiki::new(&world);
            let bob = world.sign_in("acme", "bob@acme.test").await;
            for headers in [
                vec![("x-forwarded-host", wiki.host.as_str())],
                vec![("x-original-url", "http://wiki.localhost/")],
                vec![("x-forwarded-host", "wiki.localhost"), ("x-forwarded-for", "10.0.0.1")],
                vec![("forwarded", "for=10.0.0.1;host=wiki.localhost")],
                vec![("x-forwarded-host", "a"), ("x-forwarded-host", "b")],
            ] {
                assert_eq!(passed(&ask(&world, &bob, &headers).await).0, "acme", "our own host: {headers:?}");
                let nobody = ask(&world, &Browser::default(), &headers).await;
                assert_eq!(nobody.header("x-auth-sign-in"), Some(world.at("/login").as_str()), "{headers:?}");
            }
            for path in ["/.teamdoor/sign-in", "/.teamdoor/arrive?code=x&state=y.z"] {
                let answer = wiki.get_with(&bob, &wiki.at(path), &[]).await;
                assert_eq!((answer.status, answer.code()), (404, Some("not_found")), "{path}");
            }
            let out = bob.send(Method::POST, &wiki.at("/.teamdoor/sign-out"), &[("x-forwarded-host", &wiki.host)], None).await;
            assert_eq!((out.status, out.code()), (404, Some("not_found")));
        }
    }

    async fn a_proxy_that_contradicts_itself_is_refused(db) {
        let world = World::with(db, &TRUSTING).await;
        let wiki = Wiki::new(&world);
        let bob = wiki.visitor("acme", "bob@acme.test").await;
        let (original, host) = (wiki.at("/page"), wiki.host.as_str());
        let cookie = format!("{}={}", wiki.cookie_name(), wiki.cookie(&bob).unwrap());
        let both = [("cookie", cookie.as_str()), ("x-original-url", &original), ("x-forwarded-host", host)];
        assert_eq!(passed(&ask(&world, &Browser::default(), &both).await).0, "acme");
        for more in [
            ("x-forwarded-host", "notes.localhost"),
            ("x-forwarded-host", host),
            ("x-original-url", original.as_str()),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-uri", "/public"),
            ("x-forwarded-proto", "gopher"),
        ] {
            let headers = [both.as_slice(), &[more]].concat();
            let answer = ask(&world, &Browser::default(), &headers).await;
            assert_eq!(stopped(&answer), (400, "forwarded_invalid"), "{more:?}");
        }
        for lone in [
            ("x-forwarded-host", "wiki.localhost, evil.test"),
            ("x-forwarded-host", "ada@wiki.localhost"),
            ("x-original-url", "wiki.localhost/page"),
            ("x-original-url", "http://ada@wiki.localhost/page"),
        ] {
            assert_eq!(stopped(&ask(&world, &Browser::default(), &[lone]).await), (400, "forwarded_invalid"), "{lone:?}");
        }
    }

    async fn a_host_that_no_app_has_is_refused(db) {
        let world = World::with(db, &TRUSTING).await;
        let wiki = Wiki::new(&world);
        let bob = wiki.visitor("acme", "bob@acme.test").await;
        let port = wiki.host.rsplit_once(':').unwrap().1;
        for host in [
            "wiki.localhost".to_owned(),
            "wiki.localhost:1".to_owned(),
            format!("notes.localhost:{port}"),
            format!("wiki.localhost.:{port}"),
            format!("wiki.localhost.evil.test:{port}"),
            format!("127.0.0.1:{port}"),
            "x".repeat(500),
            "%00".to_owned(),
        ] {
            let answer = ask(&world, &bob, &[("x-forwarded-host", &host)]).await;
            assert_eq!(stopped(&answer), (403, "host_unknown"), "{host}");
            let there = [("x-forwarded-host", host.as_str())];
            let sign_in = bob.send(Method::GET, &world.at("/.teamdoor/sign-in"), &there, None).await;
            assert_eq!((sign_in.status, sign_in.code()), (404, Some("not_found")), "{host}");
        }
        let capitals = wiki.host.to_uppercase();
        let cookie = format!("{}={}", wiki.cookie_name(), wiki.cookie(&bob).unwrap());
        let headers = [("x-forwarded-host", capitals.as_str()), ("cookie", &cookie)];
        assert_eq!(passed(&ask(&world, &Browser::default(), &headers).await).0, "acme", "hosts have no case");
    }

    async fn the_cookie_of_one_app_opens_no_other(db) {
        let world = World::with(db, &TRUSTING).await;
        let (wiki, notes) = (Wiki::new(&world), Wiki::called(&world, "notes", |_options| ()));
        let bob = wiki.visitor("acme", "bob@acme.test").await;
        let stolen = wiki.cookie(&bob).unwrap();
        bob.set_cookie_of(&notes.name, &notes.cookie_name(), &stolen);
        assert_eq!(stopped(&notes.ask(&bob, "").await), (401, "session_required"));
        let session = bob.cookie("td-session-acme").unwrap();
        for value in [session.as_str(), "", "k1.", "k1.AAAA", &stolen[1..], &format!("{stolen}A"), &"A".repeat(7000)] {
            bob.set_cookie_of(&wiki.name, &wiki.cookie_name(), value);
            assert_eq!(stopped(&wiki.ask(&bob, "").await), (401, "session_required"), "{value}");
        }
        bob.set_cookie_of(&wiki.name, &wiki.cookie_name(), &format!("{stolen}; {}={stolen}", wiki.cookie_name()));
        assert_eq!(stopped(&wiki.ask(&bob, "").await).0, 401, "doubled");
        bob.set_cookie("td-session-acme", &stolen);
        assert_eq!(stopped(&bob.get(&world.at("/forward-auth")).await).0, 401, "nor our own host");
        bob.set_cookie_of(&wiki.name, &wiki.cookie_name(), &stolen);
        assert_eq!(passed(&wiki.ask(&bob, "").await).0, "acme");
    }

    async fn what_a_client_says_of_itself_comes_back_in_no_answer(db) {
        let world = World::with(db, &TRUSTING).await;
        let wiki = Wiki::new(&world);
        let bob = wiki.visitor("acme", "bob@acme.test").await;
        let mut said: Vec<(&str, &str)> = IDENTITY.iter().map(|name| (*name, "admin")).collect();
        said.push(("x-forwarded-host", &wiki.host));
        let cookie = format!("{}={}", wiki.cookie_name(), wiki.cookie(&bob).unwrap());
        assert_eq!(stopped(&ask(&world, &Browser::default(), &said).await).0, 401);
        said.push(("cookie", &cookie));
        assert_eq!(passed(&ask(&world, &Browser::default(), &said).await), ("acme", "member"));
    }

    async fn a_database_that_cannot_answer_lets_nobody_pass(db) {
        let world = World::with(db, &TRUSTING).await;
        let wiki = Wiki::new(&world);
        let bob = wiki.visitor("acme", "bob@acme.test").await;
        let cold = world.second_node();
        let gone = "ALTER TABLE sessions RENAME TO sessions_gone";
        let broken = world.node.house.database.read(|connection| {
            Ok::<_, StorageError>(each!(connection, c => c.batch_execute(gone))?)
        });
        broken.unwrap();
        let here = bob.get(&cold.at("/forward-auth")).await;
        let there = wiki.ask_node(&cold, &bob, "?redirect=1", "/page").await;
        for answer in [here, there] {
            assert_eq!(stopped(&answer), (503, "database_unavailable"));
            assert_eq!(answer.header("retry-after"), Some("2"));
        }
    }
}
