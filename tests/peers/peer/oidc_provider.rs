//! npm `oidc-provider`, a certified OpenID Provider, signs people in through the real binary: with thin ID
//! tokens, whose claims stand in UserInfo alone, and with its keys rotated between two sign-ins.

use std::process::Command;

use serde_json::{Value, json};
use support::{Answer, Browser, Kind, TestDatabase, on_both};
use tempfile::TempDir;

use crate::program::{Program, node, teamdoor, two_free_ports};

pub(super) const CLIENT: &str = "teamdoor-of-acme";
pub(super) const SECRET: &str = "practice-secret-known-to-both-of-us";

on_both! {
    async fn a_certified_provider_signs_people_in_by_rs256(db) {
        sign_in_before_and_after_its_keys_changed(db, "RS256").await;
    }

    async fn a_certified_provider_signs_people_in_by_es256(db) {
        sign_in_before_and_after_its_keys_changed(db, "ES256").await;
    }

    async fn a_certified_provider_tells_that_a_secret_is_wrong(db) {
        let place = Place::new(db);
        let (provider, _keys) = provider(place.ports, "RS256");
        let _service = place.serve();
        let mut set = Program::start(place.teamdoor().args(["team", "set", "acme", "--client-secret-file", "-"]));
        set.tell("the-practice-secret-of-another-app");
        set.succeed();
        let check = Program::start(place.teamdoor().args(["team", "check", "acme", "--probe"]));
        check.line("✗ client_credentials").expect("a check that failed");
        check.line("Copy both again").expect("its remedy");
        provider.line("token answered 401").expect("it was asked");
    }
}

async fn sign_in_before_and_after_its_keys_changed(db: &TestDatabase, algorithm: &str) {
    let place = Place::new(db);
    let (provider, keys) = provider(place.ports, algorithm);
    let _service = place.serve();

    let checks = Program::start(place.teamdoor().args(["team", "check", "acme", "--probe"])).succeed();
    assert!(checks.lines().count() > 5 && checks.lines().all(|line| line.starts_with('✓')), "{checks}");

    let dashboard = place.sign_in("Ada").await;
    assert!(
        dashboard.body.contains("Ada of Acme") && dashboard.body.contains("ada@acme.test"),
        "{}",
        dashboard.body
    );
    assert!(dashboard.body.contains(">Admin<"), "the configured admin's email came from UserInfo");
    provider.line("userinfo answered 200").expect("the ID token was thin");
    drop(provider);

    let (provider, other_keys) = self::provider(place.ports, algorithm);
    assert_ne!(keys, other_keys);
    let dashboard = place.sign_in("Ada").await;
    assert!(
        dashboard.body.contains("Ada of Acme") && dashboard.body.contains(">Admin<"),
        "{}",
        dashboard.body
    );
    provider.line("userinfo answered 200").expect("the ID token was thin");
    let people = Program::start(place.teamdoor().args(["person", "list", "acme"])).succeed();
    assert_eq!(people.matches("ada@acme.test").count(), 1, "the same person came twice: {people}");
}

/// The provider on the second of two ports, and the public halves of its keys.
fn provider(ports: u16, algorithm: &str) -> (Program, String) {
    provider_with(ports, json!({ "algorithm": algorithm }))
}

/// The same; what it is told besides belongs to our registration there.
pub(super) fn provider_with(ports: u16, mut told: Value) -> (Program, String) {
    told["port"] = json!(ports + 1);
    told["client_id"] = json!(CLIENT);
    told["client_secret"] = json!(SECRET);
    told["redirect_uris"] = json!([format!("http://localhost:{ports}/t/acme/callback")]);
    let provider = Program::start(node("peer/provider.mjs").arg(told.to_string()));
    let keys = provider.line("ready with").expect("a provider");
    (provider, keys)
}

/// Where this copy of Teamdoor stands.
pub(super) struct Place<'a> {
    db: &'a TestDatabase,
    folder: TempDir,
    /// Its port; the provider has the next one.
    pub(super) ports: u16,
}

impl<'a> Place<'a> {
    pub(super) fn new(db: &'a TestDatabase) -> Self {
        Self { db, folder: TempDir::new().expect("a folder"), ports: two_free_ports() }
    }

    /// Starts the service, with the team in it.
    pub(super) fn serve(&self) -> Program {
        if self.db.kind() == Kind::Postgres {
            Program::start(self.teamdoor().arg("migrate")).succeed();
        }
        self.add_team();
        let service = Program::start(self.teamdoor().arg("serve"));
        service.line("and is reached at").expect("a service");
        service
    }

    /// The program with settings by environment alone.
    pub(super) fn teamdoor(&self) -> Command {
        let mut command = teamdoor();
        command
            .current_dir(self.folder.path())
            .env("TEAMDOOR__SERVER__LISTEN", format!("127.0.0.1:{}", self.ports))
            .env("TEAMDOOR__SERVER__PUBLIC_URL", format!("http://localhost:{}", self.ports))
            .env("TEAMDOOR__DATABASE__URL", self.db.url())
            .env(
                "TEAMDOOR__SECRETS__KEYS",
                r#"[{"id":"k1","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}]"#,
            )
            .env("TEAMDOOR__UPSTREAM__ALLOW_HTTP", "true")
            .env("TEAMDOOR__UPSTREAM__ALLOWED_NETWORKS", r#"["127.0.0.0/8","::1/128"]"#);
        command
    }

    fn add_team(&self) {
        let issuer = format!("http://localhost:{}", self.ports + 1);
        let words = ["team", "add", "acme", "--enabled", "--client-secret-file", "-"];
        let mut command = self.teamdoor();
        command.args(words).args([
            "--issuer",
            &issuer,
            "--client-id",
            CLIENT,
            "--admin-email",
            "ada@acme.test",
        ]);
        let mut add = Program::start(&mut command);
        add.tell(SECRET);
        add.succeed();
    }

    /// Signs somebody in, in a new browser, through the provider's own pages: who are you, do you agree.
    async fn sign_in(&self, name: &str) -> Answer {
        self.sign_in_with(&Browser::default(), name).await
    }

    pub(super) async fn sign_in_with(&self, browser: &Browser, name: &str) -> Answer {
        let start =
            browser.post(&format!("http://localhost:{}/login_sso", self.ports), &[("team_id", "acme")]).await;
        let page = browser.follow(start).await;
        let login = [("prompt", "login"), ("login", name), ("password", "any")];
        let page = browser.follow(browser.post(&form(&page), &login).await).await;
        let page = browser.follow(browser.post(&form(&page), &[("prompt", "consent")]).await).await;
        assert_eq!((page.status, page.url.path()), (200, "/t/acme"), "{}", page.body);
        page
    }
}

/// Where the form on a page of the provider goes.
pub(super) fn form(page: &Answer) -> String {
    page.between("action=\"", "\"")
        .unwrap_or_else(|| panic!("no form: {} {}", page.url, page.body))
        .to_owned()
}
