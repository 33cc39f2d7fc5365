//! The endpoint of an app for logout tokens, on the wire, which behaves as told.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use support::browser::between;

/// What the endpoint does with whatever comes.
#[derive(Clone, Debug)]
pub enum Manner {
    /// Answers with this status and body.
    Answer(u16, &'static str),
    /// Sends whoever comes elsewhere.
    Redirect(String),
    /// Says nothing for so long.
    Hang(Duration),
}

/// One that listens until it is dropped.
pub struct Receiver {
    port: u16,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    manner: Mutex<Manner>,
    told: Mutex<Vec<String>>,
    ends: AtomicBool,
}

impl Receiver {
    /// Takes everything, with a 200.
    pub fn open() -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    /// The same at an address where nobody listens.
    pub fn open_at(port: u16) -> Self {
        Self::on(TcpListener::bind(("127.0.0.1", port)).unwrap())
    }

    fn on(listener: TcpListener) -> Self {
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            manner: Mutex::new(Manner::Answer(200, "")),
            told: Mutex::default(),
            ends: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.ends.load(Ordering::SeqCst) {
                    return;
                }
                let (stream, shared) = (stream.unwrap(), Arc::clone(&serving));
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { port, shared, thread: Some(thread) }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/backchannel_logout", self.port)
    }

    pub fn set(&self, manner: Manner) {
        *self.shared.manner.lock().unwrap() = manner;
    }

    /// The logout tokens that came, whatever was answered.
    pub fn told(&self) -> Vec<String> {
        self.shared.told.lock().unwrap().clone()
    }

    /// Forgets what came until now.
    pub fn forget(&self) {
        self.shared.told.lock().unwrap().clear();
    }

    /// Waits until that many came, no longer than `bound`; then a moment more, so that one too many would be seen.
    pub async fn hears(&self, count: usize, bound: Duration, about: &str) -> Vec<String> {
        self.hears_so_far(count, bound, about).await;
        tokio::time::sleep(Duration::from_millis(250)).await;
        let told = self.told();
        assert_eq!(told.len(), count, "{about}: heard too much");
        told
    }

    /// The same without that moment.
    pub async fn hears_so_far(&self, count: usize, bound: Duration, about: &str) {
        let began = Instant::now();
        while self.told().len() < count {
            assert!(began.elapsed() < bound, "{about}: heard {} of {count} in {bound:?}", self.told().len());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.shared.ends.store(true, Ordering::SeqCst);
        let _woken = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// One request, the line closed after the answer.
fn serve(mut stream: TcpStream, shared: &Shared) -> Option<()> {
    let (head, body) = request(&mut stream)?;
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with("post /backchannel_logout http/1.1\r\n"), "{head}");
    assert!(head.contains("\r\ncontent-type: application/x-www-form-urlencoded\r\n"), "{head}");
    let token = body.strip_prefix("logout_token=").expect("one field").to_owned();
    shared.told.lock().unwrap().push(token);
    let manner = shared.manner.lock().unwrap().clone();
    let answer = match manner {
        Manner::Answer(status, body) => {
            format!(
                "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            )
        }
        Manner::Redirect(to) => {
            format!("HTTP/1.1 307 X\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        }
        Manner::Hang(so_long) => {
            std::thread::sleep(so_long);
            return None;
        }
    };
    stream.write_all(answer.as_bytes()).ok()
}

fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let (mut text, mut buffer) = (String::new(), [0_u8; 4096]);
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let fields = format!("{}\r\n", head.to_ascii_lowercase());
            let length = between(&fields, "\r\ncontent-length: ", "\r\n")?;
            let length: usize = length.parse().ok()?;
            if body.len() >= length {
                return Some((head.to_owned() + "\r\n", body.to_owned()));
            }
        }
        match stream.read(&mut buffer).ok()? {
            0 => return None,
            read => text.push_str(std::str::from_utf8(&buffer[..read]).ok()?),
        }
    }
}
