//! The migrations are twins: each has its file for SQLite and for PostgreSQL, under one name.

use std::collections::BTreeSet;
use std::fs;

use crate::root;

#[test]
fn every_migration_has_its_twin() {
    let sqlite = names("sqlite");
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, names("postgres"));
}

/// `00000000000001_first/up.sql` and its like.
fn names(database: &str) -> BTreeSet<String> {
    let folder = root().join("migrations").join(database);
    let mut names = BTreeSet::new();
    for migration in fs::read_dir(folder).expect("migrations") {
        let migration = migration.expect("an entry");
        for file in fs::read_dir(migration.path()).expect("a migration is a folder") {
            let file = file.expect("an entry").file_name();
            names.insert(format!("{}/{}", migration.file_name().display(), file.display()));
        }
    }
    names
}
