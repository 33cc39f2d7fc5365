//! Why there are no tokens.

use storage::StorageError;

use crate::client::Scheme;
use crate::parameters::Doubled;
use crate::standing::Fallen;

/// Why a request of the token, introspection or revocation endpoint is refused (RFC 6749 §5.2).
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The app did not show who it is: 401, with a challenge when it tried by header.
    #[error("The app is not known by this id and secret.")]
    InvalidClient(Scheme),
    /// The code or refresh token is worth nothing.
    #[error("{0}")]
    InvalidGrant(&'static str),
    /// The request is malformed.
    #[error("{0}")]
    InvalidRequest(&'static str),
    /// A public app asked what only one with a secret may.
    #[error("This needs an app with a secret.")]
    UnauthorizedClient,
    /// Neither of the two.
    #[error("grant_type is authorization_code or refresh_token.")]
    UnsupportedGrantType,
    /// More than was granted.
    #[error("scope goes beyond what was granted.")]
    InvalidScope,
    /// The database, or a key of our own: 503.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl TokenError {
    /// The `error` member. The last one is not in RFC 6749: it says that the same request may do later.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidClient(_) => "invalid_client",
            Self::InvalidGrant(_) => "invalid_grant",
            Self::InvalidRequest(_) => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::Storage(_) => "temporarily_unavailable",
        }
    }
}

impl From<Doubled> for TokenError {
    fn from(Doubled: Doubled) -> Self {
        Self::InvalidRequest("A parameter is there twice.")
    }
}

/// What an app is told when the one who granted no longer stands.
pub(super) fn fallen(fallen: Fallen) -> TokenError {
    match fallen {
        Fallen::App => TokenError::InvalidGrant("The app is gone."),
        Fallen::Ended => TokenError::InvalidGrant("The session or the person's access has ended."),
        Fallen::SignInTooOld => TokenError::InvalidGrant("The person has to sign in again."),
        Fallen::NotAdmitted => TokenError::InvalidGrant("The person may not use this app."),
        Fallen::Storage(error) => TokenError::Storage(error),
    }
}
