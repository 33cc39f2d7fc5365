//! Apps as operators register them and as people find them: at the command line, by the API, as tiles, as billing, and
//! at the end of a launch.

mod api;
mod billing;
mod command_line;
mod launches;
mod opening;
mod tiles;

use reqwest::Method;
use serde_json::Value;
use support::{Answer, Browser, TestDatabase, World, command};

pub(crate) const ADA: &str = "ada@acme.test";
pub(crate) const BOB: &str = "bob@acme.test";

/// The operator, who registers apps by the API.
pub(crate) struct Vendor<'a> {
    world: &'a World,
    token: String,
}

impl<'a> Vendor<'a> {
    pub(crate) fn new(world: &'a World, db: &TestDatabase) -> Self {
        let token = command(world, db, &["operator", "add-token", "apps"]).out.trim().to_owned();
        Self { world, token }
    }

    /// Asks the API with these headers.
    pub(crate) async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        all.extend_from_slice(headers);
        let address = self.world.at(&format!("/api/v1{path}"));
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        Browser::default().send(method, &address, &all, Some(body.to_owned())).await
    }

    /// Registers an app, whose client id comes back.
    pub(crate) async fn register(&self, app: Value) -> String {
        let answer = self.ask("POST", "/apps", &[], &app.to_string()).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.json()["client_id"].as_str().unwrap().to_owned()
    }

    /// Changes an app, whatever it is.
    pub(crate) async fn set(&self, id: &str, change: Value) -> Answer {
        let path = format!("/apps/{id}");
        let answer = self.ask("PATCH", &path, &[("if-match", "*")], &change.to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer
    }

    /// Removes an app.
    pub(crate) async fn remove(&self, id: &str) {
        let answer = self.ask("DELETE", &format!("/apps/{id}"), &[("if-match", "*")], "").await;
        assert_eq!(answer.status, 204, "{}", answer.body);
    }
}

/// The names of the tiles on somebody's dashboard, in their order.
pub(crate) async fn tiles(world: &World, browser: &Browser, team: &str) -> Vec<String> {
    let page = browser.get(&world.at(&format!("/t/{team}"))).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let tiles = page.body.split("<a class=\"tile\"").skip(1);
    tiles.map(|tile| support::browser::between(tile, "<b>", "</b>").unwrap().to_owned()).collect()
}

/// Opens an app of a team, with this query.
pub(crate) async fn open(world: &World, browser: &Browser, team: &str, id: &str, query: &str) -> Answer {
    browser.get(&world.at(&format!("/t/{team}/apps/{id}{query}"))).await
}

/// Where an answer leads, and what is told there.
pub(crate) fn told(answer: &Answer) -> (String, Vec<(String, String)>) {
    let place = answer.location().unwrap_or_else(|| panic!("{}: {}", answer.status, answer.body));
    let there = place.as_str().split('?').next().unwrap().to_owned();
    (there, place.query_pairs().into_owned().collect())
}

/// The changes of another process are heard within a second.
pub(crate) async fn eventually(is_so: impl AsyncFn() -> bool) {
    for _ in 0..40 {
        if is_so().await {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    panic!("not within a second");
}
