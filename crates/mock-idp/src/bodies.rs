//! Answers to machines, and every way in which one can go wrong between the socket and the JSON.

use std::{io, time::Duration};

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    rt::time::sleep,
    web::Bytes,
};
use futures_util::{Stream, StreamExt, stream};
use serde_json::Value;

use crate::misbehaviour::WireFault;

/// What an endpoint has to say.
pub(crate) struct Answer {
    status: StatusCode,
    content_type: &'static str,
    headers: Vec<(header::HeaderName, String)>,
    body: String,
}

impl Answer {
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self::text(status, "application/json", body.to_string())
    }

    pub(crate) const fn text(status: StatusCode, content_type: &'static str, body: String) -> Self {
        Self { status, content_type, headers: Vec::new(), body }
    }

    pub(crate) fn with(mut self, name: header::HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn head(&self) -> actix_web::HttpResponseBuilder {
        let mut response = HttpResponse::build(self.status);
        response.content_type(self.content_type);
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.as_str()));
        }
        response
    }

    pub(crate) fn send(self) -> HttpResponse {
        self.head().body(self.body)
    }

    /// Sends this, or what trouble makes of it.
    pub(crate) async fn send_despite(self, trouble: Option<Trouble>) -> HttpResponse {
        let Some(trouble) = trouble else {
            return self.send();
        };
        match trouble.fault {
            WireFault::Down => status(StatusCode::INTERNAL_SERVER_ERROR),
            WireFault::Unavailable => status(StatusCode::SERVICE_UNAVAILABLE),
            WireFault::TooManyRequests => status(StatusCode::TOO_MANY_REQUESTS),
            WireFault::Slow => {
                sleep(trouble.delay).await;
                self.send()
            }
            WireFault::Drip => self.head().streaming(drip(self.body)),
            WireFault::Html => HttpResponse::Ok()
                .content_type("text/html; charset=utf-8")
                .body("<!doctype html><html lang=\"en\"><title>Sign in</title><h1>Sign in</h1>"),
            WireFault::Empty => self.head().body(""),
            WireFault::Truncated => {
                let half = self.body.len() / 2;
                self.head().body(self.body.into_bytes().into_iter().take(half).collect::<Vec<_>>())
            }
            WireFault::NotAnObject => self.head().body("[\"not an object\"]"),
            WireFault::Deep => self.head().body("[".repeat(50_000) + &"]".repeat(50_000)),
            WireFault::Huge => self.head().streaming(huge()),
            WireFault::GzipBomb => {
                self.head().insert_header((header::CONTENT_ENCODING, "gzip")).streaming(gzip_bomb())
            }
            WireFault::Redirect => redirect(StatusCode::FOUND, &trouble.elsewhere),
            WireFault::RedirectKeepingBody => redirect(StatusCode::TEMPORARY_REDIRECT, &trouble.elsewhere),
            WireFault::Broken => self.head().streaming(broken()),
        }
    }
}

/// What is to go wrong with an answer.
pub(crate) struct Trouble {
    pub(crate) fault: WireFault,
    pub(crate) delay: Duration,
    pub(crate) elsewhere: String,
}

fn status(status: StatusCode) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::RETRY_AFTER, "7"))
        .content_type("text/plain; charset=utf-8")
        .body("The practice provider was told to fail.")
}

fn redirect(status: StatusCode, to: &str) -> HttpResponse {
    HttpResponse::build(status).insert_header((header::LOCATION, to)).finish()
}

/// One byte at once, then one a second.
fn drip(body: String) -> impl Stream<Item = io::Result<Bytes>> {
    let bytes = stream::iter(body.into_bytes()).enumerate();
    bytes.then(|(place, byte)| async move {
        if place > 0 {
            sleep(Duration::from_secs(1)).await;
        }
        Ok(Bytes::from(vec![byte]))
    })
}

const CHUNK: usize = 64 * 1024;
const GIBIBYTE: usize = 1024 * 1024 * 1024;

/// A gigabyte of one JSON text; a chunk exists once and is sent again and again.
fn huge() -> impl Stream<Item = io::Result<Bytes>> {
    let chunk = Bytes::from(vec![b'a'; CHUNK]);
    stream::once(async { Bytes::from_static(b"{\"a\":\"") })
        .chain(stream::iter(std::iter::repeat_n(chunk, GIBIBYTE / CHUNK)))
        .map(Ok)
}

fn broken() -> impl Stream<Item = io::Result<Bytes>> {
    stream::iter([
        Ok(Bytes::from_static(b"{\"issuer\":\"")),
        Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
    ])
}

/// A gzip stream (RFC 1952) of blanks: a header, then one block of fixed Huffman codes (RFC 1951 §3.2.6)
/// that says "a blank" and then "the last 258 bytes again" as long as anyone reads.
fn gzip_bomb() -> impl Stream<Item = io::Result<Bytes>> {
    // Last block, fixed codes: 1, 01. A blank (0x20): 01010000.
    const START: &str = "11001010000";
    // Length 258: 11000101. Distance 1: 00000.
    const AGAIN: &str = "1100010100000";
    // 11 bits and nine times 13 fill sixteen bytes; from there on every eight times fill thirteen.
    let gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let start = Bytes::from([gzip, pack(&(START.to_owned() + &AGAIN.repeat(9)))].concat());
    let chunk = Bytes::from(pack(&AGAIN.repeat(8 * 1024)));
    let chunks = GIBIBYTE / (258 * 8 * 1024);
    stream::once(async { start }).chain(stream::iter(std::iter::repeat_n(chunk, chunks))).map(Ok)
}

/// Bits in the order of the stream, each byte's lowest first.
fn pack(bits: &str) -> Vec<u8> {
    bits.as_bytes()
        .chunks(8)
        .map(|byte| byte.iter().rev().fold(0, |sum, bit| (sum << 1) | (bit & 1)))
        .collect()
}
