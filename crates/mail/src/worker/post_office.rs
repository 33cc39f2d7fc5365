//! A mail server on the wire that misbehaves as told, one connection after the other.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the server does with one connection.
#[derive(Clone, Copy, Debug)]
pub(super) enum Manner {
    /// Takes the letter.
    Take,
    /// Answers the recipient with this line.
    Recipient(&'static str),
    /// Answers the finished letter with this line.
    Letter(&'static str),
    /// Asks for a password and answers it with this line.
    Password(&'static str),
    /// Greets with this line.
    Greet(&'static str),
    /// Hangs up in the middle of the letter.
    Vanish,
    /// Lets the client wait for its greeting.
    StallAtGreeting,
    /// Lets the client wait for the answer to its letter.
    StallAtLetter,
    /// Takes the letter and never says goodbye.
    StallAtQuit,
}

pub(super) struct PostOffice {
    port: u16,
    letters: Arc<Mutex<Vec<String>>>,
}

impl PostOffice {
    /// Opens; when the manners are used up, it closes for good.
    pub(super) fn open(manners: Vec<Manner>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let letters = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&letters);
        std::thread::spawn(move || {
            for manner in manners {
                let (stream, _) = listener.accept().unwrap();
                let taken = Arc::clone(&taken);
                // Each client has a clerk of its own: one that stalls keeps no other waiting.
                std::thread::spawn(move || serve(&stream, manner, &taken));
            }
        });
        Self { port, letters }
    }

    /// Its `mail.url`, with `sign_in` (`""` or `user:password@`) in it.
    pub(super) fn address(&self, sign_in: &str) -> String {
        format!("smtp://{sign_in}127.0.0.1:{}", self.port)
    }

    /// The letters taken so far.
    pub(super) fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }
}

/// Longer than the limits the tests set.
const PATIENCE_OF_NOBODY: Duration = Duration::from_secs(20);

/// One conversation. Ends with `None` when either side hangs up first.
fn serve(stream: &TcpStream, manner: Manner, taken: &Mutex<Vec<String>>) -> Option<()> {
    let mut answers = stream;
    let mut say = |line: &str| answers.write_all(format!("{line}\r\n").as_bytes()).ok();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    if let Manner::Greet(line) = manner {
        return say(line);
    }
    if matches!(manner, Manner::StallAtGreeting) {
        std::thread::sleep(PATIENCE_OF_NOBODY);
    }
    say("220 office.test ready")?;
    while let Some(line) = lines.next() {
        let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
        match (verb.as_str(), manner) {
            ("EHLO", Manner::Password(_)) => say("250-office.test\r\n250 AUTH PLAIN")?,
            ("EHLO", _) => say("250 office.test")?,
            ("AUTH", Manner::Password(answer)) | ("RCPT", Manner::Recipient(answer)) => say(answer)?,
            ("DATA", Manner::Vanish) => {
                say("354 go on")?;
                return lines.next().map(|_first_line| ());
            }
            ("DATA", _) => {
                say("354 go on")?;
                let letter: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                answer_letter(&mut say, manner, letter.join("\n"), taken)?;
            }
            ("QUIT", Manner::StallAtQuit) => std::thread::sleep(PATIENCE_OF_NOBODY),
            ("QUIT", _) => return say("221 bye"),
            _ => say("250 ok")?,
        }
    }
    None
}

fn answer_letter(
    say: &mut impl FnMut(&str) -> Option<()>,
    manner: Manner,
    letter: String,
    taken: &Mutex<Vec<String>>,
) -> Option<()> {
    match manner {
        Manner::Letter(answer) => return say(answer),
        Manner::StallAtLetter => std::thread::sleep(PATIENCE_OF_NOBODY),
        Manner::Take
        | Manner::Recipient(_)
        | Manner::Password(_)
        | Manner::Greet(_)
        | Manner::Vanish
        | Manner::StallAtGreeting
        | Manner::StallAtQuit => taken.lock().unwrap().push(letter),
    }
    say("250 taken")
}
