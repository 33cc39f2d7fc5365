//! The three values that a form brings, each read or told what is wrong with it.

use pages::words::sso as say;
use pages::{SsoField, SsoProblem};
use teams::TeamError;
use teams::versions::{Said, SettingsVersion};
use vocabulary::{ClientId, ClientSecret, Issuer, ReferenceId};

use crate::request::Form;

/// What was typed, for the page to keep; never the secret.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) issuer: String,
    pub(super) client_id: String,
}

/// Whether everything must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needed {
    /// For a test.
    All,
    /// For a save, which may be resumed.
    Some,
}

/// What is wrong: the stable code, and each field's sentence.
pub(super) type Wrong = (&'static str, Vec<(SsoField, String)>);

pub(super) fn typed(form: &Form) -> Typed {
    let text = |name: &str| form.first(name).unwrap_or_default().trim().chars().take(600).collect();
    // Pasted into both fields, it may be the secret.
    let is_secret = form.first("client_secret").map(str::trim) == form.first("client_id").map(str::trim);
    let client_id = if is_secret { String::new() } else { text("client_id") };
    Typed { issuer: text("issuer"), client_id }
}

/// Reads the form; `base` is what is being worked on, whose secret an empty field keeps.
pub(super) fn read(form: &Form, base: Option<&SettingsVersion>, needed: Needed) -> Result<Said, Wrong> {
    let mut wrong: Vec<(SsoField, String)> = Vec::new();
    let mut code = "form_invalid";
    let filled = |name: &str| form.first(name).map(str::trim).filter(|text| !text.is_empty());
    let issuer = match filled("issuer").map(Issuer::parse_typed) {
        Some(Ok(issuer)) => Some(issuer),
        Some(Err(error)) => {
            wrong.push((SsoField::Issuer, error.to_string()));
            None
        }
        None if needed == Needed::All => {
            wrong.push((SsoField::Issuer, say::ISSUER_MISSING.to_owned()));
            None
        }
        None => None,
    };
    let client_id = match filled("client_id").map(ClientId::parse) {
        Some(Ok(_)) if filled("client_id").is_some_and(is_mask) => {
            wrong.push((SsoField::ClientId, say::CLIENT_ID_MASK.to_owned()));
            None
        }
        Some(Ok(id)) => Some(id),
        Some(Err(error)) => {
            wrong.push((SsoField::ClientId, error.to_string()));
            None
        }
        None if needed == Needed::All => {
            wrong.push((SsoField::ClientId, say::CLIENT_ID_MISSING.to_owned()));
            None
        }
        None => None,
    };
    let has_secret = base.is_some_and(|base| base.secret_set().is_some());
    let client_secret = match filled("client_secret").map(ClientSecret::parse) {
        Some(Some(secret)) => Some(secret),
        Some(None) => {
            wrong.push((SsoField::ClientSecret, say::CLIENT_SECRET_MASK.to_owned()));
            None
        }
        None if needed == Needed::All && !has_secret => {
            wrong.push((SsoField::ClientSecret, say::CLIENT_SECRET_MISSING.to_owned()));
            None
        }
        None => None,
    };
    if let (Some(secret), Some(id)) = (&client_secret, &client_id)
        && secret.reveal() == id.as_str()
    {
        code = "client_secret_is_client_id";
        wrong.push((SsoField::ClientSecret, say::CLIENT_SECRET_IS_ID.to_owned()));
    }
    if wrong.is_empty() {
        Ok(Said { issuer, client_id, client_secret, requirement: None })
    } else {
        Err((code, wrong))
    }
}

/// What the registry says of the values, as a field's sentence; none where it says something else.
pub(super) fn refused(error: &TeamError) -> Option<Wrong> {
    let (code, field, text) = match error {
        TeamError::PlainHttp(_) => ("issuer_plain_http", SsoField::Issuer, say::ISSUER_PLAIN_HTTP.to_owned()),
        TeamError::SharedIssuer(_) => ("requirement_needed", SsoField::Issuer, say::ISSUER_SHARED.to_owned()),
        TeamError::SecretNeededAgain => {
            ("client_secret_needed", SsoField::ClientSecret, say::CLIENT_SECRET_AGAIN.to_owned())
        }
        TeamError::SecretNeeded => {
            ("client_secret_needed", SsoField::ClientSecret, say::CLIENT_SECRET_MISSING.to_owned())
        }
        TeamError::SecretIsClientId => {
            ("client_secret_is_client_id", SsoField::ClientSecret, say::CLIENT_SECRET_IS_ID.to_owned())
        }
        TeamError::Exists(_)
        | TeamError::UsedBefore(_)
        | TeamError::Reserved(_)
        | TeamError::Unknown(_)
        | TeamError::CallbackPathTaken(_)
        | TeamError::ConnectionMissing
        | TeamError::NotTested
        | TeamError::SecretExpiry
        | TeamError::SecretIsCurrent
        | TeamError::NoNextSecret
        | TeamError::NextNotTested
        | TeamError::NoSuchVersion
        | TeamError::AdminOutsideDomains(_)
        | TeamError::PostLogoutRedirectUri
        | TeamError::Name
        | TeamError::Storage(_) => return None,
    };
    Some((code, vec![(field, text)]))
}

pub(super) fn problem((code, fields): Wrong, reference: ReferenceId) -> SsoProblem {
    SsoProblem { code, reference, fields }
}

/// Whether a text is what hides another one.
fn is_mask(text: &str) -> bool {
    text.chars().all(|letter| "*•●·".contains(letter))
}
