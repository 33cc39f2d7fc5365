//! `cargo xtask test`: everything in its place, one build, every test, and the sum on the last line.
//! A test whose path holds `::postgres`, `browser::` or `peer::` needs something installed.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::Failure;
use crate::command::{cargo, root};
use crate::needs::{Needs, put_in_place};
use crate::postgres::Cluster;
use crate::tally::Tally;

/// The parts of a test's path that say it needs something installed.
const NEED_SOMETHING: [&str; 3] = ["::postgres", "browser::", "peer::"];

/// One selection for building and for running, so that the second finds everything built by the first.
const SELECTION: [&str; 4] = ["--workspace", "--lib", "--bins", "--tests"];

/// What to run.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    reach: Reach,
    filter: Option<String>,
}

/// How much of the tests.
#[derive(Debug, PartialEq, Eq)]
enum Reach {
    Everything,
    /// Only what needs nothing installed.
    Sqlite,
}

impl Options {
    /// Reads the words after `test`.
    pub fn parse(words: &[String]) -> Result<Self, Failure> {
        let mut options = Self { reach: Reach::Everything, filter: None };
        for word in words {
            match word.as_str() {
                "--sqlite" => options.reach = Reach::Sqlite,
                flag if flag.starts_with('-') => {
                    return Err(Failure(format!("`{flag}` is not an option of `cargo xtask test`.")));
                }
                filter if options.filter.is_none() => options.filter = Some(filter.to_owned()),
                _ => return Err(Failure("One FILTER at a time.".to_owned())),
            }
        }
        Ok(options)
    }
}

/// Runs the tests; the last line says `N passed, N failed`.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<ExitCode, Failure> {
    let tally = match options.reach {
        Reach::Sqlite => build_and_test(out, options, |command| {
            command.env("TEAMDOOR_TEST_SQLITE_ONLY", "1").env_remove("TEAMDOOR_TEST_POSTGRES");
        })?,
        Reach::Everything => {
            let Needs { postgres, chromium, nginx, caddy, node_modules, python_packages } =
                put_in_place(out)?;
            let cluster = Cluster::start(&postgres)?;
            let surroundings = |command: &mut Command| {
                command
                    .env("TEAMDOOR_TEST_POSTGRES", cluster.url())
                    .env("TEAMDOOR_TEST_CERTIFICATES", cluster.certificates())
                    .env("TEAMDOOR_TEST_CHROMIUM", &chromium)
                    .env("TEAMDOOR_TEST_NGINX", &nginx)
                    .env("TEAMDOOR_TEST_CADDY", &caddy)
                    .env("TEAMDOOR_TEST_NODE_MODULES", &node_modules)
                    .env("TEAMDOOR_TEST_PYTHON_PACKAGES", &python_packages)
                    .env_remove("TEAMDOOR_TEST_SQLITE_ONLY");
            };
            let mut tally = build_and_test(out, options, surroundings)?;
            test_tls(out, options, surroundings, &mut tally)?;
            tally
        }
    };
    sum_up(out, options, &tally)?;
    let good = tally.failed == 0 && tally.passed > 0;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn build_and_test(
    out: &mut dyn Write,
    options: &Options,
    surroundings: impl Fn(&mut Command),
) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    // The programs themselves are built too: journeys start the real binary.
    let built = cargo().arg("build").args(SELECTION).status()?;
    if !built.success() {
        writeln!(out, "\nThe build failed, which counts as one failure.")?;
        tally.failed = 1;
        return Ok(tally);
    }
    let mut command = cargo();
    surroundings(command.arg("test").args(SELECTION).arg("--no-fail-fast"));
    listen(out, command.arg("--").args(words_for_binaries(options)), &mut tally)?;
    for package in packages_with_examples()? {
        let mut command = cargo();
        surroundings(command.args(["test", "--doc", "--no-fail-fast", "--package", &package]));
        listen(out, command.arg("--").args(words_for_binaries(options)), &mut tally)?;
    }
    Ok(tally)
}

/// TLS to PostgreSQL is a feature that links the system's OpenSSL, so its test is a build of its own.
fn test_tls(
    out: &mut dyn Write,
    options: &Options,
    surroundings: impl Fn(&mut Command),
    tally: &mut Tally,
) -> Result<(), Failure> {
    let mut command = cargo();
    surroundings(command.args([
        "test",
        "--package",
        "storage",
        "--features",
        "postgres-tls",
        "--test",
        "tls",
    ]));
    listen(out, command.arg("--").args(words_for_binaries(options)), tally)
}

