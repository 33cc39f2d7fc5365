//! Values that may hold a secret: none has `Display`, each shows itself redacted.

use std::fmt;
use std::path::{Path, PathBuf};

use url::Url;
use zeroize::Zeroizing;

/// A web address that may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(Url);

impl SecretUrl {
    pub(crate) fn new(url: Url) -> Self {
        Self(url)
    }

    /// The address with its password.
    #[must_use]
    pub fn reveal(&self) -> &Url {
        &self.0
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.0.host_str().unwrap_or_default();
        write!(f, "SecretUrl({}://…@{host})", self.0.scheme())
    }
}

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file; a relative path starts from the working folder.
    Sqlite(PathBuf),
    /// A server: the whole connection address, password and all.
    Postgres(Zeroizing<String>),
}

impl DatabaseUrl {
    /// The file, when it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// The whole address, `sqlite://PATH` or `postgres://…`, password and all.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        match self {
            Self::Sqlite(path) => Zeroizing::new(format!("sqlite://{}", path.display())),
            Self::Postgres(address) => address.clone(),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// Where letters go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailUrl {
    /// A folder in which each letter is a file; a relative path starts from the working folder.
    Folder(PathBuf),
    /// A mail server, `smtp://` or `smtps://`.
    Smtp(SecretUrl),
}

/// A sealing key and its id, `[a-z0-9_-]{1,32}`.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey {
    /// The id.
    pub id: String,
    /// The key's 32 bytes.
    pub key: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretKey").field("id", &self.id).finish_non_exhaustive()
    }
}
