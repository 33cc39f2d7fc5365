//! The three values that the provider gives, as they stand in the form, and what is wrong with them.

use vocabulary::{ReferenceId, Timestamp};

use crate::words::sso as say;

/// What stands in the form. The secret never does.
#[derive(Clone, Debug, Default)]
pub struct SsoValues {
    /// The issuer: of the pending version, else the live one, or what was typed.
    pub issuer: String,
    /// The client id, likewise.
    pub client_id: String,
    /// Since when there is a secret.
    pub secret: Option<SecretSet>,
    /// The team's admin email, which only the operator changes.
    pub admin_email: String,
}

/// When the stored secret was set.
#[derive(Clone, Debug)]
pub struct SecretSet {
    /// When.
    pub at: Timestamp,
    /// By whom, where that is known.
    pub by: Option<String>,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SsoField {
    /// `issuer`
    Issuer,
    /// `client_id`
    ClientId,
    /// `client_secret`
    ClientSecret,
}

/// What is wrong with the form.
#[derive(Clone, Debug)]
pub struct SsoProblem {
    /// The stable code of the first.
    pub code: &'static str,
    /// What finds it again.
    pub reference: ReferenceId,
    /// Each field and its sentence, in the order of the form.
    pub fields: Vec<(SsoField, String)>,
}

/// A value of the pending version that differs from the live one.
#[derive(Clone, Debug)]
pub struct SsoChange {
    /// Which.
    pub field: SsoField,
    /// What is in use; never a secret.
    pub live: Option<String>,
    /// What is not in use yet; never a secret.
    pub pending: Option<String>,
}

impl SsoField {
    /// Its name in the form, and its id on the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::ClientId => "client_id",
            Self::ClientSecret => "client_secret",
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Issuer => say::ISSUER,
            Self::ClientId => say::CLIENT_ID,
            Self::ClientSecret => say::CLIENT_SECRET,
        }
    }
}

impl SsoChange {
    pub(super) fn is_secret(&self) -> bool {
        self.field == SsoField::ClientSecret
    }
}

impl SsoProblem {
    pub(super) fn of(&self, field: SsoField) -> Option<&str> {
        self.fields.iter().find(|(wrong, _)| *wrong == field).map(|(_, text)| text.as_str())
    }

    /// Whether `field` is the first that is wrong.
    pub(super) fn begins_with(&self, field: SsoField) -> bool {
        self.fields.first().is_some_and(|(wrong, _)| *wrong == field)
    }
}
