//! `cargo xtask bench`: builds the release and the load, gives each a core of its own, and lets the load measure.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use crate::Failure;
use crate::command::{self, cargo, find, root};
use crate::needs;
use crate::postgres::Cluster;

/// The core of the load, the provider and PostgreSQL; the service has the first one.
const CORE: &str = "1";

/// What to do with the figures.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// Where they are written as JSON, too.
    json: Option<PathBuf>,
    /// The one table that is wanted; all of them otherwise.
    table: Option<String>,
}

/// The tables, as the load knows them.
const TABLES: [&str; 4] = ["work", "behind", "revocation", "hanging"];

impl Options {
    /// Reads the words after `bench`.
    pub fn parse(words: &[String]) -> Result<Self, Failure> {
        let (json, rest) = match words {
            // Before the working folder changes.
            [flag, file, rest @ ..] if flag == "--json" => (Some(std::path::absolute(file)?), rest),
            rest => (None, rest),
        };
        match rest {
            [] => Ok(Self { json, table: None }),
            [table] if TABLES.contains(&table.as_str()) => Ok(Self { json, table: Some(table.clone()) }),
            _ => Err(Failure(format!("cargo xtask bench [--json FILE] [{}]", TABLES.join(" | ")))),
        }
    }
}

/// Builds, measures and prints the tables.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<ExitCode, Failure> {
    if find("taskset").is_none() {
        return Err(Failure("No `taskset`: the figures need Linux, two cores and util-linux.".to_owned()));
    }
    command::run(cargo().args(["build", "--release", "--package", "teamdoor", "--package", "bench"]))?;
    // Whatever we start from here on inherits the core.
    let own = std::process::id().to_string();
    command::run(Command::new("taskset").args(["--cpu-list", "--pid", CORE, &own]).stdout(Stdio::null()))?;
    let cluster = needs::postgres().map(|programs| Cluster::start(&programs)).transpose()?;
    if cluster.is_none() {
        writeln!(out, "PostgreSQL's server programs are not here: its figures are left out.")?;
    }
    let release = root().join("target/release");
    let folder = root().join("target/bench");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut bench = Command::new(release.join("bench"));
    bench.arg(release.join("teamdoor")).arg(&folder);
    if let Some(file) = &options.json {
        bench.arg("--json").arg(file);
    }
    bench.args(&options.table);
    if let Some(cluster) = &cluster {
        bench.env("TEAMDOOR_TEST_POSTGRES", cluster.url());
    }
    command::run(&mut bench)?;
    fs::remove_dir_all(&folder)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_for_json_and_a_table_are_taken_and_anything_else_refused() {
        let parse =
            |words: &[&str]| Options::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(parse(&[]).unwrap(), Options { json: None, table: None });
        assert_eq!(parse(&["revocation"]).unwrap().table.as_deref(), Some("revocation"));
        assert_eq!(parse(&["--json", "x.json", "work"]).unwrap().table.as_deref(), Some("work"));
        assert!(parse(&["--json", "x.json"]).unwrap().json.unwrap().is_absolute());
        assert!(parse(&["--json"]).is_err());
        assert!(parse(&["fast"]).is_err());
        assert!(parse(&["work", "hanging"]).is_err());
    }
}
