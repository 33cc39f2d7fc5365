//! Companies that ask for a team: the form, the contact's proof, the operator's decision, and where their secrets are
//! not.

mod confirming;
mod deciding;
mod form;
mod operators;
mod secrets;

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use support::browser::between;
use support::{Answer, Browser, TestDatabase, World, command};

use crate::eyes;

/// The contact of a request.
pub(crate) const CONTACT: &str = "it@initech.test";
/// Who is told what concerns the operators.
pub(crate) const OLGA: &str = "olga@operator.test";
/// The secret of a good form.
pub(crate) const SECRET: &str = "practice-secret-of-initech-by-request";

/// A world whose operators have an address.
pub(crate) async fn world(db: &TestDatabase) -> World {
    World::with(db, &[("MAIL__OPERATORS", &format!(r#"["{OLGA}"]"#))]).await
}

/// A form that is right, with these changes.
pub(crate) fn form<'a>(world: &World, changes: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    let issuer = world.idp.issuer("globex");
    let good = [
        ("company", "Initech Limited"),
        ("contact", CONTACT),
        ("team_id", "initech"),
        ("admin_email", "bill@initech.test"),
        ("issuer", issuer.as_str()),
        ("client_id", "client-of-initech"),
        ("client_secret", SECRET),
    ];
    let mut form: Vec<(&str, String)> = good.map(|(name, value)| (name, value.to_owned())).into();
    for (name, value) in changes {
        form.retain(|(field, _)| field != name);
        form.push((name, (*value).to_owned()));
    }
    form
}

/// Sends the form.
pub(crate) async fn send(world: &World, changes: &[(&str, &str)]) -> Answer {
    send_with(world, changes, &[]).await
}

/// The same with headers.
pub(crate) async fn send_with(world: &World, changes: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let form = form(world, changes);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Browser::default().post_with(&world.at("/request"), &form, headers).await
}

/// A letter as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) subject: String,
    /// All of it.
    pub(crate) text: String,
}

/// Every letter that was written until now.
pub(crate) async fn letters(world: &World) -> Vec<Letter> {
    let house = &world.node.house;
    let (desk, clock) = (house.desk.clone(), house.parts.clock.clone());
    let carrier = house.carrier().unwrap();
    let worker = mail::Worker::new(house.database.clone(), desk, carrier, clock, |_tx, _letter| Ok(()));
    // What the command line wrote is of the real present, which the clock moved by hand lags behind.
    world.clock.forward(Duration::from_secs(10));
    // The service's own worker may hold one; it is done with it in a moment.
    for _ in 0..500 {
        worker.deliver_due().await.unwrap();
        if house.database.read(mail::waiting).unwrap() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(house.database.read(mail::waiting).unwrap(), 0, "unsent letters");
    let files = std::fs::read_dir(world.outbox()).into_iter().flatten();
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let header = |text: &str, name: &str| between(text, &format!("{name}: "), "\r\n").unwrap().to_owned();
    texts.map(|text| Letter { to: header(&text, "To"), subject: header(&text, "Subject"), text }).collect()
}

/// The letters to somebody.
pub(crate) async fn letters_to(world: &World, to: &str) -> Vec<Letter> {
    letters(world).await.into_iter().filter(|letter| letter.to == to).collect()
}

/// The path of the link by which a contact confirms the request for a Team ID.
pub(crate) async fn link(world: &World, contact: &str, team_id: &str) -> String {
    let wanted = format!("Team ID {team_id} ");
    let found = letters_to(world, contact).await;
    let letter = found.iter().find(|letter| letter.text.contains(&wanted));
    let letter = letter.unwrap_or_else(|| panic!("no letter about {team_id}: {found:?}"));
    format!("/request/confirm/{}", between(&letter.text, "/request/confirm/", "\r\n").unwrap())
}

/// Sends the form and presses the button that the letter leads to; the request's id.
pub(crate) async fn ask_for(world: &World, operator: &Operator<'_>, changes: &[(&str, &str)]) -> String {
    let form = form(world, changes);
    let said = |name: &str| form.iter().find(|(field, _)| *field == name).unwrap().1.clone();
    assert_eq!(send(world, changes).await.status, 303);
    let link = link(world, &said("contact"), &said("team_id")).await;
    let pressed = Browser::default().post(&world.at(&link), &[]).await;
    assert_eq!(pressed.status, 303, "{}", pressed.body);
    let latest = operator.get("/requests").await;
    latest["items"][0]["id"].as_str().unwrap().to_owned()
}

/// Somebody with an operator's token.
pub(crate) struct Operator<'a> {
    world: &'a World,
    token: String,
}

impl<'a> Operator<'a> {
    pub(crate) fn new(world: &'a World, db: &TestDatabase) -> Self {
        let token = command(world, db, &["operator", "add-token", "queue"]).out.trim().to_owned();
        Self { world, token }
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers =
            [("authorization", bearer.as_str()), ("content-type", "application/json"), ("if-match", "*")];
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let address = self.world.at(&format!("/api/v1{path}"));
        Browser::default().send(method, &address, &headers, Some(body.to_owned())).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.ask("GET", path, "").await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    /// Says a word about a request.
    pub(crate) async fn say(&self, id: &str, word: &str, body: &str) -> Answer {
        self.ask("POST", &format!("/requests/{id}/{word}"), body).await
    }

    pub(crate) async fn status(&self, id: &str) -> String {
        self.get(&format!("/requests/{id}")).await["status"].as_str().unwrap().to_owned()
    }
}

/// The status and the code of a problem.
pub(crate) fn problem(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.body);
    (answer.status, answer.json()["code"].as_str().unwrap().to_owned())
}

pub(crate) fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// What the record says of requests, the latest last: actor, act, detail.
pub(crate) fn deeds(world: &World) -> Vec<(String, String, Value)> {
    use diesel::prelude::*;
    use storage::schema::audit::dsl;
    let query = dsl::audit
        .filter(dsl::team_id.is_null())
        .filter(dsl::act.like("request.%"))
        .order(dsl::n)
        .select((dsl::actor, dsl::act, dsl::detail));
    let rows: Vec<(String, String, String)> = world
        .node
        .house
        .database
        .read(|connection| Ok::<_, storage::StorageError>(storage::each!(connection, c => query.load(c))?))
        .unwrap();
    rows.into_iter()
        .map(|(actor, act, detail)| (actor, act, serde_json::from_str(&detail).unwrap()))
        .collect()
}

/// What is kept of requests: Team ID, status, whether there is a secret.
pub(crate) fn kept(world: &World) -> Vec<(String, String, bool)> {
    use diesel::prelude::*;
    use storage::schema::requests::dsl;
    let query = dsl::requests.order((dsl::team_id, dsl::id)).select((
        dsl::team_id,
        dsl::status,
        dsl::client_secret.is_not_null(),
    ));
    let rows =
        world.node.house.database.read(|connection| {
            Ok::<_, storage::StorageError>(storage::each!(connection, c => query.load(c))?)
        });
    rows.unwrap()
}

/// Tidies up, as the service does once a minute.
pub(crate) fn tidy(world: &World) {
    let (house, now) = (&world.node.house, vocabulary::Clock::now(&world.clock));
    house.database.write(now, onboarding::request::tidy).unwrap();
}

/// Whether a team is there.
pub(crate) fn is_there(world: &World, team_id: &str) -> bool {
    let team_id = eyes::team(team_id);
    world.node.house.database.read(|connection| teams::find(connection, &team_id)).unwrap().is_some()
}
