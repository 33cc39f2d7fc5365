//! What the OpenID Foundation's plans for providers ask (Basic, Config, RP-Initiated Logout), module by module, played
//! by hand over plain http: an app without PKCE, by the per-app exception, as those plans use it.

use std::time::Duration;

use apps::Pkce;
use base64::Engine as _;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::Method;
use serde_json::Value;
use support::{Answer, Browser, Product, World, on_both};

/// A client of those plans, and somebody signed in to one team.
struct Plan {
    world: World,
    app: Product,
    browser: Browser,
}

/// What is left out of a request of those plans.
const PLAIN: [(&str, &str); 2] = [("code_challenge", ""), ("code_challenge_method", "")];

impl Plan {
    async fn new(db: &support::TestDatabase) -> Self {
        let world = World::new(db).await;
        let app = Product::add(&world, "Certified", |new| new.options.pkce = Pkce::Optional);
        let browser = world.sign_in("acme", "ada@acme.test").await;
        Self { world, app, browser }
    }

    async fn ask(&self, more: &[(&str, &str)]) -> Answer {
        let all: Vec<(&str, &str)> = PLAIN.iter().chain(more).copied().collect();
        self.browser.get(&self.app.request(&all)).await
    }

    /// The error an app is answered.
    async fn error(&self, more: &[(&str, &str)]) -> String {
        let told = self.app.told(&self.ask(more).await);
        assert_eq!(told["state"], "the state", "{told:?}");
        told["error"].clone()
    }

    async fn redeem(&self, code: &str) -> Answer {
        let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &self.app.back)];
        self.app.post("/oauth2/token", &form).await
    }

    /// Tokens by a whole flow, the ID token verified against the key set.
    async fn tokens(&self, more: &[(&str, &str)]) -> (Value, Value) {
        let code = self.app.code(&self.ask(more).await);
        let answer = self.redeem(&code).await;
        assert_eq!(answer.status, 200, "{more:?}: {}", answer.body);
        let tokens = answer.json();
        let claims = self.verified(tokens["id_token"].as_str().expect("an ID token")).await;
        (tokens, claims)
    }

    /// The claims of an ID token whose signature, issuer, audience and times are right.
    async fn verified(&self, token: &str) -> Value {
        let keys = Browser::default().get(&self.world.at("/oauth2/jwks")).await;
        let keys: JwkSet = serde_json::from_str(&keys.body).expect("a key set");
        let head = jsonwebtoken::decode_header(token).expect("a head");
        let key = keys.find(head.kid.as_deref().expect("a kid")).expect("a key of the set");
        let mut rules = Validation::new(Algorithm::RS256);
        rules.set_issuer(&[&self.world.node.base]);
        rules.set_audience(&[&self.app.client_id]);
        rules.set_required_spec_claims(&["iss", "aud", "exp", "iat", "sub"]);
        // The service's clock is moved by hand.
        rules.validate_exp = false;
        let key = DecodingKey::from_jwk(key).expect("a usable key");
        jsonwebtoken::decode::<Value>(token, &key, &rules).expect("a genuine ID token").claims
    }

    async fn userinfo(&self, more: &[(&str, &str)]) -> Value {
        let (tokens, claims) = self.tokens(more).await;
        let answer = self.app.userinfo(tokens["access_token"].as_str().expect("an access token")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let told = answer.json();
        assert_eq!(told["sub"], claims["sub"]);
        told
    }

    /// A sign-in that an authorization asked for, up to the code.
    async fn sign_in_again(&self, to_idp: &Answer) -> String {
        let chooser = self.browser.get(to_idp.location().expect("a redirect").as_str()).await;
        let mut answer = self.browser.choose(&chooser, "ada@acme.test").await;
        while let Some(next) = answer.location().filter(|next| !next.as_str().starts_with(&self.app.back)) {
            answer = self.browser.get(next.as_str()).await;
        }
        self.app.code(&answer)
    }
}

