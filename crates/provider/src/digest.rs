//! SHA-256 in base64url, as PKCE, `sid` and bound values are written.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sealing::TokenHash;
use vocabulary::ClientId;

/// 43 characters of base64url.
pub(crate) fn sha256(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

/// What an app calls somebody's session here (`sid`, `OpenID` Connect Back-Channel Logout §2.1): 22 characters of
/// base64url. Each app has another name for it, and none leads back to the session.
#[must_use]
pub fn sid(session: &TokenHash, client: &ClientId) -> String {
    let mut sid = sha256(&format!("{}.{client}", session.as_str()));
    sid.truncate(22);
    sid
}
