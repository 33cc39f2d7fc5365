//! The command line, run in this process with a file of settings.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::canary;
use crate::database::TestDatabase;
use crate::world::World;

/// What a command said, and whether it did what it was asked.
#[derive(Debug)]
pub struct Said {
    /// Exit 0.
    pub done: bool,
    /// Its results.
    pub out: String,
    /// Its messages.
    pub err: String,
}

/// The master key of every world.
pub const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Runs `teamdoor ARGUMENTS` over the database of `world`.
#[must_use]
pub fn command(world: &World, db: &TestDatabase, arguments: &[&str]) -> Said {
    command_with_key(&world.node.base, db, KEY, arguments)
}

/// The same at any public address and with any master key.
///
/// # Panics
/// When no file can be written.
#[must_use]
pub fn command_with_key(base: &str, db: &TestDatabase, key: &str, arguments: &[&str]) -> Said {
    command_with(base, db, key, "", arguments)
}

/// The same with more settings, as a piece of TOML.
///
/// # Panics
/// When no file can be written.
#[must_use]
pub fn command_with(base: &str, db: &TestDatabase, key: &str, more: &str, arguments: &[&str]) -> Said {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = folder.path().join("teamdoor.toml");
    let settings = format!(
        "[server]\npublic_url = \"{base}\"\n[database]\nurl = \"{}\"\n[secrets]\nkeys = [{{ id = \"k1\", key = \"{key}\" }}]\n\
         [upstream]\nallow_http = true\nallowed_networks = [\"127.0.0.0/8\", \"::1/128\"]\n{more}",
        db.url()
    );
    std::fs::write(&file, settings).expect("a file");
    let mut all: Vec<OsString> = ["teamdoor", "--config"].map(OsString::from).into();
    all.push(file.into());
    all.extend(arguments.iter().map(OsString::from));
    let run = || {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        (teamdoor::run(all.into_iter(), &mut out, &mut err), out, err)
    };
    // A thread of its own, as a process has: a command that asks the network brings its runtime along.
    let (code, out, err) = std::thread::scope(|scope| scope.spawn(run).join()).expect("a command that ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    // `ExitCode` can be compared by its debug text alone.
    let done = format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS);
    let said = Said { done, out: text(out), err: text(err) };
    let found = canary::find(&said.out).or_else(|| canary::find(&said.err));
    assert!(found.is_none(), "a client secret stands in what {arguments:?} says: {found:?}");
    said
}
