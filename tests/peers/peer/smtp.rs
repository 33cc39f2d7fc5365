//! npm `smtp-server`, a real mail server, takes the letters: those written while it was down, too.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{World, on_both};

use crate::program::{Program, node, two_free_ports};

const PATIENCE: Duration = Duration::from_mins(1);
/// The outbox waits this long after a first failure.
const FIRST_WAIT: Duration = Duration::from_mins(1);

on_both! {
    async fn a_mail_server_takes_the_letters_with_all_they_need(db) {
        let port = two_free_ports();
        let office = post_office(port);
        let world = World::with(db, &[("MAIL__URL", &mail_url(port)), ("MAIL__FROM", "door@ledger.test")]).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let to_ada = Letter::next(&office);
        assert_eq!(to_ada.to, json!(["ada@acme.test"]));
        world.sign_in("acme", "bob@acme.test").await;
        let page = world.team_page(&ada, "acme").await;
        world.change(&ada, &page, "Bob Kahn", "role", &[("role", "admin")]).await;

        let letter = Letter::next(&office);
        assert_eq!((letter.from.as_str(), &letter.to), ("door@ledger.test", &json!(["bob@acme.test"])));
        assert_eq!(letter.by, "teamdoor", "it signed in");
        assert_eq!(letter.header("From"), "Ledger <door@ledger.test>");
        assert_eq!(letter.header("To"), "bob@acme.test");
        assert!(letter.header("Subject").contains("admin"), "{}", letter.text);
        assert_eq!(letter.header("Auto-Submitted"), "auto-generated");
        assert!(letter.header("Message-ID").ends_with("@localhost>"));
        assert_ne!(letter.header("Message-ID"), to_ada.header("Message-ID"));
        assert!(letter.header("Date").ends_with("+0000"), "{}", letter.text);
        assert!(letter.header("Content-Type").starts_with("multipart/alternative"));
        assert!(letter.text.contains(&world.at("/t/acme/team")), "the way to the team page");
        until(|| waiting(&world).is_empty()).await;
    }

    async fn letters_wait_for_a_mail_server_that_is_down(db) {
        let port = two_free_ports();
        let world = World::with(db, &[("MAIL__URL", &mail_url(port))]).await;
        for name in ["ada", "cyd"] {
            let team = if name == "ada" { "acme" } else { "acme-labs" };
            world.sign_in(team, &format!("{name}@acme.test")).await;
        }
        until(|| waiting(&world).iter().any(|attempts| *attempts > 0)).await;
        assert_eq!(waiting(&world).len(), 2, "none is lost");

        let office = post_office(port);
        world.clock.forward(FIRST_WAIT + Duration::from_secs(1));
        let mut readers = [Letter::next(&office), Letter::next(&office)].map(|letter| letter.to.to_string());
        readers.sort();
        assert_eq!(readers, [r#"["ada@acme.test"]"#, r#"["cyd@acme.test"]"#]);
        until(|| waiting(&world).is_empty()).await;
    }
}

fn mail_url(port: u16) -> String {
    format!("smtp://teamdoor:p%40ss@localhost:{port}")
}

fn post_office(port: u16) -> Program {
    let told = json!({ "port": port, "user": "teamdoor", "password": "p@ss" });
    let office = Program::start(node("peer/post_office.mjs").arg(told.to_string()));
    office.line("ready").expect("a mail server");
    office
}

/// A letter as the mail server took it.
pub(super) struct Letter {
    pub(super) from: String,
    pub(super) to: Value,
    pub(super) by: String,
    /// Whether it came by TLS.
    pub(super) secure: bool,
    pub(super) text: String,
}

impl Letter {
    pub(super) fn next(office: &Program) -> Self {
        let line = office.line(r#"{"letter":"#).expect("a letter");
        let said: Value = serde_json::from_str(&line).expect("a line of JSON");
        let text = |name: &str| said["letter"][name].as_str().unwrap_or_default().to_owned();
        let secure = said["letter"]["secure"] == true;
        let to = said["letter"]["to"].clone();
        Self { from: text("from"), to, by: text("by"), secure, text: text("text") }
    }

    /// A header that stands in it exactly once.
    pub(super) fn header(&self, name: &str) -> &str {
        let (head, _body) = self.text.split_once("\r\n\r\n").expect("a head and a body");
        let beginning = format!("{name}: ");
        let mut found = head.split("\r\n").filter_map(|line| line.strip_prefix(&beginning));
        match (found.next(), found.next()) {
            (Some(value), None) => value,
            _ => panic!("not one {name}: {head}"),
        }
    }
}

/// How often each letter that still waits was tried.
fn waiting(world: &World) -> Vec<i64> {
    use diesel::prelude::*;
    use storage::each;
    use storage::schema::outbox;

    let query = outbox::table.select(outbox::attempts);
    let found = world
        .node
        .house
        .database
        .read(|connection| Ok::<_, storage::StorageError>(each!(connection, c => query.load(c))?));
    found.expect("an outbox")
}

async fn until(holds: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "it never came true");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
