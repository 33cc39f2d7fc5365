//! The way back to an app.

use std::fmt;

use super::fault::AuthorizationError;
use super::request::AuthorizationRequest;
use crate::deps::Deps;
use apps::RedirectUri;

/// Where the browser goes: the app's redirect URI with the answer in its query, `iss` always among it (RFC 9207).
/// `Debug` tells no code.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The address.
    pub location: String,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.location.split('?').next().unwrap_or_default();
        f.debug_struct("Answer").field("to", &address).finish_non_exhaustive()
    }
}

impl Answer {
    pub(super) fn granted(deps: &Deps, to: &RedirectUri, state: Option<&str>, code: &str) -> Self {
        Self::new(deps, to, state, &[("code", code)])
    }

    pub(super) fn refused(
        deps: &Deps,
        to: &RedirectUri,
        state: Option<&str>,
        error: AuthorizationError,
    ) -> Self {
        Self::new(deps, to, state, &[("error", error.code()), ("error_description", error.description())])
    }

    fn new(deps: &Deps, to: &RedirectUri, state: Option<&str>, said: &[(&str, &str)]) -> Self {
        let state = state.map(|state| ("state", state));
        let all: Vec<(&str, &str)> =
            said.iter().copied().chain(state).chain([("iss", deps.issuer())]).collect();
        Self { location: to.with(&all) }
    }
}

/// What the app is told when there is no code.
#[must_use]
pub fn refuse(deps: &Deps, request: &AuthorizationRequest, error: AuthorizationError) -> Answer {
    Answer::refused(deps, &request.redirect_uri, request.state.as_deref(), error)
}
