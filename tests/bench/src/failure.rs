//! Why a measurement ended early.

use std::io;

/// A sentence for the developer.
#[derive(Debug)]
pub struct Failure(pub String);

impl Failure {
    /// A failure that says what was being done.
    pub fn of(doing: &str, error: &dyn std::fmt::Display) -> Self {
        Self(format!("{doing}: {error}"))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}
