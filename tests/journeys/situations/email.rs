//! Allowed domains: whom a team lets in by their email address, and what the others read.

use mock_idp::Person;
use support::{Answer, Browser, World, on_both};
use vocabulary::Domain;

use super::assert_told;

/// A team that lets in two domains only.
fn picky(world: &World) {
    world.add_registered_team("picky", "acme", "ada@acme.test", |new, _| {
        new.options.domains =
            ["acme.test", "acme.example"].map(|domain| Domain::parse(domain).unwrap()).into();
    });
}

async fn try_in(world: &World, person: Person) -> Answer {
    let browser = Browser::default();
    let subject = person.subject.clone();
    world.idp.add_person("acme", person);
    let callback = world.callback(&browser, "picky", &subject).await;
    let answer = browser.get(&callback).await;
    assert_eq!(browser.cookie("td-session-picky").is_some(), answer.status == 303);
    answer
}

on_both! {
    async fn an_email_of_another_domain_stays_outside(db) {
        let world = World::new(db).await;
        picky(&world);
        for email in ["eve@other.test", "eve@sub.acme.test", "eve@acme.test.other.test", "acme.test@other.test", "eve@аcme.test"] {
            let page = try_in(&world, Person::named("Eve Other", email)).await;
            let sentence =
                format!("Picky only allows @acme.test, @acme.example addresses; you signed in as {email}.");
            assert_told(&page, 403, "email_domain", &sentence);
            assert_eq!(page.button("Use another account").as_deref(), Some("/t/picky/login?prompt=login"));
            let trace = world.trace(page.reference().unwrap()).expect("a trace");
            assert_eq!((trace.team_id.as_str(), trace.stage.as_str()), ("picky", "policy"));
        }
        for email in ["eve@acme.test", "Eve@ACME.Example"] {
            assert_eq!(try_in(&world, Person::named("Eve Inside", email)).await.status, 303, "{email}");
        }
        let page = world.team_page(&world.sign_in("picky", "ada@acme.test").await, "picky").await;
        assert!(page.row("Eve Inside").is_some() && page.row("Eve Other").is_none(), "no account came into being");
    }

    async fn no_email_and_an_unconfirmed_one_have_their_own_words(db) {
        let world = World::new(db).await;
        picky(&world);
        let mut person = Person::named("Eve Nobody", "eve@acme.test");
        person.email_verified = Some(false);
        let page = try_in(&world, person.clone()).await;
        let sentence = "Picky lets people in by their email address, and your sign-in service doesn't confirm yours. \
                        Ask your administrator.";
        assert_told(&page, 403, "email_domain", sentence);
        assert!(page.body.contains("<b>For your administrator:</b>"));
        person.email = None;
        let page = try_in(&world, person.clone()).await;
        let sentence = "Picky's sign-in service didn't tell us your email address, and Picky needs one. Ask your \
                        administrator.";
        assert_told(&page, 403, "email_missing", sentence);
        assert_eq!(world.sessions_of("picky"), 0);
        person.email = Some("eve@acme.test".to_owned());
        person.email_verified = None;
        assert_eq!(try_in(&world, person).await.status, 303, "nothing denies it");
    }

    async fn an_address_in_the_sentence_cannot_carry_markup(db) {
        let world = World::new(db).await;
        picky(&world);
        let page = try_in(&world, Person::named("Eve", "a'&b@other.test")).await;
        assert_eq!((page.status, page.code()), (403, Some("email_domain")));
        assert!(page.body.contains("a&#39;&#38;b@other.test"), "{}", page.body);
    }
}
