//! What a logout token says (Back-Channel Logout 1.0 §2.4).

use std::time::Duration;

use serde::Serialize;
use vocabulary::Timestamp;

use super::queue::Delivery;

/// How long a logout token counts (§4): an attempt ends long before.
const LIFETIME: Duration = Duration::from_mins(2);

/// The claims. There is no `nonce`, by which it could pass for an ID token.
#[derive(Debug, Serialize)]
pub(super) struct LogoutClaims<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    /// Another one at each attempt: an app that takes no `jti` twice may have lost its answer to the first.
    jti: String,
    events: Events,
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Events {
    #[serde(rename = "http://schemas.openid.net/event/backchannel-logout")]
    backchannel_logout: Happened,
}

/// An empty object.
#[derive(Debug, Serialize)]
struct Happened {}

impl<'a> LogoutClaims<'a> {
    pub(super) fn new(issuer: &'a str, delivery: &'a Delivery, jti: String, now: Timestamp) -> Self {
        Self {
            iss: issuer,
            aud: &delivery.client_id,
            iat: now.seconds(),
            exp: now.plus(LIFETIME).seconds(),
            jti,
            events: Events { backchannel_logout: Happened {} },
            sub: &delivery.person_id,
            sid: delivery.sid.as_deref(),
        }
    }
}
