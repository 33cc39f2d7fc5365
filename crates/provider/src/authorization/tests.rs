//! Requests of apps, well and badly meant.

use std::time::Duration;

use apps::{NotAdmitted, Pkce, Secrecy};
use vocabulary::{PersonId, Role};

use super::*;
use crate::testing::{Ledger, Place, owned, team, told};

async fn decide(place: &Place, request: &AuthorizationRequest, who: &sessions::SignedIn) -> Decision {
    authorize(&place.deps, request, who).await.unwrap()
}

/// The error that goes back to the app.
async fn refused(place: &Place, ledger: &Ledger, more: &[(&str, &str)]) -> String {
    refused_said(place, ledger, &ledger.request(more)).await
}

async fn refused_said(place: &Place, ledger: &Ledger, said: &[(String, String)]) -> String {
    match read(&place.deps, said).await {
        Err(Unreadable::Back(answer)) => {
            assert!(answer.location.starts_with(&format!("{}?", ledger.back)), "{}", answer.location);
            assert_eq!(told(&answer.location, "iss").as_deref(), Some("https://sso.example"));
            assert!(told(&answer.location, "error_description").is_some());
            told(&answer.location, "error").unwrap()
        }
        other => panic!("{said:?}: {other:?}"),
    }
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered_byte_for_byte() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    place.app("other", |_| ());
    let hostile = [
        "",
        "https://ledger.test/back/",
        "https://ledger.test/back?x=1",
        "https://ledger.test/back#x",
        "https://ledger.test/Back",
        "https://LEDGER.test/back",
        "https://ledger.test:443/back",
        "https://ledger.test/./back",
        "https://ledger.test/x/../back",
        "https://ledger.test/%62ack",
        "https://ledger.test//back",
        "https://ledger.test\\back",
        "https://ledger.test@evil.test/back",
        "https://ledger.test.evil.test/back",
        "https://ledger.test/back\n",
        " https://ledger.test/back",
        "http://ledger.test/back",
        "//ledger.test/back",
        "/back",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://other.test/back",
        "https://ledger.test/.teamdoor/arrive",
    ];
    for uri in hostile {
        // Whatever else is wrong: nobody is told anything but the person.
        for more in [("state", "s"), ("response_type", "token"), ("request", "x"), ("scope", "nothing")] {
            let said = ledger.request(&[("redirect_uri", uri), more]);
            let fault = read(&place.deps, &said).await;
            assert!(matches!(fault, Err(Unreadable::Page(PageFault::RedirectUri(_)))), "{uri}: {fault:?}");
        }
    }
    for twice in [[("redirect_uri", "https://ledger.test/back")], [("redirect_uri", "https://evil.test/")]] {
        let said: Vec<_> = ledger.request(&[]).into_iter().chain(owned(&twice)).collect();
        assert!(matches!(read(&place.deps, &said).await, Err(Unreadable::Page(PageFault::RedirectUri(_)))));
    }
}

