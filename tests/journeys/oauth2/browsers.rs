//! What everybody may read of us, and whose pages may read what we answer to their scripts.

use apps::{RedirectUri, Secrecy};
use reqwest::Method;
use support::{Answer, Browser, Product, World, on_both};

const PAGE: &str = "https://page.test";

/// An app that lives in a browser.
fn page(world: &World, name: &str) -> Product {
    Product::add(world, name, |new| {
        new.secrecy = Secrecy::Public;
        new.options.redirect_uris = vec![RedirectUri::parse(&format!("https://{name}.test/back")).unwrap()];
    })
}

fn shared_with(answer: &Answer) -> Option<&str> {
    answer.header("access-control-allow-origin")
}

on_both! {
    async fn everybody_may_read_and_keep_what_is_public(db) {
        let world = World::new(db).await;
        for (path, member, kept) in [
            ("/.well-known/openid-configuration", "issuer", "public, max-age=3600"),
            ("/oauth2/jwks", "keys", "public, max-age=300"),
        ] {
            for method in [Method::GET, Method::HEAD] {
                let answer = Browser::default().send(method.clone(), &world.at(path), &[("origin", PAGE)], None).await;
                assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{method} {path}");
                assert_eq!((answer.header("cache-control"), shared_with(&answer)), (Some(kept), Some("*")));
                assert_eq!(answer.body.is_empty(), method == Method::HEAD);
                if method == Method::GET {
                    assert!(answer.json().get(member).is_some(), "{}", answer.body);
                }
            }
        }
        let metadata = Browser::default().get(&world.at("/.well-known/openid-configuration")).await.json();
        assert_eq!(metadata["issuer"], world.node.base.as_str());
        for (name, address) in metadata.as_object().unwrap() {
            if let Some(path) = address.as_str().and_then(|address| address.strip_prefix(&world.node.base)).filter(|path| !path.is_empty()) {
                assert!(web::ROUTES.iter().any(|(_, route)| *route == path), "{name} leads to {path}");
            }
        }
    }

    async fn the_page_of_a_public_app_may_read_what_its_script_is_answered(db) {
        let world = World::new(db).await;
        let (spa, other) = (page(&world, "page"), page(&world, "other"));
        Product::add(&world, "Confidential", |_| ());
        let script = Browser::default();
        let send = async |origin: &str, path: &str, form: &[(&str, &str)]| {
            script.post_with(&world.at(path), form, &[("origin", origin)]).await
        };
        for path in ["/oauth2/token", "/oauth2/revoke", "/oauth2/userinfo"] {
            for (origin, expected) in [
                (PAGE, Some(PAGE)),
                ("https://other.test", Some("https://other.test")),
                ("https://confidential.test", None),
                ("https://evil.test", None),
                ("http://page.test", None),
                ("https://page.test.evil.test", None),
                ("null", None),
            ] {
                let asked = [("origin", origin), ("access-control-request-method", "POST")];
                let answer = script.send(Method::OPTIONS, &world.at(path), &asked, None).await;
                assert_eq!((answer.status, shared_with(&answer)), (204, expected), "{path} {origin}");
                assert_eq!(answer.header("vary"), Some("origin"));
                let allowed = answer.header("access-control-allow-headers");
                assert_eq!(allowed, expected.map(|_| "authorization, content-type"), "{path} {origin}");
                assert!(answer.header("access-control-allow-credentials").is_none(), "no cookie counts here");
            }
        }
        let mine = [("client_id", spa.client_id.as_str())];
        assert_eq!(shared_with(&send(PAGE, "/oauth2/token", &mine).await), Some(PAGE));
        assert_eq!(shared_with(&send("https://other.test", "/oauth2/token", &mine).await), None, "another app's page");
        let theirs = [("client_id", other.client_id.as_str())];
        assert_eq!(shared_with(&send("https://other.test", "/oauth2/token", &theirs).await), Some("https://other.test"));
        assert_eq!(shared_with(&send(PAGE, "/oauth2/introspect", &mine).await), None, "introspection is for servers");
        assert_eq!(shared_with(&script.get_with(&world.at("/login"), &[("origin", PAGE)]).await), None);

        let bob = world.sign_in("acme", "bob@acme.test").await;
        let token = spa.tokens(&bob, &[]).await["access_token"].as_str().unwrap().to_owned();
        let bearer = format!("Bearer {token}");
        let headers = [("origin", PAGE), ("authorization", bearer.as_str())];
        let answer = script.get_with(&world.at("/oauth2/userinfo"), &headers).await;
        assert_eq!((answer.status, shared_with(&answer)), (200, Some(PAGE)));
        let answer = script.get_with(&world.at("/oauth2/userinfo"), &[("origin", PAGE)]).await;
        assert_eq!((answer.status, shared_with(&answer)), (401, Some(PAGE)), "errors too");
        assert_eq!(answer.header("access-control-expose-headers"), Some("www-authenticate, retry-after"));
    }
}
