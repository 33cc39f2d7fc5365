//! What a practice provider is started with: issuers, their people, their clients.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::{
    digest,
    rand::{SecureRandom, SystemRandom},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use vocabulary::{Chance, Clock, SystemClock};

/// Everything a practice provider is made of.
#[derive(Clone)]
pub struct Config {
    /// The issuers, shown on the front page in this order.
    pub issuers: Vec<IssuerConfig>,
    /// What tells the time; a test hands over the one that its service uses.
    pub clock: Arc<dyn Clock>,
    /// Where codes, tokens and session ids come from.
    pub chance: Arc<dyn Chance>,
}

impl Config {
    /// These issuers with the machine's own clock and chance.
    #[must_use]
    pub fn new(issuers: Vec<IssuerConfig>) -> Self {
        Self { issuers, clock: Arc::new(SystemClock), chance: Arc::new(SystemChance) }
    }
}

struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        // There is no caller to tell, and a code made without chance would be worse than none.
        assert!(SystemRandom::new().fill(bytes).is_ok(), "the system gives no random bytes");
    }
}

/// One issuer, `{base}/{path}`.
#[derive(Clone, Debug)]
pub struct IssuerConfig {
    /// The path of the issuer without slashes around it, for example `acme` or `oauth2/default`.
    pub path: String,
    /// Who can sign in.
    pub people: Vec<Person>,
    /// The applications.
    pub clients: Vec<Client>,
    /// How ID tokens are signed.
    pub algorithm: Algorithm,
    /// What ID tokens say beside `sub`.
    pub id_tokens: IdTokens,
    /// Whether answers carry `iss` (RFC 9207) and the metadata says so.
    pub iss_parameter: IssParameter,
    /// How long after somebody signed in here their sessions elsewhere must end; ID tokens say so in
    /// `session_expiry` (IPSIE SL1). `None` leaves it out.
    pub session_lasts: Option<Duration>,
    /// Whose answers its answers are like.
    pub likeness: Likeness,
}

impl IssuerConfig {
    /// An issuer as Okta is one: RS256, full ID tokens, no `iss` parameter; nobody in it yet.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            people: Vec::new(),
            clients: Vec::new(),
            algorithm: Algorithm::Rs256,
            id_tokens: IdTokens::Full,
            iss_parameter: IssParameter::Absent,
            session_lasts: None,
            likeness: Likeness::Plain,
        }
    }

    /// An issuer whose answers are like somebody's.
    #[must_use]
    pub fn like(likeness: Likeness, path: &str) -> Self {
        let (id_tokens, iss_parameter) = match likeness {
            Likeness::Plain | Likeness::Entra | Likeness::Google => (IdTokens::Full, IssParameter::Absent),
            Likeness::Okta => (IdTokens::Thin, IssParameter::Absent),
            Likeness::Keycloak => (IdTokens::Full, IssParameter::Sent),
        };
        Self { id_tokens, iss_parameter, likeness, ..Self::new(path) }
    }
}

/// Whose answers a practice issuer's are like, in what they say beyond the specifications and leave out of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Nobody's in particular.
    Plain,
    /// Okta's: thin ID tokens, metadata for each client.
    Okta,
    /// Entra's: `tid`, no `email_verified`, groups by reference when there are many. At a path that begins with
    /// `common/` or `organizations/` it signs in everybody, each in the name of their own tenant.
    Entra,
    /// Google's: `hd`, no groups, no way to sign out.
    Google,
    /// Keycloak's: `typ`, `session_state`, groups as paths, `iss` in its answers.
    Keycloak,
}

/// The algorithm that ID tokens are signed with (RFC 7518 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA PKCS#1 v1.5 with SHA-256, 2048 bits.
    Rs256,
    /// ECDSA over P-256 with SHA-256.
    Es256,
}

impl Algorithm {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }
}

/// What an ID token says about the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdTokens {
    /// Everything that the scopes allow.
    Full,
    /// Nothing but `sub`: email, name and groups are left to UserInfo.
    Thin,
}

/// RFC 9207: the `iss` parameter of authorization answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssParameter {
    /// Announced in the metadata and sent with every answer, errors too.
    Sent,
    /// Neither announced nor sent.
    Absent,
}

