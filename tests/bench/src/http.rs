//! The least of an HTTP/1.1 client: one kept connection, requests as bytes, answers with a `Content-Length`.
//! What the load costs is taken from its own core, so it does no more than it must.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use crate::failure::Failure;

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(15);

/// A connection that is kept.
pub struct Connection {
    port: u16,
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer.
pub struct Answer<'a> {
    /// The status.
    pub status: u16,
    head: &'a str,
    body: &'a [u8],
}

impl Connection {
    /// Connects to a port of this machine.
    pub fn open(port: u16) -> Result<Self, Failure> {
        Ok(Self { port, stream: connect(port)?, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request and does not wait.
    pub fn send(&mut self, request: &[u8]) -> Result<(), Failure> {
        Ok(self.stream.write_all(request)?)
    }

    /// Waits for one answer, whole.
    pub fn receive(&mut self) -> Result<Answer<'_>, Failure> {
        self.buffer.clear();
        let mut chunk = [0_u8; 16 * 1024];
        let mut whole = None;
        while whole.is_none_or(|length| self.buffer.len() < length) {
            let read = self.stream.read(&mut chunk)?;
            if read == 0 {
                let read = String::from_utf8_lossy(&self.buffer);
                return Err(Failure(format!(
                    "the connection was closed before the answer was whole: {read}"
                )));
            }
            self.buffer.extend_from_slice(chunk.get(..read).unwrap_or_default());
            if whole.is_none() {
                whole = length(&self.buffer)?;
            }
        }
        answer(&self.buffer)
    }

    /// Sends a request and waits for its answer; on a new connection, when the server has closed this one
    /// because nobody used it for some seconds.
    pub fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>, Failure> {
        if self.is_closed() {
            self.stream = connect(self.port)?;
        }
        self.send(request)?;
        self.receive()
    }

    /// Whether the server has closed it; between two requests nothing else is there to be read.
    fn is_closed(&self) -> bool {
        let looked = self.stream.set_nonblocking(true).and_then(|()| self.stream.peek(&mut [0]));
        let back = self.stream.set_nonblocking(false);
        back.is_err() || looked.is_ok() || looked.is_err_and(|error| error.kind() != ErrorKind::WouldBlock)
    }
}

fn connect(port: u16) -> Result<TcpStream, Failure> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

impl Answer<'_> {
    /// What it carries, as far as it is text.
    pub fn body(&self) -> &str {
        std::str::from_utf8(self.body).unwrap_or_default()
    }

    /// Where it leads, without the address of the server.
    pub fn location(&self) -> Option<String> {
        let location = header(self.head, "location")?;
        let path = location
            .split_once("://")
            .map_or(location, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
        Some(format!("/{}", path.trim_start_matches('/')))
    }

    /// `name=value` of the first cookie it sets whose name begins so.
    pub fn cookie(&self, beginning: &str) -> Option<&str> {
        let cookies = headers(self.head, "set-cookie").map(|line| line.split(';').next().unwrap_or(line));
        cookies.into_iter().find(|pair| pair.starts_with(beginning))
    }
}

fn head_length(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at.saturating_add(4))
}

/// The length of the whole answer, once its head is there.
fn length(bytes: &[u8]) -> Result<Option<usize>, Failure> {
    let Some(head_length) = head_length(bytes) else {
        return Ok(None);
    };
    let head = text(bytes.get(..head_length).unwrap_or_default())?;
    let none = head.starts_with("HTTP/1.1 204").then_some(0);
    let body = none.or_else(|| header(head, "content-length").and_then(|value| value.parse::<usize>().ok()));
    let body = body.ok_or_else(|| Failure(format!("an answer without Content-Length: {head}")))?;
    Ok(Some(head_length.saturating_add(body)))
}

fn answer(bytes: &[u8]) -> Result<Answer<'_>, Failure> {
    let (head, body) = bytes.split_at_checked(head_length(bytes).unwrap_or(0)).unwrap_or_default();
    let head = text(head)?;
    let status = head.get(9..12).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| Failure(format!("an answer without a status: {head}")))?;
    Ok(Answer { status, head, body })
}

fn text(head: &[u8]) -> Result<&str, Failure> {
    std::str::from_utf8(head).map_err(|error| Failure::of("reading the head of an answer", &error))
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    headers(head, name).next()
}

fn headers<'a>(head: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    head.split("\r\n").filter_map(move |line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REDIRECT: &str = "HTTP/1.1 303 See Other\r\nSet-Cookie: td-attempt-k=v; Path=/\r\n\
                            location: http://localhost:1/x?a=b\r\nContent-Length: 2\r\n\r\nok";

    #[test]
    fn an_answer_is_whole_when_its_body_is() {
        assert_eq!(length(&REDIRECT.as_bytes()[..60]).unwrap(), None);
        assert_eq!(length(REDIRECT.as_bytes()).unwrap(), Some(REDIRECT.len()));
        assert!(length(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert_eq!(length(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap(), Some(27));
    }

    #[test]
    fn a_redirect_is_read() {
        let answer = answer(REDIRECT.as_bytes()).unwrap();
        assert_eq!(answer.status, 303);
        assert_eq!(answer.location().as_deref(), Some("/x?a=b"));
        assert_eq!(answer.cookie("td-attempt-"), Some("td-attempt-k=v"));
        assert_eq!(answer.cookie("td-session-"), None);
        assert_eq!(answer.body(), "ok");
    }
}
