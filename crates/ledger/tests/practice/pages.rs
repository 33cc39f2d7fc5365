//! Models, billing, and who sees them.

use serde_json::json;

use crate::support::{Browser, world};

#[actix_web::test]
async fn a_team_shares_its_models_and_no_other_team_sees_them() {
    let world = world().await;
    let (ada, bob) = (world.sign_in("ada@acme.test").await, world.sign_in("bob@acme.test").await);
    let gil = world.sign_in("gil@globex.test").await;
    let added = ada.post(&world.at("/models"), &[("name", " Falcon <7B> ")]).await;
    assert_eq!((added.status, added.location().as_str()), (303, world.at("/").as_str()));
    let added = bob.post(&world.at("/models"), &[("name", "Heron")]).await;
    assert_eq!(added.status, 303);
    for browser in [&ada, &bob] {
        let page = browser.get(&world.at("/")).await;
        assert!(page.says("Models of Team acme"), "{}", page.body);
        assert!(page.says("Falcon &#60;7B&#62; <small>added by Ada Lovelace</small>"), "{}", page.body);
        assert!(page.says("Heron <small>added by Bob &#60;b&#62;Kahn&#60;/b&#62;</small>"), "{}", page.body);
    }
    assert!(gil.get(&world.at("/")).await.says("no models yet"));
    world.stop().await;
}

#[actix_web::test]
async fn billing_is_for_admins_and_a_new_role_counts_at_once() {
    let world = world().await;
    let bob = world.sign_in("bob@acme.test").await;
    let refused = bob.get(&world.at("/billing")).await;
    assert_eq!(refused.status, 403);
    assert!(refused.says("Billing is for admins") && !refused.says("href=\"/billing\""));
    world.idp.edit_person("door", "bob@acme.test", |bob| {
        bob.more.insert("role".to_owned(), json!("admin"));
    });
    let page = bob.get(&world.at("/billing")).await;
    assert_eq!(page.status, 200);
    assert!(page.says("Billing of Team acme") && page.says("href=\"/billing\""), "{}", page.body);
    world.stop().await;
}

#[actix_web::test]
async fn a_stranger_sees_the_way_in_and_nothing_else() {
    let world = world().await;
    let stranger = Browser::default();
    let page = stranger.get(&world.at("/")).await;
    assert_eq!(page.status, 200);
    assert!(page.says("<a class=\"button\" href=\"/login\">Sign in</a>"), "{}", page.body);
    assert_eq!(stranger.get(&world.at("/billing")).await.status, 403);
    assert_eq!(stranger.post(&world.at("/models"), &[("name", "Falcon")]).await.status, 403);
    assert_eq!(stranger.post(&world.at("/logout"), &[]).await.status, 403);
    world.stop().await;
}

#[actix_web::test]
async fn a_model_without_a_good_name_is_refused_and_the_name_kept() {
    let world = world().await;
    let ada = world.sign_in("ada@acme.test").await;
    for name in ["", "   ", &"x".repeat(61)] {
        let refused = ada.post(&world.at("/models"), &[("name", name)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.says("aria-invalid=\"true\""));
        assert!(refused.says(&format!("value=\"{}\"", name.trim())), "{}", refused.body);
    }
    for n in 0..100 {
        assert_eq!(ada.post(&world.at("/models"), &[("name", &n.to_string())]).await.status, 303);
    }
    assert_eq!(ada.post(&world.at("/models"), &[("name", "one too many")]).await.status, 422);
    world.stop().await;
}

#[actix_web::test]
async fn a_form_on_another_origin_changes_nothing() {
    let world = world().await;
    let ada = world.sign_in("ada@acme.test").await;
    for origin in ["http://evil.test", "http://localhost:1", "null"] {
        for path in ["/models", "/logout"] {
            let from = [("origin", origin)];
            let refused = ada.post_from(&world.at(path), &[("name", "Falcon")], &from).await;
            assert_eq!(refused.status, 403, "{path} from {origin}");
        }
    }
    assert!(ada.get(&world.at("/")).await.says("no models yet"));
    let from = [("origin", world.base.as_str())];
    assert_eq!(ada.post_from(&world.at("/models"), &[("name", "Falcon")], &from).await.status, 303);
    world.stop().await;
}

#[actix_web::test]
async fn every_answer_has_its_headers_and_each_page_its_landmarks() {
    let world = world().await;
    let ada = world.sign_in("ada@acme.test").await;
    for path in ["/", "/billing", "/style.css", "/callback", "/nowhere", "/login?iss=x"] {
        let answer = ada.get(&world.at(path)).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        if answer.header("content-type").starts_with("text/html") {
            assert!(answer.says("<html lang=\"en\">") && answer.body.matches("<h1").count() == 1, "{path}");
        }
    }
    world.stop().await;
}
