//! What the token endpoint answers.

use std::fmt;

use serde::Serialize;

/// Tokens on their way to an app (RFC 6749 §5.1, `OpenID` Connect Core §3.1.3.3). `Debug` tells none.
#[derive(Serialize)]
pub struct TokenResponse {
    pub(crate) access_token: String,
    pub(crate) token_type: &'static str,
    /// Seconds.
    pub(crate) expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: String,
    pub(crate) scope: String,
}

impl fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenResponse").field("scope", &self.scope).finish_non_exhaustive()
    }
}
