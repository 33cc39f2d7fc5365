//! The token that comes with a Global Token Revocation request (Okta's Universal Logout).

use serde_json::Value;
use vocabulary::Timestamp;

use crate::jws::Kind;
use crate::outside::OutsideFault;
use crate::party::RelyingParty;
use crate::token_fault::TokenFault;
use crate::upstream::Upstream;

/// What a verified revocation token says: that the provider asks. Whose sessions, the request's body says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationToken {
    /// Its own id, 1 to 255 printable ASCII characters: the caller takes each once.
    pub jti: String,
}

impl Upstream {
    /// Verifies the Bearer token of a revocation request that came to `audience`, a whole address of ours.
    pub async fn revocation_token(
        &self,
        party: &RelyingParty,
        audience: &str,
        token: &str,
        now: Timestamp,
    ) -> Result<RevocationToken, OutsideFault> {
        let told = self.outside_token(party, Kind::Revocation, token, now).await?;
        if !told.claims.contains_key("exp") {
            return Err(TokenFault::Time("exp").into());
        }
        if !told.from_provider {
            return Err(OutsideFault::Foreign(TokenFault::Issuer));
        }
        if !is_audience(told.claims.get("aud"), audience) {
            return Err(OutsideFault::Foreign(TokenFault::Audience));
        }
        if told.claims.get("sub").and_then(Value::as_str) != Some(party.client_id.as_str()) {
            return Err(OutsideFault::Foreign(TokenFault::Subject));
        }
        Ok(RevocationToken { jti: told.jti })
    }
}

/// One address and no other, as a text or a list of one.
fn is_audience(claim: Option<&Value>, audience: &str) -> bool {
    let one = match claim {
        Some(Value::Array(several)) => match several.as_slice() {
            [one] => Some(one),
            _ => None,
        },
        other => other,
    };
    one.and_then(Value::as_str) == Some(audience)
}
