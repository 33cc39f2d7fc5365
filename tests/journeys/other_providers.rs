//! Providers that are not Okta, and Okta as it really is: whoever's answers the practice provider gives, people
//! come in or are refused for the right reason, and the configured admin is promoted when the email is trusted.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use mock_idp::{Client, IssuerConfig, Likeness, MockIdp, Person};
use serde_json::{Value, json};
use storage::schema::connections;
use storage::{StorageError, Subject, each};
use support::{Answer, Browser, TestDatabase, World, command, on_both};
use teams::{ConnectionOptions, Requirement};
use vocabulary::{Clock as _, EmailTrust, Issuer};

const ACME: &str = "7f9c2a3b-0000-4000-8000-000000000001";
const EVIL: &str = "7f9c2a3b-0000-4000-8000-000000000002";
/// Entra's address for every organisation.
const SHARED: &str = "organizations/v2.0";

/// Ada is the admin of every team here; Eve is of another organisation; Gus has an account of his own.
fn people(likeness: Likeness) -> Vec<Person> {
    let of = |name: &str, email: &str, organisation: Option<&str>| {
        let mut person = Person::named(name, email);
        person.organisation = organisation.map(str::to_owned);
        person
    };
    let (ours, theirs) = match likeness {
        Likeness::Entra => (ACME, EVIL),
        Likeness::Google | Likeness::Plain | Likeness::Okta | Likeness::Keycloak => {
            ("acme.test", "evil.test")
        }
    };
    let mut people = vec![
        of("Ada Lovelace", "ada@acme.test", Some(ours)),
        of("Eve Moriarty", "eve@evil.test", Some(theirs)),
        of("Gus Own", "gus@mail.test", None),
    ];
    people[0].groups = vec!["staff".to_owned(), "staff/admins".to_owned()];
    people
}

/// One more provider beside the world's, with a client for the team `other`.
async fn provider(world: &World, likeness: Likeness, path: &str) -> MockIdp {
    let mut issuer = IssuerConfig::like(likeness, path);
    issuer.people = people(likeness);
    issuer.clients =
        vec![Client::new("client-of-other", "practice-secret-of-other", &world.at("/t/other/callback"))];
    let mut config = mock_idp::Config::new(vec![issuer]);
    config.clock = Arc::new(world.clock.clone());
    mock_idp::start(TcpListener::bind("127.0.0.1:0").unwrap(), config).await.unwrap()
}

/// Adds the team `other` at that provider, with the options that fit its issuer unless changed.
fn add_team(world: &World, idp: &MockIdp, path: &str, edit: impl FnOnce(&mut ConnectionOptions)) {
    world.add_team("other", "acme", "ada@acme.test", |new| {
        new.issuer = Issuer::parse(&idp.issuer(path)).unwrap();
        new.options = ConnectionOptions::usual(&new.issuer);
        edit(&mut new.options);
    });
}

fn require(options: &mut ConnectionOptions, requirement: &str) {
    options.requirement = Some(Requirement::parse(requirement).unwrap());
}

async fn come(world: &World, email: &str) -> (Browser, Answer) {
    let browser = Browser::default();
    let page = world.sign_in_with(&browser, "other", email).await;
    (browser, page)
}

/// The page of somebody who is in, or the code of the one who is not.
async fn outcome(world: &World, email: &str) -> Result<(), (u16, String)> {
    let (_, page) = come(world, email).await;
    match (page.status, page.url.path()) {
        (200, "/t/other") => Ok(()),
        _ => Err((page.status, page.code().unwrap_or_default().to_owned())),
    }
}

fn refused(status: u16, code: &str) -> Result<(), (u16, String)> {
    Err((status, code.to_owned()))
}

/// Whether this person is admin, by the team page.
async fn is_admin(world: &World, email: &str, name: &str) -> bool {
    let (browser, page) = come(world, email).await;
    assert_eq!(page.status, 200, "{}", page.body);
    world.team_page(&browser, "other").await.row(name).unwrap().contains("<b>Admin</b>")
}

/// Removes the requirement behind the registry's back, as an old row or a careless hand might.
fn forget_requirement(world: &World) {
    let (house, now) = (&world.node.house, world.clock.now());
    let done = house.database.write(now, |tx| {
        let row = connections::table.filter(connections::team_id.eq("other")).filter(connections::live);
        let options: String = each!(&mut **tx, c => row.select(connections::options).get_result(c))?;
        let mut options: Value = serde_json::from_str(&options).unwrap();
        options["requirement"] = Value::Null;
        let set =
            (connections::options.eq(options.to_string()), connections::version.eq(connections::version + 1));
        each!(&mut **tx, c => diesel::update(row).set(set).execute(c))?;
        tx.changed(Subject::Team, "other");
        Ok::<_, StorageError>(())
    });
    done.unwrap();
}

/// Changes the team as the operator does, from another process; the node hears of it within a second.
async fn set(world: &World, db: &TestDatabase, what: &[&str]) {
    let said = command(world, db, &[&["team", "set", "other"], what].concat());
    assert!(said.done, "{what:?}: {}", said.err);
    tokio::time::sleep(Duration::from_secs(1)).await;
}

