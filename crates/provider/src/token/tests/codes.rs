//! Codes, brought back rightly and wrongly, once and twice.

use std::time::Duration;

use apps::{AccessTokens, AppHost, Secrecy};
use roles::Operator;
use vocabulary::SigningAlgorithm;

use super::super::*;
use crate::testing::{Place, START, VERIFIER, claims, owned, team};
use crate::{introspect, userinfo};

/// Parameters of a form.
type Said<'a> = &'a [(&'a str, &'a str)];

fn refused(outcome: Result<TokenResponse, TokenError>) -> &'static str {
    outcome.expect_err("tokens").code()
}

#[tokio::test]
async fn a_code_becomes_tokens_that_say_who_it_is() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    place.wait(Duration::from_secs(3));
    let tokens = ledger.tokens(&place, &who, "openid profile email").await;
    let told = claims(&tokens.id_token);
    let sid = crate::sid(&who.hash, &ledger.app.id);
    assert_eq!(sid.len(), 22);
    assert_eq!(
        told,
        serde_json::json!({
            "iss": "https://sso.example",
            "aud": ledger.app.id,
            "sub": who.person,
            "iat": START.seconds() + 3,
            "exp": START.seconds() + 3603,
            "auth_time": START.seconds(),
            "nonce": "the-nonce",
            "at_hash": crate::jwt::at_hash(&tokens.access_token),
            "sid": sid,
            "team_id": "acme",
            "team_name": "Acme",
            "role": "member",
            "sso_required": false,
            "email": "ada@acme.test",
            "email_verified": true,
            "name": "ada Tester",
            "given_name": "ada",
        })
    );
    assert_eq!((tokens.expires_in, tokens.scope.as_str()), (600, "openid profile email"));
    assert!(tokens.refresh_token.is_none(), "nobody asked for offline_access");
    let shown = userinfo(&place.deps, &tokens.access_token).await.unwrap();
    for name in ["sub", "email", "email_verified", "name", "given_name", "team_id", "role"] {
        assert_eq!(shown.get(name), told.get(name), "{name}");
    }
}

#[tokio::test]
async fn a_code_is_worth_something_to_its_app_address_and_verifier_alone_and_is_not_used_up_by_others() {
    let place = Place::new();
    let (ledger, other) = (place.app("ledger", |_| ()), place.app("other", |_| ()));
    let who = place.sign_in("acme", "ada").await;
    let code = ledger.code(&place, &who, &[]).await;
    assert_eq!(
        refused(other.redeem_with(&place, &code, &[("redirect_uri", &ledger.back)]).await),
        "invalid_grant"
    );
    let wrong = "x".repeat(43);
    let table: &[(&str, &str, &str)] = &[
        ("redirect_uri", &other.back, "invalid_grant"),
        ("redirect_uri", "https://ledger.test/back/", "invalid_grant"),
        ("redirect_uri", "", "invalid_request"),
        ("code_verifier", "", "invalid_grant"),
        ("code_verifier", &wrong, "invalid_grant"),
        ("code_verifier", crate::testing::CHALLENGE, "invalid_grant"),
        ("code", "", "invalid_request"),
        ("code", "k1.AAAA", "invalid_grant"),
        ("code", "nonsense", "invalid_grant"),
        ("grant_type", "", "invalid_request"),
        ("grant_type", "password", "unsupported_grant_type"),
        ("grant_type", "client_credentials", "unsupported_grant_type"),
    ];
    for (name, value, error) in table {
        assert_eq!(
            refused(ledger.redeem_with(&place, &code, &[(name, value)]).await),
            *error,
            "{name}={value}"
        );
    }
    for place_of in 0..code.len() {
        let mut forged: Vec<char> = code.chars().collect();
        forged[place_of] = if forged[place_of] == 'A' { 'B' } else { 'A' };
        let forged: String = forged.into_iter().collect();
        assert_eq!(refused(ledger.redeem(&place, &forged).await), "invalid_grant");
    }
    ledger.redeem(&place, &code).await.expect("it was not used up");
}

