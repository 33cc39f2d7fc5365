//! Team API tokens: made on the page, at the command line and by the API; what each opens, for how long, and who may
//! do what with it; what a team chooses for them.

mod api;
pub(crate) mod canary;
mod chosen;
mod ended;
mod hands;
mod headers;
mod personal;
mod races;
mod revealed;
mod shown;
mod worth;

use audit::{Act, Entry};
use reqwest::Method;
use support::{Answer, Browser, Node, World};

use crate::eyes;

pub(crate) const ADA: &str = "ada@acme.test";
pub(crate) const BOB: &str = "bob@acme.test";

/// A token as the page has shown it.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) value: String,
}

/// Sends the form for another token.
pub(crate) async fn send_form(world: &World, browser: &Browser, form: &[(&str, &str)]) -> Answer {
    let page = browser.get(&world.at("/t/acme/tokens")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let csrf = page.hidden("csrf").unwrap();
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(form);
    browser.post(&world.at("/t/acme/tokens"), &all).await
}

/// Makes a token of this scope on the page.
pub(crate) async fn make(world: &World, browser: &Browser, name: &str, scope: &str) -> Token {
    let answer = send_form(world, browser, &[("name", name), ("scope", scope), ("lasts", "")]).await;
    read(browser, answer).await
}

/// The token that a form has made, from the page it leads to.
pub(crate) async fn read(browser: &Browser, answer: Answer) -> Token {
    assert_eq!(answer.status, 303, "{}", answer.body);
    let id =
        answer.location().unwrap().query_pairs().find(|(name, _)| name == "token").unwrap().1.into_owned();
    let page = browser.follow(answer).await;
    let value = shown(&page).unwrap_or_else(|| panic!("no value: {}", page.body));
    Token { id, value }
}

/// The value that a page shows.
pub(crate) fn shown(page: &Answer) -> Option<String> {
    Some(format!("tdt_{}", page.between(">tdt_", "<")?))
}

/// Presses the button on the page that asks before `act`.
pub(crate) async fn act(world: &World, browser: &Browser, token: &Token, act: &str) -> Answer {
    let address = world.at(&format!("/t/acme/tokens/{}/{act}", token.id));
    let page = browser.get(&address).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let version = page.hidden("version").unwrap();
    browser.post(&address, &[("csrf", &page.hidden("csrf").unwrap()), ("version", &version)]).await
}

/// Sends an admin's form about whose tokens are and whether values may be read again.
pub(crate) async fn choose(world: &World, admin: &Browser, tokens: &str, reveal: &str) {
    let page = admin.get(&world.at("/t/acme/tokens")).await;
    let seen = |name: &str| page.hidden(name).unwrap_or_else(|| panic!("no {name}: {}", page.body));
    let (csrf, tokens_seen, reveal_seen) = (seen("csrf"), seen("tokens_seen"), seen("reveal_seen"));
    let form = [
        ("csrf", csrf.as_str()),
        ("tokens", tokens),
        ("reveal", reveal),
        ("tokens_seen", &tokens_seen),
        ("reveal_seen", &reveal_seen),
    ];
    let answer = admin.post(&world.at("/t/acme/tokens/choice"), &form).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(admin.follow(answer).await.body.contains("choice is saved"));
}

/// What is kept of acme's tokens: name, whether personal, the sealed value, whether revoked.
pub(crate) fn kept(world: &World) -> Vec<(String, bool, Option<String>, bool)> {
    use diesel::prelude::*;
    use storage::schema::team_tokens::dsl;
    let query = dsl::team_tokens
        .filter(dsl::team_id.eq("acme"))
        .select((dsl::name, dsl::personal, dsl::value, dsl::revoked_at.is_not_null()))
        .order(dsl::made_at);
    let rows =
        world.node.house.database.read(|connection| {
            Ok::<_, storage::StorageError>(storage::each!(connection, c => query.load(c))?)
        });
    rows.unwrap()
}

/// Asks whose token it is.
pub(crate) async fn who(node: &Node, value: &str) -> Answer {
    ask(node, "GET", "/whoami", value, "").await
}

/// A request to the API with a token.
pub(crate) async fn ask(node: &Node, method: &str, path: &str, value: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {value}");
    let headers =
        [("authorization", bearer.as_str()), ("content-type", "application/json"), ("if-match", "*")];
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let address = node.at(&format!("/api/v1{path}"));
    Browser::default().send(method, &address, &headers, Some(body.to_owned())).await
}

/// Waits until something is so; no longer than the bound.
pub(crate) async fn soon<F: Future<Output = bool>>(what: &str, is_so: impl Fn() -> F) {
    let started = std::time::Instant::now();
    while !is_so().await {
        assert!(started.elapsed().as_secs() < 1, "{what}: not within a second");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
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

/// What the record of acme says of tokens, latest first.
pub(crate) fn deeds(world: &World) -> Vec<Entry> {
    let of_tokens =
        [Act::TeamTokenMade, Act::TeamTokenRotated, Act::TeamTokenRevoked, Act::TeamTokenRevealed];
    let all = eyes::record(&world.node.house.database, "acme");
    all.into_iter().filter(|entry| entry.act.is_some_and(|act| of_tokens.contains(&act))).collect()
}

/// Changes somebody's role, as another admin does on the team page.
pub(crate) async fn change(world: &World, admin: &Browser, name: &str, act: &str, more: &[(&str, &str)]) {
    let team = world.team_page(admin, "acme").await;
    let answer = world.change(admin, &team, name, act, more).await;
    assert_eq!(answer.status, 303, "{act} {name}: {}", answer.body);
}
