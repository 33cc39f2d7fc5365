//! The endpoints that apps' programs call, asked in every wrong way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use support::{Answer, Browser, Product, World, on_both};

/// The headers and form of a request, and the status and error it gets.
type Wrong<'a> = (Vec<(&'a str, String)>, Vec<(&'a str, &'a str)>, (u16, &'a str));

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// Whether a refusal is as RFC 6749 §5.2 says, with our code and reference.
fn assert_refusal(answer: &Answer, expected: (u16, &str), about: &str) {
    assert_eq!(answer.header("content-type"), Some("application/json"), "{about}: {}", answer.body);
    let told = answer.json();
    assert_eq!((answer.status, told["error"].as_str().unwrap()), expected, "{about}: {told}");
    let description = told["error_description"].as_str().unwrap();
    let readable = description.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'"' && b != b'\\');
    assert!(readable && description.ends_with('.'), "{about}: {description}");
    assert!(told["reference"].as_str().unwrap().len() == 9 && told["code"].is_string(), "{about}: {told}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{about}");
}

async fn ask(world: &World, path: &str, headers: &[(&str, String)], form: &[(&str, &str)]) -> Answer {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Browser::default().post_with(&world.at(path), form, &headers).await
}

on_both! {
    async fn an_app_that_does_not_show_who_it_is_gets_nothing(db) {
        let world = World::new(db).await;
        let (wiki, other) = (Product::add(&world, "Wiki", |_| ()), Product::add(&world, "Other", |_| ()));
        let (id, secret) = (wiki.client_id.as_str(), wiki.secret.as_deref().unwrap());
        let of_other = other.secret.as_deref().unwrap();
        let auth = |value: String| vec![("authorization", value)];
        let grant = ("grant_type", "authorization_code");
        let wrong: Vec<Wrong<'_>> = vec![
            (vec![], vec![], (401, "invalid_client")),
            (vec![], vec![("client_id", id)], (401, "invalid_client")),
            (vec![], vec![("client_id", id), ("client_secret", "x")], (401, "invalid_client")),
            (vec![], vec![("client_id", id), ("client_secret", of_other)], (401, "invalid_client")),
            (vec![], vec![("client_id", "nobody"), ("client_secret", secret)], (401, "invalid_client")),
            (vec![], vec![("client_id", "\0"), ("client_secret", secret)], (401, "invalid_client")),
            (auth(basic(id, of_other)), vec![], (401, "invalid_client")),
            (auth(basic("", "")), vec![], (401, "invalid_client")),
            (auth("Basic".into()), vec![], (401, "invalid_client")),
            (auth("Basic !".into()), vec![], (401, "invalid_client")),
            (auth("Basic /////w==".into()), vec![], (401, "invalid_client")),
            (auth(format!("Bearer {secret}")), vec![], (401, "invalid_client")),
            (auth("x".repeat(5000)), vec![], (401, "invalid_client")),
            (vec![("authorization", basic(id, secret)), ("authorization", basic(id, secret))], vec![], (401, "invalid_client")),
            (auth(basic(id, secret)), vec![("client_id", id), ("client_secret", secret)], (400, "invalid_request")),
            (auth(basic(id, secret)), vec![("client_id", "other")], (400, "invalid_request")),
        ];
        for (headers, form, expected) in wrong {
            for path in ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"] {
                let form: Vec<(&str, &str)> = form.iter().copied().chain([grant, ("token", "x")]).collect();
                let answer = ask(&world, path, &headers, &form).await;
                let about = format!("{path} {headers:?} {form:?}");
                assert_refusal(&answer, expected, &about);
                let tried = expected.0 == 401 && !headers.is_empty();
                let challenge = tried.then_some("Basic realm=\"apps\", charset=\"UTF-8\"");
                assert_eq!(answer.header("www-authenticate"), challenge, "{about}");
                assert!(!answer.body.contains(secret), "{about}");
            }
        }
        // By either way, the right one.
        for (headers, form) in [
            (auth(basic(id, secret)), vec![("token", "x")]),
            (vec![], vec![("client_id", id), ("client_secret", secret), ("token", "x")]),
        ] {
            let answer = ask(&world, "/oauth2/introspect", &headers, &form).await;
            assert_eq!((answer.status, &answer.json()["active"]), (200, &false.into()));
            assert_eq!(ask(&world, "/oauth2/revoke", &headers, &form).await.status, 200);
        }
    }

    async fn what_is_wrong_with_a_request_is_told_in_json(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        for (more, expected) in [
            (vec![], (400, "invalid_request")),
            (vec![("grant_type", "password")], (400, "unsupported_grant_type")),
            (vec![("grant_type", "authorization_code")], (400, "invalid_request")),
            (vec![("grant_type", "authorization_code"), ("code", "x"), ("code", "x")], (400, "invalid_request")),
            (vec![("grant_type", "refresh_token")], (400, "invalid_request")),
            (vec![("grant_type", "refresh_token"), ("refresh_token", "x")], (400, "invalid_grant")),
        ] {
            let answer = wiki.post("/oauth2/token", &more).await;
            assert_refusal(&answer, expected, &format!("{more:?}"));
        }
        for code in ["x", "\0", "a.b", &"x".repeat(9000), "' OR 1=1 --"] {
            assert_refusal(&wiki.redeem(code).await, (400, "invalid_grant"), code);
        }
        for path in ["/oauth2/introspect", "/oauth2/revoke"] {
            for more in [vec![], vec![("token", "")], vec![("token", "x"), ("token", "y")]] {
                assert_refusal(&wiki.post(path, &more).await, (400, "invalid_request"), &format!("{path} {more:?}"));
            }
            for token in ["\0", "tda_x", "a.b.c", &"x".repeat(9000)] {
                assert_eq!(wiki.post(path, &[("token", token)]).await.status, 200, "{path}: unknown is no error");
            }
        }
    }

    async fn bodies_that_are_no_forms_and_secrets_in_addresses_are_refused(db) {
        let world = World::new(db).await;
        let browser = Browser::default();
        for path in ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"] {
            for (kind, body) in [
                ("application/json", "{}".to_owned()),
                ("text/plain", "grant_type=authorization_code".to_owned()),
                ("application/x-www-form-urlencoded", "x".repeat(70_000)),
            ] {
                let answer = browser.send(Method::POST, &world.at(path), &[("content-type", kind)], Some(body)).await;
                assert_refusal(&answer, (400, "invalid_request"), path);
            }
            for secret in ["client_secret=x", "code=x", "refresh_token=x", "token=x", "access_token=x"] {
                let answer = browser.post(&world.at(&format!("{path}?{secret}")), &[("client_id", "x")]).await;
                assert_refusal(&answer, (400, "invalid_request"), secret);
            }
            for method in [Method::GET, Method::PUT, Method::DELETE] {
                let answer = browser.send(method, &world.at(path), &[], None).await;
                assert_eq!((answer.status, answer.code()), (405, Some("method_not_allowed")));
            }
        }
    }

    async fn userinfo_takes_a_token_in_the_header_or_a_form_and_nothing_else(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let tokens = wiki.tokens(&bob, &[]).await;
        let (token, id_token) = (tokens["access_token"].as_str().unwrap(), tokens["id_token"].as_str().unwrap());
        let address = world.at("/oauth2/userinfo");
        let nobody = Browser::default();
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let header = format!("{scheme} {token}");
            assert_eq!(nobody.get_with(&address, &[("authorization", &header)]).await.status, 200);
            assert_eq!(nobody.post_with(&address, &[], &[("authorization", &header)]).await.status, 200);
        }
        assert_eq!(nobody.post(&address, &[("access_token", token)]).await.status, 200);

        let bearer = format!("Bearer {token}");
        let wrong: Vec<Wrong<'_>> = vec![
            (vec![], vec![], (401, "")),
            (vec![("authorization", "Bearer".into())], vec![], (401, "invalid_token")),
            (vec![("authorization", "Bearer ".into())], vec![], (401, "invalid_token")),
            (vec![("authorization", "Bearer x".into())], vec![], (401, "invalid_token")),
            (vec![("authorization", format!("Bearer {token}x"))], vec![], (401, "invalid_token")),
            (vec![("authorization", format!("Bearer {id_token}"))], vec![], (401, "invalid_token")),
            (vec![("authorization", format!("Bearer {}", bob.cookie("td-session-acme").unwrap()))], vec![], (401, "invalid_token")),
            (vec![("authorization", token.into())], vec![], (401, "invalid_token")),
            (vec![("authorization", basic(&wiki.client_id, token))], vec![], (401, "invalid_token")),
            (vec![("authorization", format!("Bearer {token} {token}"))], vec![], (401, "invalid_token")),
            (vec![("authorization", format!("Bearer,{token}"))], vec![], (401, "invalid_token")),
            (vec![("authorization", "x".repeat(5000))], vec![], (401, "invalid_token")),
            (vec![("authorization", bearer.clone()), ("authorization", bearer.clone())], vec![], (401, "invalid_token")),
            (vec![("authorization", bearer.clone())], vec![("access_token", token)], (400, "invalid_request")),
            (vec![], vec![("access_token", token), ("access_token", token)], (400, "invalid_request")),
            (vec![], vec![("access_token", "x")], (401, "invalid_token")),
        ];
        for (headers, form, (status, error)) in wrong {
            let answer = ask(&world, "/oauth2/userinfo", &headers, &form).await;
            let about = format!("{headers:?} {form:?}");
            let challenge = answer.header("www-authenticate").unwrap();
            assert!(challenge.starts_with("Bearer realm=\"apps\""), "{about}: {challenge}");
            assert_eq!(challenge.contains("error="), !error.is_empty(), "{about}: {challenge}");
            assert!(challenge.contains(error), "{about}: {challenge}");
            assert_refusal(&answer, (status, if error.is_empty() { "invalid_token" } else { error }), &about);
        }
        let in_address = nobody.get_with(&format!("{address}?access_token={token}"), &[("authorization", &bearer)]).await;
        assert_refusal(&in_address, (400, "invalid_request"), "a token in the address");
        // A body that is no form says nothing; where there is a good header, nobody needs it.
        let json = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        let answer = nobody.send(Method::POST, &address, &json, Some("{}".to_owned())).await;
        assert_refusal(&answer, (400, "invalid_request"), "a body of another kind");
    }
}
