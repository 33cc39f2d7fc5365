//! A connection: one team's relation to one identity provider.

use std::fmt;

use serde::{Deserialize, Serialize};
use vocabulary::{
    ClientAuth, ClientId, ConnectionId, Domain, EmailTrust, Issuer, Scopes, Timestamp, Version,
};

use crate::callback_path::CallbackPath;
use crate::secret_life::SecretLife;

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nobody can sign in yet.
    Draft,
    /// A test sign-in went well with these settings.
    Tested,
    /// Open.
    Enabled,
}

impl State {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Tested => "tested",
            Self::Enabled => "enabled",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Draft, Self::Tested, Self::Enabled].into_iter().find(|state| state.as_str() == text)
    }
}

/// A claim every ID token must carry, where an issuer is shared by many organisations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Requirement {
    /// Google's hosted domain.
    Hd(String),
    /// Entra's tenant id.
    Tid(String),
}

/// Why a text is no requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A requirement is hd=DOMAIN or tid=TENANT, for example hd=acme.com.")]
pub struct RequirementError;

impl Requirement {
    /// Reads `hd=acme.com` or `tid=…`.
    pub fn parse(text: &str) -> Result<Self, RequirementError> {
        let (claim, value) = text.split_once('=').ok_or(RequirementError)?;
        let good = (1..=253).contains(&value.len())
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
        match claim {
            "hd" if good => Ok(Self::Hd(value.to_ascii_lowercase())),
            "tid" if good => Ok(Self::Tid(value.to_ascii_lowercase())),
            _ => Err(RequirementError),
        }
    }

    /// Whether the claims of a person meet it.
    #[must_use]
    pub fn is_met(&self, hd: Option<&str>, tid: Option<&str>) -> bool {
        let (wanted, found) = match self {
            Self::Hd(wanted) => (wanted, hd),
            Self::Tid(wanted) => (wanted, tid),
        };
        found.is_some_and(|found| found.eq_ignore_ascii_case(wanted))
    }
}

impl Requirement {
    /// Whether an issuer shared by many tells this claim: Google says whose people they are by `hd`, Entra by `tid`.
    pub(crate) fn is_told_by(&self, shared: &Issuer) -> bool {
        let is_google = shared.as_str().contains("://accounts.google.com");
        match self {
            Self::Hd(_) => is_google,
            Self::Tid(_) => !is_google,
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hd(value) => write!(f, "hd={value}"),
            Self::Tid(value) => write!(f, "tid={value}"),
        }
    }
}

impl TryFrom<String> for Requirement {
    type Error = RequirementError;
    fn try_from(text: String) -> Result<Self, RequirementError> {
        Self::parse(&text)
    }
}

impl From<Requirement> for String {
    fn from(requirement: Requirement) -> Self {
        requirement.to_string()
    }
}

/// What a connection may be told beside issuer, client id and secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionOptions {
    /// Other addresses of the same identity provider, such as an Okta custom domain.
    #[serde(default)]
    pub aliases: Vec<Issuer>,
    /// How we show who we are at the token endpoint.
    pub client_auth: ClientAuth,
    /// What an authorization request asks for.
    pub scopes: Scopes,
    /// When an email is believed.
    pub email_trust: EmailTrust,
    /// Domains a person's email must be of; empty when any will do.
    #[serde(default)]
    pub domains: Vec<Domain>,
    /// A claim every ID token must carry.
    #[serde(default)]
    pub requirement: Option<Requirement>,
    /// Where the identity provider sends people after signing out there; none until it is registered there.
    #[serde(default)]
    pub post_logout_redirect_uri: Option<String>,
}

impl ConnectionOptions {
    /// What fits a connection to `issuer` unless something else is said.
    #[must_use]
    pub fn usual(issuer: &Issuer) -> Self {
        Self {
            aliases: Vec::new(),
            client_auth: ClientAuth::Basic,
            scopes: Scopes::default(),
            email_trust: if issuer.is_shared() { EmailTrust::Verified } else { EmailTrust::UnlessDenied },
            domains: Vec::new(),
            requirement: None,
            post_logout_redirect_uri: None,
        }
    }
}

/// A connection as it stands. Its JSON is the API's and holds no secret.
#[derive(Clone, Debug, Serialize)]
pub struct Connection {
    /// Its key; a new issuer gets a new one.
    #[serde(skip)]
    pub id: ConnectionId,
    /// How often its settings were changed.
    pub version: Version,
    /// How far it has come.
    #[serde(skip)]
    pub state: State,
    /// Whose ID tokens are believed.
    pub issuer: Issuer,
    /// Our name there.
    pub client_id: ClientId,
    /// Our secret there, sealed.
    #[serde(skip)]
    pub sealed_secret: Option<String>,
    /// When the secret was set.
    pub client_secret_set_at: Option<Timestamp>,
    /// Who set it, as the record names them; none when it was set before that was kept.
    #[serde(skip)]
    pub client_secret_set_by: Option<String>,
    /// Until when the secret is good, and the next one.
    #[serde(flatten)]
    pub secret_life: SecretLife,
    /// All the rest.
    #[serde(flatten)]
    pub options: ConnectionOptions,
    /// The redirect URI's path, when it is not the usual one.
    #[serde(serialize_with = "path")]
    pub callback_path: CallbackPath,
    /// Whether somebody has signed out at the provider with these settings and come back.
    pub logout_tested: bool,
}

fn path<S: serde::Serializer>(path: &CallbackPath, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(path.as_str())
}

/// A connection and a version of its settings, as one key.
#[must_use]
pub fn settings_key(id: &ConnectionId, version: Version) -> String {
    format!("{id}.{version}")
}

impl Connection {
    /// The connection and the version of its settings, as one key: what caches and attempts are bound to.
    #[must_use]
    pub fn settings_key(&self) -> String {
        settings_key(&self.id, self.version)
    }

    /// Whether `iss` is this connection's issuer or one of its registered aliases.
    #[must_use]
    pub fn answers_to(&self, iss: &str) -> bool {
        self.issuer.as_str() == iss || self.options.aliases.iter().any(|alias| alias.as_str() == iss)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_issuer_tells_whose_people_by_its_own_claim() {
        let says = |requirement: &str, issuer: &str| {
            Requirement::parse(requirement).unwrap().is_told_by(&Issuer::parse(issuer).unwrap())
        };
        let (google, entra) =
            ("https://accounts.google.com", "https://login.microsoftonline.com/organizations/v2.0");
        assert!(says("hd=acme.com", google) && says("tid=7f9c", entra));
        assert!(!says("tid=7f9c", google) && !says("hd=acme.com", entra));
    }

    #[test]
    fn requirements_are_read_and_met_exactly() {
        let google = Requirement::parse("hd=Acme.com").unwrap();
        assert!(google.is_met(Some("acme.com"), None));
        assert!(!google.is_met(Some("evil.com"), Some("acme.com")));
        assert!(!google.is_met(None, None));
        for bad in ["", "hd=", "hd", "org=acme", "hd=a b"] {
            assert!(Requirement::parse(bad).is_err(), "{bad}");
        }
    }
}
