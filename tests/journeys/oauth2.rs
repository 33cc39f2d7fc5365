//! From an app to us and back: what people meet on the way, and what apps are answered.

mod browsers;
mod flow;
mod malformed;
mod prompts;
mod refusals;
mod sign_out;
mod teams;
mod trouble;

use support::product::parameter;
use support::{Answer, Browser, Product, World};

/// Where an answer leads, as path and query when it is ours.
fn leads_to(world: &World, answer: &Answer) -> String {
    let place = answer.location().map(String::from).unwrap_or_default();
    place.strip_prefix(&world.node.base).map_or(place.clone(), str::to_owned)
}

/// Whether an answer leads to a team's identity provider.
fn leads_to_idp(world: &World, answer: &Answer, issuer: &str) -> bool {
    answer.status == 303
        && leads_to(world, answer).starts_with(&format!("{}/authorize?", world.idp.issuer(issuer)))
}

/// What a sign-in's request tells the identity provider.
fn tells_idp(answer: &Answer, name: &str) -> Option<String> {
    parameter(&answer.location().expect("a redirect"), name)
}

/// On the practice provider's chooser, says who is signing in, and goes on as far as our own pages lead; the answer
/// that leaves them.
async fn come_back(world: &World, browser: &Browser, to_idp: &Answer, email: &str) -> Answer {
    let chooser = browser.get(to_idp.location().expect("a redirect").as_str()).await;
    let mut answer = match chooser.location() {
        Some(_) => chooser,
        None => browser.choose(&chooser, email).await,
    };
    for _ in 0..5 {
        match answer.location() {
            Some(next) if next.as_str().starts_with(&world.node.base) => {
                answer = browser.get(next.as_str()).await;
            }
            Some(_) | None => return answer,
        }
    }
    panic!("going in circles at {}", answer.url);
}

/// What the one answer at an app's redirect URI says: its code or its error.
fn outcome(product: &Product, answer: &Answer) -> String {
    let told = product.told(answer);
    assert!(told.contains_key("iss"), "{told:?}");
    told.get("error").cloned().unwrap_or_else(|| {
        assert!(told.contains_key("code"), "{told:?}");
        "code".to_owned()
    })
}

/// The claims of an ID token, unverified: whether signatures are right is told elsewhere.
fn claims(token: &serde_json::Value) -> serde_json::Value {
    use base64::Engine as _;
    let payload = token.as_str().expect("a token").split('.').nth(1).expect("three parts");
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    serde_json::from_slice(&json).expect("claims")
}
