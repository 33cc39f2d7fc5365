//! What apps are given, and what becomes of it under attack: codes and refresh tokens at once in many hands, tokens at
//! places where others belong, and every grant of an app that somebody may not use.

mod admitted;
mod places;
mod redirects;
mod replays;

use reqwest::Method;
use serde_json::Value;
use support::{Answer, Browser, Node, Product};

const OFFLINE: &str = "openid profile email offline_access";

/// A form to an endpoint of a node, in which the app says who it is.
async fn post(node: &Node, path: &str, app: &Product, more: &[(&str, &str)]) -> Answer {
    let mut form = vec![("client_id", app.client_id.as_str())];
    form.extend(app.secret.as_deref().map(|secret| ("client_secret", secret)));
    form.extend_from_slice(more);
    Browser::default().post(&node.at(path), &form).await
}

async fn refresh(node: &Node, app: &Product, token: &str) -> Answer {
    post(node, "/oauth2/token", app, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
}

async fn introspect(node: &Node, app: &Product, token: &str) -> Value {
    post(node, "/oauth2/introspect", app, &[("token", token)]).await.json()
}

async fn userinfo(node: &Node, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let address = node.at("/oauth2/userinfo");
    Browser::default().send(Method::GET, &address, &[("authorization", &bearer)], None).await
}

/// A member of an answer, as text.
fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap_or_else(|| panic!("no {name}: {answer}"))
}

/// An OAuth error: its status and code.
fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["error"].as_str().unwrap_or_default().to_owned())
}

fn worthless() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}
