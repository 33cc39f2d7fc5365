//! The operators' console: who sits there, for how long, what they see and do, and what it leaves on the record. Where it
//! takes two of them, and members, the operators are the admins of `acme`: Ada, and Bob where he is made one.

mod acts;
mod adding;
mod sitting;
mod teams;

use std::time::{Duration, Instant};

use support::{Answer, Browser, TestDatabase, World, command};

const ADA: &str = "ada@acme.test";
const BOB: &str = "bob@acme.test";

/// The console's first page, as Olga, an admin of the operators' team.
pub async fn olga(world: &World) -> (Browser, Answer) {
    let olga = world.sign_in("operators", "olga@operator.test").await;
    let page = olga.get(&world.at("/operator")).await;
    assert_eq!((page.status, page.heading()), (200, "Teams"));
    (olga, page)
}

/// A world whose operators are the admins of `acme`.
async fn world(db: &TestDatabase) -> World {
    World::with(db, &[("OPERATOR__TEAM", "acme")]).await
}

/// The page of a team in the console.
fn page(world: &World, team: &str) -> String {
    world.at(&format!("/operator/teams/{team}"))
}

/// Presses a button of a team's page as it stands.
async fn press(browser: &Browser, page: &str, action: &str, more: &[(&str, &str)]) -> Answer {
    let stands = browser.get(page).await;
    assert_eq!(stands.status, 200, "{}", stands.body);
    send(browser, page, &stands, action, more).await
}

/// The same on the page as it was seen.
async fn send(browser: &Browser, page: &str, seen: &Answer, action: &str, more: &[(&str, &str)]) -> Answer {
    let field = |name: &str| seen.hidden(name).unwrap_or_default();
    let (csrf, version, tag) = (field("csrf"), field("version"), field("tag"));
    let mut form = vec![("csrf", csrf.as_str()), ("version", &version), ("tag", &tag), ("action", action)];
    form.extend_from_slice(more);
    browser.post(page, &form).await
}

/// Adds a team by the form; the link goes to `it@initech.test` where that is said among `more`.
async fn add(browser: &Browser, world: &World, more: &[(&str, &str)]) -> Answer {
    let address = world.at("/operator/teams/new");
    let csrf = browser.get(&address).await.hidden("csrf").unwrap();
    let mut form = vec![("csrf", csrf.as_str())];
    form.extend_from_slice(more);
    browser.post(&address, &form).await
}

/// Where an act led to, with its status.
fn led(answer: &Answer) -> (u16, String) {
    (answer.status, answer.header("location").unwrap_or_default().to_owned())
}

fn ends(answer: &Answer) -> (u16, Option<&str>) {
    (answer.status, answer.code())
}

/// Makes somebody of the operators' team admin or member.
fn set(world: &World, db: &TestDatabase, email: &str, role: &str) {
    let said = command(world, db, &["role", "set", "acme", email, role]);
    assert!(said.done, "{}", said.err);
}

/// Asks for a page until it is refused, as it is on every node within a second of whatever took the right away.
async fn refused_within_a_second(browser: &Browser, page: &str) {
    let begun = Instant::now();
    while browser.get(page).await.status != 403 {
        assert!(begun.elapsed() < Duration::from_secs(1), "{page} still opens");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
