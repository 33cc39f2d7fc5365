//! What can go wrong with an identity provider: one variant for each thing the caller does differently.

use std::fmt;
use std::time::Duration;

use crate::outbound::ForbiddenAddress;
use crate::token_fault::TokenFault;

/// Why a step with the identity provider failed. Its text is for traces and administrators: at most 200
/// characters, no control characters, no secret, token or code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// An address of the provider is not one we speak to.
    #[error("{why}: {address}")]
    Forbidden {
        /// The address as the issuer or its metadata has it.
        address: Remark,
        /// The rule it breaks.
        why: ForbiddenAddress,
    },
    /// Nobody answers there, or the answer is 429 or 5xx.
    #[error("{at} is not reachable: {detail}")]
    Unreachable {
        /// Which endpoint.
        at: Endpoint,
        /// What happened.
        detail: Remark,
        /// How long to wait before the next try.
        retry_after: Duration,
    },
    /// It answers too slowly.
    #[error("{at} did not answer in time")]
    TimedOut {
        /// Which endpoint.
        at: Endpoint,
    },
    /// Its answer is not what the specifications say.
    #[error("{at} broke the protocol: {detail}")]
    Protocol {
        /// Which endpoint.
        at: Endpoint,
        /// What is wrong with the answer.
        detail: Remark,
    },
    /// The code is used, expired or not ours (`invalid_grant`).
    #[error("the provider rejected the code: {detail}")]
    CodeRejected {
        /// The provider's own words.
        detail: Remark,
    },
    /// Our client id or secret is wrong (`invalid_client`, `unauthorized_client`, 401).
    #[error("the provider rejected our client credentials: {detail}")]
    ClientRejected {
        /// The provider's own words.
        detail: Remark,
    },
    /// The metadata names another issuer than the connection (Discovery 1.0 §4.3).
    #[error("the metadata names issuer {got}, expected {expected}")]
    IssuerMismatch {
        /// The connection's issuer.
        expected: Remark,
        /// The metadata's.
        got: Remark,
    },
    /// The authorization response names another issuer, or none where it must (RFC 9207 §2.4).
    #[error("the answer came from {got}, expected {expected}")]
    ResponseIssuerMismatch {
        /// The connection's issuer.
        expected: Remark,
        /// What the response says; empty when `iss` is missing.
        got: Remark,
    },
    /// The ID token cannot be believed.
    #[error("ID token refused: {why}")]
    IdTokenInvalid {
        /// The check that it failed.
        why: TokenFault,
    },
    /// `UserInfo` speaks of somebody else (Core §5.3.2).
    #[error("UserInfo speaks of another subject than the ID token")]
    UserInfoSubjectMismatch,
    /// Too many exchanges of this connection are under way.
    #[error("too many sign-ins of this connection are waiting for the provider")]
    Busy {
        /// How long to wait before the next try.
        retry_after: Duration,
    },
}

/// How long somebody should wait when the provider did not say.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(5);

impl Trouble {
    /// The whole text for traces: at most 200 characters.
    #[must_use]
    pub fn detail(&self) -> String {
        Remark::new(&self.to_string()).0
    }

    /// How long to wait before the next try, where waiting helps.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unreachable { retry_after, .. } | Self::Busy { retry_after } => Some(*retry_after),
            Self::TimedOut { .. } => Some(RETRY_AFTER),
            Self::Forbidden { .. }
            | Self::Protocol { .. }
            | Self::CodeRejected { .. }
            | Self::ClientRejected { .. }
            | Self::IssuerMismatch { .. }
            | Self::ResponseIssuerMismatch { .. }
            | Self::IdTokenInvalid { .. }
            | Self::UserInfoSubjectMismatch => None,
        }
    }

    /// Whether the provider said nothing, or nothing but that it can't: what breakers count.
    pub(crate) const fn is_silence(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::TimedOut { .. })
    }

    pub(crate) fn protocol(at: Endpoint, detail: &str) -> Self {
        Self::Protocol { at, detail: Remark::new(detail) }
    }

    pub(crate) fn unreachable(at: Endpoint, detail: &str) -> Self {
        Self::Unreachable { at, detail: Remark::new(detail), retry_after: RETRY_AFTER }
    }
}

impl From<TokenFault> for Trouble {
    fn from(why: TokenFault) -> Self {
        Self::IdTokenInvalid { why }
    }
}

/// The provider's endpoints that we ask ourselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `/.well-known/openid-configuration`.
    Metadata,
    /// `jwks_uri`.
    Keys,
    /// `token_endpoint`.
    Token,
    /// `userinfo_endpoint`.
    UserInfo,
}

impl Endpoint {
    pub(crate) const ALL: [Self; 4] = [Self::Metadata, Self::Keys, Self::Token, Self::UserInfo];
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Metadata => "the metadata address",
            Self::Keys => "the key set",
            Self::Token => "the token endpoint",
            Self::UserInfo => "UserInfo",
        })
    }
}

/// A foreign text made harmless: at most 200 characters, control characters replaced by blanks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remark(String);

impl Remark {
    /// Takes any text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let harmless = |c: char| if hides(c) { ' ' } else { c };
        Self(text.chars().take(200).map(harmless).collect())
    }

    /// Takes a text of the provider, which might repeat what we sent: none of `secrets` stays in it.
    pub(crate) fn without(text: &str, secrets: &[&str]) -> Self {
        let told = secrets.iter().filter(|secret| secret.len() >= 4);
        Self::new(&told.fold(text.to_owned(), |text, secret| text.replace(secret, "…")))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Control characters, line separators and those that turn the direction of writing.
pub(crate) fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_detail_is_short_and_on_one_line(text in "\\PC{0,300}|[\\x00-\\x7f]{0,300}") {
            let detail = Trouble::protocol(Endpoint::Token, &text).detail();
            prop_assert!(detail.chars().count() <= 200);
            prop_assert!(!detail.contains(hides));
        }
    }

    #[test]
    fn a_remark_forgets_what_we_sent() {
        let remark = Remark::without("bad secret s3cret!! for code c0de42", &["s3cret!!", "c0de42"]);
        assert_eq!(remark.as_str(), "bad secret … for code …");
    }
}
