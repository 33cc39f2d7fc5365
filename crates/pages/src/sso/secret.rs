//! The life of the client secret in use: until when it is good, and the next one beside it. No secret stands here.

use vocabulary::{ReferenceId, Timestamp};

use super::{Available, Rehearsal, SecretSet, SsoSettings};
use crate::moment::Moment;
use crate::words::sso as say;

/// What the page tells of the client secret in use.
#[derive(Clone, Debug, Default)]
pub struct SsoSecret {
    /// Since when there is one.
    pub set: Option<SecretSet>,
    /// When it expires, where somebody has said.
    pub expires: Option<Timestamp>,
    /// The next one.
    pub next: Option<SsoNextSecret>,
    /// The last test of it.
    pub rehearsal: Option<Rehearsal>,
    /// What is wrong with what was sent.
    pub problem: Option<SecretProblem>,
}

/// The secret that takes over from the one in use.
#[derive(Clone, Debug)]
pub struct SsoNextSecret {
    /// What its forms carry as `next`.
    pub key: String,
    /// Since when it is there.
    pub set: SecretSet,
    /// When it expires, where somebody has said.
    pub expires: Option<Timestamp>,
    /// When a test with it went well.
    pub tested: Option<Timestamp>,
    /// Whether it may be put into use.
    pub use_now: Available,
}

/// A field of these forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretField {
    /// `client_secret_expires`
    Expires,
    /// `next_client_secret`
    Next,
    /// `next_client_secret_expires`
    NextExpires,
}

/// What is wrong with one of these forms.
#[derive(Clone, Debug)]
pub struct SecretProblem {
    /// The stable code of the first.
    pub code: &'static str,
    /// What finds it again.
    pub reference: ReferenceId,
    /// Each field and its sentence, in the order of the form.
    pub fields: Vec<(SecretField, String)>,
    /// What was typed into `client_secret_expires`, if it was that form.
    pub expires: Option<String>,
    /// What was typed into `next_client_secret_expires`.
    pub next_expires: String,
}

impl SecretField {
    /// Its name in the form, and its id on the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expires => "client_secret_expires",
            Self::Next => "next_client_secret",
            Self::NextExpires => "next_client_secret_expires",
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Expires => say::SECRET_EXPIRES,
            Self::Next => say::NEXT_SECRET,
            Self::NextExpires => say::NEXT_SECRET_EXPIRES,
        }
    }
}

impl SecretProblem {
    fn of(&self, field: SecretField) -> Option<&str> {
        self.fields.iter().find(|(wrong, _)| *wrong == field).map(|(_, text)| text.as_str())
    }
}

impl SsoSecret {
    pub(super) fn problem_of(&self, field: SecretField) -> Option<&str> {
        self.problem.as_ref()?.of(field)
    }

    /// Whether the cursor goes to `field`.
    pub(super) fn begins_with(&self, field: SecretField) -> bool {
        self.problem
            .as_ref()
            .and_then(|problem| problem.fields.first())
            .is_some_and(|(first, _)| *first == field)
    }

    /// What stands in the field of the day.
    pub(super) fn expires_value(&self) -> String {
        let typed = self.problem.as_ref().and_then(|problem| problem.expires.clone());
        typed.unwrap_or_else(|| self.expires.map(Timestamp::day).unwrap_or_default())
    }

    pub(super) fn next_expires_value(&self) -> &str {
        self.problem.as_ref().map_or("", |problem| &problem.next_expires)
    }
}

impl SsoSettings {
    /// What is said of a day on which a secret expires: a word, and the day.
    pub(super) fn expiry(&self, at: Timestamp) -> (&'static str, Moment) {
        let word = if at > self.now { say::EXPIRES } else { say::EXPIRED };
        (word, Moment::day(at, self.now))
    }

    /// The stable code of what is wrong with what was sent.
    pub(super) fn error_code(&self) -> Option<&'static str> {
        let of_secret = self.secret.as_ref().and_then(|secret| secret.problem.as_ref());
        self.problem.as_ref().map(|problem| problem.code).or(of_secret.map(|problem| problem.code))
    }
}
