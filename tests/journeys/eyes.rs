//! What the database itself says, past the service.

use audit::{Act, Entry};
use roles::{Colleague, Filter};
use storage::{Address, Database, Options, StorageError};
use support::TestDatabase;
use vocabulary::{Role, TeamId};

/// One more way to a test's database, with connections of its own, as another process has them.
pub fn open(db: &TestDatabase) -> Database {
    Database::open(&Options::new(Address::parse(db.url()).unwrap()))
}

/// A Team ID.
pub fn team(id: &str) -> TeamId {
    TeamId::parse(id).unwrap()
}

/// Everybody of a team.
pub fn everybody(database: &Database, id: &str) -> Vec<Colleague> {
    database.read(|c| roles::colleagues(c, &team(id), &Filter::default(), 10_000)).unwrap()
}

/// The one person of a team with this email.
pub fn person(database: &Database, id: &str, email: &str) -> Colleague {
    let all = everybody(database, id);
    let mut found =
        all.into_iter().filter(|row| row.person.email.as_ref().is_some_and(|e| e.as_str() == email));
    let one = found.next().unwrap_or_else(|| panic!("nobody in {id} has {email}"));
    assert!(found.next().is_none(), "several people in {id} have {email}");
    one
}

/// Active admins of a team.
pub fn admins(database: &Database, id: &str) -> usize {
    let all = everybody(database, id);
    all.iter().filter(|row| row.membership.role == Role::Admin && row.membership.active).count()
}

/// What is on a team's record, latest first.
pub fn record(database: &Database, id: &str) -> Vec<Entry> {
    database.read(|c| audit::of_team(c, &team(id), None, 100_000)).unwrap()
}

/// How often something stands on a team's record.
pub fn times(database: &Database, id: &str, act: Act) -> usize {
    record(database, id).iter().filter(|entry| entry.act == Some(act)).count()
}

/// How many sessions of a team are kept.
pub fn sessions(database: &Database, id: &str) -> i64 {
    use diesel::prelude::*;
    use storage::schema::sessions::dsl;
    let query = dsl::sessions.filter(dsl::team_id.eq(id)).count();
    database
        .read(|connection| Ok::<i64, StorageError>(storage::each!(connection, c => query.get_result(c))?))
        .unwrap()
}