on_both! {
    async fn oidcc_server_and_its_codes(db) {
        let plan = Plan::new(db).await;
        let (tokens, claims) = plan.tokens(&[]).await;
        assert_eq!((&tokens["token_type"], &claims["nonce"]), (&"Bearer".into(), &"the-nonce".into()));
        let lives = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert!((60..=86_400).contains(&lives), "{lives}");
        let hash = half_hash(&tokens["access_token"]);
        assert_eq!(claims["at_hash"], hash, "Core §3.1.3.6");

        // ensure-request-without-nonce-succeeds-for-code-flow
        let (_, without) = plan.tokens(&[("nonce", "")]).await;
        assert!(without.get("nonce").is_none(), "{without}");
        // response-type-missing
        assert_eq!(plan.error(&[("response_type", "")]).await, "invalid_request");
        // ensure-request-with-valid-pkce-succeeds
        assert_eq!(plan.app.tokens(&plan.browser, &[]).await["token_type"], "Bearer");
        // server-client-secret-basic: the tests above say it in the form.
        let code = plan.app.code(&plan.ask(&[]).await);
        let pair = format!("{}:{}", plan.app.client_id, plan.app.secret.as_deref().unwrap());
        let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair));
        let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", &plan.app.back)];
        let address = plan.world.at("/oauth2/token");
        let answer = Browser::default().post_with(&address, &form, &[("authorization", &basic)]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    async fn oidcc_userinfo_in_each_way_and_each_scope(db) {
        let plan = Plan::new(db).await;
        let (tokens, _) = plan.tokens(&[]).await;
        let token = tokens["access_token"].as_str().unwrap();
        let (address, bearer) = (plan.world.at("/oauth2/userinfo"), format!("Bearer {token}"));
        let header = [("authorization", bearer.as_str())];
        let nobody = Browser::default();
        for answer in [
            nobody.send(Method::GET, &address, &header, None).await,
            nobody.send(Method::POST, &address, &header, None).await,
            nobody.post(&address, &[("access_token", token)]).await,
        ] {
            assert_eq!((answer.status, &answer.json()["email"]), (200, &"ada@acme.test".into()), "{}", answer.body);
        }
        // scope-profile, -email, -all, ensure-other-scope-order-succeeds
        for (scope, has) in [
            ("openid", [false, false]),
            ("openid profile", [true, false]),
            ("openid email", [false, true]),
            ("openid profile email address phone", [true, true]),
            ("email profile openid", [true, true]),
        ] {
            let told = plan.userinfo(&[("scope", scope)]).await;
            let found = ["name", "email"].map(|name| told.get(name).is_some());
            assert_eq!(found, has, "{scope}: {told}");
        }
        // claims-essential
        let claims = r#"{"userinfo":{"name":{"essential":true}}}"#;
        let told = plan.userinfo(&[("scope", "openid"), ("claims", claims)]).await;
        assert_eq!(told["name"], "Ada Lovelace");
    }

    async fn oidcc_hints_and_wishes_that_change_nothing(db) {
        let plan = Plan::new(db).await;
        let (tokens, first) = plan.tokens(&[]).await;
        for more in [
            ("display", "page"),
            ("display", "popup"),
            ("ui_locales", "se"),
            ("claims_locales", "se"),
            ("acr_values", "1 2"),
            ("login_hint", "ada@acme.test"),
            ("extra", "foobar"),
            ("prompt", "none"),
            ("max_age", "10000"),
            ("response_mode", "query"),
        ] {
            let (_, claims) = plan.tokens(&[more]).await;
            assert_eq!((&claims["sub"], &claims["auth_time"]), (&first["sub"], &first["auth_time"]), "{more:?}");
        }
        // id-token-hint
        let hint = tokens["id_token"].as_str().unwrap();
        let (_, claims) = plan.tokens(&[("prompt", "none"), ("id_token_hint", hint)]).await;
        assert_eq!(claims["sub"], first["sub"]);
        // unsigned-request-object-…-rejected-as-unsupported, request-uri-…, ensure-request-object-with-redirect-uri
        assert_eq!(plan.error(&[("request", "eyJhbGciOiJub25lIn0.e30.")]).await, "request_not_supported");
        assert_eq!(plan.error(&[("request_uri", "https://a.test/r")]).await, "request_uri_not_supported");
        assert_eq!(plan.error(&[("registration", "{}")]).await, "registration_not_supported");
        // ensure-registered-redirect-uri
        let answer = plan.ask(&[("redirect_uri", "https://certified.test/back2")]).await;
        assert_eq!((answer.status, answer.code()), (400, Some("redirect_uri_mismatch")), "{}", answer.body);
        assert!(answer.location().is_none());
    }

    async fn oidcc_prompts_and_ages(db) {
        let plan = Plan::new(db).await;
        // prompt-none-not-logged-in
        let all: Vec<_> = PLAIN.iter().copied().chain([("prompt", "none")]).collect();
        let told = plan.app.told(&Browser::default().get(&plan.app.request(&all)).await);
        assert_eq!(told["error"], "login_required");
        // prompt-login and max-age-1: signed in again, and a later auth_time says so.
        let (_, first) = plan.tokens(&[]).await;
        for more in [("prompt", "login"), ("max_age", "1")] {
            plan.world.clock.forward(Duration::from_secs(30));
            let to_idp = plan.ask(&[more]).await;
            assert!(!to_idp.location().unwrap().as_str().starts_with(&plan.app.back), "{more:?}");
            let code = plan.sign_in_again(&to_idp).await;
            let answer = plan.redeem(&code).await.json();
            let claims = plan.verified(answer["id_token"].as_str().unwrap()).await;
            assert_eq!(claims["sub"], first["sub"], "{more:?}");
            assert!(claims["auth_time"].as_i64() > first["auth_time"].as_i64(), "{more:?}");
        }
        // The mark of a sign-in that was asked for is no key to the next one.
        plan.world.clock.forward(Duration::from_mins(10));
        for since in ["0", "1", "99999999999999"] {
            for more in [("prompt", "login"), ("max_age", "1")] {
                let answer = plan.ask(&[more, ("td_since", since)]).await;
                let told = answer.location().unwrap().to_string();
                assert!(!told.contains("code="), "{more:?} since {since}: {told}");
            }
        }
    }

    async fn oidcc_codereuse(db) {
        let plan = Plan::new(db).await;
        for wait in [0, 30] {
            let code = plan.app.code(&plan.ask(&[]).await);
            let first = plan.redeem(&code).await;
            assert_eq!(first.status, 200);
            plan.world.clock.forward(Duration::from_secs(wait));
            let second = plan.redeem(&code).await;
            assert_eq!((second.status, &second.json()["error"]), (400, &"invalid_grant".into()), "after {wait} s");
            let userinfo = plan.app.userinfo(first.json()["access_token"].as_str().unwrap()).await;
            assert_eq!(userinfo.status, 401, "what came of the first is over");
        }
    }

    async fn oidcc_refresh_token(db) {
        let plan = Plan::new(db).await;
        let (tokens, first) = plan.tokens(&[("scope", "openid offline_access"), ("prompt", "consent")]).await;
        let refresh = tokens["refresh_token"].as_str().expect("a refresh token");
        plan.world.clock.forward(Duration::from_secs(5));
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        let answer = plan.app.post("/oauth2/token", &form).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let renewed = answer.json();
        assert_ne!(renewed["refresh_token"], tokens["refresh_token"]);
        let again = plan.verified(renewed["id_token"].as_str().unwrap()).await;
        for same in ["iss", "sub", "aud", "auth_time"] {
            assert_eq!(again[same], first[same], "{same} (Core §12.2)");
        }
        assert!(again["iat"].as_i64() > first["iat"].as_i64());
        assert!(again.get("nonce").is_none_or(|nonce| *nonce == first["nonce"]));
        // Without the scope there is none.
        assert!(plan.tokens(&[]).await.0.get("refresh_token").is_none());
        // Another app's is worth nothing.
        let other = Product::add(&plan.world, "Other", |_| ());
        let form = [("grant_type", "refresh_token"), ("refresh_token", renewed["refresh_token"].as_str().unwrap())];
        let stolen = other.post("/oauth2/token", &form).await;
        assert_eq!((stolen.status, &stolen.json()["error"]), (400, &"invalid_grant".into()));
    }

    async fn oidcc_discovery_endpoint_verification(db) {
        let world = World::new(db).await;
        let nobody = Browser::default();
        let answer = nobody.get(&world.at("/.well-known/openid-configuration")).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
        let told = answer.json();
        assert_eq!(told["issuer"], world.node.base.as_str());
        for (endpoint, path) in [
            ("authorization_endpoint", "/oauth2/authorize"),
            ("token_endpoint", "/oauth2/token"),
            ("userinfo_endpoint", "/oauth2/userinfo"),
            ("jwks_uri", "/oauth2/jwks"),
            ("introspection_endpoint", "/oauth2/introspect"),
            ("revocation_endpoint", "/oauth2/revoke"),
            ("end_session_endpoint", "/oauth2/logout"),
        ] {
            assert_eq!(told[endpoint], world.at(path), "{endpoint}");
        }
        for (list, holds) in [
            ("scopes_supported", "openid"),
            ("response_types_supported", "code"),
            ("subject_types_supported", "public"),
            ("id_token_signing_alg_values_supported", "RS256"),
            ("claims_supported", "sub"),
            ("token_endpoint_auth_methods_supported", "client_secret_basic"),
            ("code_challenge_methods_supported", "S256"),
        ] {
            assert!(told[list].as_array().is_some_and(|list| list.contains(&holds.into())), "{list}: {told}");
        }
        for flag in [
            "backchannel_logout_supported",
            "backchannel_logout_session_supported",
            "authorization_response_iss_parameter_supported",
            "claims_parameter_supported",
        ] {
            assert_eq!(told[flag], true, "{flag}");
        }
        let keys = nobody.get(&world.at("/oauth2/jwks")).await.json();
        let keys = keys["keys"].as_array().expect("keys").clone();
        assert!(keys.len() >= 2, "{keys:?}");
        for key in &keys {
            for member in ["kid", "alg", "use", "kty"] {
                assert!(key[member].is_string(), "{member}: {key}");
            }
            for private in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
                assert!(key.get(private).is_none(), "{private} is nobody's business");
            }
        }
    }
}

/// The left half of the token's SHA-256 in base64url.
fn half_hash(token: &Value) -> Value {
    let hash = sealing::hash_token(token.as_str().expect("a token"));
    let bytes: Vec<u8> = (0..16)
        .map(|at| u8::from_str_radix(&hash.as_str()[2 * at..2 * at + 2], 16).expect("digits"))
        .collect();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes).into()
}
