//! A throw-away PostgreSQL cluster for one run of the tests. A shell script of its own process group keeps it
//! and stops it when our end of its pipe closes: at the end of the run, on Ctrl-C, and when we are killed.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use crate::Failure;
use crate::command::is_root;

/// A running cluster; dropped, it is stopped and its folder removed.
pub struct Cluster {
    keeper: Child,
    url: String,
    certificates: String,
}

impl Cluster {
    /// Makes and starts a cluster with the programs in `bin`, ready when this returns.
    pub fn start(bin: &Path) -> Result<Self, Failure> {
        // PostgreSQL wants a port by number: one that is free now.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut folders = vec![bin.to_owned()];
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let path = env::join_paths(folders).map_err(|error| Failure(error.to_string()))?;
        let mut keeper = shell()?
            .args(["-c", include_str!("postgres.sh")])
            .env("PATH", path)
            .env("PORT", port.to_string())
            .current_dir("/") // ours may be closed to the user that the cluster runs as
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let (mut url, mut certificates) = (String::new(), String::new());
        if let Some(stdout) = keeper.stdout.take() {
            let mut stdout = BufReader::new(stdout);
            stdout.read_line(&mut url)?;
            stdout.read_line(&mut certificates)?;
        }
        let cluster =
            Self { keeper, url: url.trim().to_owned(), certificates: certificates.trim().to_owned() };
        if cluster.url.is_empty() {
            return Err(Failure("PostgreSQL did not start; its own words stand above.".to_owned()));
        }
        Ok(cluster)
    }

    /// The address of the maintenance database, as superuser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder with its authority's certificate (`ca.crt`) and a stranger's (`other.crt`).
    pub fn certificates(&self) -> &str {
        &self.certificates
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // A keeper that can't be waited for is gone already.
        let _ = self.keeper.wait();
    }
}

/// A shell as a user that PostgreSQL accepts: it refuses to run as root.
fn shell() -> Result<Command, Failure> {
    if !is_root() {
        return Ok(Command::new("sh"));
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let (user, group) = ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| user_and_group(&users, name))
        .ok_or_else(|| Failure("PostgreSQL refuses root, and there is no user `nobody`.".to_owned()))?;
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={user}"), format!("--regid={group}")]);
    command.args(["--clear-groups", "--", "sh"]);
    Ok(command)
}

/// The numbers of user and group in the lines of /etc/passwd: `name:x:65534:65534:…`.
fn user_and_group<'a>(users: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let found = fields.next()? == name;
        let user = fields.nth(1)?;
        let group = fields.next()?;
        found.then_some((user, group))
    })
}

#[cfg(test)]
mod tests {
    use super::user_and_group;

    #[test]
    fn a_user_is_found_by_the_whole_name() {
        let users = "root:x:0:0::/root:/bin/sh\nnobody2:x:1:2::/:/bin/sh\nnobody:x:65534:65533::/:/bin/sh\n";
        assert_eq!(user_and_group(users, "nobody"), Some(("65534", "65533")));
        assert_eq!(user_and_group(users, "postgres"), None);
    }
}
