//! What every answer carries (docs/reference/http.md): headers, the attributes of cookies, and links that no request can
//! bend.

use reqwest::Method;
use support::{Answer, Browser, World, on_both};
use url::Url;

const PUBLIC: &str = "https://sso.example";

/// Whether browsers reach us by https.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tls {
    On,
    Off,
}

fn assert_headers(answer: &Answer, what: &str, tls: Tls) {
    let header = |name| answer.header(name).unwrap_or_default();
    let policy = header("content-security-policy");
    for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(rule), "{what}: {policy:?}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{what}: {policy}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(header("referrer-policy"), "same-origin", "{what}");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{what}");
    let kept = header("cache-control");
    let public = (what.contains("/.well-known/") || what.contains("/jwks")) && answer.status == 200;
    let asset = public || what.contains("/assets/") && answer.status == 200;
    assert!(
        if asset { kept.starts_with("public, max-age=") } else { kept == "no-store" },
        "{what}: {kept:?}"
    );
    let hsts = answer.header("strict-transport-security");
    assert_eq!(hsts.is_some_and(|hsts| hsts.starts_with("max-age=")), tls == Tls::On, "{what}");
    for silent in ["server", "x-powered-by"] {
        assert!(answer.header(silent).is_none(), "{what}: {silent}");
    }
    assert_eq!(answer.header("access-control-allow-origin"), public.then_some("*"), "{what}");
    if answer.body.starts_with("<!doctype html>") {
        assert_eq!(header("content-type"), "text/html; charset=utf-8", "{what}");
        assert!(!answer.body.contains(" style=") && !answer.body.contains("<script"), "{what}");
    }
    // Two pages end at an address that is not known when they are made: the Team ID page, and the settings page, whose
    // test goes to the issuer that is typed there.
    let anywhere = ["action=\"/login_sso\"", "name=\"action\" value=\"test\""];
    let heads = ["HEAD /login_sso 200", "HEAD /t/acme/settings/sso 200"];
    let ends_anywhere = anywhere.iter().any(|form| answer.body.contains(form)) || heads.contains(&what);
    assert_eq!(policy.contains("form-action 'self'"), !ends_anywhere, "{what}: {policy}");
}

/// Each `Set-Cookie` line: its name, which must be ours, and nothing but the attributes it must have.
fn assert_cookies(answer: &Answer, tls: Tls) -> Vec<String> {
    let mut names = Vec::new();
    for line in answer.set_cookies() {
        let (pair, attributes) = line.split_once("; ").unwrap_or_else(|| panic!("no attributes: {line}"));
        let mut attributes: Vec<&str> = attributes.split("; ").collect();
        let lasts = attributes.iter().position(|attribute| attribute.starts_with("Max-Age=")).expect(line);
        attributes.remove(lasts);
        attributes.sort_unstable();
        match tls {
            Tls::On => assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"], "{line}"),
            Tls::Off => assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax"], "{line}"),
        }
        let name = pair.split('=').next().unwrap();
        let ours = if tls == Tls::On { "__Host-td-" } else { "td-" };
        assert!(name.starts_with(ours), "{line}");
        names.push(name.trim_start_matches("__Host-").to_owned());
    }
    names
}

/// Requests of every kind, as `method path`: all pages, what is not there, what is not allowed.
fn requests() -> Vec<(Method, String)> {
    let mut all = Vec::new();
    for (methods, path) in web::ROUTES {
        let path = path
            .replace("{team_id}", "acme")
            .replace("{person_id}", "nobody")
            .replace("{token_id}", "nothing");
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS]
        {
            if path.ends_with("/logout") && methods.contains(method.as_str()) {
                continue;
            }
            all.push((method, path.clone()));
        }
    }
    for path in [
        "/nowhere",
        "/t/acme/nowhere",
        "/t/unknown",
        "/t/ACME/launch",
        "/t/acme/launch?iss=https://evil.test",
        "/t/acme/callback?state=x&code=y",
        "/auth/okta/callback?state=x&code=y",
        "/assets/nothing.css",
        "/assets/accent.css",
        "/login_sso?team_id=acme",
        "/api/v1/teams",
        "/api/v1/nowhere",
        "/%00",
        "/..%2f",
    ] {
        all.push((Method::GET, path.to_owned()));
    }
    all
}

async fn each_answer(world: &World, browser: &Browser, tls: Tls) {
    for (method, path) in requests() {
        let answer = browser.send(method.clone(), &world.at(&path), &[], None).await;
        assert_headers(&answer, &format!("{method} {path} {}", answer.status), tls);
        assert!(answer.status < 500, "{method} {path}: {}", answer.status);
        assert_cookies(&answer, tls);
    }
    let login = browser.get(&world.at("/login")).await;
    for sheet in login.body.split("href=\"/assets/").skip(1) {
        let path = format!("/assets/{}", sheet.split('"').next().unwrap());
        let answer = browser.get(&world.at(&path)).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_headers(&answer, &path, tls);
    }
    for (typed, content_type, body) in [
        (404, "application/x-www-form-urlencoded", "team_id=acmee".to_owned()),
        (422, "application/x-www-form-urlencoded", "team_id=!".to_owned()),
        (413, "application/x-www-form-urlencoded", "x".repeat(70_000)),
        (415, "application/json", "{}".to_owned()),
    ] {
        let headers = [("content-type", content_type)];
        let answer = browser.send(Method::POST, &world.at("/login_sso"), &headers, Some(body)).await;
        assert_eq!(answer.status, typed);
        assert_headers(&answer, &format!("POST /login_sso {typed}"), tls);
    }
}

