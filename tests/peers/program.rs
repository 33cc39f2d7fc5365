//! Programs in processes of their own, ended with the test that started them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{env, thread};

use support::canary;

/// How long a program may take for anything; far more than it needs on a busy machine.
const PATIENCE: Duration = Duration::from_mins(5);
/// How long a program may take to end when asked.
const GRACE: Duration = Duration::from_secs(15);

/// A program under way.
pub struct Program {
    child: Child,
    lines: Receiver<String>,
    /// Lines that tell a client secret.
    leaks: Arc<Mutex<Vec<String>>>,
    /// Our own scripts end when this closes, so that none outlives a test that was killed.
    stdin: Option<ChildStdin>,
}

impl Program {
    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let ((tell, lines), leaks) = (channel(), Arc::default());
        listen(child.stdout.take().expect("its output"), tell.clone(), &leaks);
        listen(child.stderr.take().expect("its messages"), tell, &leaks);
        let stdin = child.stdin.take();
        Self { child, lines, leaks, stdin }
    }

    /// Waits for a line that says so, and gives it; without it, what the program said instead.
    pub fn line(&self, says: &str) -> Result<String, String> {
        let (end, mut heard) = (Instant::now() + PATIENCE, String::new());
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(says) => return Ok(line),
                Ok(line) => heard = format!("{heard}{line}\n"),
                Err(RecvTimeoutError::Timeout) => return Err(format!("no {says:?} in time:\n{heard}")),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(format!("it ended without {says:?}:\n{heard}"));
                }
            }
        }
    }

    /// Says something on its standard input, then closes it.
    pub fn tell(&mut self, text: &str) {
        let mut stdin = self.stdin.take().expect("an open standard input");
        stdin.write_all(text.as_bytes()).expect("somebody who reads");
    }

    /// Waits until it ends well, and gives all it said.
    ///
    /// # Panics
    /// When it ends badly or takes too long.
    pub fn succeed(mut self) -> String {
        let (end, mut heard) = (Instant::now() + PATIENCE, String::new());
        while let Ok(line) = self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            heard = format!("{heard}{line}\n");
        }
        let ended = self.wait(end.saturating_duration_since(Instant::now()));
        assert!(ended == Some(true), "it ended badly or not at all:\n{heard}");
        heard
    }

    /// Ends it. Asked first, so that it tidies up; one that is gone by now needs no asking.
    fn end(&mut self) {
        if self.wait(Duration::ZERO).is_some() {
            return;
        }
        let _asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if self.wait(GRACE).is_none() {
            let _killed = self.child.kill();
            let _ended = self.child.wait();
        }
    }

    /// Whether it ended well; `None` when it has not ended in time.
    fn wait(&mut self, patience: Duration) -> Option<bool> {
        let end = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                return Some(status.success());
            }
            if Instant::now() > end {
                return None;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.stdin.take());
        self.end();
        let leaks = self.leaks.lock().unwrap_or_else(PoisonError::into_inner);
        // A second panic would hide why a test fails.
        assert!(leaks.is_empty() || thread::panicking(), "a program tells a client secret: {leaks:#?}");
    }
}

fn listen(voice: impl Read + Send + 'static, tell: Sender<String>, leaks: &Arc<Mutex<Vec<String>>>) {
    let leaks = Arc::clone(leaks);
    thread::spawn(move || {
        for line in BufReader::new(voice).lines().map_while(Result::ok) {
            leaks.lock().unwrap_or_else(PoisonError::into_inner).extend(canary::find(&line));
            if tell.send(line).is_err() {
                return;
            }
        }
    });
}

/// The `teamdoor` that was built with this test.
pub fn teamdoor() -> Command {
    built_program("teamdoor")
}

/// A program of ours that was built with this test.
pub fn built_program(name: &str) -> Command {
    let here = env::current_exe().expect("this very program");
    let folder = here.parent().and_then(Path::parent).expect("target/PROFILE/deps/…");
    let program = folder.join(name);
    assert!(program.is_file(), "build it first: `cargo build --bin {name}`, or run `cargo xtask test`");
    Command::new(program)
}

/// Node with one of the scripts beside this file.
pub fn node(script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(folder().join(script));
    command
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// A port that is free, and so is the next one.
pub fn two_free_ports() -> u16 {
    free_ports(2)
}

/// A port that is free, and so are the next two.
pub fn three_free_ports() -> u16 {
    free_ports(3)
}

/// The first of so many free ports in a row. They lie below those that systems give out by themselves.
fn free_ports(count: u16) -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 1000).expect("a small number") * 10;
    let is_free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    (0..5000)
        .map(|_try| 20_000 + (start + NEXT.fetch_add(count, Ordering::SeqCst)) % 10_000)
        .find(|port| (*port..port + count).all(is_free))
        .expect("free ports")
}
