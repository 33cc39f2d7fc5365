//! Reads the tables of docs/architecture.md.

use std::collections::{BTreeMap, BTreeSet};

/// One row of the table of rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    pub level: u8,
    pub knows: Knows,
}

/// Which rooms a room may depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Knows {
    Everything,
    These(BTreeSet<String>),
}

/// The rooms by name, from the table under "Rooms": level, room, sentence, knows.
pub fn rooms(document: &str) -> BTreeMap<String, Room> {
    rows(document, "Rooms")
        .into_iter()
        .map(|cells| {
            let [level, name, _, knows] = cells.as_slice() else { panic!("four cells, not {cells:?}") };
            let level = level.split(' ').next().and_then(|digit| digit.parse().ok());
            let level = level.unwrap_or_else(|| panic!("{name} has no level"));
            let knows = match knows.as_str() {
                "everything" => Knows::Everything,
                list => Knows::These(words(list)),
            };
            (bare(name), Room { level, knows })
        })
        .collect()
}

/// The owner of each table, from the table under "Tables": table, owner, sentence.
pub fn owners(document: &str) -> BTreeMap<String, String> {
    rows(document, "Tables").into_iter().map(|cells| (bare(&cells[0]), bare(&cells[1]))).collect()
}

/// The cells of the first table under a heading of the second level, without its head.
fn rows(document: &str, heading: &str) -> Vec<Vec<String>> {
    let heading = format!("## {heading}");
    let rows: Vec<_> = document
        .lines()
        .skip_while(|line| *line != heading)
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect();
    assert!(!rows.is_empty(), "docs/architecture.md has no table under `{heading}`");
    rows
}

/// The words in backticks.
fn words(cell: &str) -> BTreeSet<String> {
    cell.split(',').map(bare).filter(|word| word != "—").collect()
}

fn bare(word: &str) -> String {
    word.trim().trim_matches('`').to_owned()
}
