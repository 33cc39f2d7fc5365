//! Sign-out from outside: the identity provider tells that somebody is out, by a logout token or by Universal
//! Logout; and everything by which we end sessions ourselves. In force on every node, and before the next page.

mod flood;
mod from_us;
mod logout;
mod overtaking;
mod revocation;
mod wrong_logout_tokens;
mod wrong_revocations;

use std::time::{Duration, Instant};

use mock_idp::LogoutOf;
use reqwest::Method;
use serde_json::{Value, json};
use support::{Answer, Browser, Node, World};
use vocabulary::Clock as _;

use crate::eyes;

pub(crate) const ADA: &str = "ada@acme.test";
pub(crate) const BOB: &str = "bob@acme.test";
pub(crate) const CYD: &str = "cyd@acme.test";
pub(crate) const CLIENT: &str = "client-of-acme";

/// Sends a logout token, as a provider's server does: no cookies, no browser.
pub(crate) async fn tell(node: &Node, team: &str, token: &str) -> Answer {
    tell_form(node, team, &[("logout_token", token)]).await
}

pub(crate) async fn tell_form(node: &Node, team: &str, form: &[(&str, &str)]) -> Answer {
    Browser::default().post(&node.at(&format!("/t/{team}/backchannel_logout")), form).await
}

/// Sends a revocation request.
pub(crate) async fn revoke(node: &Node, team: &str, token: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    send(node, team, &headers, body).await
}

pub(crate) async fn send(node: &Node, team: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let address = node.at(&format!("/t/{team}/revoke"));
    Browser::default().send(Method::POST, &address, headers, Some(body.to_owned())).await
}

/// The claims of a right revocation token for the team `acme`, made now.
pub(crate) fn revocation_claims(world: &World) -> Value {
    let right = world.idp.logout_claims("acme", CLIENT, LogoutOf::Subject(CLIENT));
    let now = world.clock.now().seconds();
    json!({
        "iss": right["iss"], "sub": CLIENT, "aud": world.at("/t/acme/revoke"), "iat": now, "nbf": now,
        "exp": now + 300, "jti": right["jti"],
    })
}

pub(crate) const REVOCATION: &str = "global-token-revocation+jwt";

pub(crate) fn revocation_token(world: &World) -> String {
    world.idp.sign("acme", REVOCATION, &revocation_claims(world))
}

pub(crate) fn email(email: &str) -> String {
    json!({"sub_id": {"format": "email", "email": email}}).to_string()
}

pub(crate) fn issuer_and_subject(issuer: &str, subject: &str) -> String {
    json!({"sub_id": {"format": "iss_sub", "iss": issuer, "sub": subject}}).to_string()
}

/// Who somebody of a team is at the provider.
pub(crate) fn subject(world: &World, team: &str, email: &str) -> String {
    eyes::person(&world.node.house.database, team, email).person.subject
}

/// Whether a browser is somebody in a team, on this node.
pub(crate) async fn is_in(node: &Node, browser: &Browser, team: &str) -> bool {
    let page = browser.get(&node.at(&format!("/t/{team}/team"))).await;
    assert!([200, 303, 404].contains(&page.status), "{}: {}", page.status, page.body);
    page.status == 200
}

/// Within this what we were told holds on every node.
const BOUND: Duration = Duration::from_secs(1);

/// Waits until a browser is nobody on a node; no longer than the bound.
pub(crate) async fn is_soon_out(node: &Node, browser: &Browser, team: &str) {
    let started = Instant::now();
    while is_in(node, browser, team).await {
        assert!(started.elapsed() < BOUND, "still in after a second");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A refusal to a provider: its status, its code, the reference, and nothing of what was sent.
#[track_caller]
pub(crate) fn assert_refused(answer: &Answer, status: u16, code: &str, about: &str) {
    assert_eq!(answer.status, status, "{about}: {}", answer.body);
    let told = answer.json();
    assert_eq!(told["code"], code, "{about}: {}", answer.body);
    assert!(told["error"].is_string() && told["error_description"].is_string(), "{about}: {}", answer.body);
    assert!(told["reference"].is_string(), "{about}: {}", answer.body);
    assert!(answer.body.len() < 600, "{about}: {}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{about}");
    assert!(answer.set_cookies().is_empty(), "{about}");
}
