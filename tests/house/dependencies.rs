//! Dependencies say why they are here, and the lock files name no place to fetch from but the usual one.

use crate::{assert_none, read};

#[test]
fn every_dependency_says_why_it_is_here() {
    let manifest = read("Cargo.toml");
    let without_reason = |line: &&str| {
        let is_entry = line.contains(" = ") && !line.starts_with('#');
        is_entry && !line.contains("path = ") && !line.contains("} # ") && !line.contains("\" # ")
    };
    let dependencies: Vec<_> = manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .collect();
    assert!(dependencies.len() > 10, "the table of dependencies was not found");
    let complaints: Vec<_> =
        dependencies.into_iter().filter(without_reason).map(|line| format!("no reason: {line}")).collect();
    assert_none(&complaints);
}

#[test]
fn the_lock_files_name_no_registry_of_someones_own() {
    assert!(!read("tests/package-lock.json").contains("\"resolved\""), "see tests/.npmrc");
    let lock = read("Cargo.lock");
    let usual = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let others: Vec<_> =
        lock.lines().filter(|line| line.starts_with("source = ") && *line != usual).collect();
    assert!(others.is_empty(), "{others:?}");
}
