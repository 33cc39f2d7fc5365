//! Why a request is not made or not decided.

use storage::StorageError;
use teams::TeamError;
use vocabulary::TeamId;

use crate::links::LinkError;

/// Why a request that reads well is not taken.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The Team ID is in use, or was once.
    #[error("{0} is taken.")]
    TeamIdTaken(TeamId),
    /// As many requests as may wait for this contact's proof do so already.
    #[error("This contact has as many unconfirmed requests as may wait.")]
    ContactBusy,
    /// As many requests as may wait for proof at all do so already.
    #[error("As many requests as may wait for their contact's proof do so already.")]
    Full,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why an operator's word about a request is refused, each with its remedy.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// There is no such request.
    #[error("There is no such request. `request list` shows them all.")]
    Unknown,
    /// Its contact has not proved the address.
    #[error("The contact has not confirmed this request yet. It can be decided once they have.")]
    Unconfirmed,
    /// Somebody decided it before.
    #[error("This request was decided before. `request show` says how.")]
    Decided,
    /// Its provider can't be asked before it is named.
    #[error("This request names no issuer or client ID yet, so there is nothing to check.")]
    Incomplete,
    /// The Team ID is in use by now, or was once.
    #[error("{0} is taken by now. Ask the contact for a request with another Team ID, and reject this one.")]
    TeamIdTaken(TeamId),
    /// The keys at hand don't open its secret.
    #[error(
        "The client secret of this request was sealed with a key that is not in secrets.keys. Put that key back, or ask for a new request."
    )]
    SecretLost,
    /// The text for the contact can't be used.
    #[error("The text for the contact has 1 to 2000 characters.")]
    Note,
    /// The registry refuses.
    #[error(transparent)]
    Team(TeamError),
    /// There is no setup link to be had.
    #[error(transparent)]
    Link(LinkError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<LinkError> for RequestError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Storage(error) => Self::Storage(error),
            other @ (LinkError::Unknown(_)
            | LinkError::AlreadyOpen(_)
            | LinkError::Suspended(_)
            | LinkError::Gone) => Self::Link(other),
        }
    }
}

impl From<TeamError> for RequestError {
    fn from(error: TeamError) -> Self {
        match error {
            TeamError::Exists(id) | TeamError::UsedBefore(id) => Self::TeamIdTaken(id),
            TeamError::Storage(error) => Self::Storage(error),
            other @ (TeamError::Reserved(_)
            | TeamError::Unknown(_)
            | TeamError::CallbackPathTaken(_)
            | TeamError::ConnectionMissing
            | TeamError::NotTested
            | TeamError::NoSuchVersion
            | TeamError::SharedIssuer(_)
            | TeamError::SecretNeeded
            | TeamError::SecretNeededAgain
            | TeamError::SecretExpiry
            | TeamError::SecretIsCurrent
            | TeamError::NoNextSecret
            | TeamError::NextNotTested
            | TeamError::SecretIsClientId
            | TeamError::PlainHttp(_)
            | TeamError::AdminOutsideDomains(_)
            | TeamError::PostLogoutRedirectUri
            | TeamError::Name) => Self::Team(other),
        }
    }
}