/// Someone who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// `sub`, unique within the issuer.
    pub subject: String,
    /// `email`, if there is one.
    pub email: Option<String>,
    /// `email_verified`; left out when `None`, as Entra does.
    pub email_verified: Option<bool>,
    /// `name`.
    pub name: Option<String>,
    /// `given_name`.
    pub given_name: Option<String>,
    /// `family_name`.
    pub family_name: Option<String>,
    /// `groups`, told to clients that ask for the scope of that name.
    pub groups: Vec<String>,
    /// Whose they are: Google's `hd`, Entra's `tid`. Elsewhere it is not told.
    pub organisation: Option<String>,
    /// More claims, told to every client as they stand.
    pub more: Map<String, Value>,
}

impl Person {
    /// Someone with a verified email, for example `Person::named("Ada Lovelace", "ada@acme.test")`. The
    /// subject follows from the email and stays the same from start to start.
    #[must_use]
    pub fn named(name: &str, email: &str) -> Self {
        let (given, family) = name.split_once(' ').unzip();
        Self {
            subject: subject_for(email),
            email: Some(email.to_owned()),
            email_verified: Some(true),
            name: Some(name.to_owned()),
            given_name: Some(given.unwrap_or(name).to_owned()),
            family_name: family.map(str::to_owned),
            groups: Vec::new(),
            organisation: None,
            more: Map::new(),
        }
    }

    pub(crate) fn answers_to(&self, subject_or_email: &str) -> bool {
        self.subject == subject_or_email || self.email.as_deref() == Some(subject_or_email)
    }
}

fn subject_for(email: &str) -> String {
    let hash = digest::digest(&digest::SHA256, email.as_bytes());
    let text = BASE64_URL_SAFE_NO_PAD.encode(hash);
    let short: String = text.chars().filter(char::is_ascii_alphanumeric).take(17).collect();
    format!("00u{short}")
}

/// An application that is registered with an issuer.
#[derive(Clone, Debug)]
pub struct Client {
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`, taken by basic and by post.
    pub client_secret: String,
    /// Another one that is taken too, while the client's administrator rotates them.
    pub other_secret: Option<String>,
    /// Where codes may go, compared byte for byte.
    pub redirect_uris: Vec<String>,
    /// Where a browser may go after signing out, compared byte for byte.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where this provider says that somebody has signed out here (OpenID Connect Back-Channel Logout 1.0 §2.2);
    /// plain http on this machine alone. `None` tells nobody.
    pub backchannel_logout_uri: Option<String>,
    /// What the application is called, on the chooser and on its tile.
    pub label: String,
    /// The address behind the tile; `iss` is added to it. Without one there is no tile of this name.
    pub initiate_login_uri: Option<String>,
    /// More tiles of this application, for example a stage or a misconfigured one.
    pub tiles: Vec<Tile>,
    /// Emails of the people who may use it; `None` is everyone. Others get `access_denied`.
    pub assigned: Option<Vec<String>>,
}

impl Client {
    /// A client with one redirect URI, no tile, open to everyone.
    #[must_use]
    pub fn new(client_id: &str, client_secret: &str, redirect_uri: &str) -> Self {
        Self {
            client_id: client_id.to_owned(),
            client_secret: client_secret.to_owned(),
            other_secret: None,
            redirect_uris: vec![redirect_uri.to_owned()],
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            label: client_id.to_owned(),
            initiate_login_uri: None,
            tiles: Vec::new(),
            assigned: None,
        }
    }

    pub(crate) fn answers_by(&self, secret: &str) -> bool {
        self.client_secret == secret || self.other_secret.as_deref() == Some(secret)
    }

    pub(crate) fn is_open_to(&self, person: &Person) -> bool {
        self.assigned.as_ref().is_none_or(|emails| {
            let email = person.email.as_deref();
            emails.iter().any(|assigned| Some(assigned.as_str()) == email)
        })
    }
}

/// A tile of the dashboard beside an application's own.
#[derive(Clone, Debug)]
pub struct Tile {
    /// The text on it.
    pub label: String,
    /// What it does, in smaller letters; may be empty.
    pub note: String,
    /// Where it leads, used as it stands: nothing is added.
    pub address: String,
}