/// What each test binary is told: the filter, and in `--sqlite` mode what to leave out.
fn words_for_binaries(options: &Options) -> Vec<&str> {
    let mut words: Vec<&str> = options.filter.as_deref().into_iter().collect();
    if options.reach == Reach::Sqlite {
        words.extend(NEED_SOMETHING.iter().flat_map(|part| ["--skip", part]));
    }
    words
}

/// Runs a `cargo test`, passing on each line as it comes and counting the results.
fn listen(out: &mut dyn Write, command: &mut Command, tally: &mut Tally) -> Result<(), Failure> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line?;
            out.write_all(&line)?;
            out.write_all(b"\n")?;
            tally.read(&String::from_utf8_lossy(&line));
        }
    }
    tally.close();
    let status = child.wait()?;
    if !status.success() && tally.failed == 0 {
        writeln!(out, "\n`cargo test` ended with {status}, which counts as one failure.")?;
        tally.failed = 1;
    }
    Ok(())
}

/// The rooms whose documentation holds examples that rustdoc would run; each costs a build of its own.
fn packages_with_examples() -> Result<Vec<String>, Failure> {
    let mut packages = Vec::new();
    for room in fs::read_dir(root().join("crates"))? {
        let room = room?;
        let source = room.path().join("src");
        if source.join("lib.rs").is_file() && has_examples(&source)? {
            packages.push(room.file_name().to_string_lossy().into_owned());
        }
    }
    packages.sort();
    Ok(packages)
}

fn has_examples(folder: &Path) -> Result<bool, Failure> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() {
            has_examples(&path)?
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            holds_example(&fs::read_to_string(&path)?)
        } else {
            false
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a doc comment opens a fence that names no other language than Rust.
fn holds_example(text: &str) -> bool {
    let comments = text.lines().map(str::trim_start);
    let comments = comments.filter_map(|line| line.strip_prefix("///").or_else(|| line.strip_prefix("//!")));
    // Every second fence closes what the one before it opened.
    let mut opening = comments.filter_map(|line| line.trim().strip_prefix("```")).step_by(2);
    opening.any(|language| matches!(language, "" | "rust" | "should_panic" | "no_run" | "compile_fail"))
}

fn sum_up(out: &mut dyn Write, options: &Options, tally: &Tally) -> Result<(), Failure> {
    writeln!(out)?;
    if options.reach == Reach::Sqlite {
        let count = match options.filter {
            None => format!("{} tests", tally.filtered_out),
            Some(_) => "tests".to_owned(),
        };
        writeln!(
            out,
            "Not run by --sqlite: {count} that need PostgreSQL, Chromium, proxies, Node or Python packages."
        )?;
    }
    if tally.ignored > 0 {
        writeln!(out, "Ignored: {}.", tally.ignored)?;
    }
    if tally.passed + tally.failed == 0 {
        writeln!(out, "No test ran, which is a failure.")?;
    }
    writeln!(out, "{} passed, {} failed", tally.passed, tally.failed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(words: &[&str]) -> Result<Options, Failure> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Options::parse(&words)
    }

    #[test]
    fn sqlite_mode_leaves_out_what_needs_something_installed() {
        let words = options(&["--sqlite", "replay"]).unwrap();
        let told = words_for_binaries(&words);
        assert_eq!(told[0], "replay");
        assert_eq!(told[1..3], ["--skip", "::postgres"]);
        assert!(words_for_binaries(&options(&[]).unwrap()).is_empty());
    }

    #[test]
    fn an_unknown_option_and_a_second_filter_are_refused() {
        assert!(options(&["--postgres"]).is_err());
        assert!(options(&["one", "two"]).is_err());
    }

    #[test]
    fn the_last_line_is_the_sum_alone() {
        let mut out = Vec::new();
        let mut tally = Tally::default();
        tally.read("test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 4 filtered out");
        sum_up(&mut out, &options(&["--sqlite"]).unwrap(), &tally).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().last(), Some("12 passed, 3 failed"));
        assert!(text.contains("4 tests that need PostgreSQL"));
    }

    #[test]
    fn a_fence_without_another_language_opens_an_example() {
        assert!(holds_example("    /// ```\n    /// a();\n    /// ```"));
        assert!(holds_example("//! ```text\n//! a\n//! ```\n//! ```rust\n//! a();\n//! ```"));
        assert!(!holds_example("//! ```text\n//! a\n//! ```"));
        assert!(!holds_example("// ```\n// a();\n// ```"));
    }
}
