//! Sign-in, sign-out, tiles, keys: what works.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use mock_idp::{Algorithm, AuthorizeFault, IdTokens, LogoutOf};
use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{
    self, Browser, CALLBACK, VERIFIER, claims, exchange, json, location, parameter, provider, request,
    sign_in, tokens, verify,
};

#[tokio::test]
async fn metadata_says_the_issuer_byte_for_byte_and_unknown_issuers_are_404() {
    let idp = provider(Algorithm::Rs256).await;
    for path in ["acme", "oauth2/default"] {
        let issuer = idp.issuer(path);
        let metadata =
            json(Browser::new().get(&format!("{issuer}/.well-known/openid-configuration")).await).await;
        assert_eq!(metadata["issuer"], issuer);
        assert_eq!(metadata["token_endpoint"], format!("{issuer}/token"));
        assert_eq!(metadata["authorization_response_iss_parameter_supported"], false);
    }
    assert_eq!(idp.counts("acme").discovery, 1);
    let unknown = Browser::new().get(&format!("{}/globex/keys", idp.base())).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    idp.stop().await;
}

#[tokio::test]
async fn a_person_is_signed_in_and_the_signature_verifies_in_both_algorithms() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
        let idp = provider(algorithm).await;
        let tokens = tokens(&idp).await;
        let claims = verify(&idp, tokens["id_token"].as_str().unwrap()).await.unwrap();
        assert_eq!(claims["email"], "ada@acme.test");
        assert_eq!(claims["email_verified"], true);
        assert_eq!(claims["given_name"], "Ada");
        assert_eq!(claims["nonce"], "nonce");
        assert_eq!(idp.sids("acme", "ada@acme.test"), [claims["sid"].as_str().unwrap()]);
        let counts = idp.counts("acme");
        assert_eq!((counts.token, counts.userinfo, counts.elsewhere), (1, 0, 0));
        idp.rotate_keys("acme");
        let old = tokens["id_token"].as_str().unwrap();
        assert_eq!(verify(&idp, old).await, Err("unknown kid".to_owned()));
        let again = support::tokens(&idp).await;
        verify(&idp, again["id_token"].as_str().unwrap()).await.unwrap();
    }
}

#[tokio::test]
async fn keys_rotate_by_publish_then_sign_then_retire() {
    let idp = provider(Algorithm::Rs256).await;
    let first = tokens(&idp).await["id_token"].as_str().unwrap().to_owned();
    idp.publish_next_key("acme");
    verify(&idp, tokens(&idp).await["id_token"].as_str().unwrap()).await.unwrap();
    idp.sign_with_newest_key("acme");
    verify(&idp, tokens(&idp).await["id_token"].as_str().unwrap()).await.unwrap();
    verify(&idp, &first).await.unwrap();
    idp.retire_old_keys("acme");
    verify(&idp, tokens(&idp).await["id_token"].as_str().unwrap()).await.unwrap();
    verify(&idp, &first).await.unwrap_err();
}

#[tokio::test]
async fn a_redirect_uri_that_differs_by_one_byte_is_shown_an_error_and_never_redirected() {
    let idp = provider(Algorithm::Rs256).await;
    for wrong in [&format!("{CALLBACK}/"), "http://localhost:3000/t/acme/callbacK", ""] {
        let query = request(&[("redirect_uri", wrong)]);
        let page = Browser::new().get(&format!("{}/authorize?{query}", idp.issuer("acme"))).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
        assert!(page.headers().get("location").is_none());
    }
    let back = Browser::new().choose(&idp, &request(&[]), "ada@acme.test").await;
    assert!(back.as_str().starts_with(&format!("{CALLBACK}?code=")));
    assert_eq!(parameter(&back, "state").unwrap(), "state & more");
}

#[tokio::test]
async fn requests_out_of_order_go_back_with_their_error() {
    let idp = provider(Algorithm::Rs256).await;
    for (change, error) in [
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("response_type", "id_token"), "unsupported_response_type"),
        (("scope", "profile"), "invalid_scope"),
        (("prompt", "none"), "login_required"),
        (("prompt", "none login"), "invalid_request"),
        (("request", "e30.e30."), "request_not_supported"),
    ] {
        let address = format!("{}/authorize?{}", idp.issuer("acme"), request(&[change]));
        let response = Browser::new().get(&address).await;
        assert_eq!(parameter(&location(&response), "error").as_deref(), Some(error), "{change:?}");
    }
}

