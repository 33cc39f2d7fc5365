//! Who carries letters away: a mail server, or a folder to read them in. `mail.url` says which.

mod folder;
mod smtp;

use std::path::PathBuf;

use lettre::Message;
use url::Url;

pub use smtp::Smtp;

/// Takes letters away.
#[derive(Clone, Debug)]
pub enum Carrier {
    /// Writes each letter into a folder, as `{id}.eml`.
    Folder(PathBuf),
    /// Hands each letter to a mail server.
    Smtp(Smtp),
}

/// Why a `mail.url` names no carrier. The address itself is never repeated: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CarrierError {
    /// None of the three.
    #[error("mail.url is file://FOLDER, smtp://USER:PASSWORD@HOST:PORT or smtps://USER:PASSWORD@HOST:PORT")]
    Unknown,
    /// `file://` without a folder behind it.
    #[error("mail.url names no folder: write file://data/outbox, or file:///var/lib/teamdoor/outbox")]
    NoFolder,
    /// An SMTP address without a host.
    #[error("mail.url names no mail server: write smtp://mail.example.com")]
    NoHost,
    /// A path, a fragment, or an option other than `tls`.
    #[error(
        "mail.url has a part nobody reads: {0}. After the host and port only ?tls=required or ?tls=none may follow"
    )]
    Leftover(String),
    /// A user without a password, or the other way round.
    #[error("mail.url has half a sign-in: write both, USER:PASSWORD@, percent-encoded, or neither")]
    HalfSignIn,
    /// A password would travel readable for everyone.
    #[error("mail.url would send its password unencrypted: leave ?tls=none out, or leave USER:PASSWORD@ out")]
    PasswordInTheClear,
    /// TLS cannot be set up on this machine.
    #[error("TLS to the mail server cannot be set up: {0}")]
    Tls(String),
}

/// Why a letter was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The carrier itself cannot be used now: unreachable, too slow, or it does not let us in. It says nothing
    /// about the letter.
    Unreachable(String),
    /// This letter may be taken later (4xx, RFC 5321 §4.2.1).
    Later(String),
    /// This letter is not wanted (5xx).
    Refused(String),
}

impl Failure {
    /// What was wrong, for the log and the record.
    pub(crate) fn reason(&self) -> &str {
        match self {
            Self::Unreachable(reason) | Self::Later(reason) | Self::Refused(reason) => reason,
        }
    }
}

impl Carrier {
    /// Reads a `mail.url`:
    /// * `file://FOLDER`: relative (`file://data/outbox`) or absolute (`file:///var/lib/teamdoor/outbox`);
    /// * `smtps://…`: TLS from the first byte, port 465 unless said otherwise (RFC 8314 §3.3);
    /// * `smtp://…`: STARTTLS is required, port 587 unless said otherwise; `?tls=none` goes without, and so
    ///   does a server on this machine (`localhost`, 127.0.0.1, `[::1]`) unless `?tls=required` is said.
    ///   Without TLS the port is 25. A password is never sent without TLS to another machine.
    ///
    /// Encryption is never left to what the server happens to offer: whoever sits in between decides that.
    pub fn parse(text: &str) -> Result<Self, CarrierError> {
        if let Some(folder) = text.strip_prefix("file://") {
            return if folder.is_empty() {
                Err(CarrierError::NoFolder)
            } else {
                Ok(Self::Folder(PathBuf::from(folder)))
            };
        }
        let url = Url::parse(text).map_err(|_not_an_address| CarrierError::Unknown)?;
        Smtp::parse(&url).map(Self::Smtp)
    }

    /// Whether it would take letters now: lets itself in and out again, and sends none. Says why not.
    pub async fn check(&self) -> Result<(), String> {
        let outcome = match self {
            Self::Folder(path) => folder::check(path.clone()).await,
            Self::Smtp(smtp) => smtp.check().await,
        };
        outcome.map_err(|failure| failure.reason().to_owned())
    }

    /// Hands `message` over; `id` names it. Takes no longer than 32 seconds with a mail server.
    pub(crate) async fn take(&self, id: &str, message: &Message) -> Result<(), Failure> {
        match self {
            Self::Folder(path) => folder::put(path.clone(), id.to_owned(), message.formatted()).await,
            Self::Smtp(smtp) => smtp.send(message).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_carriers_are_read_and_remedies_named() {
        for (text, shown) in [
            ("file://data/outbox", "Folder(\"data/outbox\")"),
            ("file:///var/outbox", "Folder(\"/var/outbox\")"),
            ("smtp://mail.example.com", "Smtp(mail.example.com:587, STARTTLS)"),
            ("smtp://mail:1025?tls=none", "Smtp(mail:1025, no TLS)"),
            ("smtp://localhost:1025", "Smtp(localhost:1025, no TLS)"),
            ("smtp://[::1]", "Smtp(::1:25, no TLS)"),
            ("smtp://127.0.0.1:25?tls=required", "Smtp(127.0.0.1:25, STARTTLS)"),
            ("smtps://u:p@mail.example.com/", "Smtp(mail.example.com:465, TLS, signs in)"),
            ("smtp://u:p%40ss@localhost", "Smtp(localhost:25, no TLS, signs in)"),
        ] {
            assert_eq!(format!("{:?}", Carrier::parse(text).unwrap()), shown);
        }
        for (text, error) in [
            ("", CarrierError::Unknown),
            ("data/outbox", CarrierError::Unknown),
            ("http://mail.example.com", CarrierError::Unknown),
            ("smtp://u:p@h:99999", CarrierError::Unknown),
            ("smtps://h?tls=none", CarrierError::Leftover("tls=none".to_owned())),
            ("smtp://h?tls=maybe", CarrierError::Leftover("tls=maybe".to_owned())),
            ("smtp://h?starttls", CarrierError::Leftover("starttls=".to_owned())),
            ("smtp://h/inbox", CarrierError::Leftover("/inbox".to_owned())),
            ("smtp://h#x", CarrierError::Leftover("#x".to_owned())),
            ("file://", CarrierError::NoFolder),
            ("smtp://", CarrierError::NoHost),
            ("smtp:mail", CarrierError::NoHost),
            ("smtp://u@h", CarrierError::HalfSignIn),
            ("smtp://u:%FF@h", CarrierError::HalfSignIn),
            ("smtp://u:p@h?tls=none", CarrierError::PasswordInTheClear),
        ] {
            assert_eq!(Carrier::parse(text).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn a_password_shows_nowhere() {
        for text in ["smtps://user:hush@h", "smtp://user:hush@localhost"] {
            assert!(!format!("{:?}", Carrier::parse(text).unwrap()).contains("hush"));
        }
        for text in
            ["smtp://user:hush@h?tls=none", "smtp://user:hush@h:99999", "smtp://:hush@h", "smtp://u:hush@h/x"]
        {
            let error = Carrier::parse(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hush"), "{text}");
        }
    }
}