/// A world that the outside reaches by https, behind a proxy that ends TLS.
async fn https(db: &support::TestDatabase) -> World {
    let world = World::with(db, &[("SERVER__PUBLIC_URL", PUBLIC)]).await;
    world.idp.edit_client("acme", "client-of-acme", |client| {
        client.redirect_uris = vec![format!("{PUBLIC}/t/acme/callback")];
    });
    world
}

on_both! {
    async fn every_answer_carries_the_headers(db) {
        let world = World::with(db, &[("LIMITS__UNKNOWN_TEAMS_PER_ADDRESS", "off")]).await;
        each_answer(&world, &Browser::default(), Tls::Off).await;
        each_answer(&world, &world.sign_in("acme", "ada@acme.test").await, Tls::Off).await;
    }

    async fn every_answer_on_https_carries_them_and_hsts(db) {
        let world = https(db).await;
        each_answer(&world, &Browser::default(), Tls::On).await;
    }

    async fn cookies_on_a_loopback_are_strict_and_have_no_prefix(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        let start = browser.post(&world.at("/login_sso"), &[("team_id", "acme")]).await;
        let [attempt] = &assert_cookies(&start, Tls::Off)[..] else { panic!("one cookie") };
        assert!(attempt.starts_with("td-attempt-"));
        let callback = world.callback(&browser, "acme", "ada@acme.test").await;
        let mut names = assert_cookies(&browser.get(&callback).await, Tls::Off);
        names.retain(|name| !name.starts_with("td-attempt-"));
        assert_eq!(names, ["td-session-acme", "td-teams", "td-in-acme"]);
    }

    async fn cookies_on_https_carry_the_host_prefix_and_nothing_else_counts(db) {
        let world = https(db).await;
        let browser = Browser::default();
        let start = browser.post(&world.at("/login_sso"), &[("team_id", "acme")]).await;
        assert!(assert_cookies(&start, Tls::On)[0].starts_with("td-attempt-"));
        let chooser = browser.get(start.location().unwrap().as_str()).await;
        let back = browser.choose(&chooser, "ada@acme.test").await.location().unwrap();
        assert!(back.as_str().starts_with(PUBLIC), "{back}");
        let done = browser.get(&back.as_str().replace(PUBLIC, &world.node.base)).await;
        assert_eq!((done.status, done.header("location")), (303, Some("/t/acme")), "{}", done.body);
        let names = assert_cookies(&done, Tls::On);
        assert!(names.contains(&"td-session-acme".to_owned()), "{names:?}");
        let token = browser.cookie("__Host-td-session-acme").unwrap();
        for (name, status) in [("__Host-td-session-acme", 200), ("td-session-acme", 303), ("__Secure-td-session-acme", 303)] {
            let cookie = format!("{name}={token}");
            let page = Browser::default().get_with(&world.at("/t/acme/team"), &[("cookie", &cookie)]).await;
            assert_eq!(page.status, status, "{name}");
        }
    }

    async fn no_header_bends_a_link(db) {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "ada@acme.test").await;
        let bent = [
            ("host", "evil.test"),
            ("x-forwarded-host", "evil.test"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-port", "444"),
            ("x-forwarded-prefix", "/evil.test"),
            ("forwarded", "host=evil.test;proto=https"),
            ("x-original-url", "https://evil.test/"),
        ];
        for who in [&browser, &Browser::default()] {
            for path in ["/", "/login", "/login_sso", "/t/acme", "/t/acme/team", "/t/acme/login", "/nowhere", "/t/evil", "/.well-known/openid-configuration"] {
                let answer = who.get_with(&world.at(path), &bent).await;
                let headers = format!("{:?}", answer.headers);
                assert!(!answer.body.contains("evil.test") && !headers.contains("evil.test"), "{path}: {headers}");
            }
        }
        let dashboard = browser.get_with(&world.at("/t/acme"), &bent).await;
        let colleagues = dashboard.body.replace("<wbr>", "");
        assert!(colleagues.contains(&world.at("/t/acme/login")), "the link for colleagues");
        let start = Browser::default().post_with(&world.at("/login_sso"), &[("team_id", "acme")], &bent).await;
        let request = start.location().unwrap();
        let redirect_uri = request.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned();
        assert_eq!(redirect_uri, world.at("/t/acme/callback"));
        let target = "/t/acme/launch?target_link_uri=https://evil.test/t/acme/team";
        let launched = browser.get_with(&world.at(target), &bent).await;
        assert_eq!(launched.header("location"), Some("/t/acme"), "the host it names is not ours");
    }

    async fn a_foreign_origin_is_foreign_whatever_the_host_says(db) {
        let world = World::new(db).await;
        let form = [("team_id", "acme")];
        for headers in [
            [("host", "evil.test"), ("origin", "http://evil.test")],
            [("x-forwarded-host", "evil.test"), ("origin", "https://evil.test")],
        ] {
            let answer = Browser::default().post_with(&world.at("/forget"), &form, &headers).await;
            assert_eq!((answer.status, answer.code()), (403, Some("csrf")));
        }
        let own = Url::parse(&world.node.base).unwrap().origin().ascii_serialization();
        for origin in ["null", own.as_str()] {
            let answer = Browser::default().post_with(&world.at("/forget"), &form, &[("origin", origin)]).await;
            assert_eq!(answer.status, 303, "{origin}");
        }
    }
}
