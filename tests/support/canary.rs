//! One canary in every client secret of the tests, and the search for it in whatever comes of them: answers, what
//! commands say, letters, the log of this process, and the database as it lies on the disk.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, OnceLock, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use diesel::prelude::*;
use diesel::sql_types::Text;
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

/// Stands in every client secret of the tests and of the demo, and nowhere else.
pub const MARK: &str = "practice-secret";

/// Where a client secret, or what is known of it, might be kept or told by a mistake.
const TABLES: [&str; 18] = [
    "apps",
    "audit",
    "connection_checks",
    "connection_health",
    "connection_versions",
    "connections",
    "health_letters",
    "launch_names",
    "meta",
    "outbox",
    "people",
    "rehearsals",
    "requests",
    "secret_lives",
    "setup_links",
    "sign_ins",
    "team_tokens",
    "teams",
];

/// The client secret of a team.
#[must_use]
pub fn secret(team_id: &str) -> String {
    format!("{MARK}-of-{team_id}")
}

/// The canary in a text, with what stands around it: in clear, in hexadecimal digits, percent-encoded, or within
/// something in Base64.
#[must_use]
pub fn find(text: &str) -> Option<String> {
    let (at, needle) = needles().iter().find_map(|needle| Some((text.find(needle)?, needle)))?;
    let before = text[..at].chars().rev().take(60).collect::<Vec<char>>().into_iter().rev();
    let after = text[at + needle.len()..].chars().take(60);
    Some(before.chain(needle.chars()).chain(after).collect())
}

/// As what it would be found.
fn needles() -> &'static BTreeSet<String> {
    static NEEDLES: OnceLock<BTreeSet<String>> = OnceLock::new();
    NEEDLES.get_or_init(|| {
        let each = |digits: fn(u8) -> String| MARK.bytes().map(digits).collect::<String>();
        let mut all: BTreeSet<String> = [
            MARK.to_owned(),
            each(|byte| format!("{byte:02x}")),
            each(|byte| format!("{byte:02X}")),
            each(|byte| format!("%{byte:02x}")),
            each(|byte| format!("%{byte:02X}")),
            MARK.replace('-', "%2D"),
            MARK.replace('-', "%2d"),
        ]
        .into();
        // What stands before it decides how its bits fall into letters, and its first and last letter.
        for before in 0..3 {
            let bytes = [&vec![0; before], MARK.as_bytes()].concat();
            let (from, to) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
            all.extend(
                [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD].map(|base64| base64.encode(&bytes)[from..to].to_owned()),
            );
        }
        all
    })
}

/// What a world leaves: its database, its folder of letters, and what this process has logged. Where it ends, no client
/// secret may stand there in clear.
#[derive(Debug)]
pub struct Traces {
    database: String,
    outbox: PathBuf,
    searched: AtomicBool,
}

impl Traces {
    /// Of a database's address and a folder.
    #[must_use]
    pub fn new(database: &str, outbox: &Path) -> Self {
        listen();
        Self { database: database.to_owned(), outbox: outbox.to_owned(), searched: AtomicBool::default() }
    }

    /// Where the canary stands until now. A test that has put one there looks for itself; nobody looks once more.
    #[must_use]
    pub fn leaks(&self) -> Vec<String> {
        self.searched.store(true, Ordering::SeqCst);
        let outbox = self.outbox.display().to_string();
        let mut found = match self.database.strip_prefix("sqlite://") {
            Some(file) => in_files(&[file.to_owned(), format!("{file}-wal"), outbox]),
            None => [in_files(&[outbox]), in_postgres(&self.database)].concat(),
        };
        found.append(&mut HEARD.lock().unwrap_or_else(PoisonError::into_inner));
        found
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        // A second panic would hide why a test fails.
        if !self.searched.load(Ordering::SeqCst) && !std::thread::panicking() {
            let found = self.leaks();
            assert!(found.is_empty(), "a client secret stands in clear: {found:#?}");
        }
    }
}

