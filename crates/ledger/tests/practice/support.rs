//! Ledger with a practice provider as its door, and a browser that keeps cookies.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::TcpListener;

use actix_web::dev::ServerHandle;
use ledger::Config;
use mock_idp::{Client, IssuerConfig, MockIdp, Person, SignatureFault};
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, redirect::Policy};
use serde_json::json;
use url::{Url, form_urlencoded};

/// Ledger and its door, with Ada and Bob of acme and Gil of globex.
pub(crate) struct World {
    pub(crate) idp: MockIdp,
    pub(crate) base: String,
    handle: ServerHandle,
}

pub(crate) const CLIENT: &str = "ledger";

/// Signatures that somebody else could make.
pub(crate) const FORGED: [SignatureFault; 6] = [
    SignatureFault::AlgNone,
    SignatureFault::AlgOther,
    SignatureFault::Hs256WithPublicKey,
    SignatureFault::Hs256WithClientSecret,
    SignatureFault::EmbeddedKey,
    SignatureFault::KidUnknown,
];

pub(crate) async fn world() -> World {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let mut client = Client::new(CLIENT, "practice-secret", &format!("{base}/callback"));
    client.post_logout_redirect_uris = vec![format!("{base}/")];
    let other = Client::new("another-app", "another-secret", "http://localhost:1/callback");
    let issuer = IssuerConfig {
        people: vec![
            person("Ada Lovelace", "ada@acme.test", "acme", "admin"),
            person("Bob <b>Kahn</b>", "bob@acme.test", "acme", "member"),
            person("Gil Moreno", "gil@globex.test", "globex", "admin"),
        ],
        clients: vec![client, other],
        ..IssuerConfig::new("door")
    };
    let provider = mock_idp::Config::new(vec![issuer]);
    let idp = mock_idp::start(TcpListener::bind("127.0.0.1:0").unwrap(), provider).await.unwrap();
    let config = Config {
        base_url: base.clone(),
        issuer: idp.issuer("door"),
        client_id: CLIENT.to_owned(),
        client_secret: "practice-secret".to_owned(),
    };
    let handle = ledger::start(listener, config).unwrap();
    World { idp, base, handle }
}

fn person(name: &str, email: &str, team_id: &str, role: &str) -> Person {
    let mut person = Person::named(name, email);
    let claims = json!({"team_id": team_id, "team_name": format!("Team {team_id}"), "role": role});
    person.more = claims.as_object().unwrap().clone();
    person
}

impl World {
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A browser in which somebody came in by the tile.
    pub(crate) async fn sign_in(&self, email: &str) -> Browser {
        let browser = Browser::default();
        let page = browser.sign_in(&self.at("/login"), email).await;
        assert_eq!((page.status, page.url.path()), (200, "/"), "{}", page.body);
        browser
    }

    pub(crate) async fn tell(&self, logout_token: &str) -> u16 {
        let form = [("logout_token", logout_token)];
        let answer = Browser::default().post(&self.at("/backchannel-logout"), &form).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        answer.status
    }

    pub(crate) async fn stop(self) {
        self.handle.stop(false).await;
    }
}

pub(crate) struct Answer {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) body: String,
    headers: reqwest::header::HeaderMap,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> Url {
        self.url.join(self.header(LOCATION.as_str())).unwrap()
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

/// Keeps cookies by name, as browsers do for all ports of one host; follows nothing by itself.
pub(crate) struct Browser {
    client: reqwest::Client,
    jar: RefCell<BTreeMap<String, String>>,
}

impl Default for Browser {
    fn default() -> Self {
        // No certificates: reading the system's takes longer than a whole sign-in.
        let client = reqwest::Client::builder().no_proxy().redirect(Policy::none()).tls_certs_only([]);
        Self { client: client.build().unwrap(), jar: RefCell::default() }
    }
}

impl Browser {
    pub(crate) async fn get(&self, url: &str) -> Answer {
        self.send(Method::GET, url, None, &[]).await
    }

    pub(crate) async fn post(&self, url: &str, form: &[(&str, &str)]) -> Answer {
        self.post_from(url, form, &[]).await
    }

    pub(crate) async fn post_from(
        &self,
        url: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(Method::POST, url, Some(body), headers).await
    }

    pub(crate) async fn open(&self, url: &str) -> Answer {
        let first = self.get(url).await;
        self.follow(first).await
    }

    pub(crate) async fn follow(&self, mut answer: Answer) -> Answer {
        for _ in 0..10 {
            if answer.header(LOCATION.as_str()).is_empty() {
                return answer;
            }
            answer = self.get(answer.location().as_str()).await;
        }
        panic!("going in circles at {}", answer.url);
    }

    /// From an address of Ledger through the provider's chooser to the page where it ends.
    pub(crate) async fn sign_in(&self, url: &str, email: &str) -> Answer {
        let back = self.callback(url, email).await;
        self.open(back.as_str()).await
    }

    /// The same as far as the callback, which is not opened.
    pub(crate) async fn callback(&self, url: &str, email: &str) -> Url {
        let request = self.get(url).await.location();
        let chooser = request.as_str().replace("/authorize?", "/choose?");
        let chooser = chooser.split('?').next().unwrap();
        let form = [("request", request.query().unwrap()), ("person", email)];
        self.post(chooser, &form).await.location()
    }

    async fn send(
        &self,
        method: Method,
        url: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self.client.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let pairs: Vec<_> = self.jar.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        request = request.header(COOKIE, pairs.join("; "));
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{url}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        for line in headers.get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            let mut jar = self.jar.borrow_mut();
            if line.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        Answer { url: url.parse().unwrap(), status, body: response.text().await.unwrap(), headers }
    }
}
