//! Nobody is led away: whatever `return_to` and `target_link_uri` say, at every address that takes them and through
//! the whole sign-in, every redirect, link, form and field stays on this service or at its team's provider.

use std::time::Duration;

use support::{Answer, Browser, World, on_both};
use url::Url;

use super::hostile_values::VALUES;
use super::{address, begun, parameter};

/// A world, a browser whose person the providers know, and what is ours.
struct Walk {
    world: World,
    browser: Browser,
    origin: String,
}

impl Walk {
    async fn new(db: &support::TestDatabase) -> Self {
        let world = World::new(db).await;
        let browser = world.sign_in("acme", "bob@acme.test").await;
        world.sign_in_with(&browser, "globex", "gil@globex.test").await;
        let origin = Url::parse(&world.node.base).unwrap().origin().ascii_serialization();
        Self { world, browser, origin }
    }

    /// The values, with our own host where they speak of it.
    fn values(&self) -> Vec<String> {
        let host = self.origin.trim_start_matches("http://");
        VALUES.iter().map(|value| value.replace("OURS", host)).collect()
    }

    /// Somebody whom the provider knows and we do not. Time goes on: of too many sessions the oldest goes.
    fn as_nobody(&self) -> &Browser {
        self.world.clock.forward(Duration::from_millis(10));
        self.browser.drop_cookies("td-");
        &self.browser
    }

    /// Nothing on an answer of ours leads away.
    fn stays(&self, answer: &Answer, about: &str) {
        assert!((200..500).contains(&answer.status), "{about}: {}", answer.status);
        if let Some(way_out) = way_out(&self.origin, answer) {
            panic!("{about}: {} leads to {way_out}", answer.url);
        }
    }

    /// Follows an answer of ours to its end; what the provider says in between is the provider's.
    async fn to_the_end(&self, mut answer: Answer, about: &str) -> Answer {
        for _ in 0..12 {
            let is_our_answer = answer.url.origin().ascii_serialization() == self.origin;
            if is_our_answer {
                self.stays(&answer, about);
            }
            let Some(next) = answer.location() else {
                assert!(is_our_answer, "{about}: ended at {}", answer.url);
                return answer;
            };
            answer = self.browser.get(next.as_str()).await;
        }
        panic!("{about}: in circles at {}", answer.url);
    }
}

/// Where an answer of ours leads that is neither ours nor a request of ours to a provider: by its redirect, by a link
/// or form on it, or by what a form hands on.
fn way_out(origin: &str, answer: &Answer) -> Option<String> {
    if let Some(place) = answer.header("location") {
        let redirect_uri = answer.location().and_then(|place| parameter(&place, "redirect_uri"));
        let is_request = begun(answer).is_some()
            && redirect_uri.is_some_and(|uri| uri.starts_with(&format!("{origin}/t/")));
        if !is_request && !is_ours(origin, answer, place) {
            return Some(place.to_owned());
        }
    }
    if answer.body.contains("http-equiv") || answer.body.contains("<base") {
        return Some("wherever the page's head says".to_owned());
    }
    let attributes = [" href=\"", " action=\"", " formaction=\"", " src=\"", "name=\"return_to\" value=\""];
    let addresses = attributes.into_iter().flat_map(|attribute| answer.body.split(attribute).skip(1));
    let mut addresses = addresses.map(|rest| unescaped(rest.split('"').next().unwrap()));
    addresses.find(|text| text != "#main" && !is_ours(origin, answer, text))
}

/// By two judges: the way browsers resolve addresses, and the letters themselves.
fn is_ours(origin: &str, answer: &Answer, text: &str) -> bool {
    let resolved = answer.url.join(text).is_ok_and(|place| place.origin().ascii_serialization() == origin);
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let mut letters = text.chars();
    let a_path = letters.next() == Some('/') && letters.next() != Some('/');
    resolved && plain && (a_path || text.starts_with(&format!("{origin}/")))
}

