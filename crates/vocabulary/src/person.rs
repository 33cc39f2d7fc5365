//! Words about people: who they are at their identity provider, and what they may do here.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::chance::{Chance, ordered_id, random_id};
use crate::time::Timestamp;

macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A new one, of 128 random bits.
            #[must_use]
            pub fn random(chance: &dyn Chance) -> Self {
                Self(random_id(chance))
            }

            /// Reads an id as it stands in an address or a row; anything else is an id of nothing.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let good = text.len() == 26 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
                good.then(|| Self(text.to_owned()))
            }

            /// The id itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

opaque_id! {
    /// Who somebody is in Teamdoor: stable, never an email, never used again.
    PersonId
}
opaque_id! {
    /// One team's relation to one identity provider. A new identity provider is a new connection.
    ConnectionId
}

/// Who somebody is at their identity provider: the `sub` claim, 1 to 255 ASCII characters (OpenID Connect
/// Core §2), compared byte for byte and meaningful only together with its connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Subject(String);

/// Why a text is not a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A subject has 1 to 255 printable ASCII characters.")]
pub struct SubjectError;

impl Subject {
    /// Reads a `sub` claim.
    pub fn parse(text: &str) -> Result<Self, SubjectError> {
        let good = (1..=255).contains(&text.len()) && text.bytes().all(|b| (0x20..0x7f).contains(&b));
        if good { Ok(Self(text.to_owned())) } else { Err(SubjectError) }
    }

    /// The subject as the identity provider wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PersonId {
    /// A new one that sorts behind all earlier ones, so that lists are in the order of arrival.
    #[must_use]
    pub fn arriving(chance: &dyn Chance, now: Timestamp) -> Self {
        Self(ordered_id(chance, now))
    }
}

/// What somebody may do in their team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Uses the product.
    Member,
    /// Also manages people, billing and single sign-on.
    Admin,
}

impl Role {
    /// Reads `member` or `admin`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "member" => Some(Self::Member),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }

    /// `member` or `admin`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn toggled(self) -> Self {
        match self {
            Self::Member => Self::Admin,
            Self::Admin => Self::Member,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How often something was changed: what a form or an `If-Match` saw, so that nobody overwrites unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub i64);

impl Version {
    /// Reads a version as a form or an entity tag carries it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().filter(|number| *number >= 0).map(Self)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_printable_ascii_of_bounded_length() {
        for good in ["a", "00u74mh2scJf29qOD697", "auth0|x y", &"s".repeat(255)] {
            assert_eq!(Subject::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "é", "a\n", "a\0b", &"s".repeat(256)] {
            assert!(Subject::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn roles_and_versions_read_back() {
        for role in [Role::Member, Role::Admin] {
            assert_eq!(Role::parse(role.as_str()), Some(role));
            assert_eq!(role.toggled().toggled(), role);
        }
        assert_eq!(Role::parse("Admin"), None);
        assert_eq!(Version::parse("7"), Some(Version(7)));
        for bad in ["", "-1", "1.5", "x", "99999999999999999999"] {
            assert_eq!(Version::parse(bad), None, "{bad}");
        }
    }
}
