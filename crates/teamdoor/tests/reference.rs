//! The reference stays true: what docs/reference says of commands, routes and error codes is what there is.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

const COMMAND_LINE: &str = include_str!("../../../docs/reference/command-line.md");
const HTTP: &str = include_str!("../../../docs/reference/http.md");
const API: &str = include_str!("../../../docs/reference/api.md");

/// What `--help` of a command prints, from the very function behind `main`.
fn help(command: &str) -> String {
    let words = command.split(' ').chain(["--help"]).map(OsString::from);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let _status = teamdoor::run(words, &mut out, &mut err);
    String::from_utf8_lossy(&out).into_owned()
}

/// The commands below one, as its help lists them.
fn below(command: &str) -> Vec<String> {
    let help = help(command);
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.map(|name| format!("{command} {name}")).collect()
}

fn with_all_below(command: String) -> Vec<String> {
    let deeper = below(&command).into_iter().flat_map(with_all_below).collect::<Vec<_>>();
    std::iter::once(command).chain(deeper).collect()
}

/// The headings of a page that name a command.
fn described() -> BTreeSet<String> {
    let headings = COMMAND_LINE.lines().filter(|line| line.starts_with('#'));
    headings.filter_map(|line| line.split('`').nth(1)).map(str::to_owned).collect()
}

/// The block of text below a command's heading.
fn block(command: &str) -> Option<&'static str> {
    let (_, below) = COMMAND_LINE.split_once(&format!("# `{command}`\n\n```text\n"))?;
    below.split("```\n").next()
}

#[test]
fn every_command_is_described_and_every_description_is_a_command() {
    let commands: BTreeSet<String> = with_all_below("teamdoor".to_owned()).into_iter().collect();
    assert!(commands.len() > 20, "{commands:?}");
    assert_eq!(described(), commands);
}

#[test]
fn every_block_is_what_help_prints() {
    for command in with_all_below("teamdoor".to_owned()) {
        let printed = help(&command);
        assert!(printed.contains("Usage: "), "{command} prints no help");
        assert_eq!(
            block(&command),
            Some(printed.as_str()),
            "`{command} --help` in docs/reference/command-line.md"
        );
    }
}

/// The rows of a page's tables that begin with a path: path and methods.
fn routes(page: &str) -> BTreeSet<(String, String)> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `/"));
    let cells = rows.filter_map(|row| {
        let (path, rest) = row.split_once("` | ")?;
        let (methods, _) = rest.split_once(" |")?;
        Some((format!("/{path}"), methods.to_owned()))
    });
    cells.collect()
}

fn served(table: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    table.iter().map(|(methods, path)| ((*path).to_owned(), (*methods).to_owned())).collect()
}

#[test]
fn every_route_is_described_and_every_description_is_served() {
    assert_eq!(routes(HTTP), served(web::ROUTES));
    assert_eq!(routes(API), served(web::API_ROUTES));
}

/// The codes that a page's tables name first in a row: `` | `team_exists`, `name_invalid` | 409 | … ``.
fn codes(page: &str) -> BTreeSet<String> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.filter_map(|row| row.split_once("` | ")?.1.starts_with(['4', '5']).then_some(row));
    let cells = cells.filter_map(|row| row.split(" | ").next());
    cells.flat_map(|cell| cell.split('`')).filter(|text| is_code(text)).map(str::to_owned).collect()
}

/// Two words or more, in lowercase, joined by underscores.
fn is_code(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    text.contains('_') && text.split('_').all(is_word)
}

/// The texts in a source file that look like codes.
fn literals(source: &str) -> BTreeSet<String> {
    source.split('"').filter(|text| is_code(text)).map(str::to_owned).collect()
}

/// Every source file below a folder, one after the other.
fn sources(folder: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() { sources(&path) } else { fs::read_to_string(&path) };
        text.push_str(&found?);
    }
    Ok(text)
}

#[test]
fn every_error_code_is_described_and_every_description_is_a_code() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let source = |file: &str| fs::read_to_string(crates.join(file)).unwrap();
    let (http, api) = (codes(HTTP), codes(API));
    assert!(http.len() > 30 && api.len() > 20, "{http:?} {api:?}");
    // Where errors become codes, no other text looks like one, except the stage of a trace.
    let mut signing_in = literals(&source("signin/src/refused.rs"));
    signing_in.remove("id_token");
    signing_in.extend(literals(&source("web/src/failed.rs")));
    assert_eq!(signing_in.difference(&http).collect::<Vec<_>>(), Vec::<&String>::new(), "not in http.md");
    let mut problems = literals(&source("web/src/api/problem.rs"));
    problems.extend(literals(&source("web/src/api/problem/onboarding.rs")));
    assert_eq!(problems.difference(&api).collect::<Vec<_>>(), Vec::<&String>::new(), "not in api.md");
    let all = literals(
        &(sources(&crates.join("web/src")).unwrap() + &sources(&crates.join("signin/src")).unwrap()),
    );
    let described: BTreeSet<String> = http.union(&api).cloned().collect();
    assert_eq!(described.difference(&all).collect::<Vec<_>>(), Vec::<&String>::new(), "in no source");
}

/// Codes that leave no trace: junk, floods, teams that are not there, and our own database.
const WITHOUT_TRACE: [&str; 4] = ["team_unknown", "state_unknown", "rate_limited", "database_unavailable"];

#[test]
fn every_cause_of_a_refused_sign_in_has_its_words() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let source = |file: &str| fs::read_to_string(crates.join(file)).unwrap();
    let mut causes = literals(&source("signin/src/refused.rs"));
    causes.extend(literals(&source("signin/src/launch/refused.rs")));
    causes.retain(|text| text != "id_token" && !WITHOUT_TRACE.contains(&text.as_str()));
    let told: BTreeSet<String> =
        pages::words::traces::CAUSES.iter().map(|cause| cause.code.to_owned()).collect();
    assert_eq!(told, causes);
}
