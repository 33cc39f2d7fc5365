//! A customer connects itself while no mail server answers, and nobody notices. Then one appears, slow and moody at
//! first: every letter arrives, each under its one `Message-ID`.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use reqwest::Method;
use serde_json::json;
use storage::schema::{audit, outbox};
use storage::{StorageError, each};
use support::browser::between;
use support::world::client;
use support::{Answer, Browser, TestDatabase, World, canary, command_with_key, on_both};
use tempfile::TempDir;
use vocabulary::{Clock as _, SystemClock};

use super::smtp::Letter;
use crate::browser::one_more_node;
use crate::program::{Program, node, two_free_ports};

const HAN: &str = "han@globex.test";
const GIL: &str = "gil@globex.test";
const CONTACT: &str = "it@initech.test";
const OLGA: &str = "olga@operator.test";
const TEAM: &str = "initech";
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// A deed with letters to write takes no longer than one without, by far.
const NOBODY_NOTICES: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_mins(2);

on_both! {
    async fn a_customer_connects_itself_with_the_mail_server_down_and_every_letter_arrives(db) {
        let (office, ports) = (two_free_ports(), two_free_ports());
        let tls = Tls::new();
        let mail = format!("smtp://teamdoor:p%40ss@localhost:{office}?tls=required");
        let operators = format!(r#"["{OLGA}"]"#);
        let mut world = World::with(db, &[("MAIL__URL", &mail), ("MAIL__OPERATORS", &operators)]).await;
        world.node.stop();
        let (_service, door) = one_more_node(&world, ports, &[("SSL_CERT_FILE", &tls.file("cert.pem"))]);
        world.node.base = door;

        Story { world: &world, db }.tell().await;
        // The service's own worker has tried by now.
        until(&world, |waiting| waiting.iter().any(|letter| letter.attempts > 0)).await;
        let written = waiting(&world);
        let mut about: Vec<(&str, &str)> = written.iter().map(|letter| (letter.recipient.as_str(), letter.subject.as_str())).collect();
        about.sort_unstable();
        for (to, subject) in [
            (CONTACT, "Confirm"), (OLGA, "initech"), (CONTACT, "Set up single sign-on"), (HAN, "Single sign-on"),
            (GIL, "admin"), ("it@rival.test", "Confirm"), ("it@rival.test", "rival"),
        ] {
            let is = |(reader, about): &(&str, &str)| *reader == to && about.to_lowercase().contains(&subject.to_lowercase());
            assert!(about.iter().any(is), "no letter to {to} about {subject}: {about:#?}");
        }
        for letter in &written {
            for text in [&letter.body_text, &letter.body_html, &letter.subject] {
                assert!(!text.contains(canary::MARK), "a secret in a letter: {text}");
            }
        }

        let office = tls.post_office(office);
        until(&world, Vec::is_empty).await;
        let mut arrived: BTreeMap<String, Letter> = BTreeMap::new();
        let mut copies = 0;
        while copies < written.len() + 1 {
            let letter = Letter::next(&office);
            assert_eq!((letter.by.as_str(), letter.secure), ("teamdoor", true), "it signed in, by TLS");
            let id = letter.header("Message-ID").to_owned();
            if let Some(before) = arrived.get(&id) {
                assert_eq!((&before.to, &before.text), (&letter.to, &letter.text), "the same letter again");
            }
            arrived.insert(id, letter);
            copies += 1;
        }
        assert_eq!(arrived.len(), written.len(), "one came twice, as the server had not said that it took it");
        for letter in &written {
            let came = &arrived[&format!("<{}@localhost>", letter.id)];
            assert_eq!(came.to, json!([letter.recipient]));
            assert!(!came.text.contains(canary::MARK));
            for kind in ["text/plain", "text/html"] {
                let part = came.text.split(&format!("Content-Type: {kind}")).nth(1).expect("both parts");
                let (_head, body) = part.split_once("\r\n\r\n").expect("a part with a body");
                assert!(body.trim().len() > 80, "a readable {kind}: {body}");
            }
        }
        assert_eq!(given_up(&world), 0);
    }
}

/// What a customer, an operator and an admin do; the links come from the outbox, where the letters wait.
struct Story<'a> {
    world: &'a World,
    db: &'a TestDatabase,
}

