//! A product without any login: it answers every request with what it was told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use support::Answer;

/// A product under way; it ends with the test.
pub struct Product {
    /// Its port.
    pub port: u16,
    seen: Arc<AtomicUsize>,
}

impl Product {
    /// Starts one.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("a port").port();
        let seen = Arc::<AtomicUsize>::default();
        let count = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let count = Arc::clone(&count);
                thread::spawn(move || answer(&stream, &count));
            }
        });
        Self { port, seen }
    }

    /// How many requests reached it.
    pub fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

/// Answers one request; none when there was none.
fn answer(mut stream: &TcpStream, seen: &AtomicUsize) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(told) = lower.strip_prefix("content-length:") {
            length = told.trim().parse().ok()?;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    seen.fetch_add(1, Ordering::SeqCst);
    let said = format!("{}\n\n{}", head.replace("\r\n", "\n").trim_end(), String::from_utf8_lossy(&body));
    let top = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n";
    write!(stream, "{top}Content-Length: {}\r\n\r\n{said}", said.len()).ok()?;
    Some(())
}

/// The values of a header as the product was told them.
pub fn told<'a>(page: &'a Answer, name: &str) -> Vec<&'a str> {
    let lines = page.body.lines().filter_map(|line| line.split_once(':'));
    lines.filter(|(said, _)| said.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
}
