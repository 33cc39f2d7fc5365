//! The Python packages that the tests meet: exactly what tests/requirements.txt names, in a folder of their own.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use crate::Failure;
use crate::command::{answer, root, run};

/// Whether there is a Python that runs those packages, with its package manager.
pub fn is_here() -> bool {
    let is_new = "import sys; sys.exit(sys.version_info < (3, 10))";
    answer(Command::new("python3").args(["-c", is_new])).is_some()
        && answer(Command::new("python3").args(["-m", "pip", "--version"])).is_some()
}

/// Installs them, unless that is what stands there already, and says where.
pub fn packages(out: &mut dyn Write) -> Result<PathBuf, Failure> {
    let list = root().join("tests/requirements.txt");
    let folder = root().join("target/python-packages");
    let installed = folder.join("installed-requirements.txt");
    let wanted = fs::read(&list)?;
    if fs::read(&installed).is_ok_and(|there| there == wanted) {
        return Ok(folder);
    }
    writeln!(out, "Installing the Python packages of tests/requirements.txt.")?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore"]);
    run(pip
        .args(["--no-deps", "--only-binary=:all:", "--target"])
        .arg(&folder)
        .arg("--requirement")
        .arg(&list))?;
    fs::write(&installed, &wanted)?;
    Ok(folder)
}
