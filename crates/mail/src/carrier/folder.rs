//! Letters as files, for development and for whoever fetches mail from a folder.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Failure;

/// The name of a letter that is none.
const CHECK: &str = "check";

/// Writes `letter` as `{id}.eml`, readable for this user alone. The file is there whole or not at all; the same
/// letter written twice is one file.
pub(super) async fn put(folder: PathBuf, id: String, letter: Vec<u8>) -> Result<(), Failure> {
    let shown = folder.display().to_string();
    let written = tokio::task::spawn_blocking(move || write(&folder, &id, &letter)).await;
    written
        .map_err(io::Error::other)
        .flatten()
        .map_err(|error| Failure::Unreachable(format!("the folder {shown} cannot be written: {error}")))
}

/// Whether the folder can be written: a file is put there and taken away again.
pub(super) async fn check(folder: PathBuf) -> Result<(), Failure> {
    put(folder.clone(), CHECK.to_owned(), Vec::new()).await?;
    let removed = std::fs::remove_file(folder.join(format!("{CHECK}.eml")));
    removed.map_err(|error| {
        Failure::Unreachable(format!("the folder {} cannot be tidied: {error}", folder.display()))
    })
}

fn write(folder: &Path, id: &str, letter: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".{id}.unfinished"));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(letter)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, folder.join(format!("{id}.eml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_letter_is_one_whole_file_however_often_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = folder.path().join("data/outbox");
        for _ in 0..2 {
            put(outbox.clone(), "a1".to_owned(), b"Hello".to_vec()).await.unwrap();
        }
        let names: Vec<_> =
            std::fs::read_dir(&outbox).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["a1.eml"]);
        assert_eq!(std::fs::read(outbox.join("a1.eml")).unwrap(), b"Hello");
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let failure = put(file.path().join("outbox"), "a1".to_owned(), Vec::new()).await.unwrap_err();
        assert!(
            matches!(&failure, Failure::Unreachable(reason) if reason.contains("outbox cannot be written"))
        );
    }
}
