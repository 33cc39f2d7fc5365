//! What an operator is told about one team, part by part.

use vocabulary::{PersonId, ReferenceId, Timestamp};

use crate::{FailedSignIn, SecretSet};

/// Somebody who is an admin.
#[derive(Clone, Debug)]
pub struct TeamAdmin {
    /// Their id.
    pub id: PersonId,
    /// Name, or else email.
    pub name: String,
    /// Their email.
    pub email: Option<String>,
    /// Whether their access is on.
    pub active: bool,
}

/// How a team is connected. Never with the secret.
#[derive(Clone, Debug)]
pub struct ConnectionFacts {
    /// Whose ID tokens are believed.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Since when there is a secret.
    pub secret: Option<SecretSet>,
    /// `basic` or `post`.
    pub client_auth: String,
    /// What is asked for.
    pub scopes: String,
    /// `unless_denied`, `verified` or `issuer`.
    pub email_trust: String,
    /// Whose emails may come in; any when empty.
    pub domains: Vec<String>,
    /// What every ID token must carry.
    pub requirement: Option<String>,
    /// Other addresses of the same provider.
    pub aliases: Vec<String>,
    /// Where people go after signing out there.
    pub after_sign_out: Option<String>,
}

/// Settings beside those that are in use.
#[derive(Clone, Debug)]
pub struct OtherSettings {
    /// Whose ID tokens would be believed.
    pub issuer: Option<String>,
    /// Our name there.
    pub client_id: Option<String>,
    /// Since when there is a secret.
    pub secret: Option<SecretSet>,
    /// Whether they passed a test; of those from before nothing is said.
    pub tested: Option<bool>,
}

/// How a connection fares.
#[derive(Clone, Debug)]
pub struct TeamHealth {
    /// The judgement, by its word in the API.
    pub word: &'static str,
    /// Whether somebody should look at it.
    pub is_unwell: bool,
    /// The same in a sentence.
    pub message: String,
    /// What to do.
    pub remedy: Option<String>,
    /// Since when it is counted.
    pub since: Option<Timestamp>,
    /// How many were sent to the provider.
    pub started: i64,
    /// How many of them came back.
    pub returned: i64,
    /// How many of those came in.
    pub finished: i64,
    /// How many of those did not.
    pub refused: i64,
    /// The last good sign-in.
    pub last_good: Option<Timestamp>,
    /// The last one that was refused.
    pub last_bad: Option<FailedSignIn>,
}

/// A setup link that can be used.
#[derive(Clone, Debug)]
pub struct LinkFacts {
    /// Who got it by mail.
    pub recipient: Option<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was opened for the first time.
    pub opened_at: Option<Timestamp>,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// What stands in the fields of the page: the present values, or what was typed.
#[derive(Clone, Debug, Default)]
pub struct TeamFields {
    /// The name.
    pub name: String,
    /// The admin email.
    pub admin_email: String,
    /// Who gets the next setup link.
    pub link_to: String,
}

/// A field of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamField {
    /// `name`
    Name,
    /// `admin_email`
    AdminEmail,
    /// `link_to`
    LinkTo,
}

/// What is wrong with a form of the page.
#[derive(Clone, Debug)]
pub struct TeamProblem {
    /// The stable code.
    pub code: &'static str,
    /// What finds it again.
    pub reference: ReferenceId,
    /// Where it is wrong.
    pub field: TeamField,
    /// What to do about it.
    pub text: String,
}

/// What an operator can do to a team beside its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamDeed {
    /// Take tested settings live.
    Enable,
    /// Go back to the settings from before.
    RollBack,
    /// Require single sign-on.
    Require,
    /// No longer require it.
    Relax,
    /// Open a suspended team again.
    Resume,
    /// Close it for the time being, after a question.
    Suspend,
    /// Remove it, after a question.
    Remove,
}

impl TeamDeed {
    /// Its word in the form.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::Enable => "enable",
            Self::RollBack => "rollback",
            Self::Require => "require",
            Self::Relax => "relax",
            Self::Resume => "resume",
            Self::Suspend => "suspend",
            Self::Remove => "remove",
        }
    }

    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Suspend | Self::Remove => "danger",
            Self::Enable | Self::RollBack | Self::Require | Self::Relax | Self::Resume => "",
        }
    }
}
