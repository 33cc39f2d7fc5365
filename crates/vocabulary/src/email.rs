//! Email addresses and domains, compared without tricks.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An email address as its owner writes it. Two are the same when they are equal after ASCII-lowercasing:
/// no dots, plus signs, look-alikes or full-width letters are folded.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Why a text is not an email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("An email address looks like ada@acme.com and has at most 254 characters.")]
pub struct EmailError;

impl Email {
    /// Reads an address of the shape `local@domain`, without display name, quotes, comments or blanks.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let forbidden = |c: char| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"@".contains(c);
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError)?;
        let good = (3..=254).contains(&text.len())
            && !local.is_empty()
            && local.len() <= 64
            && !local.contains(forbidden)
            && Domain::parse(domain).is_ok();
        if good { Ok(Self(text.to_owned())) } else { Err(EmailError) }
    }

    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// ASCII-lowercased: what equality is decided by.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// What stands behind the `@`.
    #[must_use]
    pub fn domain(&self) -> Domain {
        Domain(self.0.rsplit('@').next().unwrap_or_default().to_ascii_lowercase())
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}
impl Eq for Email {}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;
    fn try_from(text: String) -> Result<Self, EmailError> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

/// A domain of email addresses, lowercase, without the `@`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Domain(String);

/// Why a text is not a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A domain looks like acme.com, without @ or blanks.")]
pub struct DomainError;

impl Domain {
    /// Reads a domain; a leading `@` and capitals are forgiven.
    pub fn parse(text: &str) -> Result<Self, DomainError> {
        let domain = text.to_ascii_lowercase();
        let label_is_good = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c == '-' || c.is_alphanumeric())
        };
        let good = domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label_is_good);
        if good { Ok(Self(domain)) } else { Err(DomainError) }
    }

    /// The domain, lowercase.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Domain {
    type Error = DomainError;
    fn try_from(text: String) -> Result<Self, DomainError> {
        Self::parse(text.strip_prefix('@').unwrap_or(&text))
    }
}

impl From<Domain> for String {
    fn from(domain: Domain) -> Self {
        domain.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_read_strictly() {
        for good in ["ada@acme.test", "a.b+c@x-y.example.com", "Ada@ACME.test", "jürgen@müller.example"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        let long = format!("{}@acme.test", "a".repeat(65));
        for bad in [
            "",
            "ada",
            "@acme.test",
            "ada@",
            "ada@acme",
            "a@b@acme.test",
            "ada@acme.test\r\nBcc: x@y.z",
            "Ada <ada@acme.test>",
            "a da@acme.test",
            "ada@acme..test",
            "ada@-acme.test",
            "ada@acme.test,bob@acme.test",
            &long,
        ] {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn equality_knows_no_tricks() {
        let ada = Email::parse("ada@acme.test").unwrap();
        assert_eq!(ada, Email::parse("ADA@Acme.Test").unwrap());
        for other in
            ["a.da@acme.test", "ada+x@acme.test", "аda@acme.test", "ａda@acme.test", "ada@acme.test.example"]
        {
            assert_ne!(ada, Email::parse(other).unwrap(), "{other}");
        }
        assert_eq!(Email::parse("x@ACME.test").unwrap().domain().as_str(), "acme.test");
    }

    proptest! {
        #[test]
        fn no_accepted_address_can_break_a_mail_header(text in "\\PC{0,40}@\\PC{0,40}|[\\x00-\\x7f]{0,60}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert!(!email.as_str().contains(|c: char| c.is_control() || c.is_whitespace() || c == '<' || c == '>'));
                prop_assert_eq!(email.as_str().matches('@').count(), 1);
            }
        }
    }
}
