//! Why an app is not registered or changed.

use storage::StorageError;
use vocabulary::TeamId;

use crate::uri::UriError;

/// Why an app is not registered or changed, each with its remedy.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The name is empty, too long or not readable.
    #[error("An app's name has 1 to 60 letters, digits, blanks or any of - . _ & ' +, for example Ledger.")]
    Name,
    /// It could never be used.
    #[error("An app needs a redirect URI, a host for forward-auth, or a page to open: say at least one.")]
    NoAddress,
    /// More addresses than anybody reads.
    #[error("An app has at most 20 addresses of a kind, and names at most 1000 teams.")]
    TooMany,
    /// A public app without PKCE.
    #[error("A public app keeps no secret, so it needs PKCE.")]
    PublicWithoutPkce,
    /// An address that cannot be one of an app's.
    #[error("“{said}” {why}.")]
    Address {
        /// What was said.
        said: String,
        /// What is wrong with it.
        why: UriError,
    },
    /// Another app stands on that host.
    #[error("Another app has the host {0}. Each host belongs to one app.")]
    HostTaken(String),
    /// Our own host.
    #[error("{0} is Teamdoor's own host. There the session answers, without an app.")]
    OwnHost(String),
    /// It would be for a team that is not there.
    #[error("There is no team called {0}, so no app can be for it. `team list` shows them all.")]
    TeamUnknown(TeamId),
    /// There is no such app.
    #[error("There is no app with the client id {0}. `app list` shows them all.")]
    Unknown(String),
    /// Somebody else changed it meanwhile.
    #[error("The app was changed meanwhile. Read it again and repeat the change.")]
    Changed,
    /// It has no secret.
    #[error("A public app has no secret.")]
    NoSecret,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl AppError {
    /// Of an address that was said.
    #[must_use]
    pub fn address(said: &str, why: UriError) -> Self {
        Self::Address { said: said.chars().take(80).collect(), why }
    }
}
