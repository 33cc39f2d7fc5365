//! Team IDs: the lowercase key people type to find their company's door.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// A Team ID such as `acme` or `acme-research`: `^[a-z0-9]+(-[a-z0-9]+)*$`, 2 to 63 characters.
/// An opaque key: its parts mean nothing, because Okta subdomains contain dashes themselves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TeamId(String);

/// Why a text is not a Team ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TeamIdError {
    /// Anything outside the grammar.
    #[error("Team IDs use lowercase letters, digits and single dashes, for example acme-research.")]
    Characters,
    /// Shorter than 2 or longer than 63 characters.
    #[error("Team IDs have 2 to 63 characters.")]
    Length,
}

/// Words that no new team may take: they would be mistaken for the product's own.
const RESERVED: &[&str] = &[
    "admin",
    "api",
    "app",
    "apps",
    "auth",
    "callback",
    "demo-team-id",
    "help",
    "launch",
    "login",
    "logout",
    "mail",
    "new",
    "oauth2",
    "operator",
    "request",
    "root",
    "security",
    "setup",
    "sso",
    "status",
    "support",
    "system",
    "team",
    "teamdoor",
    "teams",
    "well-known",
    "www",
];

impl TeamId {
    /// Reads a Team ID exactly as written.
    pub fn parse(text: &str) -> Result<Self, TeamIdError> {
        if !(2..=63).contains(&text.len()) {
            return Err(if text.is_empty() || text.is_ascii() {
                TeamIdError::Length
            } else {
                TeamIdError::Characters
            });
        }
        let groups_are_good = text.split('-').all(|group| {
            !group.is_empty() && group.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        if groups_are_good { Ok(Self(text.to_owned())) } else { Err(TeamIdError::Characters) }
    }

    /// The Team ID itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether no new team may be called so.
    #[must_use]
    pub fn is_reserved(&self) -> bool {
        RESERVED.contains(&self.0.as_str())
    }
}

impl fmt::Display for TeamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for TeamId {
    type Error = TeamIdError;
    fn try_from(text: String) -> Result<Self, TeamIdError> {
        Self::parse(&text)
    }
}

impl From<TeamId> for String {
    fn from(id: TeamId) -> Self {
        id.0
    }
}

/// What a person typed into the Team ID field, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedTeamId {
    /// The Team ID that was meant.
    pub id: TeamId,
    /// Whether it was read out of a pasted web address.
    pub from_address: FromAddress,
}

/// Whether a Team ID was typed as itself or taken from a pasted address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromAddress {
    /// The first label of a pasted address.
    Yes,
    /// Typed as it is.
    No,
}

/// Why what a person typed is no Team ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypedTeamIdError {
    /// Nothing but blanks.
    #[error("Enter your Team ID.")]
    Empty,
    /// Contains an `@`.
    #[error("That looks like an email address. Enter your Team ID, for example acme-research.")]
    EmailAddress,
    /// Anything else outside the grammar.
    #[error("Team IDs use lowercase letters, digits and single dashes, for example acme-research.")]
    Invalid,
}

impl TypedTeamId {
    /// Forgives what people type: blanks around it, capitals, full-width letters, a pasted address.
    pub fn parse(text: &str) -> Result<Self, TypedTeamIdError> {
        if text.len() > 2048 {
            return Err(TypedTeamIdError::Invalid);
        }
        let typed = text.nfkc().collect::<String>().trim().to_lowercase();
        if typed.is_empty() {
            return Err(TypedTeamIdError::Empty);
        }
        if let Ok(id) = TeamId::parse(&typed) {
            return Ok(Self { id, from_address: FromAddress::No });
        }
        if typed.contains('@') {
            return Err(TypedTeamIdError::EmailAddress);
        }
        let id = first_label(&typed).ok_or(TypedTeamIdError::Invalid)?;
        Ok(Self { id, from_address: FromAddress::Yes })
    }
}

/// The first label of a web address with at least three labels, `https://acme.okta.com` → `acme`.
fn first_label(typed: &str) -> Option<TeamId> {
    let rest = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://")).unwrap_or(typed);
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let mut labels = host.split('.');
    let first = labels.next()?;
    let others = labels.filter(|label| !label.is_empty()).count();
    if others < 2 || others.saturating_add(1) != host.split('.').count() {
        return None;
    }
    TeamId::parse(first.strip_suffix("-admin").unwrap_or(first)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_grammar_is_exact() {
        for good in ["ac", "acme", "acme-research", "a1-b2-c3", "0okta", &"a".repeat(63)] {
            assert!(TeamId::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "-acme",
            "acme-",
            "ac--me",
            "Acme",
            "ac me",
            "ac_me",
            "acmé",
            "acme.x",
            "acme\n",
            "acme\0",
            &"a".repeat(64),
        ] {
            assert!(TeamId::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_people_type_is_forgiven() {
        for typed in [
            "ACME",
            " acme ",
            "Acme",
            "ａｃｍｅ",
            "https://acme.okta.com",
            "acme.okta.com/app/x",
            "https://acme-admin.okta.com/",
        ] {
            assert_eq!(TypedTeamId::parse(typed).unwrap().id.as_str(), "acme", "{typed}");
        }
        assert_eq!(TypedTeamId::parse("  "), Err(TypedTeamIdError::Empty));
        assert_eq!(TypedTeamId::parse("ada@acme.test"), Err(TypedTeamIdError::EmailAddress));
        for bad in ["acme!", "acme.com", "a b", "..", "https://", "acme..okta.com", "x'; drop table teams"] {
            assert_eq!(TypedTeamId::parse(bad), Err(TypedTeamIdError::Invalid), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_in_the_grammar_and_reads_back(text in "\\PC{0,80}") {
            if let Ok(typed) = TypedTeamId::parse(&text) {
                let id = typed.id.as_str();
                prop_assert_eq!(TeamId::parse(id).unwrap(), typed.id.clone());
                prop_assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            }
        }

        #[test]
        fn every_word_of_the_grammar_is_accepted(text in "[a-z0-9]{1,20}(-[a-z0-9]{1,10}){0,3}") {
            prop_assume!(text.len() >= 2);
            prop_assert_eq!(TypedTeamId::parse(&text).unwrap().id, TeamId::parse(&text).unwrap());
        }
    }
}