#[tokio::test]
async fn a_code_works_once_and_only_for_its_client_verifier_and_redirect_uri() {
    let idp = provider(Algorithm::Rs256).await;
    let code = sign_in(&idp).await;
    assert_eq!(exchange(&idp, &code, &[]).await.status(), StatusCode::OK);
    let again = exchange(&idp, &code, &[]).await;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
    assert_eq!(json(again).await["error"], "invalid_grant");
    let verifier = VERIFIER.replace('a', "b");
    for wrong in [
        vec![("code_verifier", verifier.as_str())],
        vec![("redirect_uri", "http://localhost:3000/")],
        vec![("client_id", "closed"), ("client_secret", "secret")],
    ] {
        let refused = exchange(&idp, &sign_in(&idp).await, &wrong).await;
        assert_eq!(json(refused).await["error"], "invalid_grant", "{wrong:?}");
    }
}

#[tokio::test]
async fn a_client_proves_itself_by_basic_or_by_post_but_not_by_both_or_wrongly() {
    let idp = provider(Algorithm::Rs256).await;
    let post = [("client_id", "acme client"), ("client_secret", "s€cret:/+&=")];
    let response = exchange(&idp, &sign_in(&idp).await, &post).await;
    assert_eq!(response.status(), StatusCode::OK);
    let wrong = [("client_id", "acme client"), ("client_secret", "other")];
    let response = exchange(&idp, &sign_in(&idp).await, &wrong).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(json(response).await["error"], "invalid_client");
}

#[tokio::test]
async fn the_chooser_remembers_who_it_was_until_asked_to_forget() {
    let idp = provider(Algorithm::Rs256).await;
    let mut browser = Browser::new();
    let address = format!("{}/authorize?{}", idp.issuer("acme"), request(&[]));
    let page = browser.get(&address).await.text().await.unwrap();
    assert!(page.contains("name=\"person\"") && page.contains("Ledger") && !page.contains(" checked"));
    assert!(!page.contains("Ledger <acme>"), "a label is escaped");
    browser.choose(&idp, &request(&[]), "bob@acme.test").await;
    assert!(parameter(&location(&browser.get(&address).await), "code").is_some());
    let asks = format!("{}/authorize?{}", idp.issuer("acme"), request(&[("prompt", "login")]));
    assert_eq!(browser.get(&asks).await.status(), StatusCode::OK);
    idp.forget_sessions("acme");
    assert_eq!(browser.get(&address).await.status(), StatusCode::OK);
    let hinted = request(&[("login_hint", "ada@acme.test")]);
    let page = browser.get(&format!("{}/authorize?{hinted}", idp.issuer("acme"))).await;
    let page = page.text().await.unwrap();
    let ada = page.lines().find(|line| line.contains("ada@acme.test")).unwrap();
    assert!(ada.contains(" checked"));
}

#[tokio::test]
async fn someone_without_the_application_is_turned_away_with_oktas_words() {
    let idp = provider(Algorithm::Rs256).await;
    let query = request(&[("client_id", "closed")]);
    let back = Browser::new().choose(&idp, &query, "ada@acme.test").await;
    assert_eq!(parameter(&back, "error").unwrap(), "access_denied");
    assert_eq!(
        parameter(&back, "error_description").unwrap(),
        "User is not assigned to the client application."
    );
}

