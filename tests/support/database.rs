//! A fresh database for each test, gone when the test ends: a file in a folder of its own, or a database of the
//! PostgreSQL cluster that `cargo xtask test` started. [`on_both!`](crate::on_both) runs a story on each.

use std::env;
use std::hash::{BuildHasher, RandomState};

use actix_web::rt::System;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use tempfile::TempDir;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Embedded, in a file.
    Sqlite,
    /// A server.
    Postgres,
}

/// An empty database, removed when this is dropped, whoever is still connected to it.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(#[expect(dead_code, reason = "held until it removes itself")] TempDir),
    Cluster { maintenance: String, name: String },
}

impl TestDatabase {
    /// Makes an empty database.
    ///
    /// # Panics
    /// When there is no PostgreSQL cluster, or it refuses; the message says what to do.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Self::in_a_folder(),
            Kind::Postgres => Self::on_the_cluster(),
        }
    }

    /// Its address as `database.url` takes it: `sqlite:///…` or `postgres://…`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which database it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.place {
            Place::Folder(_) => Kind::Sqlite,
            Place::Cluster { .. } => Kind::Postgres,
        }
    }

    fn in_a_folder() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("teamdoor.db").display());
        Self { url, place: Place::Folder(folder) }
    }

    fn on_the_cluster() -> Self {
        let maintenance = env::var("TEAMDOOR_TEST_POSTGRES")
            .expect("no PostgreSQL: run `cargo xtask test`, or name a cluster in TEAMDOOR_TEST_POSTGRES");
        let name = format!("td_{:016x}", RandomState::new().hash_one(std::process::id()));
        // template0 has no visitors: a copy of template1 fails while somebody is connected to it.
        run_on(&maintenance, &format!("CREATE DATABASE {name} TEMPLATE template0"))
            .expect("a database on the cluster of TEAMDOOR_TEST_POSTGRES");
        let (server, _) = maintenance.rsplit_once('/').expect("TEAMDOOR_TEST_POSTGRES names a database");
        Self { url: format!("{server}/{name}"), place: Place::Cluster { maintenance, name } }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match &self.place {
            Place::Folder(_) => {} // removes itself
            Place::Cluster { maintenance, name } => {
                let dropped = run_on(maintenance, &format!("DROP DATABASE {name} WITH (FORCE)"));
                // A second panic while a test is failing would hide why it fails.
                if let Err(error) = dropped {
                    eprintln!("{name} was not dropped: {error}");
                }
            }
        }
    }
}

fn run_on(url: &str, statement: &str) -> Result<(), Box<dyn std::error::Error>> {
    PgConnection::establish(url)?.batch_execute(statement)?;
    Ok(())
}

/// Runs `story` with a fresh database of that kind on a fresh runtime; [`on_both!`](crate::on_both) calls it.
///
/// Where only SQLite is wanted (`cargo xtask test --sqlite`), a story for PostgreSQL says that it is skipped.
pub fn tell(kind: Kind, story: impl AsyncFnOnce(&TestDatabase)) {
    if kind == Kind::Postgres && env::var_os("TEAMDOOR_TEST_SQLITE_ONLY").is_some() {
        eprintln!("skipped: TEAMDOOR_TEST_SQLITE_ONLY is set");
        return;
    }
    let database = TestDatabase::new(kind);
    System::new().block_on(story(&database));
}

/// Makes of each `async fn sentence(db) { … }` two tests, `sentence::sqlite` and `sentence::postgres`; `db` is the
/// [`TestDatabase`].
#[macro_export]
macro_rules! on_both {
    ($($(#[$about:meta])* async fn $sentence:ident($db:ident) $story:block)+) => {
        $($(#[$about])* mod $sentence {
            #[allow(unused_imports, reason = "not every story uses what stands around it")]
            use super::*;

            async fn story($db: &$crate::TestDatabase) $story

            #[test]
            fn sqlite() {
                $crate::database::tell($crate::Kind::Sqlite, story);
            }

            #[test]
            fn postgres() {
                $crate::database::tell($crate::Kind::Postgres, story);
            }
        })+
    };
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use diesel::SqliteConnection;

    use super::*;

    fn write_to(database: &TestDatabase) -> bool {
        let statement = "CREATE TABLE door (id TEXT)";
        match database.kind() {
            Kind::Sqlite => {
                let path = database.url().strip_prefix("sqlite://").unwrap();
                SqliteConnection::establish(path).unwrap().batch_execute(statement).is_ok()
            }
            Kind::Postgres => run_on(database.url(), statement).is_ok(),
        }
    }

    on_both! {
        async fn a_database_is_empty_and_its_own(db) {
            let other = TestDatabase::new(db.kind());
            assert_ne!(db.url(), other.url());
            assert!(write_to(db) && write_to(&other));
            assert!(!write_to(db), "the table is there already");
        }

        async fn a_database_is_gone_after_its_story(db) {
            let seen = RefCell::new(String::new());
            let left = TestDatabase::new(db.kind());
            seen.replace(left.url().to_owned());
            let still_connected = (left.kind() == Kind::Postgres).then(|| PgConnection::establish(left.url()).unwrap());
            drop(left);
            drop(still_connected);
            let url = seen.into_inner();
            match db.kind() {
                Kind::Sqlite => assert!(!std::path::Path::new(url.strip_prefix("sqlite://").unwrap()).exists()),
                Kind::Postgres => assert!(PgConnection::establish(&url).is_err()),
            }
        }
    }
}
