//! The storage below everything: many writers, one feed without gaps, twin schemas, keys that fit.

use std::collections::BTreeSet;
use std::thread;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use storage::schema::{change_counter, changes};
use storage::{Connection, Database, SchemaState, StorageError, Subject, each};
use support::{Kind, TestDatabase, World, command, command_with_key, on_both};
use vocabulary::{Clock as _, SystemClock};

use crate::eyes;

const OTHER_KEY: &str = "//////////////////////////////////////////8=";

fn fresh(db: &TestDatabase) -> Database {
    let database = eyes::open(db);
    database.migrate().unwrap();
    database
}

/// The numbers of all changes, and where the counter stands.
fn feed(database: &Database) -> (Vec<i64>, i64) {
    let read = |connection: &mut Connection| {
        let numbers = each!(connection, c => changes::table.select(changes::n).order(changes::n).load(c))?;
        let counter = each!(connection, c => change_counter::table.select(change_counter::n).first(c))?;
        Ok::<_, StorageError>((numbers, counter))
    };
    database.read(read).unwrap()
}

/// `writers` threads on `nodes` ways to the database write four times each.
fn write_at_once(db: &TestDatabase, nodes: usize, writers: usize) {
    let first = fresh(db);
    let all: Vec<Database> = (0..nodes).map(|_| eyes::open(db)).collect();
    thread::scope(|scope| {
        for writer in 0..writers {
            let database = &all[writer % nodes];
            scope.spawn(move || {
                for time in 0..4 {
                    let key = format!("writer-{writer}-{time}");
                    let written = database.write(SystemClock.now(), |tx| {
                        storage::note(tx, &key, "here")?;
                        tx.changed(Subject::Team, &key);
                        tx.changed(Subject::Person, &key);
                        Ok::<_, StorageError>(())
                    });
                    written.unwrap_or_else(|error| panic!("{key}: {error}"));
                }
            });
        }
    });
    let expected = i64::try_from(writers * 4 * 2).unwrap();
    assert_eq!(feed(&first), ((1..=expected).collect(), expected), "numbered without gaps");
    for writer in 0..writers {
        let noted = first.read(|c| storage::noted(c, &format!("writer-{writer}-3"))).unwrap();
        assert_eq!(noted.as_deref(), Some("here"));
    }
}

on_both! {
    async fn fifty_writers_at_once_all_get_their_turn(db) {
        write_at_once(db, 1, 50);
    }

    async fn writers_of_four_processes_all_get_their_turn(db) {
        write_at_once(db, 4, 20);
    }

    async fn a_write_that_is_rolled_back_leaves_no_trace(db) {
        let database = fresh(db);
        let (before, now) = (feed(&database), SystemClock.now());
        let refused: Result<(), StorageError> = database.write(now, |tx| {
            storage::note(tx, "half", "done")?;
            tx.changed(Subject::Team, "half");
            Err(StorageError::Unavailable("on purpose".to_owned()))
        });
        assert!(refused.is_err());
        let panicked = thread::scope(|scope| {
            let write = || database.write(now, |tx| -> Result<(), StorageError> {
                storage::note(tx, "half", "done")?;
                panic!("on purpose, in the middle of a write");
            });
            scope.spawn(write).join()
        });
        assert!(panicked.is_err());
        assert_eq!(database.read(|c| storage::noted(c, "half")).unwrap(), None);
        assert_eq!(feed(&database), before);
        let next = database.write(now, |tx| {
            tx.changed(Subject::Team, "whole");
            Ok::<_, StorageError>(())
        });
        next.unwrap();
        assert_eq!(feed(&database).1, before.1 + 1, "no number was lost");
    }

    async fn migrating_again_or_many_at_once_does_no_harm(db) {
        let nodes: Vec<Database> = (0..4).map(|_| eyes::open(db)).collect();
        let done = thread::scope(|scope| {
            let running: Vec<_> = nodes.iter().map(|node| scope.spawn(|| node.migrate())).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        let done: usize = done.into_iter().map(|versions| versions.expect("they wait for each other").len()).sum();
        let one = &nodes[0];
        let all = one.read(|c| Ok::<_, StorageError>(versions(c))).unwrap();
        assert_eq!(done, all, "each migration ran once");
        assert_eq!(one.migrate().unwrap(), Vec::<String>::new());
        assert_eq!(one.schema_state().unwrap(), SchemaState::Current);
    }

    async fn a_database_of_a_newer_version_is_refused_with_the_remedy(db) {
        let database = fresh(db);
        let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99999999999999')";
        database.read(|connection| Ok::<_, StorageError>(each!(connection, c => c.batch_execute(newer))?)).unwrap();
        let said = command_with_key("http://localhost:3000", db, OTHER_KEY, &["team", "list"]);
        assert!(!said.done);
        assert!(said.err.contains("newer version") && said.err.contains("Run that version"), "{}", said.err);
    }

    async fn an_older_database_is_migrated_when_embedded_and_refused_with_the_remedy_otherwise(db) {
        let run = |arguments: &[&str]| command_with_key("http://localhost:3000", db, OTHER_KEY, arguments);
        let said = run(&["team", "list"]);
        match db.kind() {
            Kind::Sqlite => assert!(said.done, "{}", said.err),
            Kind::Postgres => {
                assert!(!said.done && said.err.contains("teamdoor migrate"), "{}", said.err);
                assert!(run(&["migrate"]).done);
                assert!(run(&["team", "list"]).done);
            }
        }
        assert!(run(&["migrate"]).done, "harmless");
    }

    async fn a_wrong_master_key_is_refused_and_the_right_one_still_opens(db) {
        let world = World::new(db).await;
        let said = command_with_key(&world.node.base, db, OTHER_KEY, &["team", "list"]);
        assert!(!said.done);
        assert!(said.err.contains("secrets.keys") && said.err.contains("Put back the key"), "{}", said.err);
        let right = command(&world, db, &["team", "list"]);
        assert!(right.done && right.out.contains("acme"), "{}", right.err);
    }
}

fn versions(connection: &mut Connection) -> usize {
    let query = diesel::sql_query("SELECT version AS name FROM __diesel_schema_migrations");
    let rows: Vec<Name> = each!(connection, c => query.load(c)).unwrap();
    rows.len()
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    #[expect(dead_code, reason = "only counted")]
    name: String,
}

/// A column, or a reference, or a part of an index, as one line.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const SQLITE: [&str; 3] = [
    r#"SELECT m.name || '.' || c.name || ' ' ||
         CASE lower(c.type) WHEN 'integer' THEN 'bigint' ELSE lower(c.type) END ||
         CASE c."notnull" WHEN 1 THEN ' not null' ELSE '' END || CASE c.pk WHEN 0 THEN '' ELSE ' key' END AS line
       FROM sqlite_master m, pragma_table_info(m.name) c
       WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '\_\_diesel%' ESCAPE '\'"#,
    r#"SELECT m.name || '.' || f."from" || ' -> ' || f."table" || '.' || f."to" AS line
       FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"#,
    r#"SELECT m.name || ' ' || i.name || CASE i."unique" WHEN 1 THEN ' unique' ELSE '' END ||
         CASE i.partial WHEN 1 THEN ' partial' ELSE '' END || ' ' || p.seqno || ' ' ||
         coalesce(p.name, 'expression') AS line
       FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) p
       WHERE m.type = 'table' AND i.origin = 'c'"#,
];

