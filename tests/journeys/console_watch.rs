//! The operators' console: requests and their decision, health, refused sign-ins of all teams, the record. For admins
//! of `operator.team` alone.

mod record;
mod requests;
mod watching;

use support::{Answer, Browser, TestDatabase, World};

use crate::requests::OLGA;

/// A world with a console; Oscar is a member of the operators' team.
async fn world(db: &TestDatabase) -> World {
    let operators = format!(r#"["{OLGA}"]"#);
    let world = World::with(db, &[("OPERATOR__TEAM", "operators"), ("MAIL__OPERATORS", &operators)]).await;
    world.idp.add_person("operators", mock_idp::Person::named("Oscar Member", "oscar@operator.test"));
    world
}

/// Every page of these, each to be called as everybody.
const PAGES: [&str; 7] = [
    "/operator/requests",
    "/operator/requests?show=unconfirmed",
    "/operator/health",
    "/operator/sign-ins",
    "/operator/sign-ins/7K2F-9QXM",
    "/operator/audit",
    "/operator/audit?format=jsonl",
];

/// An operator with a browser.
struct Console<'a> {
    world: &'a World,
    browser: Browser,
}

impl<'a> Console<'a> {
    async fn open(world: &'a World) -> Self {
        Self { world, browser: world.sign_in("operators", OLGA).await }
    }

    async fn get(&self, path: &str) -> Answer {
        self.browser.get(&self.world.at(path)).await
    }

    /// A page that is there.
    async fn page(&self, path: &str) -> Answer {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        page
    }

    /// Sends a form of a request's page.
    async fn say(&self, id: &str, action: &str, more: &[(&str, &str)]) -> Answer {
        let csrf = self.page("/operator/requests").await.hidden("csrf").unwrap();
        let mut form = vec![("csrf", csrf.as_str()), ("action", action)];
        form.extend_from_slice(more);
        self.browser.post(&self.world.at(&format!("/operator/requests/{id}")), &form).await
    }
}

/// Where an answer leads, without its host.
fn leads_to(answer: &Answer) -> String {
    let place = answer.location().unwrap_or_else(|| panic!("{}: {}", answer.status, answer.body));
    place.query().map_or_else(|| place.path().to_owned(), |query| format!("{}?{query}", place.path()))
}

#[track_caller]
fn says(page: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(page.body.contains(text), "no {text}: {}", page.body);
    }
}

#[track_caller]
fn says_not(page: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(!page.body.contains(text), "{text}: {}", page.body);
    }
}
