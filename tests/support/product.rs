//! A product behind the door, played by hand: it is registered as an app, asks who is there, and redeems codes.

use std::collections::BTreeMap;

use apps::{NewApp, RedirectUri, Secrecy};
use reqwest::Method;
use roles::Operator;
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::browser::{Answer, Browser};
use crate::world::World;

/// RFC 7636, appendix B.
const CODE_VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CODE_CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A registered app.
pub struct Product {
    /// Its client id.
    pub client_id: String,
    /// Its secret, unless it is public.
    pub secret: Option<String>,
    /// Where it is sent back to.
    pub back: String,
    base: String,
}

/// What an app is told at its redirect URI, by name.
pub type Told = BTreeMap<String, String>;

impl Product {
    /// Registers an app that keeps a secret and is sent back to `https://{name}.test/back`, unless `edit` says
    /// otherwise.
    ///
    /// # Panics
    /// When it is refused.
    pub fn add(world: &World, name: &str, edit: impl FnOnce(&mut NewApp)) -> Self {
        let back = format!("https://{}.test/back", name.to_lowercase());
        let mut new = NewApp {
            name: name.to_owned(),
            secrecy: Secrecy::Confidential,
            host: None,
            options: apps::AppOptions {
                redirect_uris: vec![RedirectUri::parse(&back).expect("an address")],
                ..apps::AppOptions::default()
            },
        };
        edit(&mut new);
        let back = new.options.redirect_uris.first().map_or(back, ToString::to_string);
        let (house, operator) = (&world.node.house, Operator::at_the_command_line());
        let now = house.parts.clock.now();
        let added = house.database.write(now, |tx| apps::add(tx, &*house.parts.chance, &operator, &new));
        let (app, secret) = added.unwrap_or_else(|error| panic!("{name}: {error}"));
        let secret = secret.map(|secret| secret.reveal().to_owned());
        Self { client_id: app.id.to_string(), secret, back, base: world.node.base.clone() }
    }

    /// The address of an authorization request. `more` comes besides, or instead of what is there; what is said
    /// to be empty is left out.
    #[must_use]
    pub fn request(&self, more: &[(&str, &str)]) -> String {
        format!("{}/oauth2/authorize?{}", self.base, form(&self.parameters(more)))
    }

    /// The parameters of an authorization request, likewise.
    #[must_use]
    pub fn parameters(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let usual = [
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", &self.back),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("state", "the state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CODE_CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let said = |name: &str| more.iter().any(|(other, _)| *other == name);
        let kept = usual.into_iter().filter(|(name, _)| !said(name));
        let all = kept.chain(more.iter().copied()).filter(|(_, value)| !value.is_empty());
        all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// What the app is told by a redirect that goes back to it.
    ///
    /// # Panics
    /// When the answer is none.
    #[must_use]
    pub fn told(&self, answer: &Answer) -> Told {
        let place = answer.location().unwrap_or_else(|| panic!("{}: {}", answer.status, answer.body));
        assert_eq!(answer.status, 303);
        let (there, query) = place.as_str().split_once('?').expect("a query");
        assert_eq!(there, self.back);
        let told: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let count = told.len();
        let told: Told = told.into_iter().collect();
        assert_eq!(told.len(), count, "nothing is told twice");
        told
    }

    /// The code in a redirect that goes back to the app.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn code(&self, answer: &Answer) -> String {
        let told = self.told(answer);
        told.get("code").unwrap_or_else(|| panic!("no code: {told:?}")).clone()
    }

    /// What the token endpoint answers to a code.
    pub async fn redeem(&self, code: &str) -> Answer {
        let more = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.back),
            ("code_verifier", CODE_VERIFIER),
        ];
        self.post("/oauth2/token", &more).await
    }

    /// The tokens of somebody who is signed in, as the app gets them.
    ///
    /// # Panics
    /// When it gets none.
    pub async fn tokens(&self, browser: &Browser, more: &[(&str, &str)]) -> Value {
        let back = browser.get(&self.request(more)).await;
        let answer = self.redeem(&self.code(&back)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// A form of the app's program, which says who it is in the form.
    pub async fn post(&self, path: &str, more: &[(&str, &str)]) -> Answer {
        let mut all = vec![("client_id", self.client_id.as_str())];
        all.extend(self.secret.as_deref().map(|secret| ("client_secret", secret)));
        all.extend_from_slice(more);
        Browser::default().post(&format!("{}{path}", self.base), &all).await
    }

    /// What `UserInfo` answers to an access token.
    pub async fn userinfo(&self, access_token: &str) -> Answer {
        let bearer = format!("Bearer {access_token}");
        let address = format!("{}/oauth2/userinfo", self.base);
        Browser::default().send(Method::GET, &address, &[("authorization", &bearer)], None).await
    }
}

/// Pairs as a query or form.
#[must_use]
pub fn form(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The value of a parameter in an address.
#[must_use]
pub fn parameter(address: &Url, name: &str) -> Option<String> {
    address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
