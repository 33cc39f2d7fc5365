//! Tokens by which a provider tells us to end sessions. They come unasked, from anybody, so the order is
//! fixed: form and type, which cost nothing; the signature; then every claim.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::timeout_at;
use vocabulary::Timestamp;

use crate::discovery::Metadata;
use crate::errand::Errand;
use crate::id_token::{SKEW, moment};
use crate::jws::{Jws, Kind};
use crate::party::RelyingParty;
use crate::token_fault::TokenFault;
use crate::trouble::{Endpoint, Trouble};
use crate::upstream::Upstream;

/// How long after its making such a token is still taken.
const MOST_AGE: Duration = Duration::from_mins(5);

/// Why a token from outside ends nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutsideFault {
    /// It is not a token of the provider, or not of this kind, or not of now.
    #[error("the token is not to be believed: {0}")]
    Untrusted(TokenFault),
    /// The provider signed it, but for somebody else or in another name.
    #[error("the token is not for this connection: {0}")]
    Foreign(TokenFault),
    /// Whether the provider signed it can't be known now.
    #[error(transparent)]
    Upstream(Trouble),
}

impl From<TokenFault> for OutsideFault {
    fn from(fault: TokenFault) -> Self {
        Self::Untrusted(fault)
    }
}

impl From<Trouble> for OutsideFault {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::IdTokenInvalid { why } => Self::Untrusted(why),
            Trouble::Forbidden { .. }
            | Trouble::Unreachable { .. }
            | Trouble::TimedOut { .. }
            | Trouble::Protocol { .. }
            | Trouble::CodeRejected { .. }
            | Trouble::ClientRejected { .. }
            | Trouble::IssuerMismatch { .. }
            | Trouble::ResponseIssuerMismatch { .. }
            | Trouble::UserInfoSubjectMismatch
            | Trouble::Busy { .. } => Self::Upstream(trouble),
        }
    }
}

/// What every token from outside says, once its signature is verified.
pub(crate) struct OutsideToken {
    pub(crate) claims: Map<String, Value>,
    pub(crate) jti: String,
    /// `iss` is the provider, by its own name or an alias.
    pub(crate) from_provider: bool,
}

impl Upstream {
    /// Verifies the signature of a token of this kind, then its times and `jti`.
    pub(crate) async fn outside_token(
        &self,
        party: &RelyingParty,
        kind: Kind,
        token: &str,
        now: Timestamp,
    ) -> Result<OutsideToken, OutsideFault> {
        let jws = Jws::parse(token, kind)?;
        let errand = self.errand(now);
        let proven = timeout_at(errand.deadline, self.prove(party, &jws, errand)).await;
        let metadata = proven.map_err(|_elapsed| Trouble::TimedOut { at: Endpoint::Keys })??;
        let claims = jws.claims()?;
        check_times(&claims, now)?;
        let jti = claims.get("jti").and_then(Value::as_str).filter(|jti| is_printable(jti));
        let jti = jti.ok_or(TokenFault::TokenId)?.to_owned();
        let from_provider = is_issuer(&claims, &metadata, party);
        Ok(OutsideToken { claims, jti, from_provider })
    }

    async fn prove(
        &self,
        party: &RelyingParty,
        jws: &Jws<'_>,
        errand: Errand,
    ) -> Result<Arc<Metadata>, Trouble> {
        let metadata = self.metadata(party, errand).await?;
        let keys = self.keys(party, &metadata, errand).await?;
        self.verify_signature(party, &metadata, keys, jws, errand).await?;
        Ok(metadata)
    }
}

/// `iat` is required and recent; `exp` and `nbf` are honoured. In whole seconds, as claims count. `exp` gets no
/// leeway: the token came straight from the provider, which gave it minutes.
fn check_times(claims: &Map<String, Value>, now: Timestamp) -> Result<(), TokenFault> {
    let required = |name: &'static str| claims.get(name).and_then(moment).ok_or(TokenFault::Time(name));
    let issued_at = required("iat")?;
    let latest = now.plus(SKEW).seconds();
    if issued_at.seconds() > latest {
        return Err(TokenFault::NotYetValid);
    }
    if issued_at.seconds() < now.minus(MOST_AGE).seconds() {
        return Err(TokenFault::TooOld);
    }
    if claims.contains_key("exp") && required("exp")?.seconds() <= now.seconds() {
        return Err(TokenFault::Expired);
    }
    if claims.contains_key("nbf") && required("nbf")?.seconds() > latest {
        return Err(TokenFault::NotYetValid);
    }
    Ok(())
}

fn is_issuer(claims: &Map<String, Value>, metadata: &Metadata, party: &RelyingParty) -> bool {
    let Some(iss) = claims.get("iss").and_then(Value::as_str) else {
        return false;
    };
    iss == metadata.tokens_of.iss || party.aliases.iter().any(|alias| alias.as_str() == iss)
}

fn is_printable(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

#[cfg(test)]
mod tests;
