//! Files and environment, read once into one typed, checked value. `config/default.toml` is built in: it names
//! every setting, its default and its meaning, and nothing that is not in it is a setting.

mod catalog;
mod error;
mod fields;
mod key_file;
mod layers;
mod load;
mod nearest;
mod parse;
mod secret;
mod sections;

pub use catalog::reference;
pub use error::{Origin, SettingsError};
pub use key_file::{KeyFile, KeyFileError, KeyFileState, KeyFileWarning, key_file, key_file_beside};
pub use layers::{Sources, process_environment};
pub use secret::{DatabaseUrl, MailUrl, SecretKey, SecretUrl};
pub use sections::{
    Accent, Database, Limit, Limits, Log, LogFormat, Mail, Operator, Product, Secrets, Server, Session,
    Settings, Upstream,
};