/// The canary in files and folders, those that are there.
fn in_files(places: &[impl AsRef<str>]) -> Vec<String> {
    let mut grep = Command::new("grep");
    // As bytes: a database is no text.
    grep.env("LC_ALL", "C").args(["-r", "-s", "-a", "-o", "-F"]);
    for needle in needles() {
        grep.args(["-e", needle]);
    }
    let said = grep.arg("--").args(places.iter().map(AsRef::as_ref)).output().expect("grep");
    String::from_utf8_lossy(&said.stdout).lines().map(str::to_owned).collect()
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

/// The canary in the rows of a database, unless a test has taken it away.
fn in_postgres(url: &str) -> Vec<String> {
    let Ok(mut connection) = PgConnection::establish(url) else { return Vec::new() };
    let tables = TABLES.map(|table| format!("SELECT '{table}: ' || t::text AS row FROM {table} t"));
    let rows: Result<Vec<Row>, _> = diesel::sql_query(tables.join(" UNION ALL ")).load(&mut connection);
    rows.unwrap_or_default().iter().filter_map(|Row { row }| find(row)).collect()
}

/// What was heard of it in the log.
static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// From here on everything that this process logs is listened to.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let log =
            tracing_subscriber::fmt().with_max_level(Level::DEBUG).with_ansi(false).with_writer(Ear(&HEARD));
        log.init();
    });
}

/// Hears the canary in lines of a log.
#[derive(Clone, Copy, Debug)]
struct Ear(&'static Mutex<Vec<String>>);

impl io::Write for Ear {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Some(found) = find(&String::from_utf8_lossy(line)) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("the log: {found}"));
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Ear {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        *self
    }
}

#[cfg(test)]
mod tests {
    use audit::{Act, Actor, Deed};
    use serde_json::json;
    use storage::StorageError;
    use vocabulary::Clock as _;

    use super::*;
    use crate::{Kind, TestDatabase, World, on_both};

    #[test]
    fn it_is_found_however_it_is_written_down() {
        let secret = secret("acme");
        let percent = secret.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
        for text in [&secret, &percent, &format!("<p>{secret}</p>"), &secret.replace('-', "%2D")] {
            assert!(find(text).is_some(), "{text}");
        }
        for client in ["c", "cl", "cli", "client-of-acme"] {
            for base64 in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
                let basic = base64.encode(format!("{client}:{secret}"));
                assert!(find(&format!("Authorization: Basic {basic}==")).is_some(), "{client}");
            }
        }
        assert_eq!(find("practice makes a secret"), None);
        assert!(find("é".repeat(100).as_str()).is_none());
    }

    #[test]
    fn it_is_heard_in_a_line_of_the_log() {
        static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());
        let log =
            tracing_subscriber::fmt().with_max_level(Level::DEBUG).with_ansi(false).with_writer(Ear(&LINES));
        tracing::subscriber::with_default(log.finish(), || {
            tracing::info!(client = "client-of-acme", "asks");
            tracing::debug!(secret = secret("acme"), "asks");
        });
        let lines = LINES.lock().unwrap();
        assert!(lines.len() == 1 && lines[0].contains("of-acme"), "{lines:?}");
    }

    on_both! {
        async fn it_is_found_in_the_record(db) {
            let world = World::new(db).await;
            let detail = json!({ "oops": secret("acme") });
            let noted = world.node.house.database.write(world.clock.now(), |tx| {
                let (actor, act) = (&Actor::Teamdoor, Act::TeamChanged);
                audit::record(tx, &Deed { team: None, actor, act, target: None, detail, reference: None })?;
                Ok::<_, StorageError>(())
            });
            noted.unwrap();
            let found = world.traces.leaks();
            assert!(found.iter().any(|place| place.contains(MARK)), "{found:?}");
        }

        async fn it_is_found_in_a_letter(db) {
            let world = World::new(db).await;
            std::fs::create_dir_all(world.outbox()).unwrap();
            std::fs::write(world.outbox().join("a.eml"), format!("Subject: {}\r\n", secret("acme"))).unwrap();
            let found = world.traces.leaks();
            assert!(found.len() == 1 && found[0].contains("a.eml"), "{found:?}");
        }
    }

    #[test]
    #[should_panic(expected = "a client secret stands in clear")]
    fn a_world_with_it_in_a_letter_fails_its_test() {
        crate::database::tell(Kind::Sqlite, async |db: &TestDatabase| {
            let world = World::new(db).await;
            std::fs::create_dir_all(world.outbox()).unwrap();
            std::fs::write(world.outbox().join("a.eml"), STANDARD_NO_PAD.encode(secret("acme"))).unwrap();
        });
    }
}
