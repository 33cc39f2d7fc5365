//! Who we are at one identity provider, and what one sign-in there carries.

use std::fmt;
use std::time::Duration;

use vocabulary::{ClientAuth, ClientId, ClientSecret, EmailTrust, Issuer, Scopes};

/// One connection to one identity provider, as this room needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// An opaque key of the connection **and** of its settings' version: caches, locks and limits belong to
    /// it, so two parties with one key must be equal in everything else.
    pub connection: String,
    /// The provider.
    pub issuer: Issuer,
    /// Other addresses by which the same provider may call itself in tokens that end sessions.
    pub aliases: Vec<Issuer>,
    /// The one tenant this connection is for, where the issuer is shared by many (Entra's `common`).
    pub tenant: Option<String>,
    /// Our name there.
    pub client_id: ClientId,
    /// How we show our secret at the token endpoint.
    pub client_auth: ClientAuth,
    /// What we ask for.
    pub scopes: Scopes,
    /// Where the provider sends the browser back to, byte for byte as registered.
    pub redirect_uri: String,
    /// When an email is believed: with `Verified`, `UserInfo` is asked where the ID token has an email but
    /// no `email_verified`.
    pub email_trust: EmailTrust,
    /// How long ago the person may have signed in at the provider: asked for as `max_age`, in whole seconds,
    /// and compared with `auth_time` (Core §3.1.2.1, §3.1.3.7).
    pub max_auth_age: Option<Duration>,
}

/// What proves that an answer belongs to an attempt. Made by the caller from chance, kept by the caller;
/// `Debug` tells nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Proofs {
    /// Comes back in the authorization response; the caller compares it (RFC 6749 §10.12).
    pub state: String,
    /// Comes back in the ID token; compared here (Core §3.1.2.1).
    pub nonce: String,
    /// 43 to 128 unreserved characters; the provider first sees its SHA-256 only (RFC 7636 §4).
    pub code_verifier: String,
}

impl fmt::Debug for Proofs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proofs(…)")
    }
}

/// Our secrets at a provider.
#[derive(Clone, Copy, Debug)]
pub struct Secrets<'a> {
    /// The one that is shown.
    pub current: &'a ClientSecret,
    /// The one that is tried when the provider rejects that one.
    pub next: Option<&'a ClientSecret>,
}

impl<'a> From<&'a ClientSecret> for Secrets<'a> {
    fn from(current: &'a ClientSecret) -> Self {
        Self { current, next: None }
    }
}

/// Wishes for the provider's own pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Who is probably signing in (Core §3.1.2.1).
    pub login_hint: Option<String>,
    /// What the provider shall ask even when it knows the person.
    pub prompt: Option<Prompt>,
    /// How long ago they may have signed in there at most (Core §3.1.2.1, `max_age`). The provider is asked; whether it
    /// obeyed is the caller's to see. A party's own bound stays when it is the shorter one.
    pub max_age: Option<Duration>,
}

/// The `prompt` parameter (Core §3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Sign in again.
    Login,
    /// Choose another account.
    SelectAccount,
}

impl Prompt {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::SelectAccount => "select_account",
        }
    }
}

/// The successful authorization response (RFC 6749 §4.1.2), its `state` already checked by the caller.
#[derive(Clone, PartialEq, Eq)]
pub struct Granted {
    /// The code, good for one exchange.
    pub code: String,
    /// The issuer that claims to answer (RFC 9207), when it says so.
    pub iss: Option<String>,
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Granted").field("code", &"…").field("iss", &self.iss).finish()
    }
}
