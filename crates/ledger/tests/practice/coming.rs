//! Coming in.

use mock_idp::{AuthorizeFault, UserInfoFault};

use crate::support::{Browser, FORGED, world};

#[actix_web::test]
async fn a_tile_leads_to_the_page_it_names_and_never_away_from_here() {
    let world = world().await;
    let here = world.base.clone();
    let cases = [
        (format!("{here}/billing"), "/billing"),
        (here.clone(), "/"),
        ("https://evil.test/billing".to_owned(), "/"),
        (format!("{here}.evil.test/"), "/"),
        (format!("{here}@evil.test/"), "/"),
        (format!("{here}//evil"), "//evil"),
        (format!("{here}/\\evil"), "/"),
        (format!("{here}/a;b\r\nSet-Cookie: a=b"), "/"),
        ("javascript:alert(1)".to_owned(), "/"),
    ];
    for (target, path) in cases {
        let query = [("iss", world.idp.issuer("door")), ("target_link_uri", target.clone())];
        let tile = url::Url::parse_with_params(&world.at("/login"), query).unwrap();
        let browser = Browser::default();
        let back = browser.callback(tile.as_str(), "ada@acme.test").await;
        let answer = browser.get(back.as_str()).await;
        assert_eq!(answer.header("location"), format!("{here}{path}"), "{target}");
    }
    world.stop().await;
}

#[actix_web::test]
async fn team_and_hint_are_passed_on_and_anothers_tile_is_refused() {
    let world = world().await;
    let browser = Browser::default();
    let asked =
        browser.get(&world.at("/login?team_id=acme&login_hint=ada&prompt=none&scope=x")).await.location();
    let told: Vec<_> = asked.query_pairs().into_owned().collect();
    let value = |name: &str| -> Vec<&str> {
        told.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect()
    };
    assert_eq!(value("team_id"), ["acme"]);
    assert_eq!(value("login_hint"), ["ada"]);
    assert_eq!(value("code_challenge_method"), ["S256"]);
    assert_eq!(value("scope"), ["openid profile email"]);
    assert_eq!(value("prompt").len(), 0, "a link does not say how we ask");
    let refused = browser.get(&world.at("/login?iss=https://evil.test")).await;
    assert_eq!((refused.status, refused.header("location")), (400, ""));
    world.stop().await;
}

#[actix_web::test]
async fn a_callback_counts_in_the_browser_that_began_it_and_once() {
    let world = world().await;
    let (ada, eve) = (Browser::default(), Browser::default());
    let back = ada.callback(&world.at("/login"), "ada@acme.test").await;
    assert_eq!(eve.get(back.as_str()).await.status, 400);
    assert!(eve.get(&world.at("/")).await.says("Sign in"));
    assert_eq!(ada.get(back.as_str()).await.status, 303);
    assert_eq!(ada.get(back.as_str()).await.status, 400);
    assert!(ada.get(&world.at("/")).await.says("Models of"), "the session is as it was");
    world.stop().await;
}

#[actix_web::test]
async fn two_tabs_both_arrive() {
    let world = world().await;
    let browser = Browser::default();
    let first = browser.callback(&world.at("/login"), "ada@acme.test").await;
    let second = browser.callback(&world.at("/login"), "ada@acme.test").await;
    assert_eq!(browser.get(first.as_str()).await.status, 303);
    assert_eq!(browser.get(second.as_str()).await.status, 303);
    world.stop().await;
}

#[actix_web::test]
async fn an_answer_that_does_not_hold_lets_nobody_in() {
    let world = world().await;
    for fault in FORGED {
        world.idp.misbehave("door", fault);
        let browser = Browser::default();
        assert_eq!(browser.sign_in(&world.at("/login"), "ada@acme.test").await.status, 502, "{fault:?}");
        assert!(browser.get(&world.at("/")).await.says("Sign in"), "{fault:?}");
        world.idp.behave("door");
    }
    world.idp.misbehave("door", AuthorizeFault::AccessDenied);
    assert_eq!(Browser::default().sign_in(&world.at("/login"), "ada@acme.test").await.status, 403);
    world.idp.behave("door");
    // Somebody of whom the provider does not say which team they are in.
    world.idp.edit_person("door", "ada@acme.test", |ada| ada.more.clear());
    assert_eq!(Browser::default().sign_in(&world.at("/login"), "ada@acme.test").await.status, 502);
    world.stop().await;
}

#[actix_web::test]
async fn userinfo_of_somebody_else_is_no_answer() {
    let world = world().await;
    let bob = world.sign_in("bob@acme.test").await;
    world.idp.misbehave("door", UserInfoFault::OtherPerson);
    let page = bob.get(&world.at("/billing")).await;
    assert_eq!(page.status, 502, "{}", page.body);
    world.stop().await;
}