const POSTGRES: [&str; 3] = [
    "SELECT c.table_name || '.' || c.column_name || ' ' || c.data_type ||
       CASE c.is_nullable WHEN 'NO' THEN ' not null' ELSE '' END ||
       CASE WHEN EXISTS (
         SELECT 1 FROM information_schema.key_column_usage k
         JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name)
         WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name AND k.column_name = c.column_name
       ) THEN ' key' ELSE '' END AS line
     FROM information_schema.columns c
     WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '\\_\\_diesel%'",
    "SELECT k.table_name || '.' || k.column_name || ' -> ' || u.table_name || '.' || u.column_name AS line
     FROM information_schema.table_constraints t
     JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name)
     JOIN information_schema.constraint_column_usage u USING (constraint_schema, constraint_name)
     WHERE t.constraint_type = 'FOREIGN KEY'",
    "SELECT t.relname || ' ' || i.relname || CASE WHEN x.indisunique THEN ' unique' ELSE '' END ||
       CASE WHEN x.indpred IS NOT NULL THEN ' partial' ELSE '' END || ' ' || (k.place - 1) || ' ' ||
       coalesce(a.attname, 'expression') AS line
     FROM pg_index x
     JOIN pg_class i ON i.oid = x.indexrelid
     JOIN pg_class t ON t.oid = x.indrelid
     JOIN pg_namespace n ON n.oid = t.relnamespace
     CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (number, place)
     LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
     WHERE n.nspname = 'public' AND NOT x.indisprimary AND t.relname NOT LIKE '\\_\\_diesel%'",
];

/// Tables, references and indexes of a database, each a line.
fn described(database: &Database, queries: [&str; 3]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for query in queries {
        let rows = database.read(|connection| {
            let rows: Vec<Line> = each!(connection, c => diesel::sql_query(query).load(c))?;
            Ok::<_, StorageError>(rows)
        });
        all.extend(rows.unwrap().into_iter().map(|row| row.line));
    }
    all
}

#[test]
fn the_twin_schemas_agree() {
    if std::env::var_os("TEAMDOOR_TEST_SQLITE_ONLY").is_some() {
        eprintln!("skipped: TEAMDOOR_TEST_SQLITE_ONLY is set");
        return;
    }
    let (embedded, server) = (TestDatabase::new(Kind::Sqlite), TestDatabase::new(Kind::Postgres));
    let embedded = described(&fresh(&embedded), SQLITE);
    let server = described(&fresh(&server), POSTGRES);
    let only = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
        these.difference(those).cloned().collect::<Vec<_>>()
    };
    assert_eq!((only(&embedded, &server), only(&server, &embedded)), (Vec::new(), Vec::new()));
    for known in [
        "people.subject text not null",
        "connections.team_id -> teams.team_id",
        "tokens tokens_hash unique 0 hash",
        "people people_email 1 expression",
    ] {
        assert!(embedded.contains(known), "{known} is not among {embedded:?}");
    }
}