#[tokio::test]
async fn a_code_lives_for_a_minute() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let (young, old) = (ledger.code(&place, &who, &[]).await, ledger.code(&place, &who, &[]).await);
    place.wait(Duration::from_mins(1));
    ledger.redeem(&place, &young).await.unwrap();
    place.wait(Duration::from_millis(1));
    assert_eq!(refused(ledger.redeem(&place, &old).await), "invalid_grant");
}

#[tokio::test]
async fn the_second_use_of_a_code_undoes_the_first() {
    let place = Place::new();
    let ledger = place.app("ledger", |new| new.options.access_tokens = AccessTokens::Jwt);
    let opaque = place.app("opaque", |_| ());
    let who = place.sign_in("acme", "ada").await;
    for app in [&ledger, &opaque] {
        let code = app.code(&place, &who, &[("scope", "openid offline_access")]).await;
        let tokens = app.redeem(&place, &code).await.unwrap();
        userinfo(&place.deps, &tokens.access_token).await.unwrap();
        assert_eq!(refused(app.redeem(&place, &code).await), "invalid_grant");
        assert!(userinfo(&place.deps, &tokens.access_token).await.is_err());
        let refresh = tokens.refresh_token.unwrap();
        assert_eq!(refused(app.refresh(&place, &refresh, &[]).await), "invalid_grant");
        assert_eq!(place.granted(), (0, 0));
        assert_eq!(refused(app.redeem(&place, &code).await), "invalid_grant", "a third time");
    }
    let on_record = [&opaque, &ledger].map(|it| serde_json::json!({ "app": it.app.id, "reused": "code" }));
    assert_eq!(place.reuses(&who), on_record, "once for each grant that ended");
}

#[tokio::test]
async fn the_second_use_undoes_the_first_though_it_comes_too_late_or_the_session_has_ended() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    for late in [true, false] {
        let who = place.sign_in("acme", "ada").await;
        let code = ledger.code(&place, &who, &[("scope", "openid offline_access")]).await;
        let tokens = ledger.redeem(&place, &code).await.unwrap();
        if late {
            place.wait(Duration::from_mins(2));
        } else {
            place.end_session(&who.hash);
        }
        userinfo(&place.deps, &tokens.access_token).await.unwrap();
        let wrong = ledger.redeem_with(&place, &code, &[("code_verifier", &"x".repeat(43))]).await;
        assert_eq!(refused(wrong), "invalid_grant");
        userinfo(&place.deps, &tokens.access_token).await.expect("whoever cannot prove it undoes nothing");
        assert_eq!(refused(ledger.redeem(&place, &code).await), "invalid_grant");
        assert!(userinfo(&place.deps, &tokens.access_token).await.is_err());
    }
}

#[tokio::test]
async fn a_code_is_worth_nothing_once_what_it_stands_on_has_ended() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let operator = Operator::at_the_command_line();
    let who = place.sign_in("acme", "ada").await;
    let code = ledger.code(&place, &who, &[]).await;
    place.end_session(&who.hash);
    assert_eq!(refused(ledger.redeem(&place, &code).await), "invalid_grant", "the session");

    let who = place.sign_in("acme", "ada").await;
    let code = ledger.code(&place, &who, &[]).await;
    place.write(|tx| {
        let mut options = ledger.app.options.clone();
        options.teams = Some(vec![team("globex")]);
        let edit = apps::Edit { options: Some(options), ..apps::Edit::default() };
        apps::set(tx, &operator, ledger.app.id.as_str(), None, &edit).unwrap()
    });
    assert_eq!(refused(ledger.redeem(&place, &code).await), "invalid_grant", "the app's teams");
    place.write(|tx| apps::remove(tx, &operator, ledger.app.id.as_str(), None).unwrap());
    assert_eq!(refused(ledger.redeem(&place, &code).await), "invalid_client", "the app");
    assert_eq!(place.granted(), (0, 0));
}

