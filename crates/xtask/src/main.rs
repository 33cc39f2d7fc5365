//! `cargo xtask COMMAND`: what developers and the CI do with this workspace, one module per command.

mod bench;
mod command;
mod needs;
mod postgres;
mod python;
mod tally;
mod test;

use std::io::{self, Write};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask test [--sqlite] [FILTER]
cargo xtask bench [--json FILE] [TABLE]

  test      Puts in place what the tests need (PostgreSQL, Chromium, nginx, Caddy, Node and Python packages) and runs every test.
  --sqlite  Runs what needs nothing installed.
  FILTER    Runs only the tests whose name contains it.

  bench     Builds the release, loads it for seven minutes and prints each figure beside its target.
  --json    Writes the figures to FILE too.
  TABLE     Measures one table alone: work, behind, revocation or hanging.
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut out = io::stdout();
    let outcome = match words.split_first() {
        Some((word, rest)) if word == "test" => {
            test::Options::parse(rest).and_then(|options| test::run(&options, &mut out))
        }
        Some((word, rest)) if word == "bench" => {
            bench::Options::parse(rest).and_then(|options| bench::run(&options, &mut out))
        }
        Some((word, _)) if word == "help" || word == "--help" => {
            out.write_all(HELP.as_bytes()).map(|()| ExitCode::SUCCESS).map_err(Into::into)
        }
        Some((word, _)) => Err(Failure(format!("`{word}` is not a command.\n\n{HELP}"))),
        None => Err(Failure(HELP.to_owned())),
    };
    outcome.unwrap_or_else(|Failure(sentence)| {
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(io::stderr(), "{sentence}");
        ExitCode::FAILURE
    })
}

/// Why a command ended early, as a sentence for the developer with the remedy in it.
#[derive(Debug)]
pub struct Failure(pub String);

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}
