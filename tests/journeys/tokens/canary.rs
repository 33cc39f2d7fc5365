//! The value of a token is on the one page that shows it and with whoever copied it: in no other page, no record, no
//! export, no letter, no column, no debug print, and no line of the log.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use sealing::OpaqueToken;
use storage::schema::team_tokens;
use storage::{StorageError, each};
use support::{Browser, World, command, on_both};
use vocabulary::{Clock as _, SystemClock};

use super::{ADA, act, ask, make, read, who};

/// The real binary as one more node, telling its log everything.
pub(crate) struct Talkative(Child);

impl Drop for Talkative {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

pub(crate) fn serve(world: &World, log: &File) -> (Talkative, String) {
    let binary = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("teamdoor");
    assert!(binary.exists(), "no {}: run `cargo build` first, as `cargo xtask test` does", binary.display());
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let child = Command::new(binary)
        .arg("serve")
        .env_clear()
        .envs(world.environment().iter().map(|(name, value)| (name, value)))
        .env("TEAMDOOR__SERVER__LISTEN", &address)
        .env("TEAMDOOR__LOG__FILTER", "trace")
        .stdout(Stdio::from(log.try_clone().unwrap()))
        .stderr(Stdio::from(log.try_clone().unwrap()))
        .spawn()
        .unwrap();
    let serving = Talkative(child);
    let started = Instant::now();
    while TcpStream::connect(&address).is_err() {
        assert!(started.elapsed() < Duration::from_secs(10), "nobody listens on {address}");
        std::thread::sleep(Duration::from_millis(5));
    }
    (serving, format!("http://localhost:{}", address.rsplit_once(':').unwrap().1))
}

/// Every text of the table, to be searched.
fn rows(world: &World) -> String {
    let all = world.node.house.database.read(|connection| {
        let query = team_tokens::table.select((
            team_tokens::id,
            team_tokens::hash,
            team_tokens::name,
            team_tokens::scope,
        ));
        let all: Vec<(String, String, String, String)> = each!(connection, c => query.load(c))?;
        Ok::<_, StorageError>(all)
    });
    format!("{:?}", all.unwrap())
}

on_both! {
    async fn a_value_is_nowhere_but_on_the_page_that_shows_it(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let first = make(&world, &ada, "canary", "team:admin").await;
        let rotated = act(&world, &ada, &first, "rotate").await;
        let second = read(&ada, rotated).await;
        let by_api = ask(&world.node, "POST", "/teams/acme/tokens", &second.value, r#"{"name":"bird"}"#).await.json();
        let third = by_api["token"].as_str().unwrap().to_owned();
        let values = [first.value.as_str(), second.value.as_str(), third.as_str()];
        let mut seen = Vec::new();
        for path in ["/tokens", "/activity", "/team", "", &format!("/tokens/{}/rotate", first.id), &format!("/tokens/{}/revoke", first.id)] {
            let page = ada.get(&world.at(&format!("/t/acme{path}"))).await;
            assert_eq!(page.status, 200, "{path}");
            seen.push(format!("{:?}{}", page.headers, page.body));
        }
        for path in ["/teams/acme", "/teams/acme/tokens", "/teams/acme/audit", "/teams/acme/people", "/whoami"] {
            seen.push(ask(&world.node, "GET", path, &second.value, "").await.body);
        }
        let wrong = [("POST", "/teams/acme/tokens", "{"), ("GET", "/teams/globex/people", ""), ("PATCH", "/teams/acme", "{}")];
        for (method, path, body) in wrong {
            seen.push(ask(&world.node, method, path, &second.value, body).await.body);
        }
        seen.push(who(&world.node, &first.value).await.body);
        for arguments in [&["token", "list", "acme"][..], &["token", "list", "acme", "--json"], &["team", "show", "acme", "--json"]] {
            let said = command(&world, db, arguments);
            seen.push(format!("{}{}", said.out, said.err));
        }
        seen.push(rows(&world));
        seen.push(format!("{:?}", OpaqueToken::parse(&second.value).unwrap()));
        for letter in std::fs::read_dir(world.outbox()).into_iter().flatten() {
            seen.push(std::fs::read_to_string(letter.unwrap().path()).unwrap());
        }
        let seen = seen.join("\n");
        assert!(seen.contains("canary") && seen.contains("bird"), "the search looks where they are");
        for value in values {
            assert!(!seen.contains(value) && !seen.contains(&value[4..37]), "{value} in {seen}");
        }
    }

    async fn no_line_of_the_log_has_a_value(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        // The binary's clock is the machine's.
        world.clock.forward(SystemClock.now().since(world.clock.now()));
        let log = tempfile::NamedTempFile::new().unwrap();
        let (serving, base) = serve(&world, log.as_file());
        let csrf = ada.get(&format!("{base}/t/acme/tokens")).await.hidden("csrf").unwrap();
        let form = [("csrf", csrf.as_str()), ("name", "canary"), ("scope", "team:admin"), ("lasts", "")];
        let answer = ada.post(&format!("{base}/t/acme/tokens"), &form).await;
        let token = read(&ada, answer).await;
        let mut values = vec![token.value.clone()];
        let bearer = format!("Bearer {}", token.value);
        for (path, status) in [("/whoami", 200), ("/teams/acme/people", 200), ("/teams/globex/people", 404), ("/teams", 403), ("/nowhere", 404), (&format!("/whoami?x={}", token.value), 401)] {
            let answer = Browser::default().get_with(&format!("{base}/api/v1{path}"), &[("authorization", &bearer)]).await;
            assert_eq!(answer.status, status, "{path}");
        }
        let address = format!("{base}/t/acme/tokens/{}/rotate", token.id);
        let rotated = ada.post(&address, &[("csrf", &csrf), ("version", "1")]).await;
        values.push(read(&ada, rotated).await.value);
        let gone = Browser::default().get_with(&format!("{base}/api/v1/whoami"), &[("authorization", &bearer)]).await;
        assert_eq!(gone.status, 401);
        drop(serving);
        let said = std::fs::read_to_string(log.path()).unwrap();
        assert!(said.contains("token_invalid") && said.contains("scope_missing"), "the log was heard: {said}");
        for value in values {
            assert!(!said.contains(&value[4..37]), "a value in the log");
        }
    }
}
