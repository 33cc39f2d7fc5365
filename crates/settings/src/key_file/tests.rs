//! A key file is made once and guarded.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Barrier};

use super::*;

/// Never fills twice with the same byte.
#[derive(Default)]
struct Counting(AtomicU8);
impl Chance for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn the_first_start_makes_the_key_and_the_second_finds_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = key_file_beside(&folder.path().join("data/teamdoor.db"));
    assert!(path.ends_with("data/teamdoor.key"));
    let chance = Counting::default();
    let made = key_file(&path, &chance).unwrap();
    assert_eq!((made.state, made.warning, mode(&path)), (KeyFileState::Made, None, 0o600));
    let found = key_file(&path, &chance).unwrap();
    assert_eq!((found.state, &found.key), (KeyFileState::Found, &made.key));
    assert_eq!(found.key.id, "file");
    let names = fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(names, 1, "no draft stays behind");
}

#[test]
fn two_starts_at_once_get_the_same_key() {
    for _ in 0..50 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("teamdoor.key");
        let (chance, barrier) = (Arc::new(Counting::default()), Arc::new(Barrier::new(2)));
        let starts = [0, 1].map(|_| {
            let (path, chance, barrier) = (path.clone(), chance.clone(), barrier.clone());
            std::thread::spawn(move || {
                barrier.wait();
                key_file(&path, &*chance).unwrap()
            })
        });
        let [one, other] = starts.map(|start| start.join().unwrap());
        assert_eq!(one.key, other.key);
        let made = [one.state, other.state].into_iter().filter(|state| *state == KeyFileState::Made);
        assert_eq!(made.count(), 1);
    }
}

#[test]
fn a_key_file_open_to_others_is_warned_of_with_its_name_and_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("teamdoor.key");
    key_file(&path, &Counting::default()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let warning = key_file(&path, &Counting::default()).unwrap().warning.unwrap().to_string();
    assert!(warning.contains("mode 0640"), "{warning}");
    assert!(warning.contains(&format!("chmod 600 {}", path.display())), "{warning}");
}

#[test]
fn a_broken_key_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("teamdoor.key");
    for content in ["", "abc\n", &"A".repeat(500), "\u{0}"] {
        fs::write(&path, content).unwrap();
        let error = key_file(&path, &Counting::default()).unwrap_err();
        assert!(matches!(&error, KeyFileError::Malformed(file) if *file == path), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let not_a_folder = folder.path().join("occupied");
    fs::write(&not_a_folder, "").unwrap();
    let error = key_file(&not_a_folder.join("sub/teamdoor.key"), &Counting::default()).unwrap_err();
    assert!(error.to_string().contains("occupied"), "{error}");
}
