//! What can go wrong with a database, as far as a caller would act differently.

use diesel::result::{DatabaseErrorKind, Error};

/// Why a database call failed.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A row with this key is there already.
    #[error("a row with this key is there already: {0}")]
    Duplicate(String),
    /// The database cannot be asked now: gone, full, read-only, too busy, or it refused the statement.
    #[error("the database cannot be used: {0}")]
    Unavailable(String),
}

impl From<Error> for StorageError {
    fn from(error: Error) -> Self {
        if let Error::DatabaseError(DatabaseErrorKind::UniqueViolation, about) = &error {
            let constraint = about.constraint_name().unwrap_or_else(|| about.message());
            return Self::Duplicate(constraint.to_owned());
        }
        Self::Unavailable(error.to_string())
    }
}
