//! Apps are told when a session that was used with them ends: by whatever door, once, within a second, and in spite of
//! everything that can go wrong on the way.

mod admitted;
mod grants;
mod nodes;
mod receiver;
mod trouble;
mod ways;

use std::collections::HashSet;
use std::time::Duration;

use apps::{App, AppOptions, NewApp, RedirectUri, Secrecy, WebUri};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use provider::{Credentials, Decision, Deliveries, Deps, TokenError};
use receiver::Receiver;
use roles::Operator;
use serde_json::Value;
use storage::{StorageError, each};
use support::{Browser, Node, World};
use url::Url;
use vocabulary::{Clock as _, SigningAlgorithm};

use crate::eyes;

/// Where codes are answered to.
const BACK: &str = "https://ledger.test/back";
const BOB: &str = "bob@acme.test";
/// Within this an app hears of an end.
const BOUND: Duration = Duration::from_secs(1);
/// How often a worker looks at its clock.
const POLL: Duration = Duration::from_secs(1);

/// An app and its ear.
struct Listener {
    app: App,
    ear: Receiver,
}

/// Registers an app that wants to hear, at an ear of its own.
fn listener(world: &World, name: &str, algorithm: SigningAlgorithm) -> Listener {
    let ear = Receiver::open();
    let app = register(world, name, Some(&ear.address()), algorithm);
    Listener { app, ear }
}

fn register(world: &World, name: &str, ear: Option<&str>, algorithm: SigningAlgorithm) -> App {
    let house = &world.node.house;
    let options = AppOptions {
        redirect_uris: vec![RedirectUri::parse(BACK).unwrap()],
        backchannel_logout_uri: ear.map(|ear| WebUri::parse(ear).unwrap()),
        id_token_alg: algorithm,
        ..AppOptions::default()
    };
    let new = NewApp { name: name.to_owned(), secrecy: Secrecy::Public, host: None, options };
    let (operator, chance) = (Operator::at_the_command_line(), &*house.parts.chance);
    let added = house.database.write(world.clock.now(), |tx| apps::add(tx, chance, &operator, &new));
    added.unwrap().0
}

/// What the provider stands on, on a node.
fn provider_of(node: &Node) -> Deps {
    node.house.app().unwrap().provider
}

/// An app is told of a browser's session: it asks for a code and redeems it. The app's name for the session.
async fn used(deps: &Deps, browser: &Browser, team: &str, app: &App) -> String {
    granted(deps, browser, team, app, "openid").await;
    provider::sid(&session(browser, team), &app.id)
}

fn session(browser: &Browser, team: &str) -> sealing::TokenHash {
    sealing::hash_token(&browser.cookie(&format!("td-session-{team}")).expect("a session"))
}

/// What comes of asking for a code by a browser's session and redeeming it.
async fn granted(deps: &Deps, browser: &Browser, team: &str, app: &App, scope: &str) -> Value {
    redeem(deps, &code(deps, browser, team, app, scope).await).await.unwrap()
}

/// The form by which an app redeems a code that was asked for by a browser's session.
async fn code(deps: &Deps, browser: &Browser, team: &str, app: &App, scope: &str) -> Form {
    let (client_id, team, now) = (("client_id", app.id.as_str()), eyes::team(team), deps.clock.now());
    let asked = form(&[
        client_id,
        ("response_type", "code"),
        ("redirect_uri", BACK),
        ("scope", scope),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ]);
    let request = provider::read(deps, &asked).await.unwrap();
    let session = session(browser, team.as_str());
    let who = deps.sessions.recognise_by_hash(&team, &session, now).await.unwrap().expect("signed in");
    let decision = provider::authorize(deps, &request, &who).await.unwrap();
    let Decision::Answer(answer) = decision else { panic!("{decision:?}") };
    let back = Url::parse(&answer.location).unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").expect("a code").1.into_owned();
    form(&[
        client_id,
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", BACK),
        ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    ])
}

type Form = Vec<(String, String)>;

fn form(pairs: &[(&str, &str)]) -> Form {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

async fn redeem(deps: &Deps, form: &Form) -> Result<Value, TokenError> {
    let response = provider::token(deps, Credentials::read(None, form)?, form).await?;
    Ok(serde_json::to_value(&response).unwrap())
}

/// Ends a browser's session of `acme`, and nothing else of theirs.
fn end(world: &World, browser: &Browser) {
    let (hash, house) = (session(browser, "acme"), &world.node.house);
    let end = sessions::End::One(&hash);
    assert_eq!(house.database.write(world.clock.now(), |tx| sessions::end(tx, end)).unwrap(), 1);
}

/// What a logout token says, when it is one for this app, signed by us as the app wants it, of this moment (§2.6).
async fn verified(world: &World, app: &App, token: &str) -> Value {
    let keys = world.node.house.signing_keys.key_set(world.clock.now()).await.unwrap();
    let keys: JwkSet = serde_json::from_str(&keys).unwrap();
    let header = decode_header(token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("logout+jwt"));
    assert_eq!(format!("{:?}", header.alg).to_uppercase(), app.options.id_token_alg.as_str());
    let key = keys.find(header.kid.as_deref().expect("a kid")).expect("a key of ours");
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[&world.node.base]);
    validation.set_audience(&[app.id.as_str()]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    let claims = decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap().claims;
    let names: HashSet<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, HashSet::from(["iss", "aud", "iat", "exp", "jti", "events", "sub", "sid"]));
    let event = serde_json::json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    assert_eq!(claims["events"], event);
    let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert_eq!((iat, exp), (world.clock.now().seconds(), iat + 120));
    claims
}

/// The sessions that these tokens name, each token right and none like another.
async fn named(world: &World, listener: &Listener, tokens: &[String]) -> HashSet<String> {
    let (mut sids, mut jtis) = (HashSet::new(), HashSet::new());
    for token in tokens {
        let claims = verified(world, &listener.app, token).await;
        assert!(jtis.insert(claims["jti"].as_str().unwrap().to_owned()), "a jti came twice");
        sids.insert(claims["sid"].as_str().unwrap().to_owned());
    }
    assert_eq!(sids.len(), tokens.len(), "a session came twice");
    sids
}

/// A worker beside those of the nodes, which does what it is told.
fn worker(world: &World) -> Deliveries {
    let house = &world.node.house;
    house.deliveries(&provider_of(&world.node)).unwrap()
}

/// How many rows wait: app sessions, deliveries.
fn waiting(world: &World) -> (i64, i64) {
    use diesel::prelude::*;
    use storage::schema::{app_sessions, logout_deliveries};
    let counted = world.node.house.database.read(|connection| {
        let used: i64 = each!(connection, c => app_sessions::table.count().get_result(c))?;
        let queued: i64 = each!(connection, c => logout_deliveries::table.count().get_result(c))?;
        Ok::<_, StorageError>((used, queued))
    });
    counted.unwrap()
}
