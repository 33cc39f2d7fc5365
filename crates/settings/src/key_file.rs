//! The key file beside a SQLite database: made once, whole or not at all, and readable by its owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vocabulary::{Chance, random_id};
use zeroize::Zeroizing;

use crate::SecretKey;
use crate::parse::secret::key_bytes;

/// The id of the key in a key file; keep it when the key moves to `secrets.keys`.
const ID: &str = "file";

/// A key from its file.
#[derive(Debug)]
pub struct KeyFile {
    /// The key.
    pub key: SecretKey,
    /// Whether it is new.
    pub state: KeyFileState,
    /// What the operator should mend.
    pub warning: Option<KeyFileWarning>,
}

/// Whether a key file was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFileState {
    /// It was made now.
    Made,
    /// It was there.
    Found,
}

/// What is not good about a key file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFileWarning {
    /// Group or others may read or write it.
    OpenToOthers {
        /// The file.
        file: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

impl std::fmt::Display for KeyFileWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::OpenToOthers { file, mode } = self;
        let file = file.display();
        write!(f, "{file}: this key file is open to others (mode {mode:04o}). Run: chmod 600 {file}")
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file is not what a key file is.
    #[error(
        "{}: this is no key file (one line, the Base64 of 32 bytes). Restore it from your backup; without it the \
         sealed client secrets are lost.",
        .0.display()
    )]
    Malformed(PathBuf),
    /// The file cannot be read.
    #[error("{}: the key file cannot be read. It must belong to the user Teamdoor runs as.", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file cannot be made.
    #[error(
        "{}: the key file cannot be made. Make its folder writable for the user Teamdoor runs as, or set secrets.keys.",
        .file.display()
    )]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Where the key file of a SQLite database is: `data/teamdoor.db` has `data/teamdoor.key`.
#[must_use]
pub fn key_file_beside(database: &Path) -> PathBuf {
    database.with_extension("key")
}

/// Reads the key file at `path`, or makes it (mode 0600) with a new key. Of two starts at once one makes it and
/// both read the same key.
pub fn key_file(path: &Path, chance: &dyn Chance) -> Result<KeyFile, KeyFileError> {
    if let Some(found) = read(path, KeyFileState::Found)? {
        return Ok(found);
    }
    let unwritable = |source| KeyFileError::Unwritable { file: path.to_owned(), source };
    let state = make(path, chance).map_err(unwritable)?;
    read(path, state)?.ok_or_else(|| unwritable(ErrorKind::NotFound.into()))
}

fn read(path: &Path, state: KeyFileState) -> Result<Option<KeyFile>, KeyFileError> {
    let unreadable = |source| KeyFileError::Unreadable { file: path.to_owned(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mode = file.metadata().map_err(unreadable)?.permissions().mode() & 0o7777;
    let mut bytes = Zeroizing::new(Vec::with_capacity(128));
    file.take(128).read_to_end(&mut bytes).map_err(unreadable)?;
    let key = std::str::from_utf8(&bytes)
        .ok()
        .and_then(key_bytes)
        .ok_or_else(|| KeyFileError::Malformed(path.to_owned()))?;
    let warning = (mode & 0o077 != 0).then(|| KeyFileWarning::OpenToOthers { file: path.to_owned(), mode });
    let key = SecretKey { id: ID.to_owned(), key };
    Ok(Some(KeyFile { key, state, warning }))
}

/// Writes a new key under a name of its own first and links it into place when it is on the disk, so that a
/// crash leaves no half of a key and nobody's key is ever overwritten.
fn make(path: &Path, chance: &dyn Chance) -> std::io::Result<KeyFileState> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = folder.join(format!(".key-{}", random_id(chance)));
    let written = write_draft(&draft, chance).and_then(|()| fs::hard_link(&draft, path));
    let _ = fs::remove_file(&draft);
    let state = match written {
        Ok(()) => KeyFileState::Made,
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.exists() => KeyFileState::Found,
        Err(error) => return Err(error),
    };
    File::open(folder)?.sync_all()?;
    Ok(state)
}

fn write_draft(draft: &Path, chance: &dyn Chance) -> std::io::Result<()> {
    let mut key = Zeroizing::new([0_u8; 32]);
    chance.fill(&mut *key);
    let line = Zeroizing::new(format!("{}\n", STANDARD.encode(*key)));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests;
