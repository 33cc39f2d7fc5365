//! What the tests of this room share: a fresh database, a desk, time and chance that are held by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use storage::{Address, Database, Options, StorageError};
use tempfile::TempDir;
use url::Url;
use vocabulary::{Chance, Clock, Email, Role, TeamId, Timestamp};

use crate::{Desk, Letter, Occasion, Reader};

/// When every test begins: 2026-05-03T10:00:00Z.
pub(crate) const START: Timestamp = Timestamp::from_seconds(1_777_802_400);

/// A migrated SQLite database in a folder of its own.
pub(crate) fn database() -> (TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let database = open(&folder);
    database.migrate().unwrap();
    (folder, database)
}

/// The database in `folder` with connections of its own, as another process would have.
pub(crate) fn open(folder: &TempDir) -> Database {
    let url = format!("sqlite://{}/teamdoor.db", folder.path().display());
    Database::open(&Options::new(Address::parse(&url).unwrap()))
}

pub(crate) fn desk() -> Desk {
    Desk::new(
        "Ledger",
        Url::parse("https://sso.ledger.test").unwrap(),
        "sso@ledger.test",
        Some(Url::parse("https://ledger.test/help?a=1&b=2").unwrap()),
    )
    .unwrap()
}

pub(crate) fn letter(to: &str, occasion: Occasion) -> Letter {
    Letter { to: Email::parse(to).unwrap(), team_id: Some(TeamId::parse("acme").unwrap()), occasion }
}

/// "Bob is now an admin", told to Bob.
pub(crate) fn role_changed(person_name: &str) -> Occasion {
    Occasion::RoleChanged {
        team_name: "Acme".to_owned(),
        person_name: person_name.to_owned(),
        role: Role::Admin,
        by: "Ada Lovelace".to_owned(),
        reader: Reader::Themselves,
    }
}

/// Writes a letter to `to` in a transaction of its own.
pub(crate) fn write(database: &Database, desk: &Desk, now: Timestamp, to: &str) {
    let letter = letter(to, role_changed("Bob Bell"));
    database.write(now, |tx| desk.write(tx, &Dice, &letter)).unwrap();
}

pub(crate) fn waiting(database: &Database) -> i64 {
    database.read::<_, StorageError>(crate::waiting).unwrap()
}

/// Chance that never repeats itself within a test run.
pub(crate) struct Dice;

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        static THROWN: AtomicU64 = AtomicU64::new(1);
        let number = THROWN.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.fill(0);
        for (byte, digit) in bytes.iter_mut().rev().zip(number.iter().rev()) {
            *byte = *digit;
        }
    }
}

/// A clock whose hands are moved by the test.
#[derive(Clone)]
pub(crate) struct Hands(Arc<AtomicI64>);

impl Hands {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START.millis())))
    }

    pub(crate) fn forward(&self, by: Duration) {
        self.0.store(self.now().plus(by).millis(), Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}
