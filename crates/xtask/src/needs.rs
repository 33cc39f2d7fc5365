//! What the full run needs besides Rust: found where it stands, installed where we may, named where we may not.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::Failure;
use crate::command::{answer, find, is_root, root, run};
use crate::python;

/// The oldest Node that the packages in tests/package.json run on.
const OLDEST_NODE: u32 = 20;

/// Everything in its place.
pub struct Needs {
    /// The folder with `initdb`, `pg_ctl` and `postgres`.
    pub postgres: PathBuf,
    /// The browser's executable.
    pub chromium: PathBuf,
    /// nginx's executable.
    pub nginx: PathBuf,
    /// Caddy's executable.
    pub caddy: PathBuf,
    /// The folder of the Node packages that the tests meet.
    pub node_modules: PathBuf,
    /// The folder of the Python packages that the tests meet.
    pub python_packages: PathBuf,
}

/// Finds what the tests need, and installs with the system's package manager what is missing.
pub fn put_in_place(out: &mut dyn Write) -> Result<Needs, Failure> {
    let missing = missing();
    if !missing.is_empty() {
        install(&missing, out)?;
    }
    let (node_modules, python_packages) = (node_packages(out)?, python::packages(out)?);
    match (postgres(), chromium(), nginx(), find("caddy")) {
        (Some(postgres), Some(chromium), Some(nginx), Some(caddy)) => {
            Ok(Needs { postgres, chromium, nginx, caddy, node_modules, python_packages })
        }
        (..) => Err(Failure("What was installed a moment ago is not found.".to_owned())),
    }
}

/// A thing that is not here: how people call it, and the packages that bring it.
struct Missing {
    name: &'static str,
    packages: &'static [&'static str],
}

fn missing() -> Vec<Missing> {
    let mut list = Vec::new();
    if postgres().is_none() {
        list.push(Missing { name: "PostgreSQL's server programs", packages: &["postgresql"] });
    }
    if chromium().is_none() {
        list.push(Missing { name: "Chromium", packages: &["chromium"] });
    }
    if find("openssl").is_none() || answer(Command::new("pkg-config").args(["--exists", "openssl"])).is_none()
    {
        list.push(Missing {
            name: "OpenSSL with its headers and pkg-config",
            packages: &["openssl", "libssl-dev", "pkg-config"],
        });
    }
    if nginx().is_none() {
        list.push(Missing { name: "nginx", packages: &["nginx-light"] });
    }
    if find("caddy").is_none() {
        list.push(Missing { name: "Caddy", packages: &["caddy"] });
    }
    if !has_node() {
        list.push(Missing { name: "Node 20 or newer with npm", packages: &["nodejs", "npm"] });
    }
    if !python::is_here() {
        list.push(Missing { name: "Python 3.10 or newer with pip", packages: &["python3", "python3-pip"] });
    }
    list
}

/// Any folder that holds the whole server: on `PATH`, or where Debian keeps its versions, newest first.
pub fn postgres() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    folders.extend(versions.into_iter().rev().map(|(_, folder)| folder));
    let whole = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file())
    };
    folders.into_iter().find(whole)
}

fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().find_map(find)
}

/// A server's programs stand where not everybody's `PATH` leads.
fn nginx() -> Option<PathBuf> {
    find("nginx").or_else(|| Some(PathBuf::from("/usr/sbin/nginx")).filter(|file| file.is_file()))
}

fn has_node() -> bool {
    let version = answer(Command::new("node").arg("--version"));
    version.as_deref().and_then(major).is_some_and(|major| major >= OLDEST_NODE) && find("npm").is_some()
}

/// The first number of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn install(missing: &[Missing], out: &mut dyn Write) -> Result<(), Failure> {
    let names: Vec<_> = missing.iter().map(|thing| thing.name).collect();
    let packages: Vec<_> = missing.iter().flat_map(|thing| thing.packages.iter().copied()).collect();
    let Some(apt_get) = apt_get() else {
        return Err(Failure(format!(
            "Missing: {}. Install {} by your package manager, or run `cargo xtask test --sqlite`.",
            names.join(", "),
            if names.len() == 1 { "it" } else { "them" },
        )));
    };
    writeln!(out, "Missing: {}. Installing {}.", names.join(", "), packages.join(", "))?;
    run(apt_get().arg("update"))?;
    run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(&packages))?;
    match self::missing().as_slice() {
        [] => Ok(()),
        still => {
            let names: Vec<_> = still.iter().map(|thing| thing.name).collect();
            Err(Failure(format!(
                "Still missing after `apt-get install {}`: {}. Install a newer one yourself.",
                packages.join(" "),
                names.join(", ")
            )))
        }
    }
}

/// How `apt-get` is called without being asked for a password; `None` where that is not possible.
fn apt_get() -> Option<fn() -> Command> {
    find("apt-get")?;
    if is_root() {
        return Some(|| {
            let mut command = Command::new("apt-get");
            command.env("DEBIAN_FRONTEND", "noninteractive");
            command
        });
    }
    answer(Command::new("sudo").args(["--non-interactive", "true"]))?;
    Some(|| {
        let mut command = Command::new("sudo");
        command.args(["--non-interactive", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    })
}

/// Installs exactly what tests/package-lock.json names, unless that is what stands there already.
fn node_packages(out: &mut dyn Write) -> Result<PathBuf, Failure> {
    let folder = root().join("tests");
    let modules = folder.join("node_modules");
    let installed = modules.join(".installed-lock.json");
    let wanted = fs::read(folder.join("package-lock.json"))?;
    if fs::read(&installed).is_ok_and(|there| there == wanted) {
        return Ok(modules);
    }
    writeln!(out, "Installing the Node packages in tests/.")?;
    npm_ci(&folder)?;
    fs::write(&installed, &wanted)?;
    Ok(modules)
}

fn npm_ci(folder: &Path) -> Result<(), Failure> {
    run(Command::new("npm").args(["ci", "--ignore-scripts"]).current_dir(folder))
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn nodes_version_is_read_by_its_first_number() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("v9.1.0"), Some(9));
        assert_eq!(major("20.20.2"), None);
        assert_eq!(major(""), None);
    }
}
