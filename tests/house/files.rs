//! Files are short and begin by saying what they are for.

use std::fs;

use crate::{assert_none, root, rust_files, spoken};

/// The most lines of one file.
const LONGEST: usize = 400;

#[test]
fn a_file_is_short_and_begins_with_what_it_is_for() {
    let mut complaints = Vec::new();
    for path in rust_files(root()) {
        let text = fs::read_to_string(&path).expect("a file that is there");
        let lines = text.lines().count();
        if lines > LONGEST {
            complaints.push(format!("{} has {lines} lines, {LONGEST} are the most", spoken(&path)));
        }
        if !text.starts_with("//!") {
            complaints.push(format!("{} does not begin with `//!`", spoken(&path)));
        }
    }
    assert_none(&complaints);
}
