//! The operators' JSON API over one kept connection.

use serde_json::Value;

use crate::failure::Failure;
use crate::http::Connection;

/// Asks one node as an operator.
pub struct Api {
    connection: Connection,
    port: u16,
    bearer: String,
}

impl Api {
    /// At this port, with this operator token.
    pub fn new(port: u16, bearer: &str) -> Result<Self, Failure> {
        Ok(Self { connection: Connection::open(port)?, port, bearer: bearer.to_owned() })
    }

    /// A request as bytes: `"DELETE /teams/acme"`, and what it carries.
    pub fn request(&self, line: &str, body: &str) -> Vec<u8> {
        let (method, path) = line.split_once(' ').unwrap_or_default();
        let head = format!("Authorization: Bearer {}\r\nIf-Match: *", self.bearer);
        write(method, &format!("/api/v1{path}"), self.port, &head, "application/json", body)
    }

    /// Asks, expects `status`, and says what was answered.
    pub fn ask(&mut self, line: &str, body: &str, status: u16) -> Result<Value, Failure> {
        let request = self.request(line, body);
        let answer = self.connection.ask(&request)?;
        if answer.status != status {
            let sentence =
                format!("{line}: {} where {status} was expected: {}", answer.status, answer.body());
            return Err(Failure(sentence));
        }
        Ok(serde_json::from_str(answer.body()).unwrap_or_default())
    }
}

/// A request with a body and these lines in its head.
pub fn write(method: &str, path: &str, port: u16, head: &str, kind: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{head}\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
