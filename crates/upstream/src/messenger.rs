//! Speaks to the operator's own apps: posts forms to addresses that the operator registered, and reads hardly more
//! than the status. Such apps may live in private networks, so no guard vets them; everything else is as strict as
//! towards identity providers: no redirects, no proxy, no retries, an end in seconds.

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response};
use url::Url;
use url::form_urlencoded::Serializer;

use crate::options::{Options, OptionsError};
use crate::outbound;
use crate::trouble::Remark;

/// No more is read of a refusal: what is told of it is one line.
const MOST_BYTES: usize = 4096;

/// Posts to apps. Cheap to clone; clones share their connections. Needs a tokio runtime.
#[derive(Clone, Debug)]
pub struct Messenger {
    client: Client,
}

/// What an app answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The beginning of the body when the status is 400 or above, without what was sent.
    pub remark: Remark,
}

/// Nothing came back: no connection, no answer in time. The text is for the record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Silence(Remark);

impl Messenger {
    /// Trusts the same authorities and keeps to the same times as the client for identity providers; the networks,
    /// the permission for plain http and the proxy of `options` are not for apps.
    pub fn new(options: &Options) -> Result<Self, OptionsError> {
        Ok(Self { client: outbound::strict(options)?.build().map_err(OptionsError::Tls)? })
    }

    /// Posts one field as a form. Its value is taken out of whatever is told of the answer.
    pub async fn post(&self, address: &Url, field: &str, value: &str) -> Result<Reply, Silence> {
        let form = Serializer::new(String::new()).append_pair(field, value).finish();
        let request = self.client.post(address.clone());
        let sent = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form).send().await;
        let response = sent.map_err(|error| Silence(cause_of(&error)))?;
        let status = response.status().as_u16();
        let remark = if status >= 400 { beginning(response, value).await } else { Remark::default() };
        Ok(Reply { status, remark })
    }
}

/// As much of the body as came in time and is of use.
async fn beginning(mut response: Response, sent: &str) -> Remark {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = MOST_BYTES.saturating_sub(body.len());
        body.extend(chunk.iter().take(room));
        if chunk.len() >= room {
            break;
        }
    }
    Remark::without(String::from_utf8_lossy(&body).trim(), &[sent])
}

/// Of the chain of causes the innermost: the others repeat the address.
fn cause_of(error: &reqwest::Error) -> Remark {
    if error.is_timeout() {
        return Remark::new("it did not answer in time");
    }
    let mut innermost: &dyn std::error::Error = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    Remark::new(&innermost.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::options::Timeouts;
    use crate::testing::run;

    /// An app that answers one request with these bytes, keeps the line open, and tells what it was asked.
    fn app(answer: Vec<u8>) -> (Url, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/told", listener.local_addr().unwrap());
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = String::new();
            let mut buffer = [0_u8; 1024];
            while !request.ends_with("=t0ken") {
                let read = stream.read(&mut buffer).unwrap();
                request.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
            }
            let _sent = stream.write_all(&answer);
            std::thread::sleep(Duration::from_millis(1500));
            request
        });
        (address.parse().unwrap(), asked)
    }

    fn messenger() -> Messenger {
        let limit = Duration::from_millis(700);
        let timeouts = Timeouts { connect: limit, total: limit, turn: limit };
        Messenger::new(&Options { timeouts, ..Options::default() }).unwrap()
    }

    #[test]
    fn a_form_is_posted_to_a_private_address_and_no_more_than_the_status_is_waited_for() {
        run(async {
            let (address, asked) = app(b"HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n".to_vec());
            let before = Instant::now();
            let reply = messenger().post(&address, "logout_token", "t0ken").await.unwrap();
            assert_eq!(reply, Reply { status: 200, remark: Remark::default() });
            assert!(before.elapsed() < Duration::from_millis(500), "nobody waits for the body");
            let asked = asked.join().unwrap().to_ascii_lowercase();
            assert!(asked.starts_with("post /told http/1.1\r\n"), "{asked}");
            assert!(asked.contains("content-type: application/x-www-form-urlencoded\r\n"), "{asked}");
            assert!(asked.ends_with("\r\n\r\nlogout_token=t0ken"), "{asked}");
        });
    }

    #[test]
    fn a_refusal_tells_a_little_and_never_what_was_sent() {
        run(async {
            let long = format!("no t0ken here, {}", "x".repeat(10_000));
            let head = format!("HTTP/1.1 400 Bad Request\r\ncontent-length: {}\r\n\r\n", long.len());
            let (address, _asked) = app(format!("{head}{long}").into_bytes());
            let reply = messenger().post(&address, "logout_token", "t0ken").await.unwrap();
            assert_eq!(reply.status, 400);
            assert!(reply.remark.as_str().starts_with("no … here, xxx"), "{}", reply.remark);
            assert_eq!(reply.remark.as_str().chars().count(), 200);
        });
    }

    #[test]
    fn a_redirect_is_an_answer_and_leads_nowhere() {
        run(async {
            let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
            elsewhere.set_nonblocking(true).unwrap();
            let to = elsewhere.local_addr().unwrap();
            let answer = format!("HTTP/1.1 307 T\r\nlocation: http://{to}/\r\ncontent-length: 0\r\n\r\n");
            let (address, _asked) = app(answer.into_bytes());
            assert_eq!(messenger().post(&address, "logout_token", "t0ken").await.unwrap().status, 307);
            assert!(elsewhere.accept().is_err(), "nobody came");
        });
    }

    #[test]
    fn a_hanging_app_and_one_that_is_gone_are_silent_in_time() {
        run(async {
            let (address, _asked) = app(Vec::new());
            let before = Instant::now();
            let silence = messenger().post(&address, "logout_token", "t0ken").await.unwrap_err();
            assert_eq!(silence.to_string(), "it did not answer in time");
            assert!(before.elapsed() < Duration::from_secs(2));
            let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            let address = format!("http://{gone}/told").parse().unwrap();
            assert!(messenger().post(&address, "logout_token", "t0ken").await.is_err());
        });
    }
}
