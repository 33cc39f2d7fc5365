//! The documents lead somewhere: every link to a file of ours has its file, every place in it its heading, and every
//! error code that a guide names is one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{assert_none, read, root, spoken};

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let mut complaints = Vec::new();
    for document in documents() {
        let text = fs::read_to_string(&document).expect("a document that is there");
        for target in links(&prose(&text)) {
            if let Err(complaint) = follow(&document, target) {
                complaints.push(format!("{}: {complaint}", spoken(&document)));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_code_that_a_guide_names_is_in_the_reference() {
    let known = codes(&(read("docs/reference/http.md") + &read("docs/reference/api.md")));
    assert!(known.contains("idp_client_rejected") && known.contains("rate_limited"), "{known:?}");
    let mut complaints = Vec::new();
    for document in documents().iter().filter(|document| document.starts_with(root().join("docs/guides"))) {
        let text = fs::read_to_string(document).expect("a guide that is there");
        let named = named_codes(&text);
        let unknown = named.iter().filter(|code| !known.contains(*code));
        complaints.extend(unknown.map(|code| format!("{} names `{code}`", spoken(document))));
    }
    assert_none(&complaints);
}

#[test]
fn links_and_codes_are_noticed() {
    let text = "See [one](a.md#there) and ![two](../b.png), not [three](https://c.test) or `[four](d.md)`.\n\
                ```sh\n[five](e.md)\n```\n* [six](#here)";
    assert_eq!(links(&prose(text)), ["a.md#there", "../b.png", "#here"]);
    assert_eq!(slug("## `teamdoor team add`, it's *new*"), "teamdoor-team-add-its-new");
    assert_eq!(
        named_codes("| *Sorry.* (`code_one`) | 409 `code_two`, `client_id` |"),
        ["code_one", "code_two"]
    );
    assert!(follow(&root().join("README.md"), "docs/architecture.md#rooms").is_ok());
    assert!(follow(&root().join("README.md"), "docs/architecture.md#halls").is_err());
    assert!(follow(&root().join("README.md"), "docs/castle.md").is_err());
}

/// The README, the changes, and all below `docs`.
fn documents() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of documents") {
            let path = entry.expect("a folder's entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                found.push(path);
            }
        }
    }
    found
}

/// The text without what is quoted as code.
fn prose(text: &str) -> String {
    let outside = text.split("```").step_by(2).collect::<String>();
    outside.split('`').step_by(2).collect()
}

/// Where links lead that stay here.
fn links(prose: &str) -> Vec<&str> {
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:")).collect()
}

fn follow(document: &Path, target: &str) -> Result<(), String> {
    let (file, place) = target.split_once('#').unwrap_or((target, ""));
    let folder = document.parent().expect("a document stands in a folder");
    let path = if file.is_empty() { document.to_owned() } else { folder.join(file) };
    if !path.exists() {
        return Err(format!("{target} is not there"));
    }
    if place.is_empty() || path.extension().is_none_or(|ending| ending != "md") {
        return Ok(());
    }
    let text = fs::read_to_string(&path).map_err(|error| format!("{target}: {error}"))?;
    let outside = text.split("```").step_by(2).collect::<String>();
    let mut headings = outside.lines().filter(|line| line.starts_with('#'));
    if headings.any(|heading| slug(heading) == place) {
        Ok(())
    } else {
        Err(format!("{target}: there is no such heading"))
    }
}

/// A heading as links name it.
fn slug(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|letter| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

/// The codes that the tables of a reference explain: rows that begin with them.
fn codes(page: &str) -> BTreeSet<String> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    rows.flat_map(|cell| cell.split('`')).filter(|word| is_code(word)).map(str::to_owned).collect()
}

/// The codes that a guide names: in brackets behind what a page says, or behind a status.
fn named_codes(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split('`').collect();
    let named = words.windows(2).step_by(2).filter(|pair| {
        let before = pair[0].trim_end();
        let status = before.get(before.len().saturating_sub(3)..).unwrap_or_default();
        before.ends_with("* (") || status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit())
    });
    named.map(|pair| pair[1]).filter(|word| is_code(word)).map(str::to_owned).collect()
}

/// Two words or more, in lowercase, joined by underscores.
fn is_code(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    text.contains('_') && text.split('_').all(is_word)
}
