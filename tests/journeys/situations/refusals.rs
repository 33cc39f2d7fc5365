//! What the identity provider's answer means for the person: each refusal has its own sentence, its own way
//! on, and, where the cure lies with an administrator, a line for them.

use mock_idp::{AuthorizeFault, IdTokens, Misbehaviour, SignatureFault, TokenFault, UserInfoFault};
use support::{Answer, Browser, World, on_both};

use super::{assert_told, is_somebody, to_callback};

const HERE: &str = "/t/acme/login?return_to=%2Ft%2Facme%2Fteam";
const OTHER: &str = "/t/acme/login?return_to=%2Ft%2Facme%2Fteam&prompt=login";

/// Ada tries to sign in, on her way to the team page.
async fn try_in(world: &World, browser: &Browser) -> Answer {
    let login = world.at("/t/acme/login?return_to=/t/acme/team");
    let callback = to_callback(browser, &login, "ada@acme.test").await;
    browser.get(&callback).await
}

async fn refused_by(world: &World, fault: impl Into<Misbehaviour>) -> Answer {
    world.idp.behave("acme");
    world.idp.misbehave("acme", fault);
    let browser = Browser::default();
    let page = try_in(world, &browser).await;
    assert!(browser.cookie("td-session-acme").is_none());
    page
}

on_both! {
    async fn a_refusal_of_the_provider_has_its_own_words(db) {
        let world = World::new(db).await;
        let page = refused_by(&world, AuthorizeFault::AccessDenied).await;
        assert_told(&page, 403, "idp_refused", "Sign-in was cancelled. Nobody was signed in.");
        assert_eq!(page.button("Try again").as_deref(), Some(HERE));

        let page = refused_by(&world, AuthorizeFault::NotAssigned).await;
        let sentence = "Your company hasn't given you access to this app yet. Ask your Okta administrator to assign \
                        it to you.";
        assert_told(&page, 403, "idp_not_assigned", sentence);
        assert_eq!(page.button("Use another account").as_deref(), Some(OTHER));
        assert!(page.body.contains("<b>For your administrator:</b>"));

        let page = refused_by(&world, AuthorizeFault::ServerError).await;
        let sentence = "Acme's sign-in service isn't answering. Try again in a minute.";
        assert_told(&page, 503, "idp_unreachable", sentence);
        assert!(page.header("retry-after").is_some());
    }

    async fn rejected_credentials_are_told_to_the_administrator(db) {
        let world = World::new(db).await;
        world.idp.edit_client("acme", "client-of-acme", |client| "rotated".clone_into(&mut client.client_secret));
        let page = try_in(&world, &Browser::default()).await;
        let sentence = "Acme's sign-in service doesn't accept this app's credentials. Ask your administrator to \
                        check them.";
        assert_told(&page, 502, "idp_client_rejected", sentence);
        assert!(page.body.contains("Okta rejected the client secret (expired or rotated?)"), "{}", page.body);
        assert_eq!(page.button("Try again").as_deref(), Some(HERE));
    }

    async fn an_answer_that_cannot_be_verified_keeps_its_reason_to_the_trace(db) {
        let world = World::new(db).await;
        let sentence = "We couldn't verify the answer from Acme's sign-in service.";
        let page = refused_by(&world, SignatureFault::AlgNone).await;
        assert_told(&page, 502, "id_token_invalid", sentence);
        let trace = world.trace(page.reference().unwrap()).expect("a trace");
        assert_eq!(trace.detail, "ID token refused: its algorithm is not one we believe");
        assert!(!page.body.contains("algorithm"));
        assert_eq!(page.button("Try again").as_deref(), Some(HERE));

        let page = refused_by(&world, UserInfoFault::OtherPerson).await;
        assert_told(&page, 502, "userinfo_subject_mismatch", sentence);

        let page = refused_by(&world, TokenFault::InvalidGrant).await;
        let sentence = "Acme's sign-in service no longer accepts this sign-in. It took too long or was used already.";
        assert_told(&page, 400, "code_rejected", sentence);
    }

    async fn a_deactivated_person_stays_outside_however_often_they_sign_in(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let page = world.team_page(&ada, "acme").await;
        assert_eq!(world.change(&ada, &page, "Bob Kahn", "deactivate", &[]).await.status, 303);
        assert!(!is_somebody(&world, &bob, "acme").await, "with the next request");
        for _ in 0..2 {
            let browser = Browser::default();
            let callback = world.callback(&browser, "acme", "bob@acme.test").await;
            let page = browser.get(&callback).await;
            let sentence = "Your access to Acme has been turned off. Ask a team admin if you need it back.";
            assert_told(&page, 403, "account_deactivated", sentence);
            assert_eq!(page.button("Use another account").as_deref(), Some("/t/acme/login?prompt=login"));
            assert!(browser.cookie("td-session-acme").is_none());
        }
        assert!(world.team_page(&ada, "acme").await.row("Bob Kahn").unwrap().contains("Turned off"));
    }

    async fn another_account_is_asked_for_even_when_the_provider_knows_somebody(db) {
        let world = World::new(db).await;
        world.idp.edit_client("acme", "client-of-acme", |client| {
            client.assigned = Some(vec!["ada@acme.test".to_owned()]);
        });
        let browser = Browser::default();
        let callback = world.callback(&browser, "acme", "bob@acme.test").await;
        let page = browser.get(&callback).await;
        assert_eq!((page.status, page.code()), (403, Some("idp_not_assigned")));
        let chooser = browser.open(&world.at(&page.button("Use another account").unwrap())).await;
        let back = browser.choose(&chooser, "ada@acme.test").await;
        assert_eq!(browser.follow(back).await.url.path(), "/t/acme");
    }

    async fn thin_id_tokens_are_completed_and_a_person_without_email_comes_in(db) {
        let world = World::new(db).await;
        world.idp.set_id_tokens("acme", IdTokens::Thin);
        let ada = world.sign_in("acme", "ada@acme.test").await;
        assert!(world.team_page(&ada, "acme").await.row("Ada Lovelace").unwrap().contains("ada@acme.test"));
        world.idp.edit_person("acme", "bob@acme.test", |bob| bob.email = None);
        let subject = mock_idp::Person::named("Bob Kahn", "bob@acme.test").subject;
        let bob = world.sign_in("acme", &subject).await;
        assert!(world.team_page(&bob, "acme").await.row("Bob Kahn").is_some());
    }
}
