//! Whatever arrives, no answer is 500 and nobody panics: seeded nonsense on every address.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use support::{World, on_both};
use web::{API_ROUTES, ROUTES};

/// How many requests a database gets.
const REQUESTS: u64 = 1000;

/// A small generator of chance that can be repeated (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        let count = u64::try_from(all.len()).unwrap();
        all[usize::try_from(self.roll() % count).unwrap()]
    }
}

const METHODS: [&str; 9] = ["GET", "GET", "POST", "POST", "HEAD", "PATCH", "PUT", "DELETE", "OPTIONS"];
const IDS: [&str; 10] = [
    "acme",
    "ACME",
    "acme%00",
    "%2e%2e",
    "a",
    "%F0%9F%92%A5",
    "acme-labs",
    "%ff",
    "x'--",
    "00000000000000000000000000",
];
const NAMES: [&str; 16] = [
    "team_id",
    "state",
    "code",
    "error",
    "iss",
    "return_to",
    "version",
    "role",
    "csrf",
    "after",
    "q",
    "person",
    "limit",
    "changed_since",
    "reference",
    "login_hint",
];
const VALUES: [&str; 14] = [
    "",
    "acme",
    "-1",
    "99999999999999999999",
    "%00",
    "%FF%FE",
    "//evil.example",
    "a%0d%0aX: y",
    "💥",
    "%25_%5C",
    "null",
    "[]",
    "{}",
    "7K2F-9QXM",
];
const HEADERS: [&str; 14] = [
    "Cookie: td-session-acme=tds_x; td-session-acme=tds_y",
    "Cookie: ===;;;\u{1}",
    "Cookie: td-attempt-=.",
    "Authorization: Bearer",
    "Authorization: Bearer tdo_0",
    "Authorization: Basic \u{e9}",
    "If-Match: \"",
    "If-Match: *",
    "X-Forwarded-For: ,,,",
    "Host: evil.example",
    "Content-Type: application/json",
    "Content-Type: application/x-www-form-urlencoded",
    "Sec-Fetch-Site: cross-site",
    "Range: bytes=0-",
];
const BODIES: [&str; 8] = [
    "",
    "{",
    "{\"role\":1e999}",
    "[[[[[[[[",
    "team_id=%ff",
    "a=b&a=c",
    "null",
    "{\"issuer\":\"https://x\",\"issuer\":1}",
];

/// One request as bytes; some of them no HTTP at all.
fn nonsense(dice: &mut Dice) -> Vec<u8> {
    let routes: Vec<&str> = ROUTES.iter().chain(API_ROUTES).map(|(_, path)| *path).collect();
    let mut path = dice.of(&routes).to_owned();
    while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
        path.replace_range(start..=end, dice.of(&IDS));
    }
    for _ in 0..dice.roll() % 4 {
        let joint = if path.contains('?') { '&' } else { '?' };
        path = format!("{path}{joint}{}={}", dice.of(&NAMES), dice.of(&VALUES));
    }
    let body = dice.of(&BODIES);
    let mut request = format!(
        "{} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n",
        dice.of(&METHODS),
        body.len()
    );
    for _ in 0..dice.roll() % 4 {
        request = format!("{request}{}\r\n", dice.of(&HEADERS));
    }
    if !request.contains("Host:") {
        request.push_str("Host: localhost\r\n");
    }
    format!("{request}\r\n{body}").into_bytes()
}

/// Sends it and says the status; none when the connection was closed without one.
fn status(address: &str, request: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(address).expect("somebody listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(request).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer in time");
    let line = String::from_utf8_lossy(&answer);
    line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

on_both! {
    async fn nonsense_on_every_address_never_ends_in_500(db) {
        let world = World::new(db).await;
        let address = world.node.base.replace("http://localhost", "127.0.0.1");
        let mut dice = Dice(20_261_122);
        let mut seen = std::collections::BTreeMap::<u16, u64>::new();
        for number in 0..REQUESTS {
            let request = nonsense(&mut dice);
            let status = status(&address, &request).unwrap_or(0);
            let good = status == 0 || (200..500).contains(&status);
            assert!(good, "request {number} got {status}: {}", String::from_utf8_lossy(&request));
            *seen.entry(status).or_default() += 1;
        }
        assert!(seen.len() > 5, "the nonsense is not varied: {seen:?}");
        assert_eq!(world.sign_in("acme", "ada@acme.test").await.get(&world.at("/readyz")).await.status, 200);
    }
}
