//! Break-glass: link by mail and code from the operator open a team's sign-in settings to one admin, for half an hour,
//! and nothing else.

mod ends;
mod hidden;
mod opens;
mod story;

use support::browser::between;
use support::{Answer, Browser, TestDatabase, World};

use crate::requests::{Letter, Operator, letters_to};

const ADA: &str = "ada@acme.test";
const BOB: &str = "bob@acme.test";
const PAGE: &str = "/t/acme/break-glass";

/// What an admin has in hand: the address of the link, and the code.
struct Hand {
    link: String,
    code: String,
}

/// The letters that carry a link.
async fn links(world: &World, to: &str) -> Vec<Letter> {
    let letters = letters_to(world, to).await;
    letters.into_iter().filter(|letter| letter.text.contains("/break-glass/")).collect()
}

/// Ada, an admin of acme, who has signed in once.
async fn world(db: &TestDatabase) -> World {
    let world = World::new(db).await;
    world.sign_in("acme", ADA).await;
    world
}

/// An operator asks for break-glass for somebody and tells them the code; they read the letter.
async fn asked(world: &World, db: &TestDatabase, person: &str) -> Hand {
    let before: Vec<Letter> = links(world, ADA).await;
    let operator = Operator::new(world, db);
    let said = serde_json::json!({ "person": person }).to_string();
    let made = operator.ask("POST", "/teams/acme/break-glass", &said).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let after = links(world, ADA).await;
    let letter = after.into_iter().find(|letter| !before.contains(letter)).expect("a letter with a link");
    let path = between(&letter.text, "/break-glass/", "\r\n").unwrap();
    let code = made.json()["code"].as_str().unwrap().to_owned();
    Hand { link: world.at(&format!("/break-glass/{path}")), code }
}

/// Types a code at a link.
async fn typed(browser: &Browser, link: &str, code: &str) -> Answer {
    browser.post(link, &[("code", code)]).await
}

/// Somebody who came in by both, and the address of their page.
async fn inside(world: &World, db: &TestDatabase) -> (Browser, String) {
    let (browser, hand) = (Browser::default(), asked(world, db, ADA).await);
    let opened = typed(&browser, &hand.link, &hand.code).await;
    assert_eq!((opened.status, opened.location().unwrap().path()), (303, PAGE), "{}", opened.body);
    (browser, world.at(PAGE))
}

/// That a page says it is over, or was never open here.
fn assert_gone(answer: &Answer, when: &str) {
    assert_eq!((answer.status, answer.code()), (404, Some("break_glass_gone")), "{when}: {}", answer.body);
}
