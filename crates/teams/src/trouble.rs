//! Why the registry refuses a change.

use storage::StorageError;
use vocabulary::{Email, Issuer, TeamId};

use crate::callback_path::CallbackPath;

/// Why the registry refuses a change, each with its remedy.
#[derive(Debug, thiserror::Error)]
pub enum TeamError {
    /// The Team ID is in use.
    #[error("{0} is taken. Choose another Team ID, or change the team with `team set {0}`.")]
    Exists(TeamId),
    /// The Team ID belonged to a removed team.
    #[error("{0} belonged to a team that was removed, and a Team ID is never used again. Choose another.")]
    UsedBefore(TeamId),
    /// The Team ID is a word of the product's own.
    #[error("{0} is a reserved word. Choose another Team ID.")]
    Reserved(TeamId),
    /// There is no such team.
    #[error("There is no team called {0}. `team list` shows them all.")]
    Unknown(TeamId),
    /// Another connection has this path.
    #[error("The callback path {0} belongs to another connection. Each has its own.")]
    CallbackPathTaken(CallbackPath),
    /// A connection comes about with both at once.
    #[error(
        "The team has no connection yet: say issuer and client id together, or send its admin a setup link."
    )]
    ConnectionMissing,
    /// Nothing was tested, or the settings changed since.
    #[error("These settings have not passed a test sign-in. Use Update and test first.")]
    NotTested,
    /// There is no version of the settings that could be used.
    #[error("There are no such settings. Reload the page.")]
    NoSuchVersion,
    /// An issuer shared by many needs to be told whose people are meant.
    #[error(
        "{0} is shared by many organisations. Say whose people are meant: --require hd=DOMAIN at Google, --require tid=TENANT at Entra."
    )]
    SharedIssuer(Issuer),
    /// An enabled connection needs a secret.
    #[error(
        "An enabled connection needs a client secret: --client-secret-file FILE, or - for standard input."
    )]
    SecretNeeded,
    /// A stored secret is never sent to a new address.
    #[error("A new issuer needs the client secret again, so that nobody can send a stored one elsewhere.")]
    SecretNeededAgain,
    /// A secret expires later than now, and not in another age.
    #[error(
        "That day has come already, or is more than ten years ahead. Say when the secret expires, or nothing."
    )]
    SecretExpiry,
    /// The next secret is the one that is in use.
    #[error("That is the client secret in use. Make a new one at the identity provider.")]
    SecretIsCurrent,
    /// No secret waits to take over.
    #[error("There is no next client secret. Add one first.")]
    NoNextSecret,
    /// The next secret was not tested.
    #[error("The next client secret has not passed a test sign-in. Test it first.")]
    NextNotTested,
    /// Client id and secret are the same text.
    #[error("Client id and client secret are the same. Paste each from its own field.")]
    SecretIsClientId,
    /// An http issuer without the operator's word.
    #[error("{0} is not https. Set upstream.allow_http if you mean it.")]
    PlainHttp(Issuer),
    /// The admin could never sign in.
    #[error("{0} is outside the team's email domains, so this admin could never sign in.")]
    AdminOutsideDomains(Email),
    /// The address for after a sign-out is none that a browser may be sent to.
    #[error(
        "The post-logout redirect URI must begin with https://, or http:// on this machine, without @, # or blanks, and have at most 512 characters."
    )]
    PostLogoutRedirectUri,
    /// The display name is empty, too long or not printable.
    #[error("A team's name has 1 to 100 characters.")]
    Name,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
