//! What stops a command, each with its remedy.

use std::path::PathBuf;

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The settings are wrong.
    #[error("{0}")]
    Settings(#[from] settings::SettingsError),
    /// A setting that is read right cannot be used.
    #[error("{key}: {why}")]
    Setting {
        /// Which one.
        key: &'static str,
        /// Why, with the remedy.
        why: String,
    },
    /// The key file beside the database.
    #[error("{0}")]
    KeyFile(#[from] settings::KeyFileError),
    /// The key file is gone and the database is not.
    #[error(
        "{path} is missing: it holds the key this database was made with. Put it back from your backup; without \
         it client secrets must be set again.", path = .0.display()
    )]
    KeyFileLost(PathBuf),
    /// The keys do not open what this database holds.
    #[error(
        "The keys in secrets.keys do not open what this database holds. Put back the key it was made with; \
         without it client secrets must be set again."
    )]
    WrongKeys,
    /// The database's schema is older than this binary needs.
    #[error("The database is older than this version. Run `teamdoor migrate` first ({0} to come).")]
    SchemaBehind(usize),
    /// The database's schema is newer than this binary knows.
    #[error("The database was migrated by a newer version of Teamdoor. Run that version.")]
    SchemaAhead,
    /// Migrating.
    #[error(transparent)]
    Migration(#[from] storage::MigrationError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] storage::StorageError),
    /// The registry refuses.
    #[error(transparent)]
    Team(#[from] teams::TeamError),
    /// A request for a team is not decided.
    #[error(transparent)]
    Request(#[from] onboarding::request::RequestError),
    /// There is no setup link to be had.
    #[error(transparent)]
    Link(#[from] onboarding::LinkError),
    /// No break-glass is made.
    #[error(transparent)]
    Glass(#[from] onboarding::glass::GlassError),
    /// A team's settings stay as they are.
    #[error(transparent)]
    TeamSettings(#[from] onboarding::SettingsError),
    /// The role service refuses.
    #[error(transparent)]
    Role(#[from] roles::RoleError),
    /// No operator token is made.
    #[error(transparent)]
    Token(#[from] tokens::TokenError),
    /// A team's tokens stay as they are.
    #[error(transparent)]
    TeamToken(#[from] tokens::team::TeamTokenError),
    /// The signing keys stay as they are.
    #[error(transparent)]
    SigningKeys(#[from] provider::KeysError),
    /// An app is not registered or changed.
    #[error(transparent)]
    App(#[from] apps::AppError),
    /// A file that cannot be read.
    #[error("{path}: {error}", path = .path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The port is taken, or something else keeps the service from listening.
    #[error("cannot listen on {address}: {error}. Choose another with --port or server.listen.")]
    Listen {
        /// Where.
        address: String,
        /// Why.
        error: std::io::Error,
    },
    /// An argument that cannot be read.
    #[error("{0}")]
    Argument(String),
    /// Something said in words for this very case.
    #[error("{0}")]
    Said(String),
    /// Standard input or output.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}
