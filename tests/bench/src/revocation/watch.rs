//! One revocation: how it is told, and what somebody with the session or the token sees of it.

use std::thread;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::http::{Answer, Connection};
use crate::process::get;
use crate::service::Place;

/// How close the questions of a watcher stand to each other.
const BETWEEN: Duration = Duration::from_millis(1);
/// How often it is asked once more whether it stays so.
const STAYS: u32 = 3;
/// How long a watcher goes on.
const PATIENCE: Duration = Duration::from_secs(5);

/// A revocation that is ready to be told.
pub struct Case {
    /// How.
    pub tell: Tell,
    /// What is asked to see whether it holds.
    pub path: String,
    /// The line of the head that says who is asking.
    pub head: String,
    /// How an answer shows that it holds.
    pub over: Over,
}

/// How a revocation is told.
pub enum Tell {
    /// By a request, with the status that says it was heard.
    Request(Vec<u8>, u16),
    /// By a command of the binary.
    Command(Vec<String>),
}

/// How an answer shows that a revocation holds.
#[derive(Clone, Copy)]
pub enum Over {
    /// It leads to the sign-in page.
    ToSignIn,
    /// The page has no form that changes a role.
    NoForms,
    /// 401.
    Refused,
}

impl Case {
    /// Tells it to the node at `port`; by a command, with nobody in between.
    pub fn tell(&self, port: u16, place: &Place) -> Result<(), Failure> {
        match &self.tell {
            Tell::Request(request, expected) => {
                let mut connection = Connection::open(port)?;
                let answer = connection.ask(request)?;
                if answer.status == *expected {
                    return Ok(());
                }
                let said = answer.body().chars().take(300).collect::<String>();
                Err(Failure(format!("{} where {expected} was expected: {said}", answer.status)))
            }
            Tell::Command(words) => {
                place.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).map(drop)
            }
        }
    }
}

/// Somebody at one node, who asks again and again.
pub struct Sight {
    connection: Connection,
    request: Vec<u8>,
    over: Over,
}

impl Sight {
    /// Asks until the node has at hand what it needs; it is not over yet.
    pub fn open(port: u16, case: &Case) -> Result<Self, Failure> {
        let request =
            format!("GET {} HTTP/1.1\r\nHost: localhost:{port}\r\n{}\r\n\r\n", case.path, case.head);
        let mut sight =
            Self { connection: Connection::open(port)?, request: request.into(), over: case.over };
        for _ in 0..STAYS {
            if sight.is_over()? {
                return Err(Failure("it is over before it was told".to_owned()));
            }
        }
        Ok(sight)
    }

    /// The moment of the first answer that shows it; it must stay so.
    pub fn until_over(&mut self) -> Result<Instant, Failure> {
        let began = Instant::now();
        while !self.is_over()? {
            if began.elapsed() > PATIENCE {
                return Err(Failure(format!("it does not hold after {PATIENCE:?}")));
            }
            thread::sleep(BETWEEN);
        }
        let seen = Instant::now();
        for _ in 0..STAYS {
            if !self.is_over()? {
                return Err(Failure("it held, and then it did not".to_owned()));
            }
        }
        Ok(seen)
    }

    fn is_over(&mut self) -> Result<bool, Failure> {
        let over = self.over;
        let answer = self.connection.ask(&self.request)?;
        Ok(over.shows_in(&answer))
    }
}

impl Over {
    fn shows_in(self, answer: &Answer<'_>) -> bool {
        match self {
            Self::ToSignIn => answer.location().as_deref() == Some("/login"),
            Self::NoForms => !answer.body().contains("/role\""),
            Self::Refused => answer.status == 401,
        }
    }
}

/// A page as somebody with this cookie sees it.
pub fn page(connection: &mut Connection, path: &str, port: u16, cookie: &str) -> Result<String, Failure> {
    let answer = connection.ask(&get(path, port, cookie))?;
    if answer.status == 200 {
        return Ok(answer.body().to_owned());
    }
    Err(Failure(format!("{path}: {} where a page was expected", answer.status)))
}
