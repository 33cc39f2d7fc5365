//! How many commits SQLite has written, read from its write-ahead log
//! (<https://www.sqlite.org/fileformat2.html#walformat>).

use std::fs;
use std::path::Path;

use crate::failure::Failure;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The log at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Another one after the log began again from its start.
    salt: [u8; 8],
    /// Commits in it.
    commits: u32,
}

impl Log {
    /// Reads the log beside this database.
    pub fn read(database: &Path) -> Result<Self, Failure> {
        let bytes = fs::read(database.with_extension("db-wal"))?;
        parse(&bytes).ok_or_else(|| Failure("the write-ahead log cannot be read".to_owned()))
    }

    /// Commits since an earlier moment; none when the log began again meanwhile.
    pub fn since(&self, before: &Self) -> Option<u32> {
        (self.salt == before.salt).then(|| self.commits.saturating_sub(before.commits))
    }
}

fn parse(bytes: &[u8]) -> Option<Log> {
    let page = usize::try_from(u32::from_be_bytes(four(bytes, 8)?)).ok()?;
    let salt: [u8; 8] = bytes.get(16..24)?.try_into().ok()?;
    let frames = bytes.get(HEADER..)?.chunks_exact(FRAME_HEADER.checked_add(page)?);
    // Frames of an earlier log may stand behind the last one of this.
    let ours = frames.take_while(|frame| frame.get(8..16) == Some(salt.as_slice()));
    // A frame that ends a transaction carries the size of the database.
    let commits = ours.filter(|frame| four(frame, 4).is_some_and(|size| size != [0; 4])).count();
    Some(Log { salt, commits: u32::try_from(commits).ok()? })
}

fn four(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(frames: &[(u8, u8)]) -> Vec<u8> {
        let mut bytes = vec![0; HEADER];
        bytes[10] = 2; // pages of 512 bytes
        bytes[16] = 1;
        for (size, salt) in frames {
            let mut frame = vec![0; FRAME_HEADER + 512];
            (frame[7], frame[8]) = (*size, *salt);
            bytes.extend(frame);
        }
        bytes
    }

    #[test]
    fn frames_that_end_a_transaction_of_this_log_are_counted() {
        let before = parse(&log(&[(0, 1), (9, 1)])).unwrap();
        let after = parse(&log(&[(0, 1), (9, 1), (9, 1), (0, 1), (9, 1), (9, 7)])).unwrap();
        assert_eq!((before.commits, after.commits), (1, 3));
        assert_eq!(after.since(&before), Some(2));
        let mut other = log(&[(9, 2)]);
        other[16] = 2;
        assert_eq!(parse(&other).unwrap().since(&before), None);
    }
}
