//! Logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6).

use serde_json::{Map, Value};
use vocabulary::{Subject, Timestamp};

use crate::id_token::check_audience;
use crate::identity::is_plain;
use crate::jws::Kind;
use crate::outside::OutsideFault;
use crate::party::RelyingParty;
use crate::token_fault::TokenFault;
use crate::upstream::Upstream;

/// The member of `events` that makes a token a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What a verified logout token says. It names a `sid`, a `sub`, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutToken {
    /// Its own id, 1 to 255 printable ASCII characters: the caller takes each once.
    pub jti: String,
    /// The session at the provider that has ended.
    pub sid: Option<String>,
    /// Whose it was; without `sid`, all of theirs have ended.
    pub subject: Option<Subject>,
}

impl Upstream {
    /// Verifies a logout token for this connection. What is no token at all costs no outbound call.
    pub async fn logout_token(
        &self,
        party: &RelyingParty,
        token: &str,
        now: Timestamp,
    ) -> Result<LogoutToken, OutsideFault> {
        let told = self.outside_token(party, Kind::Logout, token, now).await?;
        check_event(&told.claims)?;
        let (sid, subject) = named(&told.claims)?;
        if !told.from_provider {
            return Err(OutsideFault::Foreign(TokenFault::Issuer));
        }
        check_audience(&told.claims, party.client_id.as_str()).map_err(OutsideFault::Foreign)?;
        Ok(LogoutToken { jti: told.jti, sid, subject })
    }
}

/// It tells of a sign-out, and has no `nonce`: an ID token must never end anything.
fn check_event(claims: &Map<String, Value>) -> Result<(), TokenFault> {
    if claims.contains_key("nonce") {
        return Err(TokenFault::NonceForbidden);
    }
    let event = claims.get("events").and_then(|events| events.get(EVENT));
    if event.is_some_and(Value::is_object) { Ok(()) } else { Err(TokenFault::Events) }
}

fn named(claims: &Map<String, Value>) -> Result<(Option<String>, Option<Subject>), TokenFault> {
    let text =
        |name: &str| claims.get(name).map(|value| value.as_str().ok_or(TokenFault::Nobody)).transpose();
    let sid = text("sid")?;
    if sid.is_some_and(|sid| !is_plain(sid)) {
        return Err(TokenFault::Nobody);
    }
    let subject = text("sub")?.map(Subject::parse).transpose().map_err(|_unreadable| TokenFault::Nobody)?;
    if sid.is_none() && subject.is_none() {
        return Err(TokenFault::Nobody);
    }
    Ok((sid.map(str::to_owned), subject))
}
