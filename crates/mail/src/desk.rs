//! The desk: where letters are written, with what every one of them needs.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, MultiPartKind, SinglePart};
use storage::{StorageError, Tx};
use url::{Host, Url};
use vocabulary::{Chance, Email, TeamId, random_id};

use crate::allowance::{Allowance, Verdict};
use crate::letter::{Letter, Occasion};
use crate::outbox::{self, Waiting};
use crate::sheet::{Sheet, name};

/// Writes letters. One per process: it counts what each recipient got.
#[derive(Debug)]
pub struct Desk {
    product_name: String,
    public_url: Url,
    host: String,
    from: Mailbox,
    support_url: Option<Url>,
    operators: Vec<Email>,
    console: bool,
    allowance: Allowance,
}

/// Why no desk can be set up; each names the setting to mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// The sender is no mailbox.
    #[error("mail.from is an address such as sso@example.com or Example <sso@example.com>")]
    From,
    /// Links cannot be made from it.
    #[error("server.public_url is an http or https address such as https://sso.example.com")]
    PublicUrl,
    /// Nothing a reader may be sent to.
    #[error("product.support_url is an https, http or mailto address")]
    SupportUrl,
}

/// The sentence in the last letter a recipient gets for a while.
const LAST_FOR_NOW: &str = "So much happened here that letters to you now pause for up to an hour. The team page \
                            shows how things stand.";

impl Desk {
    /// A desk whose letters come `from` a mailbox (`sso@example.com` or `Example <sso@example.com>`; without a
    /// display name the product's is taken), name the product, link only to `public_url` and send readers with
    /// questions to `support_url`.
    pub fn new(
        product_name: &str,
        public_url: Url,
        from: &str,
        support_url: Option<Url>,
    ) -> Result<Self, DeskError> {
        let product_name = name(product_name);
        let mut from: Mailbox = from.trim().parse().map_err(|_unreadable| DeskError::From)?;
        let sender_name = from.name.as_deref().unwrap_or(&product_name);
        from.name = Some(name(sender_name));
        let host = public_url.host_str().unwrap_or_default().to_owned();
        if host.is_empty() || !["http", "https"].contains(&public_url.scheme()) {
            return Err(DeskError::PublicUrl);
        }
        let fit = |url: &Url| ["https", "http", "mailto"].contains(&url.scheme());
        if !support_url.as_ref().is_none_or(fit) {
            return Err(DeskError::SupportUrl);
        }
        let (operators, console, allowance) = (Vec::new(), false, Allowance::default());
        Ok(Self { product_name, public_url, host, from, support_url, operators, console, allowance })
    }

    /// The same desk, which knows who is told what concerns the operators.
    #[must_use]
    pub fn with_operators(mut self, operators: Vec<Email>) -> Self {
        self.operators = operators;
        self
    }

    /// The same desk, which knows whether operators have a console that letters to them can lead to.
    #[must_use]
    pub const fn with_console(mut self, console: bool) -> Self {
        self.console = console;
        self
    }

    /// Writes to each of those who are told what concerns the operators. Where nobody is, the log says so.
    pub fn write_to_operators(
        &self,
        tx: &mut Tx<'_>,
        chance: &dyn Chance,
        occasion: &Occasion,
    ) -> Result<(), StorageError> {
        if self.operators.is_empty() {
            tracing::warn!("mail.operators names nobody: no operator got a letter");
        }
        for to in &self.operators {
            let letter = Letter { to: to.clone(), team_id: None, occasion: occasion.clone() };
            self.write(tx, chance, &letter)?;
        }
        Ok(())
    }

