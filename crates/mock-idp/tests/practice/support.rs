//! A browser, a Relying Party's client, and a provider to meet.

use std::net::TcpListener;

use aws_lc_rs::digest;
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use mock_idp::{Algorithm, Client, Config, IssuerConfig, MockIdp, Person, start};
use reqwest::{Method, Response, StatusCode, redirect::Policy};
use serde_json::Value;
use url::Url;

pub(crate) const CALLBACK: &str = "http://localhost:3000/t/acme/callback";
pub(crate) const VERIFIER: &str = "a-code-verifier-of-at-least-43-characters-abcdef";

pub(crate) async fn provider(algorithm: Algorithm) -> MockIdp {
    let mut client = Client::new("acme client", "s€cret:/+&=", CALLBACK);
    client.initiate_login_uri = Some("http://localhost:3000/t/acme/launch".to_owned());
    client.post_logout_redirect_uris = vec!["http://localhost:3000/t/acme/signed-out".to_owned()];
    client.label = "Ledger <acme>".to_owned();
    let mut closed = Client::new("closed", "secret", CALLBACK);
    closed.assigned = Some(vec!["bob@acme.test".to_owned()]);
    let issuer = IssuerConfig {
        people: vec![
            Person::named("Ada Lovelace", "ada@acme.test"),
            Person::named("Bob Ross", "bob@acme.test"),
        ],
        clients: vec![client, closed],
        algorithm,
        ..IssuerConfig::new("acme")
    };
    let other = IssuerConfig::new("oauth2/default");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    start(listener, Config::new(vec![issuer, other])).await.unwrap()
}

/// A browser that keeps cookies and follows nothing by itself.
pub(crate) struct Browser {
    pub(crate) client: reqwest::Client,
    cookie: String,
}

impl Browser {
    pub(crate) fn new() -> Self {
        // No certificates: reading the system's takes longer than a whole sign-in.
        let client = reqwest::Client::builder().no_proxy().redirect(Policy::none()).tls_certs_only([]);
        Self { client: client.build().unwrap(), cookie: String::new() }
    }

    pub(crate) async fn get(&self, address: &str) -> Response {
        let request = self.client.get(address).header("cookie", &self.cookie);
        request.send().await.unwrap()
    }

    pub(crate) async fn post(&mut self, address: &str, form: &[(&str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.client.request(Method::POST, address).header("cookie", &self.cookie);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let response = request.body(body).send().await.unwrap();
        if let Some(cookie) = response.headers().get("set-cookie") {
            self.cookie = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        }
        response
    }

    /// Chooses a person on the page that answers this authorization request.
    pub(crate) async fn choose(&mut self, idp: &MockIdp, query: &str, person: &str) -> Url {
        let form = [("request", query), ("person", person)];
        let response = self.post(&format!("{}/choose", idp.issuer("acme")), &form).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        location(&response)
    }
}

pub(crate) fn location(response: &Response) -> Url {
    response.headers()["location"].to_str().unwrap().parse().unwrap()
}

pub(crate) fn parameter(address: &Url, name: &str) -> Option<String> {
    let mut pairs = address.query_pairs();
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

pub(crate) fn request(changes: &[(&str, &str)]) -> String {
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, VERIFIER.as_bytes()));
    let mut pairs = vec![
        ("client_id", "acme client"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid profile email groups"),
        ("state", "state & more"),
        ("nonce", "nonce"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    pairs.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs).extend_pairs(changes.iter().filter(|(_, value)| !value.is_empty()));
    query.finish()
}

pub(crate) async fn sign_in(idp: &MockIdp) -> String {
    let back = Browser::new().choose(idp, &request(&[]), "ada@acme.test").await;
    parameter(&back, "code").unwrap()
}

pub(crate) fn basic() -> String {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let both = format!("{}:{}", encode("acme client"), encode("s€cret:/+&="));
    format!("Basic {}", BASE64_STANDARD.encode(both))
}

pub(crate) async fn exchange(idp: &MockIdp, code: &str, changes: &[(&str, &str)]) -> Response {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    form.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .extend_pairs(changes)
        .finish();
    let mut request = Browser::new().client.post(format!("{}/token", idp.issuer("acme")));
    if changes.iter().all(|(name, _)| *name != "client_secret") {
        request = request.header("authorization", basic());
    }
    request.body(body).send().await.unwrap()
}

pub(crate) async fn json(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

pub(crate) async fn tokens(idp: &MockIdp) -> Value {
    let response = exchange(idp, &sign_in(idp).await, &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    json(response).await
}

pub(crate) async fn claims(idp: &MockIdp) -> Value {
    let tokens = tokens(idp).await;
    let payload = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// Verifies an ID token as a careful client does: by the key set, with every claim required.
pub(crate) async fn verify(idp: &MockIdp, id_token: &str) -> Result<Value, String> {
    let keys = Browser::new().get(&format!("{}/keys", idp.issuer("acme"))).await;
    let keys: JwkSet = serde_json::from_str(&keys.text().await.unwrap()).map_err(|e| e.to_string())?;
    let header = jsonwebtoken::decode_header(id_token).map_err(|e| e.to_string())?;
    let key = keys.find(&header.kid.ok_or("no kid")?).ok_or("unknown kid")?;
    let published = key.common.key_algorithm.map(|alg| alg.to_string()).ok_or("no alg")?;
    let mut validation = Validation::new(published.parse().map_err(|_unknown| "alg")?);
    validation.set_audience(&["acme client"]);
    validation.set_issuer(&[idp.issuer("acme")]);
    validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    validation.validate_nbf = true;
    let key = DecodingKey::from_jwk(key).map_err(|e| e.to_string())?;
    let data = jsonwebtoken::decode::<Value>(id_token, &key, &validation).map_err(|e| e.to_string())?;
    Ok(data.claims)
}
