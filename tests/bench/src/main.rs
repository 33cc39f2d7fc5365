//! What `cargo xtask bench` runs on the second core: starts the real binary on the first one, loads it, reads
//! from the system what it took, and sets each figure beside its target and the trivial hello of the same run.
//!
//! `bench TEAMDOOR FOLDER [--json FILE]`; `bench hello PORT` is the trivial server itself.

mod dice;
mod failure;
mod hello;
mod http;
mod load;
mod measure;
mod process;
mod report;
mod service;
mod sign_in;
mod wal;

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::failure::Failure;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["hello", port] => {
            port.parse().map_err(|error| Failure::of("the port", &error)).and_then(hello::serve)
        }
        [program, folder] => bench(program, folder, None),
        [program, folder, "--json", file] => bench(program, folder, Some(file)),
        _ => Err(Failure("bench TEAMDOOR FOLDER [--json FILE]".to_owned())),
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

fn bench(program: &str, folder: &str, json: Option<&str>) -> Result<(), Failure> {
    let postgres = std::env::var("TEAMDOOR_TEST_POSTGRES").ok();
    let mut out = io::stdout();
    let figures = measure::all(
        &std::path::absolute(program)?,
        &std::path::absolute(folder)?,
        postgres.as_deref(),
        &mut out,
    )?;
    report::print(&figures, &mut out)?;
    if let Some(file) = json {
        std::fs::write(file, report::to_json(&figures))?;
    }
    Ok(())
}