impl Story<'_> {
    async fn tell(&self) {
        let world = self.world;
        let secret = canary::secret("initech");
        let mut at_idp = client(TEAM, &world.node.base);
        at_idp.client_secret.clone_from(&secret);
        world.idp.add_client("globex", at_idp);
        let issuer = world.idp.issuer("globex");
        let values =
            [("issuer", issuer.as_str()), ("client_id", "client-of-initech"), ("client_secret", &secret)];

        let id = self.request(TEAM, CONTACT, &values).await;
        assert_eq!(self.say(&id, "approve", "").await.status, 200);
        let page = self.link(CONTACT, "/setup/");
        let ian = Browser::default();
        assert_eq!(quick(ian.post(&page, &[])).await.status, 303);
        assert_eq!(press(&ian, &page, "save", &values).await.status, 303);
        let tested = self.rehearse(&ian, &page).await;
        assert!(tested.body.contains("The test sign-in worked"), "{}", tested.body);
        assert_eq!(press(&ian, &page, "enable", &[]).await.status, 303);

        self.now();
        let han = quick(world.sign_in(TEAM, HAN)).await;
        let settings = world.at("/t/initech/settings/sso");
        let name = "Initech Limited";
        assert_eq!(press(&han, &settings, "require", &[("confirm_name", name)]).await.status, 303);
        quick(world.sign_in(TEAM, GIL)).await;
        let team = world.team_page(&han, TEAM).await;
        let changed = quick(world.change(&han, &team, "Gil Moreno", "role", &[("role", "admin")])).await;
        assert_eq!(changed.status, 303, "{}", changed.body);

        let id = self.request("rival", "it@rival.test", &values).await;
        assert_eq!(self.say(&id, "reject", r#"{"text":"We know nobody there."}"#).await.status, 200);
    }

    /// Sends the form and proves the contact's address; the request's id.
    async fn request(&self, team: &str, contact: &str, values: &[(&str, &str)]) -> String {
        let mut form = vec![
            ("company", "Initech Limited"),
            ("contact", contact),
            ("team_id", team),
            ("admin_email", HAN),
        ];
        form.extend_from_slice(values);
        let sent = quick(Browser::default().post(&self.world.at("/request"), &form)).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        let link = self.link(contact, "/request/confirm/");
        assert_eq!(quick(Browser::default().post(&link, &[])).await.status, 303);
        let all = self.ask(Method::GET, "/requests", "").await.json();
        let of_team =
            all["items"].as_array().expect("a list").iter().find(|request| request["team_id"] == team);
        of_team.and_then(|request| request["id"].as_str()).expect("the request").to_owned()
    }

    async fn say(&self, id: &str, word: &str, body: &str) -> Answer {
        self.ask(Method::POST, &format!("/requests/{id}/{word}"), body).await
    }

    /// As an operator, by a token of their own.
    async fn ask(&self, method: Method, path: &str, body: &str) -> Answer {
        let said = command_with_key(&self.world.node.base, self.db, KEY, &["operator", "add-token", "queue"]);
        let bearer = format!("Bearer {}", said.out.trim());
        let headers =
            [("authorization", bearer.as_str()), ("content-type", "application/json"), ("if-match", "*")];
        let address = self.world.at(&format!("/api/v1{path}"));
        quick(Browser::default().send(method, &address, &headers, Some(body.to_owned()))).await
    }

    /// The link to `path` in the last letter to somebody.
    fn link(&self, to: &str, path: &str) -> String {
        let all = waiting(self.world);
        let fitting = all.iter().filter(|letter| letter.recipient == to);
        let token = fitting.filter_map(|letter| between(&letter.body_text, path, "\n")).next_back();
        self.world.at(&format!("{path}{}", token.expect("a letter with the link").trim()))
    }

    async fn rehearse(&self, browser: &Browser, page: &str) -> Answer {
        self.now();
        let begun = press(browser, page, "test", &[]).await;
        let chooser = browser.get(begun.location().expect("the provider").as_str()).await;
        let back = browser.choose(&chooser, HAN).await.location().expect("the way back");
        let answer = browser.get(back.as_str()).await;
        browser.follow(answer).await
    }

    /// The provider's clock shows what the service's does.
    fn now(&self) {
        self.world.clock.forward(SystemClock.now().since(self.world.clock.now()));
    }
}

/// Presses a button of the settings page as it stands.
async fn press(browser: &Browser, page: &str, action: &str, more: &[(&str, &str)]) -> Answer {
    let stands = browser.get(page).await;
    let field = |name: &str| stands.hidden(name).unwrap_or_else(|| panic!("no {name}: {}", stands.body));
    let (csrf, version) = (field("csrf"), field("version"));
    let mut form = vec![("csrf", csrf.as_str()), ("version", version.as_str()), ("action", action)];
    form.extend_from_slice(more);
    quick(browser.post(page, &form)).await
}

/// Whoever waits for this does not notice that there is no mail server.
async fn quick<T>(deed: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let done = deed.await;
    assert!(begun.elapsed() < NOBODY_NOTICES, "it took {:?}", begun.elapsed());
    done
}

/// A key and a certificate of `localhost`, made for this test.
struct Tls(TempDir);

impl Tls {
    fn new() -> Self {
        let tls = Self(TempDir::new().expect("a folder"));
        let settings = "[req]\nprompt=no\ndistinguished_name=name\nx509_extensions=more\n[name]\nCN=localhost\n\
                        [more]\nsubjectAltName=DNS:localhost\nbasicConstraints=critical,CA:FALSE\n";
        std::fs::write(tls.file("settings"), settings).expect("a file");
        let words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2";
        let made = Command::new("openssl")
            .args(words.split(' '))
            .args([
                "-config",
                &tls.file("settings"),
                "-keyout",
                &tls.file("key.pem"),
                "-out",
                &tls.file("cert.pem"),
            ])
            .output()
            .expect("openssl");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        tls
    }

    fn file(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// A mail server with this certificate, which is in no good mood at first.
    fn post_office(&self, port: u16) -> Program {
        let text = |name: &str| std::fs::read_to_string(self.file(name)).expect("a file");
        let told = json!({
            "port": port, "user": "teamdoor", "password": "p@ss", "key": text("key.pem"), "cert": text("cert.pem"),
            "manners": ["slow", "later", "gone", "deaf"],
        });
        let office = Program::start(node("peer/post_office.mjs").arg(told.to_string()));
        office.line("ready").expect("a mail server");
        office
    }
}

/// A letter that waits.
#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
struct Waiting {
    id: String,
    recipient: String,
    subject: String,
    body_text: String,
    body_html: String,
    attempts: i64,
}

/// What waits, in the order it was written.
fn waiting(world: &World) -> Vec<Waiting> {
    let query = outbox::table.order((outbox::created_at, outbox::id));
    let found = world.node.house.database.read(|connection| {
        Ok::<_, StorageError>(each!(connection, c => query.select(Waiting::as_select()).load(c))?)
    });
    found.expect("an outbox")
}

/// Lets time pass for the outbox until it looks so.
async fn until(world: &World, looks: impl Fn(&Vec<Waiting>) -> bool) {
    let end = Instant::now() + PATIENCE;
    while !looks(&waiting(world)) {
        assert!(Instant::now() < end, "the outbox never looked so");
        let passed = world.node.house.database.write(SystemClock.now(), |tx| {
            let due = outbox::next_attempt_at.eq(0);
            Ok::<_, StorageError>(each!(&mut **tx, c => diesel::update(outbox::table).set(due).execute(c))?)
        });
        passed.expect("an outbox");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn given_up(world: &World) -> i64 {
    let query = audit::table.filter(audit::act.eq("letter.given_up")).count();
    let found = world
        .node
        .house
        .database
        .read(|connection| Ok::<_, StorageError>(each!(connection, c => query.get_result(c))?));
    found.expect("a record")
}
