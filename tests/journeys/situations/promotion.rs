//! The one promotion of a team: whose it is, when it stays open, and what makes it unspent again.

use mock_idp::Person;
use support::{TestDatabase, World, on_both};
use teams::{ConnectionOptions, Edit};
use vocabulary::{ClientSecret, Email, EmailTrust, Issuer};

use super::is_somebody;

/// Signs somebody in to acme and says whether they are an admin there now.
async fn comes_in_as_admin(world: &World, person: &str, name: &str) -> bool {
    let browser = world.sign_in("acme", person).await;
    let page = world.team_page(&browser, "acme").await;
    page.row(name).unwrap_or_else(|| panic!("no row of {name}: {}", page.body)).contains("<b>Admin</b>")
}

fn trusting(world: &World, email_trust: EmailTrust) -> Edit {
    let issuer = Issuer::parse(&world.idp.issuer("acme")).unwrap();
    Edit {
        options: Some(ConnectionOptions { email_trust, ..ConnectionOptions::usual(&issuer) }),
        ..Edit::default()
    }
}

on_both! {
    async fn an_untrusted_first_sign_in_leaves_it_open_and_can_be_cured(db) {
        let world = World::new(db).await;
        world.idp.edit_person("acme", "ada@acme.test", |ada| ada.email_verified = Some(false));
        assert!(!comes_in_as_admin(&world, "ada@acme.test", "Ada Lovelace").await);
        assert!(!comes_in_as_admin(&world, "ada@acme.test", "Ada Lovelace").await);
        let told = world.sign_in("acme", "ada@acme.test").await.get(&world.at("/t/acme/activity")).await;
        assert!(told.body.contains("email"), "the reason stands in the activity: {}", told.body);
        world.set("acme", &trusting(&world, EmailTrust::Issuer));
        assert!(comes_in_as_admin(&world, "ada@acme.test", "Ada Lovelace").await);
    }

    async fn email_trust_says_what_counts(db) {
        for (trust, verified, admin) in [
            (EmailTrust::UnlessDenied, None, true),
            (EmailTrust::UnlessDenied, Some(false), false),
            (EmailTrust::Verified, None, false),
            (EmailTrust::Verified, Some(true), true),
            (EmailTrust::Issuer, Some(false), true),
        ] {
            let db = TestDatabase::new(db.kind());
            let world = World::new(&db).await;
            world.set("acme", &trusting(&world, trust));
            world.idp.edit_person("acme", "ada@acme.test", |ada| ada.email_verified = verified);
            assert_eq!(comes_in_as_admin(&world, "ada@acme.test", "Ada Lovelace").await, admin, "{trust:?} {verified:?}");
        }
    }

    async fn a_changed_email_never_promotes(db) {
        let world = World::new(db).await;
        assert!(!comes_in_as_admin(&world, "bob@acme.test", "Bob Kahn").await);
        let subject = Person::named("Bob Kahn", "bob@acme.test").subject;
        world.idp.edit_person("acme", &subject, |bob| bob.email = Some("ada@acme.test".to_owned()));
        assert!(!comes_in_as_admin(&world, &subject, "Bob Kahn").await);
        let ada = Person::named("Ada Lovelace", "ada@acme.test").subject;
        assert!(comes_in_as_admin(&world, &ada, "Ada Lovelace").await, "it stayed open for the one it is for");
    }

    async fn equality_knows_capitals_and_no_other_trick(db) {
        let world = World::new(db).await;
        for (n, trick) in ["a.da@acme.test", "ada+x@acme.test", "аda@acme.test", "ada@acme.test.example"].iter().enumerate() {
            let name = format!("Trick {n}");
            world.idp.add_person("acme", Person::named(&name, trick));
            assert!(!comes_in_as_admin(&world, trick, &name).await, "{trick}");
        }
        world.idp.add_person("acme", Person::named("Ada Capital", "ADA@Acme.TEST"));
        assert!(comes_in_as_admin(&world, "ADA@Acme.TEST", "Ada Capital").await);
        assert!(!comes_in_as_admin(&world, "ada@acme.test", "Ada Lovelace").await, "it happens once");
    }

    async fn a_new_admin_email_makes_it_unspent_again(db) {
        let world = World::new(db).await;
        assert!(comes_in_as_admin(&world, "ada@acme.test", "Ada Lovelace").await);
        assert!(!comes_in_as_admin(&world, "bob@acme.test", "Bob Kahn").await);
        let email = Email::parse("bob@acme.test").unwrap();
        let set = world.set_and_tell("acme", &Edit { admin_email: Some(email), ..Edit::default() });
        let named: Vec<_> = set.with_admin_email.iter().map(people::Person::shown_name).collect();
        assert_eq!(named, ["Bob Kahn"], "the command names who already has it");
        assert!(!comes_in_as_admin(&world, "cyd@acme.test", "Cyd Rivera").await);
        assert!(comes_in_as_admin(&world, "bob@acme.test", "Bob Kahn").await);
        assert!(comes_in_as_admin(&world, "ada@acme.test", "Ada Lovelace").await, "who was admin stays one");
    }

    async fn a_new_identity_provider_knows_nobody_of_the_old_one(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        assert!(world.team_page(&ada, "acme").await.row("Ada Lovelace").unwrap().contains("<b>Admin</b>"));
        // The new provider knows somebody of the same subject, name and email.
        world.idp.add_person("globex", Person::named("Ada Lovelace", "ada@acme.test"));
        world.idp.add_client("globex", support::world::client("acme", &world.node.base));
        let issuer = Issuer::parse(&world.idp.issuer("globex")).unwrap();
        let client_secret = ClientSecret::parse("practice-secret-of-acme");
        world.set("acme", &Edit { issuer: Some(issuer), client_secret, ..Edit::default() });
        assert_eq!(world.sessions_of("acme"), 0);
        assert!(!is_somebody(&world, &ada, "acme").await, "a retired connection's people are nobody");
        let namesake = world.sign_in("acme", "ada@acme.test").await;
        assert_eq!(world.idp.counts("globex").token, 1);
        let page = world.team_page(&namesake, "acme").await;
        let mine = page.body.split("<tr id=\"").skip(1).find(|row| row.contains("You")).expect("one's own row");
        assert!(mine.contains("Ada Lovelace") && !mine.contains("<b>Admin</b>"), "{mine}");
    }
}
