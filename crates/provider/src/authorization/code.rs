//! The authorization code: everything it stands for, sealed. So authorizing writes no row, and a code opens for the
//! app that it was made for alone.

use std::time::Duration;

use apps::{App, RedirectUri};
use sealing::{KeyRing, Label, Purpose, TokenHash, random_token};
use serde::{Deserialize, Serialize};
use sessions::SignedIn;
use storage::StorageError;
use vocabulary::{Chance, ClientId, PersonId, TeamId, Timestamp};

use super::asked_claims::AskedClaims;
use super::request::AuthorizationRequest;
use crate::digest::sha256;
use crate::scope::AppScopes;

/// How long a code lives (RFC 6749 §4.1.2 says ten minutes at most).
pub(crate) const LIFETIME: Duration = Duration::from_mins(1);

/// A code that was opened, or is about to be sealed. Its names are short because it travels in an address.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    /// By which its use is noted.
    #[serde(rename = "i")]
    pub(crate) id: String,
    #[serde(rename = "m")]
    made_at: i64,
    /// The SHA-256 of the redirect URI.
    #[serde(rename = "r")]
    redirect_uri: String,
    #[serde(rename = "v", skip_serializing_if = "Option::is_none")]
    challenge: Option<String>,
    #[serde(rename = "h")]
    session: String,
    #[serde(rename = "t")]
    pub(crate) team: TeamId,
    #[serde(rename = "p")]
    person: String,
    #[serde(rename = "s")]
    scopes: String,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    claims: Option<String>,
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<String>,
    #[serde(rename = "a")]
    auth_time: i64,
}

impl Code {
    pub(super) fn new(
        chance: &dyn Chance,
        request: &AuthorizationRequest,
        who: &SignedIn,
        now: Timestamp,
    ) -> Self {
        Self {
            id: random_token(chance, 16),
            made_at: now.millis(),
            redirect_uri: sha256(request.redirect_uri.as_str()),
            challenge: request.code_challenge.clone(),
            session: who.hash.as_str().to_owned(),
            team: who.team.team.team_id.clone(),
            person: who.person.as_str().to_owned(),
            scopes: request.scopes.to_string(),
            claims: request.claims.as_str().map(str::to_owned),
            nonce: request.nonce.clone(),
            auth_time: who.auth_time.millis(),
        }
    }

    /// As it travels.
    pub(super) fn seal(
        &self,
        keys: &KeyRing,
        chance: &dyn Chance,
        app: &App,
    ) -> Result<String, StorageError> {
        let unwritten = |error: serde_json::Error| StorageError::Unavailable(error.to_string());
        let plain = serde_json::to_vec(self).map_err(unwritten)?;
        Ok(keys.seal(chance, &label(&app.id), &plain))
    }

    /// Opens what this app was answered; none for anything else.
    pub(crate) fn open(keys: &KeyRing, app: &App, text: &str) -> Option<Self> {
        let plain = keys.open(&label(&app.id), text).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// Whether it was answered within the last minute.
    pub(crate) fn is_young(&self, now: Timestamp) -> bool {
        now <= self.expires_at()
    }

    /// Whether it was answered to this address.
    pub(crate) fn is_for(&self, redirect_uri: &RedirectUri) -> bool {
        self.redirect_uri == sha256(redirect_uri.as_str())
    }

    /// Whether it was asked for with a challenge.
    pub(crate) const fn has_challenge(&self) -> bool {
        self.challenge.is_some()
    }

    /// Whether the verifier is the one of the challenge. Where there was none there must be no verifier either: it
    /// would be another request's (RFC 9700 §2.1.1).
    pub(crate) fn is_proven_by(&self, verifier: Option<&str>) -> bool {
        match (&self.challenge, verifier) {
            (None, None) => true,
            (Some(challenge), Some(verifier)) => is_verifier(verifier) && *challenge == sha256(verifier),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    /// When it stops being worth anything.
    pub(crate) fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.made_at).plus(LIFETIME)
    }

    /// Whose session answered it; none when it is no session's.
    pub(crate) fn session(&self) -> Option<TokenHash> {
        TokenHash::parse(&self.session)
    }

    /// Who.
    pub(crate) fn person(&self) -> Option<PersonId> {
        PersonId::parse(&self.person)
    }

    pub(crate) fn scopes(&self) -> AppScopes {
        AppScopes::parse(&self.scopes)
    }

    pub(crate) fn claims(&self) -> AskedClaims {
        self.claims.as_deref().map(AskedClaims::parse_kept).unwrap_or_default()
    }

    pub(crate) const fn auth_time(&self) -> Timestamp {
        Timestamp::from_millis(self.auth_time)
    }
}

fn label(client: &ClientId) -> Label<'_> {
    Label { purpose: Purpose::Code, context: client.as_str() }
}

/// 43 to 128 unreserved characters (RFC 7636 §4.1).
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}