#[tokio::test]
async fn an_app_says_once_who_it_is() {
    use base64::Engine as _;
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let public = place.app("public", |new| new.secrecy = Secrecy::Public);
    let (id, secret) = (ledger.app.id.as_str(), ledger.secret.as_deref().unwrap());
    let basic = |text: &str| format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(text));
    let good = basic(&format!("{id}:{secret}"));
    let encoded = basic(&format!("{id}:{}", secret.replace('_', "%5F")));
    let public_id = public.app.id.as_str();
    let grant = ("grant_type", "refresh_token");
    let nothing = ("refresh_token", "tdr_x");
    // Known apps get as far as their refresh token, which is worth nothing.
    let table: &[(Option<&str>, Said<'_>, &str)] = &[
        (Some(&good), &[], "invalid_grant"),
        (Some(&encoded), &[], "invalid_grant"),
        (Some(&good.replace("Basic", "bASIC")), &[], "invalid_grant"),
        (Some(&good), &[("client_id", id)], "invalid_grant"),
        (Some(&good), &[("client_id", public_id)], "invalid_request"),
        (Some(&good), &[("client_secret", secret)], "invalid_request"),
        (None, &[("client_id", id), ("client_secret", secret)], "invalid_grant"),
        (None, &[("client_id", id), ("client_secret", "tdc_wrong")], "invalid_client"),
        (None, &[("client_id", id), ("client_secret", "")], "invalid_client"),
        (None, &[("client_id", id), ("client_id", id), ("client_secret", secret)], "invalid_request"),
        (None, &[("client_id", id)], "invalid_client"),
        (None, &[], "invalid_client"),
        (None, &[("client_id", "nobody"), ("client_secret", secret)], "invalid_client"),
        (None, &[("client_id", public_id)], "invalid_grant"),
        (None, &[("client_id", public_id), ("client_secret", secret)], "invalid_client"),
        (Some(&basic(&format!("{id}:"))), &[], "invalid_client"),
        (Some(&basic(id)), &[], "invalid_client"),
        (Some("Basic"), &[], "invalid_client"),
        (Some("Basic !"), &[], "invalid_client"),
        (Some(""), &[], "invalid_client"),
        (Some("Bearer x"), &[], "invalid_client"),
    ];
    for (header, more, error) in table {
        let form: Vec<_> = [grant, nothing].iter().chain(*more).copied().collect();
        let form = owned(&form);
        let outcome = match Credentials::read(*header, &form) {
            Ok(credentials) => token(&place.deps, credentials, &form).await,
            Err(error) => Err(error),
        };
        assert_eq!(refused(outcome), *error, "{header:?} {more:?}");
    }
    let told = format!("{:?}", ledger.credentials());
    assert!(!told.contains(secret) && !told.contains(id), "{told}");
}

#[tokio::test]
async fn a_signed_access_token_says_what_it_is_and_ends_with_its_grant_wherever_we_are_asked() {
    let place = Place::new();
    let ledger = place.app("ledger", |new| {
        new.options.access_tokens = AccessTokens::Jwt;
        new.options.id_token_alg = SigningAlgorithm::Es256;
    });
    let who = place.sign_in("acme", "ada").await;
    let tokens = ledger.tokens(&place, &who, "openid email").await;
    let header = jsonwebtoken::decode_header(&tokens.access_token).unwrap();
    assert_eq!((header.typ.as_deref(), header.alg), (Some("at+jwt"), jsonwebtoken::Algorithm::ES256));
    let told = claims(&tokens.access_token);
    assert_eq!(told["aud"], ledger.app.id.as_str());
    assert_eq!((&told["client_id"], &told["scope"]), (&told["aud"], &serde_json::json!("openid email")));
    assert_eq!((&told["team_id"], &told["role"]), (&serde_json::json!("acme"), &serde_json::json!("member")));
    assert_eq!(told["exp"], START.seconds() + 300);
    let asked = introspect(&place.deps, ledger.credentials(), &tokens.access_token).await.unwrap();
    assert_eq!((&asked["active"], &asked["exp"]), (&serde_json::json!(true), &told["exp"]));
    assert_eq!(userinfo(&place.deps, &tokens.access_token).await.unwrap()["email"], "ada@acme.test");
    place.end_session(&who.hash);
    assert!(userinfo(&place.deps, &tokens.access_token).await.is_err());
    let asked = introspect(&place.deps, ledger.credentials(), &tokens.access_token).await.unwrap();
    assert_eq!(asked, serde_json::json!({ "active": false }));
}

