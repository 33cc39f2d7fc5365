//! A server in a process of its own on the first core, and what the system says of it.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::http::Connection;

/// The core of the servers; the load and the provider stand on the other one.
const CORE: &str = "0";
/// The unit of processor time in /proc, the same on every Linux that Rust knows: 10 ms.
const TICK: Duration = Duration::from_millis(10);
/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(15);

/// A running server; dropped, it is killed.
pub struct Server {
    child: Child,
    /// Its port on this machine.
    pub port: u16,
    /// From the start of the process to its first 200.
    pub ready_after: Duration,
}

impl Server {
    /// Starts `program` on the servers' core and waits until `path` answers 200. What it says goes to `log`.
    pub fn start(
        program: &Path,
        prepare: impl FnOnce(&mut Command),
        port: u16,
        path: &str,
        log: &Path,
    ) -> Result<Self, Failure> {
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", CORE]).arg(program);
        prepare(&mut command);
        let log = fs::OpenOptions::new().create(true).append(true).open(log)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let began = Instant::now();
        let child = command.spawn().map_err(|error| Failure::of("taskset", &error))?;
        let mut server = Self { child, port, ready_after: Duration::ZERO };
        let request = get(path, port, "");
        while Connection::open(port).and_then(|mut one| Ok(one.ask(&request)?.status)).ok() != Some(200) {
            if let Some(status) = server.child.try_wait()? {
                return Err(Failure(format!("{} ended with {status}", program.display())));
            }
            if began.elapsed() > PATIENCE {
                return Err(Failure(format!("{} is not ready after {PATIENCE:?}", program.display())));
            }
            thread::sleep(Duration::from_micros(200));
        }
        server.ready_after = began.elapsed();
        Ok(server)
    }

    /// The processor time of all its threads so far, ended ones included.
    pub fn cpu(&self) -> Result<Duration, Failure> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        ticks(&stat)
            .map(|ticks| TICK * ticks)
            .ok_or_else(|| Failure(format!("/proc/PID/stat cannot be read: {stat}")))
    }

    /// The processor time of its threads that live, to the nanosecond: what an idle server takes is less than
    /// a tick.
    pub fn busy(&self) -> Result<Duration, Failure> {
        let mut all = Duration::ZERO;
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let said = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
            let nanos = said.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0);
            all = all.saturating_add(Duration::from_nanos(nanos));
        }
        Ok(all)
    }

    /// Its memory in the machine, in bytes.
    pub fn memory(&self) -> Result<u32, Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u32>().ok());
        kilobytes
            .map(|size| size.saturating_mul(1024))
            .ok_or_else(|| Failure("no VmRSS in /proc/PID/status".to_owned()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that is gone already needs no killing.
        let _killed = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// A GET with the cookies, if any.
pub fn get(path: &str, port: u16, cookies: &str) -> Vec<u8> {
    let cookies = if cookies.is_empty() { String::new() } else { format!("Cookie: {cookies}\r\n") };
    format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{cookies}\r\n").into_bytes()
}

/// A port that is free now.
pub fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Fields 14 and 15 of `/proc/PID/stat`, in user and in system mode; the name before them may hold anything.
fn ticks(stat: &str) -> Option<u32> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11).map(str::parse::<u32>);
    times.next()?.ok()?.checked_add(times.next()?.ok()?)
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn processor_time_is_read_behind_an_odd_name() {
        assert_eq!(ticks("7 (a) b) S 1 7 7 0 -1 4194304 100 0 0 0 25 17 0 0 20 0 9 0"), Some(42));
        assert_eq!(ticks("7 (a"), None);
    }
}
