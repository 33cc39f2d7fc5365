//! A sign-in on an app's host begins: the browser keeps what it needs to end it, sealed, and goes to our own
//! authorization endpoint like that of any app.

use std::time::Duration;

use apps::{App, AppHost};
use sealing::{KeyRing, Label, Purpose, random_token};
use serde::{Deserialize, Serialize};
use storage::StorageError;
use url::form_urlencoded;
use vocabulary::{ClientId, ReturnTo, TeamId, Timestamp, ordered_id};

use crate::Deps;
use crate::digest::sha256;

/// How long a sign-in may take: as long as one at an identity provider, where somebody may meet a second factor
/// for the first time.
pub const LONGEST_SIGN_IN: Duration = Duration::from_hours(1);
/// A longer way to go is forgotten: several sign-ins in one browser must fit into a request's head.
const LONGEST_WAY: usize = 512;
/// A sealed one has at most some fifteen hundred.
const LONGEST_COOKIE: usize = 2048;

/// A browser on its way to the authorization endpoint.
#[derive(Clone, Debug)]
pub struct Departure {
    /// The authorization request.
    pub location: String,
    /// Tells this sign-in from others of the same browser; sorts by age.
    pub key: String,
    /// What the browser keeps meanwhile, sealed.
    pub cookie: String,
}

/// What the end of a sign-in must agree with. "Bound to this browser" means: it holds the cookie.
#[derive(Serialize, Deserialize)]
pub(super) struct UnderWay {
    pub(super) client: ClientId,
    pub(super) state: String,
    pub(super) code_verifier: String,
    pub(super) return_to: String,
    since: i64,
}

impl UnderWay {
    /// Opens what was sealed on this host for the sign-in of this key.
    pub(super) fn open(keys: &KeyRing, host: &AppHost, key: &str, sealed: &str) -> Option<Self> {
        if sealed.len() > LONGEST_COOKIE {
            return None;
        }
        let context = context(host, key);
        let plain = keys.open(&Label { purpose: Purpose::HandOver, context: &context }, sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        now.since(Timestamp::from_millis(self.since)) > LONGEST_SIGN_IN
    }
}

fn context(host: &AppHost, key: &str) -> String {
    format!("{host} {key}")
}

/// Begins a sign-in on an app's host; `team` when no other will do; without `return_to` it ends at the front page. No
/// row is written.
pub fn depart(
    deps: &Deps,
    app: &App,
    host: &AppHost,
    team: Option<&TeamId>,
    return_to: Option<&ReturnTo>,
) -> Result<Departure, StorageError> {
    let (chance, now) = (&*deps.chance, deps.clock.now());
    let key = ordered_id(chance, now);
    let way = return_to.map(ReturnTo::as_str).filter(|way| way.len() <= LONGEST_WAY).unwrap_or("/");
    let under_way = UnderWay {
        client: app.id.clone(),
        state: format!("{key}.{}", random_token(chance, 16)),
        code_verifier: random_token(chance, 32),
        return_to: way.to_owned(),
        since: now.millis(),
    };
    let location = authorization_request(deps, host, &under_way, team);
    let context = context(host, &key);
    let label = Label { purpose: Purpose::HandOver, context: &context };
    let unwritten = |error: serde_json::Error| StorageError::Unavailable(error.to_string());
    let cookie = deps.keys.seal(chance, &label, &serde_json::to_vec(&under_way).map_err(unwritten)?);
    Ok(Departure { location, key, cookie })
}

fn authorization_request(deps: &Deps, host: &AppHost, under_way: &UnderWay, team: Option<&TeamId>) -> String {
    let challenge = sha256(&under_way.code_verifier);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", under_way.client.as_str())
        .append_pair("redirect_uri", host.redirect_uri().as_str())
        .append_pair("scope", "openid")
        .append_pair("state", &under_way.state)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256");
    if let Some(team) = team {
        query.append_pair("team_id", team.as_str());
    }
    format!("{}/oauth2/authorize?{}", deps.issuer(), query.finish())
}
