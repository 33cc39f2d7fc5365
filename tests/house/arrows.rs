//! Arrows between rooms: only those that docs/architecture.md lists, all of those, none upward, none in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::architecture::{Knows, Room, rooms};
use crate::{assert_none, read, root};

/// Each room with the rooms it depends on.
type Arrows = BTreeMap<String, BTreeSet<String>>;

/// Rooms that any room's own tests may use.
const FOR_TESTS: [&str; 2] = ["mock-idp", "tests"];

#[test]
fn the_arrows_are_those_of_the_document() {
    assert_none(&complaints(&rooms(&read("docs/architecture.md")), &arrows(&metadata())));
}

#[test]
fn a_wrong_arrow_is_noticed() {
    let room = |level, knows: &[&str]| Room { level, knows: Knows::These(set(knows)) };
    let document = BTreeMap::from([
        ("words".to_owned(), room(0, &[])),
        ("teams".to_owned(), room(2, &["words", "people"])),
        ("people".to_owned(), room(2, &["teams"])),
        ("web".to_owned(), room(4, &["words"])),
    ]);
    let actual = Arrows::from([
        ("words".to_owned(), set(&["web"])),
        ("teams".to_owned(), set(&["words", "people"])),
        ("people".to_owned(), set(&["teams"])),
        ("web".to_owned(), set(&[])),
        ("attic".to_owned(), set(&[])),
    ]);
    let complaints = complaints(&document, &actual).join("\n");
    for wanted in
        ["words → web is not listed", "words → web points up", "circle", "web → words is listed", "attic"]
    {
        assert!(complaints.contains(wanted), "{wanted:?} is missing in:\n{complaints}");
    }
}

fn complaints(document: &BTreeMap<String, Room>, actual: &Arrows) -> Vec<String> {
    let mut complaints = Vec::new();
    for name in document.keys().filter(|name| !actual.contains_key(*name)) {
        complaints.push(format!("`{name}` stands in docs/architecture.md and is no crate"));
    }
    for (name, known) in actual {
        let Some(room) = document.get(name) else {
            complaints.push(format!("`{name}` is a crate and does not stand in docs/architecture.md"));
            continue;
        };
        for to in known {
            if document.get(to).is_some_and(|other| other.level > room.level) {
                complaints.push(format!("{name} → {to} points up"));
            }
        }
        let Knows::These(listed) = &room.knows else {
            continue;
        };
        complaints.extend(known.difference(listed).map(|to| format!("{name} → {to} is not listed")));
        complaints
            .extend(listed.difference(known).map(|to| format!("{name} → {to} is listed and not there")));
    }
    let circle = in_a_circle(actual);
    if !circle.is_empty() {
        complaints.push(format!("in a circle, or above one: {circle:?}"));
    }
    complaints
}

/// Takes away the rooms that know nobody (any more) until none is left; what remains leans on a circle.
fn in_a_circle(arrows: &Arrows) -> BTreeSet<&String> {
    let mut left: BTreeSet<_> = arrows.keys().collect();
    loop {
        let free: Vec<_> =
            left.iter().copied().filter(|room| arrows[*room].iter().all(|to| !left.contains(to))).collect();
        if free.is_empty() {
            return left;
        }
        left.retain(|room| !free.contains(room));
    }
}

/// What cargo knows of this workspace.
fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata speaks JSON")
}

/// The dependencies with a path, of every kind except a room's own tests on the rooms made for that.
fn arrows(metadata: &Value) -> Arrows {
    let packages = metadata["packages"].as_array().expect("packages");
    let name = |value: &Value| value["name"].as_str().expect("a name").to_owned();
    let counts = |dependency: &&Value| {
        let for_tests = dependency["kind"] == "dev" && FOR_TESTS.contains(&name(dependency).as_str());
        dependency["path"].is_string() && !for_tests
    };
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("dependencies");
            (name(package), dependencies.iter().filter(counts).map(name).collect())
        })
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
