//! The reference stays true: every command's `--help` and every route stand in docs/reference as they are.

use std::collections::BTreeSet;
use std::ffi::OsString;

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