    /// Puts `letter` into the outbox, in the transaction of the deed it tells of. A recipient gets at most 30
    /// letters an hour from one node; the thirtieth says so, and further ones are left out with a warning in
    /// the log: a letter never stops a deed. For the same reason an address that no mail can be sent to is
    /// left to the worker, which puts the loss on record.
    pub fn write(&self, tx: &mut Tx<'_>, chance: &dyn Chance, letter: &Letter) -> Result<(), StorageError> {
        let now = tx.now();
        let mut sheet = self.sheet(letter);
        // Its token stands nowhere else: left out, it would be lost.
        let is_needed = matches!(letter.occasion, Occasion::SetupLink { .. } | Occasion::BreakGlass { .. });
        match if is_needed { Verdict::Granted } else { self.allowance.take(&letter.to, now) } {
            Verdict::Granted => {}
            Verdict::Last => sheet.paragraphs.push(LAST_FOR_NOW.to_owned()),
            Verdict::Refused => {
                let team = letter.team_id.as_ref().map(TeamId::as_str);
                tracing::warn!(team, "a letter was left out: its recipient got too many within an hour");
                return Ok(());
            }
        }
        outbox::insert(
            tx,
            &Waiting {
                id: random_id(chance),
                team_id: letter.team_id.as_ref().map(|team| team.as_str().to_owned()),
                recipient: letter.to.as_str().to_owned(),
                body_text: sheet.text(),
                body_html: sheet.html(),
                subject: sheet.subject,
                attempts: 0,
                created_at: now.millis(),
            },
        )
    }

    fn sheet(&self, letter: &Letter) -> Sheet {
        let words = letter.occasion.words();
        let base = self.public_url.as_str().trim_end_matches('/');
        let link = letter.link(self.console).map(|(label, path)| (label, format!("{base}{path}")));
        Sheet {
            subject: words.subject,
            paragraphs: words.paragraphs,
            link,
            because: words.because,
            support: self.support_url.clone().map(|address| (letter.support_words(), address)),
            product: self.product_name.clone(),
        }
    }

    /// The message that a waiting letter travels as, or why there can be none. However often it is sent, it is the
    /// same to the last byte.
    pub(crate) fn message(&self, letter: &Waiting) -> Result<Message, String> {
        let written = Duration::from_millis(u64::try_from(letter.created_at).unwrap_or(0));
        let no_robot_answers = HeaderValue::new(
            // RFC 3834 §5: out-of-office notes stay away.
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address(&letter.recipient)?))
            .subject(letter.subject.clone())
            .date(UNIX_EPOCH.checked_add(written).unwrap_or(UNIX_EPOCH))
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            .raw_header(no_robot_answers)
            .multipart(
                // Random otherwise, and a second copy would be another letter to whoever compares.
                MultiPart::builder()
                    .kind(MultiPartKind::Alternative)
                    .boundary(letter.id.clone())
                    .singlepart(part(ContentType::TEXT_PLAIN, &letter.body_text))
                    .singlepart(part(ContentType::TEXT_HTML, &letter.body_html)),
            )
            .map_err(|error| error.to_string())
    }
}

/// The longest line a message may have without the line break (RFC 5322 §2.1.1).
const LINE: usize = 998;

/// One body of a message. Plain ASCII travels as it is, so that links in the folder's files can be copied.
fn part(kind: ContentType, text: &str) -> SinglePart {
    let travels_as_it_is = text.is_ascii() && text.lines().all(|line| line.len() <= LINE);
    let body = if travels_as_it_is {
        let lines = text.replace('\n', "\r\n").into_bytes();
        Body::dangerous_pre_encoded(lines, ContentTransferEncoding::SevenBit)
    } else {
        Body::new(text.to_owned())
    };
    SinglePart::builder().header(kind).body(body)
}

/// An address as mail servers take it: the domain in ASCII (RFC 5891), so that only an unusual local part asks
/// for a server with SMTPUTF8.
fn address(recipient: &str) -> Result<lettre::Address, String> {
    let (local, domain) = recipient.rsplit_once('@').unwrap_or_default();
    let domain = Host::parse(domain).map_err(|error| format!("the address cannot be used: {error}"))?;
    lettre::Address::new(local, domain.to_string())
        .map_err(|error| format!("the address cannot be used: {error}"))
}

#[cfg(test)]
mod tests;