#[tokio::test]
async fn a_client_id_is_one_app_or_nobodys() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    for id in ["", "nobody", "x\0y", "ü", &"x".repeat(300)] {
        let fault = read(&place.deps, &ledger.request(&[("client_id", id)])).await;
        assert!(matches!(fault, Err(Unreadable::Page(PageFault::Client))), "{id}: {fault:?}");
    }
    let twice = owned(&[("client_id", ledger.app.id.as_str())]);
    let said: Vec<_> = ledger.request(&[]).into_iter().chain(twice).collect();
    assert!(matches!(read(&place.deps, &said).await, Err(Unreadable::Page(PageFault::Client))));
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_told_to_the_app() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let long = "x".repeat(513);
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[("response_type", "")], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("response_type", "id_token")], "unsupported_response_type"),
        (&[("response_type", "code id_token")], "unsupported_response_type"),
        (&[("response_mode", "fragment")], "invalid_request"),
        (&[("response_mode", "form_post")], "invalid_request"),
        (&[("scope", "")], "invalid_scope"),
        (&[("scope", "profile email")], "invalid_scope"),
        (&[("scope", "OPENID")], "invalid_scope"),
        (&[("request", "eyJ")], "request_not_supported"),
        (&[("request_uri", "https://ledger.test/r")], "request_uri_not_supported"),
        (&[("registration", "{}")], "registration_not_supported"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("prompt", "none none2")], "invalid_request"),
        (&[("max_age", "-1")], "invalid_request"),
        (&[("max_age", "soon")], "invalid_request"),
        (&[("max_age", "99999999999999999999")], "invalid_request"),
        (&[("team_id", "ACME")], "invalid_request"),
        (&[("nonce", &long)], "invalid_request"),
        (&[("claims", "x")], "invalid_request"),
        (&[("claims", "[]")], "invalid_request"),
        (&[("claims", r#"{"id_token":[]}"#)], "invalid_request"),
        (&[("id_token_hint", "x")], "invalid_request"),
        (&[("id_token_hint", "e30.e30.AAAA")], "invalid_request"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge_method", "s256")], "invalid_request"),
        (&[("code_challenge", "too-short")], "invalid_request"),
        (&[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")], "invalid_request"),
        (
            &[("claims", r#"{"id_token":{"acr":{"essential":true,"values":["x"]}}}"#)],
            "unmet_authentication_requirements",
        ),
    ];
    for (more, error) in table {
        assert_eq!(refused(&place, &ledger, more).await, *error, "{more:?}");
    }
    for doubled in
        ["state", "nonce", "scope", "prompt", "max_age", "code_challenge", "response_type", "claims"]
    {
        let said: Vec<_> =
            ledger.request(&[(doubled, "1")]).into_iter().chain(owned(&[(doubled, "2")])).collect();
        assert_eq!(refused_said(&place, &ledger, &said).await, "invalid_request", "{doubled}");
    }
}

#[tokio::test]
async fn what_means_nothing_here_is_ignored() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let more = [
        ("extra", "foobar"),
        ("acr_values", "1 2"),
        ("display", "popup"),
        ("ui_locales", "se"),
        ("claims_locales", "se"),
        ("response_mode", "query"),
        ("prompt", "consent"),
        ("scope", "openid address phone unheard-of"),
        (
            "claims",
            r#"{"userinfo":{"name":{"essential":true},"x":null},"id_token":{"acr":null,"email":null}}"#,
        ),
        ("resource", "a"),
        ("resource", "b"),
    ];
    let request = ledger.read(&place, &more).await;
    assert_eq!(request.prompt, Prompt::Usual);
    assert_eq!(request.scopes.to_string(), "openid");
    assert_eq!(request.claims.id_token, [Claim::Email]);
    assert_eq!(request.claims.userinfo, [Claim::Name]);
}

#[tokio::test]
async fn an_app_may_leave_pkce_out_where_an_operator_said_so_and_what_it_says_counts_still() {
    let place = Place::new();
    let lax = place.app("lax", |new| new.options.pkce = Pkce::Optional);
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let who = place.sign_in("acme", "ada").await;
    let code = lax.code(&place, &who, &without).await;
    assert!(lax.redeem(&place, &code).await.is_err(), "a verifier of another request");
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", &lax.back)];
    crate::token(&place.deps, lax.credentials(), &owned(&form)).await.unwrap();
    let with = lax.code(&place, &who, &[]).await;
    let form = [("grant_type", "authorization_code"), ("code", &with), ("redirect_uri", &lax.back)];
    assert!(crate::token(&place.deps, lax.credentials(), &owned(&form)).await.is_err(), "no verifier");
    lax.redeem(&place, &with).await.unwrap();
}

#[tokio::test]
async fn a_request_is_found_again_behind_a_sign_in() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let tokens = ledger.tokens(&place, &who, "openid").await;
    let more = [
        ("prompt", "select_account login"),
        ("max_age", "60"),
        ("login_hint", "ada+x@acme.test"),
        ("id_token_hint", tokens.id_token.as_str()),
        ("claims", r#"{"id_token":{"email":null}}"#),
        ("state", "a b&c=\"<\\>#%+é"),
    ];
    let request = ledger.read(&place, &more).await;
    assert_eq!((request.hint.as_ref(), request.team.as_ref()), (Some(&who.person), Some(&team("acme"))));
    let path = request.of_team(&team("acme")).asked_again(place.deps.now()).path().unwrap();
    let query = path.as_str().strip_prefix("/oauth2/authorize?").unwrap();
    let said: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let again = read(&place.deps, &said).await.unwrap();
    assert_eq!(again.prompt, Prompt::Login, "the team is chosen");
    assert_eq!(again.path().unwrap(), path);
    assert_eq!((again.state, again.nonce, again.hint), (request.state, request.nonce, request.hint));
    assert_eq!((again.max_age, again.login_hint), (Some(Duration::from_mins(1)), request.login_hint));
    assert_eq!((again.claims, again.since), (request.claims, Some(place.deps.now())));
    // One that could not be carried is refused at once.
    assert_eq!(refused(&place, &ledger, &[("state", &"s".repeat(1900))]).await, "invalid_request");
}

#[tokio::test]
async fn a_code_is_short_enough_for_an_address() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let who = place.sign_in("acme", "ada").await;
    let more = [
        ("nonce", "n-0S6_WzA2MjaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaA"),
        ("scope", "openid profile email offline_access"),
    ];
    let code = ledger.code(&place, &who, &more).await;
    assert!(code.len() < 700, "{}", code.len());
}

#[tokio::test]
async fn nothing_is_asked_of_anybody_silently() {
    let place = Place::new();
    let strict = place.app("strict", |new| new.options.min_role = Role::Admin);
    let ledger = place.app("ledger", |new| new.options.teams = Some(vec![team("acme")]));
    let (ada, gil) = (place.sign_in("acme", "ada").await, place.sign_in("globex", "gil").await);
    let decide = async |app: &Ledger, who, more: &[(&str, &str)]| {
        let silent: Vec<_> = [("prompt", "none")].iter().chain(more).copied().collect();
        let request = app.read(&place, &silent).await;
        match authorize(&place.deps, &request, who).await.unwrap() {
            Decision::Answer(answer) => {
                told(&answer.location, "error").unwrap_or_else(|| "a code".to_owned())
            }
            other @ (Decision::SignInAgain(_) | Decision::NotAdmitted(_)) => panic!("{other:?}"),
        }
    };
    assert_eq!(decide(&ledger, &ada, &[]).await, "a code");
    assert_eq!(decide(&ledger, &ada, &[("max_age", "10000")]).await, "a code");
    assert_eq!(decide(&ledger, &gil, &[]).await, "access_denied");
    assert_eq!(decide(&strict, &ada, &[]).await, "access_denied");
    assert_eq!(decide(&ledger, &ada, &[("team_id", "globex")]).await, "login_required");
    let sub = format!(r#"{{"id_token":{{"sub":{{"value":"{}"}}}}}}"#, gil.person);
    assert_eq!(decide(&ledger, &ada, &[("claims", &sub)]).await, "login_required");
    place.wait(Duration::from_secs(2));
    assert_eq!(decide(&ledger, &ada, &[("max_age", "1")]).await, "login_required");
    assert_eq!(decide(&ledger, &ada, &[("max_age", "2")]).await, "a code");
}

#[tokio::test]
async fn an_app_is_for_its_teams_and_its_least_role() {
    let place = Place::new();
    let strict = place.app("strict", |new| new.options.min_role = Role::Admin);
    let ledger = place.app("ledger", |new| new.options.teams = Some(vec![team("acme")]));
    let (ada, gil) = (place.sign_in("acme", "ada").await, place.sign_in("globex", "gil").await);
    for (app, who, why) in [(&ledger, &gil, NotAdmitted::Team), (&strict, &ada, NotAdmitted::Role)] {
        let request = app.read(&place, &[]).await;
        assert_eq!(authorize(&place.deps, &request, who).await.unwrap(), Decision::NotAdmitted(why));
    }
}

#[tokio::test]
async fn a_person_signs_in_again_once_and_the_app_hears_when_that_was_no_use() {
    let place = Place::new();
    let ledger = place.app("ledger", |_| ());
    let before = place.sign_in("acme", "ada").await;
    let other = place.sign_in("acme", "bob").await;
    let hint = ledger.tokens(&place, &before, "openid").await.id_token;
    place.wait(Duration::from_mins(5));
    let is_code = |decision: &Decision| matches!(decision, Decision::Answer(answer) if told(&answer.location, "code").is_some());
    let is_login_required = |decision: &Decision| matches!(decision, Decision::Answer(answer) if told(&answer.location, "error").as_deref() == Some("login_required"));
    for more in [&[("prompt", "login")][..], &[("max_age", "1")], &[("max_age", "0")]] {
        let asked = ledger.read(&place, more).await;
        assert_eq!(decide(&place, &asked, &before).await, Decision::SignInAgain(Again::Afresh), "{more:?}");
        let asked = asked.asked_again(place.deps.now());
        assert_eq!(decide(&place, &asked, &before).await, Decision::SignInAgain(Again::Afresh), "not yet");
        place.wait(Duration::from_secs(20));
        let after = place.sign_in("acme", "ada").await;
        place.wait(Duration::from_secs(20));
        assert!(is_code(&decide(&place, &asked, &after).await), "{more:?}");
        // The identity provider let them in by a sign-in of long ago.
        let mut stale = after;
        stale.auth_time = before.auth_time;
        assert!(is_login_required(&decide(&place, &asked, &stale).await), "{more:?}");
    }
    let asked = ledger.read(&place, &[("id_token_hint", &hint)]).await;
    assert!(is_code(&decide(&place, &asked, &before).await));
    assert_eq!(decide(&place, &asked, &other).await, Decision::SignInAgain(Again::AsAnother));
    let asked = asked.asked_again(place.deps.now());
    let other_again = place.sign_in("acme", "bob").await;
    assert!(is_login_required(&decide(&place, &asked, &other_again).await));
}

#[tokio::test]
async fn a_hint_is_an_id_token_that_this_app_got_from_here() {
    let place = Place::new();
    let (ledger, other) =
        (place.app("ledger", |_| ()), place.app("other", |new| new.secrecy = Secrecy::Public));
    let who = place.sign_in("acme", "ada").await;
    let tokens = other.tokens(&place, &who, "openid offline_access").await;
    let of_other = [tokens.id_token.as_str(), &tokens.access_token, tokens.refresh_token.as_deref().unwrap()];
    for hint in of_other {
        assert_eq!(refused(&place, &ledger, &[("id_token_hint", hint)]).await, "invalid_request");
    }
    let hint = ledger.tokens(&place, &who, "openid").await.id_token;
    place.wait(Duration::from_hours(48));
    let request = ledger.read(&place, &[("id_token_hint", &hint)]).await;
    assert_eq!(request.hint, Some(who.person.clone()), "though it has expired");
    let another = PersonId::random(&sealing::SystemChance);
    let sub = format!(r#"{{"id_token":{{"sub":{{"value":"{another}"}}}}}}"#);
    assert_eq!(
        refused(&place, &ledger, &[("id_token_hint", &hint), ("claims", &sub)]).await,
        "login_required"
    );
}