#[tokio::test]
async fn the_dashboard_shows_the_tiles_of_whoever_was_chosen() {
    let idp = provider(Algorithm::Rs256).await;
    let mut browser = Browser::new();
    let page = browser.get(&format!("{}/dashboard", idp.issuer("acme"))).await;
    assert!(page.text().await.unwrap().contains("Who are you?"));
    browser
        .post(&format!("{}/choose", idp.issuer("acme")), &[("person", "ada@acme.test"), ("request", "")])
        .await;
    let page = browser.get(&format!("{}/", idp.issuer("acme"))).await.text().await.unwrap();
    let port = idp.base().rsplit(':').next().unwrap();
    let tile = format!("http://localhost:3000/t/acme/launch?iss=http%3A%2F%2Flocalhost%3A{port}%2Facme");
    assert!(page.contains(&tile), "{page}");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_leads_only_to_registered_addresses() {
    let idp = provider(Algorithm::Es256).await;
    let tokens = tokens(&idp).await;
    let hint = tokens["id_token"].as_str().unwrap();
    let logout = format!("{}/logout?id_token_hint={hint}&post_logout_redirect_uri=", idp.issuer("acme"));
    let stray = Browser::new().get(&format!("{logout}https://evil.test/")).await;
    assert_eq!(stray.status(), StatusCode::BAD_REQUEST);
    assert_eq!(idp.sids("acme", "ada@acme.test").len(), 1);
    let out = Browser::new().get(&format!("{logout}http://localhost:3000/t/acme/signed-out&state=s")).await;
    assert_eq!(location(&out).as_str(), "http://localhost:3000/t/acme/signed-out?state=s");
    assert!(idp.sids("acme", "ada@acme.test").is_empty());
    assert_eq!(idp.counts("acme").end_session, 2);
}

#[tokio::test]
async fn thin_tokens_leave_the_person_to_userinfo() {
    let idp = provider(Algorithm::Rs256).await;
    idp.set_id_tokens("acme", IdTokens::Thin);
    let tokens = tokens(&idp).await;
    let id_token = verify(&idp, tokens["id_token"].as_str().unwrap()).await.unwrap();
    assert!(id_token.get("email").is_none() && id_token.get("name").is_none());
    let request = Browser::new().client.get(format!("{}/userinfo", idp.issuer("acme")));
    let token = tokens["access_token"].as_str().unwrap();
    let info = json(request.header("authorization", format!("Bearer {token}")).send().await.unwrap()).await;
    assert_eq!(info["sub"], id_token["sub"]);
    assert_eq!(info["email"], "ada@acme.test");
}

#[tokio::test]
async fn an_administrator_reads_what_is_registered_and_may_copy_it() {
    let idp = provider(Algorithm::Es256).await;
    let page = Browser::new().get(&format!("{}/admin", idp.issuer("acme"))).await;
    assert_eq!(page.status(), StatusCode::OK);
    let page = page.text().await.unwrap();
    for value in [&idp.issuer("acme"), "acme client", CALLBACK, "http://localhost:3000/t/acme/launch"] {
        assert!(page.contains(&format!("readonly value=\"{value}\"")), "{value}: {page}");
    }
    assert!(page.contains("Ledger &#60;acme&#62;") && page.contains("Assigned: bob@acme.test."), "{page}");
    let unknown = Browser::new().get(&format!("{}/globex/admin", idp.base())).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn logout_tokens_carry_what_back_channel_logout_asks_for() {
    let idp = provider(Algorithm::Es256).await;
    let token = idp.sign_logout_token("acme", "acme client", LogoutOf::Session("sid-1"));
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("logout+jwt"));
    let claims = idp.logout_claims("acme", "acme client", LogoutOf::Subject("00uada"));
    assert_eq!(claims["sub"], "00uada");
    assert!(claims["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object());
    assert!(claims.get("nonce").is_none() && claims.get("sid").is_none());
}

#[tokio::test]
async fn whoever_signed_in_too_long_ago_is_asked_again() {
    let idp = provider(Algorithm::Es256).await;
    let mut browser = Browser::new();
    browser.choose(&idp, &request(&[]), "ada@acme.test").await;
    for (max_age, status) in
        [("", StatusCode::SEE_OTHER), ("3600", StatusCode::SEE_OTHER), ("0", StatusCode::OK)]
    {
        let query = request(&[("max_age", max_age)]);
        let answer = browser.get(&format!("{}/authorize?{query}", idp.issuer("acme"))).await;
        assert_eq!(answer.status(), status, "{max_age}");
    }
    idp.misbehave("acme", AuthorizeFault::DeafToMaxAge);
    let query = request(&[("max_age", "0")]);
    let deaf = browser.get(&format!("{}/authorize?{query}", idp.issuer("acme"))).await;
    assert_eq!(deaf.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn id_tokens_say_when_the_session_must_end() {
    let idp = provider(Algorithm::Es256).await;
    assert!(claims(&idp).await.get("session_expiry").is_none());
    idp.set_session_lasts("acme", Some(Duration::from_hours(2)));
    let claims = claims(&idp).await;
    let lasts = claims["session_expiry"].as_i64().unwrap() - claims["auth_time"].as_i64().unwrap();
    assert_eq!(lasts, 7200);
}

#[tokio::test]
async fn applications_that_want_it_hear_of_a_sign_out() {
    let idp = provider(Algorithm::Es256).await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://localhost:{}/t/acme/backchannel_logout", listener.local_addr().unwrap().port());
    idp.edit_client("acme", "acme client", |client| client.backchannel_logout_uri = Some(uri));
    let hint = tokens(&idp).await["id_token"].as_str().unwrap().to_owned();
    let sid = idp.sids("acme", "ada@acme.test").remove(0);
    Browser::new().get(&format!("{}/logout?id_token_hint={hint}", idp.issuer("acme"))).await;

    let (mut stream, _) = listener.accept().unwrap();
    let mut heard = Vec::new();
    loop {
        let mut part = [0; 4096];
        let count = stream.read(&mut part).unwrap();
        heard.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&heard);
        let length = text.split("Content-Length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        let body = text.split("\r\n\r\n").nth(1).unwrap_or_default();
        if length.is_some_and(|length| body.len().to_string() == length) {
            break;
        }
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    let heard = String::from_utf8(heard).unwrap();
    assert!(heard.starts_with("POST /t/acme/backchannel_logout HTTP/1.1\r\n"), "{heard}");
    let token = heard.split("logout_token=").nth(1).unwrap();
    assert_eq!(jsonwebtoken::decode_header(token).unwrap().typ.as_deref(), Some("logout+jwt"));
    let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!((claims["sid"].as_str(), claims["aud"].as_str()), (Some(sid.as_str()), Some("acme client")));
}
