//! Why a start is refused: always the place, the key, what is wrong with it, and what to do.

use std::fmt;
use std::path::PathBuf;

/// Where a value was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The defaults inside of the program.
    BuiltIn,
    /// A file.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built-in defaults"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => write!(f, "environment variable {name}"),
        }
    }
}

/// Why settings cannot be used. No message ever contains a secret.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file cannot be read.
    #[error("{}: cannot be read. Check that the file exists and that this user may read it.", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not TOML.
    #[error("{}: line {line} is not TOML: {problem}. Mend this line.", .file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What the parser expected.
        problem: String,
    },
    /// A key that is no setting.
    #[error("{origin}: `{key}` is no setting. {remedy}")]
    UnknownKey {
        /// Where it stands.
        origin: Origin,
        /// The key, `section.key`.
        key: String,
        /// What was probably meant.
        remedy: String,
    },
    /// A value of the wrong type or outside of what is allowed.
    #[error("{origin}: `{key}` {problem}. {remedy}")]
    Wrong {
        /// Where it stands.
        origin: Origin,
        /// The key, `section.key`.
        key: String,
        /// What is wrong with it.
        problem: String,
        /// What to write instead.
        remedy: String,
    },
    /// A value without which the others make no sense.
    #[error("`{key}` is missing: {reason}. {remedy}")]
    Missing {
        /// The key, `section.key`.
        key: String,
        /// What makes it necessary, with the place where that was said.
        reason: String,
        /// How to say it.
        remedy: String,
    },
}
