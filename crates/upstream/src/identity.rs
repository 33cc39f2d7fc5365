//! Who came, once everything was verified.

use std::fmt;

use serde_json::{Map, Value};
use vocabulary::{Email, Subject, Timestamp};
use zeroize::Zeroizing;

use crate::id_token::moment;
use crate::profile::{Profile, label};

/// A person as their provider vouches for them: made only after every check of the ID token.
#[derive(Clone, Debug)]
pub struct VerifiedIdentity {
    /// Who it is at this provider.
    pub subject: Subject,
    /// Their email, if there is a readable one. Whether to believe it is the caller's to decide.
    pub email: Option<Email>,
    /// What the source of `email` says about it.
    pub email_verified: Option<bool>,
    /// Full name, at most 200 characters, without control characters, as are the other names.
    pub name: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// The Google Workspace domain.
    pub hd: Option<String>,
    /// The Entra tenant.
    pub tid: Option<String>,
    /// The provider's session (Back-Channel Logout 1.0 §2.1).
    pub sid: Option<String>,
    /// When the person really signed in there.
    pub auth_time: Option<Timestamp>,
    /// When the session that comes of this must end at the latest (IPSIE SL1).
    pub session_expiry: Option<Timestamp>,
    /// The ID token itself, for `id_token_hint`.
    pub id_token: RawIdToken,
    /// The names of all claims received, as [`Seen`](crate::Seen) has them.
    pub claim_names: Vec<String>,
    /// What was odd but not wrong, a sentence each.
    pub notes: Vec<String>,
}

impl VerifiedIdentity {
    /// Puts together what ID token and `UserInfo` said.
    pub(crate) fn of(
        subject: Subject,
        claims: &Map<String, Value>,
        profile: Profile,
        claim_names: Vec<String>,
        id_token: String,
    ) -> Self {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).and_then(label);
        Self {
            subject,
            email: profile.email,
            email_verified: profile.email_verified,
            name: profile.name,
            given_name: profile.given_name,
            family_name: profile.family_name,
            hd: text("hd"),
            tid: text("tid"),
            sid: claims.get("sid").and_then(Value::as_str).filter(|sid| is_plain(sid)).map(str::to_owned),
            auth_time: claims.get("auth_time").and_then(moment),
            session_expiry: claims.get("session_expiry").and_then(moment),
            id_token: RawIdToken(Zeroizing::new(id_token)),
            claim_names,
            notes: profile.notes,
        }
    }
}

/// A `sid` is compared byte for byte later, so it is taken whole or not at all.
pub(crate) fn is_plain(sid: &str) -> bool {
    (1..=255).contains(&sid.len()) && !sid.contains(char::is_control)
}

/// An ID token as it came. It has no `Display`, and its `Debug` tells nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct RawIdToken(Zeroizing<String>);

impl RawIdToken {
    /// The token itself, to be sealed or sent as a hint.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RawIdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawIdToken(…)")
    }
}