fn unescaped(text: &str) -> String {
    let named =
        [("&#38;", "&"), ("&amp;", "&"), ("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">")];
    named.into_iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[test]
fn the_table_is_long_and_nothing_stands_there_twice() {
    let all: std::collections::BTreeSet<&str> = VALUES.iter().copied().collect();
    assert!(all.len() >= 160, "{}", all.len());
    assert_eq!(all.len(), VALUES.len());
}

#[test]
fn the_judges_know_a_way_out_when_they_see_one() {
    let origin = "http://localhost:3000";
    let answer = |location: Option<&str>, body: String| {
        let mut headers = reqwest::header::HeaderMap::new();
        headers.extend(location.map(|place| (reqwest::header::LOCATION, place.parse().unwrap())));
        Answer { url: Url::parse(&format!("{origin}/t/acme/launch")).unwrap(), status: 303, headers, body }
    };
    for ours in ["/t/acme", "/", "/t/acme?x=//evil.test", "http://localhost:3000/t/acme"] {
        assert_eq!(way_out(origin, &answer(Some(ours), format!("<a href=\"{ours}\">"))), None, "{ours}");
    }
    let idp = "http://localhost:3001/acme/authorize?client_id=x&redirect_uri=";
    assert_eq!(
        way_out(origin, &answer(Some(&format!("{idp}{origin}/t/acme/callback")), String::new())),
        None
    );
    assert!(way_out(origin, &answer(Some(&format!("{idp}http://evil.test")), String::new())).is_some());
    for theirs in [
        "//evil.test",
        "/\\evil.test",
        "http://evil.test",
        "javascript:alert(1)",
        "http://localhost:3000@evil.test/",
        "evil.test",
    ] {
        assert!(way_out(origin, &answer(Some(theirs), String::new())).is_some(), "{theirs}");
        for tag in ["<a href=", "<form action=", "<input name=\"return_to\" value="] {
            assert!(
                way_out(origin, &answer(None, format!("{tag}\"{theirs}\">"))).is_some(),
                "{tag} {theirs}"
            );
        }
    }
}

on_both! {
    async fn no_return_to_leads_away_from_the_sign_in_pages(db) {
        let walk = Walk::new(db).await;
        for value in walk.values() {
            let said = [("return_to", value.as_str())];
            for path in ["/login", "/login_sso", "/t/acme/signed-out", "/t/acme/team", "/"] {
                let answer = walk.as_nobody().get(&address(&walk.world, path, &said)).await;
                walk.stays(&answer, &format!("GET {path} {value:?}"));
            }
            let form = [("team_id", "acme"), said[0]];
            let answer = walk.as_nobody().post(&walk.world.at("/forget"), &form).await;
            walk.stays(&answer, &format!("POST /forget {value:?}"));
            for wrong in ["", "globexx", "ada@acme.test", "!"] {
                let form = [("team_id", wrong), said[0], ("iss", value.as_str()), ("login_hint", value.as_str())];
                let answer = walk.as_nobody().post(&walk.world.at("/login_sso"), &form).await;
                walk.stays(&answer, &format!("POST /login_sso {wrong:?} {value:?}"));
            }
        }
    }

    async fn no_return_to_leads_away_after_a_sign_in(db) {
        let walk = Walk::new(db).await;
        for value in walk.values() {
            let about = format!("{value:?}");
            let said = [("return_to", value.as_str())];
            let start = walk.as_nobody().get(&address(&walk.world, "/t/acme/login", &said)).await;
            walk.to_the_end(start, &about).await;
            assert!(walk.browser.cookie("td-session-acme").is_some(), "{about}: nobody is in");
            let again = walk.browser.get(&address(&walk.world, "/t/acme/login", &said)).await;
            walk.stays(&again, &about);
            let form = [("team_id", "acme"), said[0]];
            let start = walk.as_nobody().post(&walk.world.at("/login_sso"), &form).await;
            walk.to_the_end(start, &about).await;
        }
    }

    async fn no_page_of_a_team_leads_away_when_nobody_asks_for_it(db) {
        let walk = Walk::new(db).await;
        for value in walk.values() {
            let said = [("return_to", value.as_str()), ("after", value.as_str()), ("q", value.as_str())];
            let start = walk.as_nobody().get(&address(&walk.world, "/t/acme/team", &said)).await;
            let landed = walk.to_the_end(start, &format!("{value:?}")).await;
            assert_eq!(landed.url.path(), "/t/acme/team");
            walk.as_nobody().set_cookie("td-out-acme", "1");
            let page = walk.browser.get(&address(&walk.world, "/t/acme/team", &said)).await;
            walk.stays(&page, &format!("signed out, {value:?}"));
        }
    }

    async fn no_target_leads_away_from_a_tile_with_a_team(db) {
        let walk = Walk::new(db).await;
        let iss = walk.world.idp.issuer("acme");
        for value in walk.values() {
            let about = format!("{value:?}");
            let said = [("iss", iss.as_str()), ("target_link_uri", value.as_str()), ("return_to", value.as_str())];
            let start = walk.as_nobody().get(&address(&walk.world, "/t/acme/launch", &said)).await;
            walk.to_the_end(start, &about).await;
            assert!(walk.browser.cookie("td-session-acme").is_some(), "{about}: nobody is in");
            let again = walk.browser.get(&address(&walk.world, "/t/acme/launch", &said)).await;
            walk.stays(&again, &about);
            let start = walk.as_nobody().post(&walk.world.at("/t/acme/launch"), &said).await;
            walk.to_the_end(start, &about).await;
        }
    }

    async fn no_target_leads_away_from_a_tile_without_a_team(db) {
        let walk = Walk::new(db).await;
        let iss = walk.world.idp.issuer("globex");
        for value in walk.values() {
            let about = format!("{value:?}");
            let said = [("iss", iss.as_str()), ("target_link_uri", value.as_str())];
            let start = walk.as_nobody().get(&address(&walk.world, "/launch", &said)).await;
            walk.to_the_end(start, &about).await;
            assert!(walk.browser.cookie("td-session-globex").is_some(), "{about}: nobody is in");
            let start = walk.as_nobody().post(&walk.world.at("/launch"), &said).await;
            walk.to_the_end(start, &about).await;
        }
    }

    async fn no_target_leads_away_from_a_tile_that_asks_for_the_team(db) {
        let walk = Walk::new(db).await;
        let iss = walk.world.idp.issuer("acme");
        for value in walk.values() {
            let about = format!("{value:?}");
            let said = [("iss", iss.as_str()), ("target_link_uri", value.as_str()), ("login_hint", value.as_str())];
            let asks = walk.as_nobody().get(&address(&walk.world, "/launch", &said)).await;
            walk.stays(&asks, &about);
            let kept = asks.hidden("return_to").unwrap_or_else(|| value.clone());
            let form = [("team_id", "acme"), ("iss", iss.as_str()), ("return_to", &kept)];
            let start = walk.browser.post(&walk.world.at("/login_sso"), &form).await;
            walk.to_the_end(start, &about).await;
        }
    }
}