fn api(world: &World, db: &TestDatabase) -> String {
    let made = command(world, db, &["operator", "add-token", "others"]);
    format!("Bearer {}", made.out.trim())
}

on_both! {
    async fn okta_leaves_the_profile_to_user_info(db) {
        let world = World::new(db).await;
        let idp = provider(&world, Likeness::Okta, "okta").await;
        add_team(&world, &idp, "okta", |options| assert_eq!(options.email_trust, EmailTrust::UnlessDenied));
        assert!(is_admin(&world, "ada@acme.test", "Ada Lovelace").await);
        assert_eq!(idp.counts("okta").userinfo, 1, "the ID token says nothing of her");
        // Some directories say for ever that nobody is verified; the operator may trust them all the same.
        set(&world, db, &["--admin-email", "eve@evil.test"]).await;
        idp.edit_person("okta", "eve@evil.test", |eve| eve.email_verified = Some(false));
        assert!(!is_admin(&world, "eve@evil.test", "Eve Moriarty").await);
        set(&world, db, &["--email-trust", "issuer"]).await;
        assert!(is_admin(&world, "eve@evil.test", "Eve Moriarty").await);
    }

    async fn entras_own_tenant_never_says_verified_and_is_trusted_all_the_same(db) {
        let world = World::new(db).await;
        let path = format!("{ACME}/v2.0");
        let idp = provider(&world, Likeness::Entra, &path).await;
        idp.edit_person(&path, "ada@acme.test", |ada| ada.groups = (0..201).map(|n| format!("group-{n}")).collect());
        add_team(&world, &idp, &path, |options| {
            assert_eq!(options.email_trust, EmailTrust::UnlessDenied, "the issuer is one organisation's");
            require(options, &format!("tid={}", ACME.to_uppercase()));
        });
        assert!(is_admin(&world, "ada@acme.test", "Ada Lovelace").await);
        assert_eq!(idp.counts(&path).elsewhere, 0, "nobody asks where groups by reference may lie");
        assert_eq!(outcome(&world, "eve@evil.test").await, refused(403, "email_domain"), "a guest of another tenant");
        // What looks like an email is none: `preferred_username` is for the eyes.
        idp.edit_person(&path, "gus@mail.test", |gus| gus.email = None);
        let gus = Person::named("Gus Own", "gus@mail.test").subject;
        idp.edit_person(&path, &gus, |gus| gus.organisation = Some(ACME.to_owned()));
        let (browser, page) = come(&world, &gus).await;
        assert_eq!(page.status, 200, "no email is needed: {}", page.body);
        assert!(!world.team_page(&browser, "other").await.body.contains("onmicrosoft"));
    }

    async fn a_shared_issuer_is_not_registered_without_whose_people_are_meant(db) {
        let world = World::new(db).await;
        let token = api(&world, db);
        let here = provider(&world, Likeness::Entra, SHARED).await;
        let issuers = [
            here.issuer(SHARED),
            "https://accounts.google.com".to_owned(),
            "https://login.microsoftonline.com/common/v2.0".to_owned(),
            "https://login.microsoftonline.us/organizations/v2.0".to_owned(),
        ];
        let headers = [("authorization", token.as_str()), ("content-type", "application/json"), ("if-match", "*")];
        for (n, issuer) in issuers.iter().enumerate() {
            let team = format!("shared-{n}");
            let add = ["team", "add", &team, "--issuer", issuer, "--client-id", "x", "--admin-email", "a@acme.test"];
            let said = command(&world, db, &add);
            assert!(!said.done && said.err.contains("hd="), "{issuer}: {}", said.err);
            let body = json!({"team_id": team, "issuer": issuer, "client_id": "x", "admin_email": "a@acme.test"});
            let post = async |body: Value| {
                Browser::default().send(reqwest::Method::POST, &world.at("/api/v1/teams"), &headers, Some(body.to_string())).await
            };
            let answer = post(body.clone()).await;
            assert_eq!((answer.status, answer.json()["code"].clone()), (422, json!("requirement_needed")), "{issuer}");
            // Google says it by `hd`, Entra by `tid`; the other's claim would never come.
            let (told, never_told) = ("hd=acme.test", "tid=7f9c");
            let is_google = issuer.contains("google");
            let (told, never_told) = if is_google { (told, never_told) } else { (never_told, told) };
            for (requirement, status) in [(never_told, 422), (told, 201)] {
                let mut meant = body.clone();
                meant["requirement"] = json!(requirement);
                assert_eq!(post(meant).await.status, status, "{issuer} {requirement}");
            }

            // Nor does a team move there without saying it, or lose what it said.
            let set = command(&world, db, &["team", "set", "globex", "--issuer", issuer]);
            assert!(!set.done && set.err.contains("hd="), "{issuer}: {}", set.err);
            let put = json!({"issuer": issuer, "client_id": "x", "client_secret": "a-new-secret"}).to_string();
            let address = world.at("/api/v1/teams/globex/connection");
            let answer = Browser::default().send(reqwest::Method::PUT, &address, &headers, Some(put)).await;
            assert_eq!((answer.status, answer.json()["code"].clone()), (422, json!("requirement_needed")), "{issuer}");
            let address = world.at(&format!("/api/v1/teams/{team}/connection"));
            let without = json!({"requirement": null}).to_string();
            let answer = Browser::default().send(reqwest::Method::PUT, &address, &headers, Some(without)).await;
            assert_eq!(answer.status, 422, "{issuer}: {}", answer.body);
        }
    }

    async fn entras_shared_issuer_lets_in_the_one_tenant_that_was_named(db) {
        let world = World::new(db).await;
        let idp = provider(&world, Likeness::Entra, SHARED).await;
        add_team(&world, &idp, SHARED, |options| {
            assert_eq!(options.email_trust, EmailTrust::Verified, "any tenant's admin writes any email");
            require(options, &format!("tid={ACME}"));
        });
        assert_eq!(outcome(&world, "ada@acme.test").await, Ok(()));
        // Their tokens come in the name of another tenant, and no token says whose email is verified.
        assert_eq!(outcome(&world, "eve@evil.test").await, refused(502, "id_token_invalid"));
        assert!(!is_admin(&world, "ada@acme.test", "Ada Lovelace").await);
        // The operator knows that this tenant is the customer's own, and says so.
        set(&world, db, &["--email-trust", "issuer"]).await;
        assert!(is_admin(&world, "ada@acme.test", "Ada Lovelace").await);

        // Another tenant is meant from now on.
        set(&world, db, &["--require", &format!("tid={EVIL}")]).await;
        assert_eq!(outcome(&world, "ada@acme.test").await, refused(502, "id_token_invalid"));
        assert_eq!(outcome(&world, "eve@evil.test").await, Ok(()));

        forget_requirement(&world);
        for email in ["ada@acme.test", "eve@evil.test"] {
            let start = Browser::default().post(&world.at("/login_sso"), &[("team_id", "other")]).await;
            assert_eq!((start.status, start.code()), (502, Some("idp_issuer_mismatch")), "{email}");
        }
    }

    async fn google_is_asked_whose_domain_somebody_is_of(db) {
        let world = World::new(db).await;
        let idp = provider(&world, Likeness::Google, "google").await;
        add_team(&world, &idp, "google", |options| {
            options.email_trust = ConnectionOptions::usual(&Issuer::parse("https://accounts.google.com").unwrap()).email_trust;
            require(options, "hd=acme.test");
        });
        assert!(is_admin(&world, "ada@acme.test", "Ada Lovelace").await, "Google vouches for its people's email");
        assert_eq!(outcome(&world, "eve@evil.test").await, refused(403, "email_domain"));
        assert_eq!(outcome(&world, "gus@mail.test").await, refused(403, "email_domain"), "a personal account has no domain");
        set(&world, db, &["--require", "hd=evil.test"]).await;
        assert_eq!(outcome(&world, "ada@acme.test").await, refused(403, "email_domain"));
        assert_eq!(outcome(&world, "eve@evil.test").await, Ok(()));
        // Whoever changed the email they vouch for is not vouched for.
        set(&world, db, &["--admin-email", "eve@evil.test"]).await;
        idp.edit_person("google", "eve@evil.test", |eve| eve.email_verified = Some(false));
        assert!(!is_admin(&world, "eve@evil.test", "Eve Moriarty").await);
    }

    async fn keycloak_names_itself_in_its_answers_and_writes_groups_as_paths(db) {
        let world = World::new(db).await;
        let idp = provider(&world, Likeness::Keycloak, "realms/acme").await;
        add_team(&world, &idp, "realms/acme", |options| {
            options.scopes = vocabulary::Scopes::parse(["openid", "profile", "email", "groups"]).unwrap();
        });
        assert!(is_admin(&world, "ada@acme.test", "Ada Lovelace").await);
        // A realm where nobody verifies emails says so, and is believed in that too.
        idp.edit_person("realms/acme", "eve@evil.test", |eve| eve.email_verified = Some(false));
        set(&world, db, &["--admin-email", "eve@evil.test"]).await;
        assert!(!is_admin(&world, "eve@evil.test", "Eve Moriarty").await);
        // An answer that names another issuer, or none, is not exchanged (RFC 9207).
        let browser = Browser::default();
        let back = world.callback(&browser, "other", "ada@acme.test").await;
        assert!(back.contains("iss="), "{back}");
        let tokens = idp.counts("realms/acme").token;
        let unnamed: String = back.split('&').filter(|pair| !pair.starts_with("iss=")).collect::<Vec<_>>().join("&");
        let page = browser.get(&unnamed).await;
        assert_eq!((page.status, page.code()), (400, Some("issuer_param_mismatch")));
        assert_eq!(idp.counts("realms/acme").token, tokens);
    }
}
