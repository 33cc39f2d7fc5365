//! The path of a redirect URI. Usually `/t/{team_id}/callback`; an app that moved in keeps its own.

use std::fmt;

use vocabulary::{ReturnTo, TeamId};

/// A path that belongs to exactly one connection, such as `/auth/okta/callback`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CallbackPath(String);

/// Why a path cannot be a redirect URI of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackPathError {
    /// Not a path.
    #[error("A callback path begins with / and has no ? or #, for example /auth/okta/callback.")]
    NotAPath,
    /// One of Teamdoor's own addresses.
    #[error("{0} belongs to Teamdoor itself. Choose another path.")]
    Ours(String),
}

/// First segments that are Teamdoor's own.
const OURS: &[&str] = &[
    "",
    ".teamdoor",
    ".well-known",
    "api",
    "assets",
    "forget",
    "forward-auth",
    "launch",
    "livez",
    "login",
    "login_sso",
    "metrics",
    "oauth2",
    "operator",
    "readyz",
    "request",
    "setup",
    "t",
];

impl CallbackPath {
    /// Reads a path that a connection brings along.
    pub fn parse(text: &str) -> Result<Self, CallbackPathError> {
        let place = ReturnTo::parse(text).map_err(|_not_a_path| CallbackPathError::NotAPath)?;
        if place.as_str() != text || text.contains(['?', '#', '%']) || text.len() > 200 {
            return Err(CallbackPathError::NotAPath);
        }
        let first = text.split('/').nth(1).unwrap_or_default();
        if OURS.contains(&first) {
            Err(CallbackPathError::Ours(text.to_owned()))
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The path every team has when it brings none.
    #[must_use]
    pub fn usual(team: &TeamId) -> Self {
        Self(format!("/t/{team}/callback"))
    }

    pub(crate) const fn from_row(text: String) -> Self {
        Self(text)
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallbackPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moved_in_paths_are_kept_and_ours_are_refused() {
        for good in ["/auth/okta/callback", "/oauth/callback/okta", "/dex/callback"] {
            assert_eq!(CallbackPath::parse(good).unwrap().as_str(), good);
        }
        for ours in ["/", "/t/acme/callback", "/api/v1/x", "/login", "/oauth2/x"] {
            assert!(matches!(CallbackPath::parse(ours), Err(CallbackPathError::Ours(_))), "{ours}");
        }
        for bad in ["", "auth/x", "//evil/x", "/a?b", "/a#b", "/a%2fb", "/a/../b", "/a b"] {
            assert_eq!(CallbackPath::parse(bad), Err(CallbackPathError::NotAPath), "{bad}");
        }
    }
}
