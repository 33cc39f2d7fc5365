//! What `cargo xtask bench` runs on the second core: starts the real binary on the first one, loads it, reads
//! from the system what it took, and sets each figure beside its target and the trivial hello of the same run.
//!
//! `bench TEAMDOOR FOLDER [--json FILE] [TABLE]`; `bench hello PORT` is the trivial server itself.

mod api;
mod behind;
mod dice;
mod failure;
mod hanging;
mod hello;
mod http;
mod load;
mod measure;
mod process;
mod report;
mod revocation;
mod service;
mod sign_in;
mod wal;

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::failure::Failure;
use crate::report::Table;

const USAGE: &str = "bench TEAMDOOR FOLDER [--json FILE] [work | behind | revocation | hanging]";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["hello", port] => {
            port.parse().map_err(|error| Failure::of("the port", &error)).and_then(hello::serve)
        }
        [program, folder, rest @ ..] => bench(program, folder, rest),
        _ => Err(Failure(USAGE.to_owned())),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(sentence)) => {
            // Nobody is left to tell when standard error is closed.
            let _untold = writeln!(io::stderr(), "{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn bench(program: &str, folder: &str, rest: &[&str]) -> Result<(), Failure> {
    let (json, only) = match rest {
        ["--json", file, only @ ..] => (Some(*file), only),
        only => (None, only),
    };
    let postgres = std::env::var("TEAMDOOR_TEST_POSTGRES").ok();
    let (program, folder) = (std::path::absolute(program)?, std::path::absolute(folder)?);
    let (program, folder, mut out) = (program.as_path(), folder.as_path(), io::stdout());
    let wanted: &[&str] = if only.is_empty() { &["work", "behind", "revocation", "hanging"] } else { only };
    let mut tables = Vec::new();
    for name in wanted {
        tables.extend(match (*name, &postgres) {
            ("work", url) => {
                let figures = measure::all(program, folder, url.as_deref(), &mut out)?;
                Some(Table { title: "What a request takes", figures })
            }
            ("behind", _) => {
                let figures = behind::measure(program, folder, &mut out)?;
                Some(Table { title: "The product behind the door", figures })
            }
            ("revocation", Some(url)) => {
                let figures = revocation::measure(program, folder, url, &mut out)?;
                Some(Table { title: "A revocation holds: p99 at the other node", figures })
            }
            // Whoever started us has said that it is left out.
            ("revocation", None) => None,
            ("hanging", _) => {
                let figures = hanging::measure(program, folder, &mut out)?;
                Some(Table { title: "One provider hangs, among a hundred teams", figures })
            }
            _ => return Err(Failure(USAGE.to_owned())),
        });
    }
    report::print(&tables, &mut out)?;
    if let Some(file) = json {
        std::fs::write(file, report::to_json(&tables))?;
    }
    Ok(())
}