#[tokio::test]
async fn an_access_token_ends_by_itself_and_with_the_session() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let tokens = ledger.tokens(&place, &who, "openid").await;
    place.wait(Duration::from_mins(10) - Duration::from_millis(1));
    userinfo(&place.deps, &tokens.access_token).await.unwrap();
    place.wait(Duration::from_millis(1));
    assert!(userinfo(&place.deps, &tokens.access_token).await.is_err());
    place.wait(Duration::from_mins(30));
    place.write(|tx| tidy(tx).unwrap());
    assert_eq!(place.granted(), (0, 0), "nothing is left of it");
    let tokens = ledger.tokens(&place, &who, "openid").await;
    place.end_session(&who.hash);
    assert!(userinfo(&place.deps, &tokens.access_token).await.is_err());
}

#[tokio::test]
async fn claims_are_told_where_they_were_asked_for() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let asked = r#"{"id_token":{"email":null},"userinfo":{"name":{"essential":true}}}"#;
    let code = ledger.code(&place, &who, &[("scope", "openid"), ("claims", asked)]).await;
    let tokens = ledger.redeem(&place, &code).await.unwrap();
    let told = claims(&tokens.id_token);
    assert_eq!((told.get("email").is_some(), told.get("name").is_some()), (true, false));
    let shown = userinfo(&place.deps, &tokens.access_token).await.unwrap();
    assert_eq!((shown.get("email").is_some(), shown.get("name").is_some()), (false, true));
}

#[tokio::test]
async fn a_code_for_an_apps_host_is_handed_over_there_once() {
    let place = Place::new();
    let host = AppHost::parse("wiki.example").unwrap();
    let other_host = AppHost::parse("other.example").unwrap();
    let wiki = place.app("wiki", |new| new.host = Some(AppHost::parse("wiki.example").unwrap()));
    let _other = place.app("other", |new| new.host = Some(AppHost::parse("other.example").unwrap()));
    let who = place.sign_in("acme", "ada").await;
    let back = host.redirect_uri();
    let code = wiki.code(&place, &who, &[("redirect_uri", back.as_str())]).await;
    let elsewhere = wiki.code(&place, &who, &[]).await;
    let wrong = "y".repeat(43);
    for (code, host, verifier) in [
        (&code, &other_host, VERIFIER),
        (&code, &host, wrong.as_str()),
        (&code, &host, ""),
        (&elsewhere, &host, VERIFIER),
    ] {
        assert_eq!(hand_over(&place.deps, code, host, verifier).await.unwrap_err().code(), "invalid_grant");
    }
    let handed = hand_over(&place.deps, &code, &host, VERIFIER).await.unwrap();
    assert_eq!((handed.team, handed.session), (team("acme"), who.hash));
    assert_eq!(place.granted(), (0, 0), "nothing is granted");
    assert!(hand_over(&place.deps, &code, &host, VERIFIER).await.is_err());
}

#[tokio::test]
async fn somebody_has_fifty_grants_without_a_session_of_an_app_at_most_and_the_oldest_ends() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let first = ledger.tokens(&place, &who, "openid offline_access").await;
    let mut last = first.access_token.clone();
    let of_session = ledger.tokens(&place, &who, "openid").await;
    for _ in 0..50 {
        place.wait(Duration::from_millis(1));
        last = ledger.tokens(&place, &who, "openid offline_access").await.access_token;
    }
    assert_eq!(place.granted().0, 51);
    userinfo(&place.deps, &of_session.access_token).await.expect("it ends with the session");
    assert!(userinfo(&place.deps, &first.access_token).await.is_err());
    userinfo(&place.deps, &last).await.unwrap();
}
