//! Handing a letter to a mail server (RFC 5321), each step within its time.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::Url;

use super::{CarrierError, Failure};
use crate::sheet::one_line;

/// How long a mail server may take. All of it together stays below the lease of a claimed letter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// To connect, encrypt, greet and sign in.
    pub(crate) connect: Duration,
    /// To take the letter.
    pub(crate) take: Duration,
    /// To say goodbye.
    pub(crate) part: Duration,
}

const LIMITS: Limits =
    Limits { connect: Duration::from_secs(10), take: Duration::from_secs(20), part: Duration::from_secs(2) };

/// How much of a server's answer is kept, in characters.
const ANSWER: usize = 200;

/// A mail server and the way to it.
#[derive(Clone)]
pub struct Smtp {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    pub(crate) limits: Limits,
}

#[derive(Clone)]
enum Security {
    None,
    StartTls(TlsParameters),
    Tls(TlsParameters),
}

impl Smtp {
    /// Reads `smtp://` and `smtps://` addresses; `Carrier::parse` says what they mean.
    pub(super) fn parse(url: &Url) -> Result<Self, CarrierError> {
        let wrapped = match url.scheme() {
            "smtps" => true,
            "smtp" => false,
            _ => return Err(CarrierError::Unknown),
        };
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        if host.is_empty() {
            return Err(CarrierError::NoHost);
        }
        if let Some(fragment) = url.fragment() {
            return Err(CarrierError::Leftover(format!("#{fragment}")));
        }
        if !["", "/"].contains(&url.path()) {
            return Err(CarrierError::Leftover(url.path().to_owned()));
        }
        let encrypted = wrapped || starttls(url, &host)?;
        let credentials = credentials(url)?;
        if credentials.is_some() && !encrypted && !is_this_machine(&host) {
            return Err(CarrierError::PasswordInTheClear);
        }
        if wrapped && let Some((key, value)) = url.query_pairs().next() {
            return Err(CarrierError::Leftover(format!("{key}={value}")));
        }
        let tls = || TlsParameters::new(host.clone()).map_err(|error| CarrierError::Tls(error.to_string()));
        let (security, usual_port) = match (wrapped, encrypted) {
            (true, _) => (Security::Tls(tls()?), 465),
            (false, true) => (Security::StartTls(tls()?), 587),
            (false, false) => (Security::None, 25),
        };
        Ok(Self { port: url.port().unwrap_or(usual_port), host, security, credentials, limits: LIMITS })
    }

    /// Lets itself in and out again.
    pub(super) async fn check(&self) -> Result<(), Failure> {
        let mut connection = self.let_in().await?;
        let _goodbye = timeout(self.limits.part, connection.abort()).await;
        Ok(())
    }

    /// Sends one letter over a connection of its own.
    pub(super) async fn send(&self, message: &Message) -> Result<(), Failure> {
        let mut connection = self.let_in().await?;
        let sent = timeout(self.limits.take, connection.send(message.envelope(), &message.formatted()))
            .await
            .map_err(|_elapsed| too_slow("to take the letter", self.limits.take))?;
        // The answer to DATA counts (RFC 5321 §4.1.1.4); a server that is slow to part changes nothing.
        if timeout(self.limits.part, connection.abort()).await.is_err() {
            tracing::debug!("the mail server did not say goodbye");
        }
        sent.map(|_taken| ()).map_err(|error| failure(&error))
    }

    async fn let_in(&self) -> Result<AsyncSmtpConnection, Failure> {
        timeout(self.limits.connect, self.connect())
            .await
            .map_err(|_elapsed| too_slow("to let us in", self.limits.connect))?
            .map_err(|error| Failure::Unreachable(reason(&error)))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let us = ClientId::default();
        let wrapper = match &self.security {
            Security::Tls(tls) => Some(tls.clone()),
            Security::None | Security::StartTls(_) => None,
        };
        let server = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.limits.connect), &us, wrapper, None)
                .await?;
        if let Security::StartTls(tls) = &self.security {
            connection.starttls(tls.clone(), &us).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let security = match self.security {
            Security::None => "no TLS",
            Security::StartTls(_) => "STARTTLS",
            Security::Tls(_) => "TLS",
        };
        let sign_in = if self.credentials.is_some() { ", signs in" } else { "" };
        write!(f, "{}:{}, {security}{sign_in}", self.host, self.port)
    }
}

/// Whether `smtp://` asks for STARTTLS.
fn starttls(url: &Url, host: &str) -> Result<bool, CarrierError> {
    let mut required = !is_this_machine(host);
    for (key, value) in url.query_pairs() {
        required = match (&*key, &*value) {
            ("tls", "required") => true,
            ("tls", "none") => false,
            _ => return Err(CarrierError::Leftover(format!("{key}={value}"))),
        };
    }
    Ok(required)
}

fn credentials(url: &Url) -> Result<Option<Credentials>, CarrierError> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(String::from);
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err(CarrierError::HalfSignIn),
        (user, Some(password)) => match (decoded(user), decoded(password)) {
            (Ok(user), Ok(password)) => Ok(Some(Credentials::new(user, password))),
            (Err(_), _) | (_, Err(_)) => Err(CarrierError::HalfSignIn),
        },
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn too_slow(deed: &str, limit: Duration) -> Failure {
    Failure::Unreachable(format!("the mail server took longer than {limit:?} {deed}"))
}

/// What a failure after the greeting says about the letter.
fn failure(error: &Error) -> Failure {
    let about_us = error
        .status()
        // 421: closing down; 530: sign in or encrypt first (RFC 4954 §6, RFC 3207 §4).
        .is_some_and(|code| ["421", "530"].contains(&code.to_string().as_str()));
    if about_us {
        Failure::Unreachable(reason(error))
    } else if error.is_transient() {
        Failure::Later(reason(error))
    } else if error.is_permanent() || error.is_client() {
        Failure::Refused(reason(error))
    } else {
        Failure::Unreachable(reason(error))
    }
}

/// The whole chain on one line: a server's answer may hold anything.
fn reason(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    one_line(&text, ANSWER)
}
