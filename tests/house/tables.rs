//! Each table is written by the one room that docs/architecture.md names as its owner.

use std::collections::BTreeMap;
use std::fs;

use crate::architecture::owners;
use crate::{assert_none, read, root, rust_files, spoken};

/// How diesel's writing functions begin.
const WRITES: [&str; 4] = ["insert_into(", "replace_into(", "update(", "delete("];
/// How a written statement begins, with one blank between its words.
const STATEMENTS: [&str; 3] = ["INSERT INTO ", "UPDATE ", "DELETE FROM "];

#[test]
fn a_table_is_written_by_its_owner_alone() {
    let owners = owners(&read("docs/architecture.md"));
    let mut complaints = Vec::new();
    for path in rust_files(&root().join("crates")) {
        let room = path.strip_prefix(root().join("crates")).expect("a room's file");
        let room = room.iter().next().expect("a room").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a file that is there");
        for table in written(&text, &owners) {
            match owners.get(&table) {
                Some(owner) if *owner == room => {}
                Some(owner) => complaints.push(format!("{} writes `{table}` of `{owner}`", spoken(&path))),
                None => complaints.push(format!("{} writes `{table}`, which nobody owns", spoken(&path))),
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_table_has_an_owner() {
    let parts = rust_files(&root().join("crates/storage/src/schema"));
    let parts = parts.iter().map(|path| fs::read_to_string(path).expect("a file that is there"));
    let schema = parts.fold(read("crates/storage/src/schema.rs"), |all, part| all + &part);
    let mut tables: Vec<_> = schema
        .split("diesel::table! {")
        .skip(1)
        .filter_map(|text| text.split_whitespace().next().map(str::to_owned))
        .collect();
    tables.sort();
    assert!(!tables.is_empty());
    assert_eq!(tables, owners(&read("docs/architecture.md")).into_keys().collect::<Vec<_>>());
}

#[test]
fn every_way_of_writing_is_noticed() {
    let owners = BTreeMap::from([("teams".to_owned(), "teams".to_owned())]);
    let teams = |text: &str| written(text, &owners) == ["teams"];
    assert!(teams("diesel::insert_into(teams::table).values(x)"));
    assert!(teams("diesel::update(\n    storage::schema::teams::table.find(id),\n)"));
    assert!(teams("delete(teams::table.filter(a)"));
    assert!(teams("let rows = teams::table.find(id); diesel::update(rows).set(x)"));
    assert!(teams("sql_query(\"UPDATE teams SET name = ?\")"));
    assert!(teams("sql_query(\"insert  into teams (name)\")"));
    assert_eq!(written("diesel::update(dsl::teams.find(id))", &owners), ["? (say `x::table`)"]);
    assert!(written("// UPDATE teams SET\nhash.update(bytes); teams::table.find(id)", &owners).is_empty());
    assert!(written("fn a() {}\n#[cfg(test)]\nmod tests { insert_into(teams::table) }", &owners).is_empty());
}

/// The tables that a file's text writes to, its comments and its own tests left out.
fn written(text: &str, owners: &BTreeMap<String, String>) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let text = lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    let upper = text.to_uppercase();
    let mut tables: Vec<String> = WRITES.iter().flat_map(|call| by_call(&text, call)).collect();
    for table in owners.keys() {
        let named = |statement| {
            let start = format!("{statement}{}", table.to_uppercase());
            let follows =
                |rest: &str| !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
            upper.split(&start).skip(1).any(follows)
        };
        if STATEMENTS.into_iter().any(named) {
            tables.push(table.clone());
        }
    }
    tables
}

/// The tables in `call(a::path::to::TABLE::table…`, and in `call(rows)` after `let rows = TABLE::table…`. A call of
/// diesel's with anything else hides its table, which is not wanted; a call of the same name that is not diesel's has
/// no such argument.
fn by_call(text: &str, call: &str) -> Vec<String> {
    let mut tables = Vec::new();
    for (place, _) in text.match_indices(call) {
        let before = &text[..place];
        let argument = path_at(&text[place + call.len()..]);
        let rows = || before.rsplit_once(&format!("let {argument} = ")).map(|(_, rows)| path_at(rows));
        match table_of(argument).or_else(|| table_of(rows()?)) {
            Some(table) => tables.push(table.to_owned()),
            None if before.ends_with("diesel::") => tables.push("? (say `x::table`)".to_owned()),
            None => {}
        }
    }
    tables
}

/// The path that `text` begins with: `storage::teams::table` of `storage::teams::table.find(id)`.
fn path_at(text: &str) -> &str {
    let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    text.trim_start().split(|letter| !is_path(letter)).next().unwrap_or_default()
}

fn table_of(path: &str) -> Option<&str> {
    path.strip_suffix("::table")?.rsplit("::").next()
}
