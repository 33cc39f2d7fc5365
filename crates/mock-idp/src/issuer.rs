//! One issuer as it stands in memory: people, clients, keys, what it has given out and how often it was asked.

use std::{sync::Arc, time::Duration};

use vocabulary::{Timestamp, random_id};

use crate::{
    bodies::Trouble,
    config::{Client, Config, IdTokens, IssParameter, IssuerConfig, Likeness, Person},
    keys::{KeyRing, SigningKey},
    misbehaviour::{Endpoint, Faults, KeysFault, UserInfoFault},
    shelf::Shelf,
    weak_keys::{RSA_512, RSA_1024},
};

/// How often an issuer's endpoints were asked since it was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Metadata.
    pub discovery: u64,
    /// Key set.
    pub keys: u64,
    /// Authorization requests; choosing a person does not count again.
    pub authorize: u64,
    /// Token endpoint.
    pub token: u64,
    /// UserInfo.
    pub userinfo: u64,
    /// End-session endpoint.
    pub end_session: u64,
    /// The address that faults point to and that nobody should ever visit.
    pub elsewhere: u64,
}

/// Someone signed in at this issuer in one browser.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) subject: String,
    /// The `sid` of ID tokens and logout tokens; not the cookie's value.
    pub(crate) sid: String,
    pub(crate) since: Timestamp,
}

/// What a code, and the access token after it, stands for.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) code_challenge: String,
    pub(crate) nonce: Option<String>,
    pub(crate) scope: String,
    pub(crate) session: Session,
}

impl Grant {
    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|word| word == scope)
    }
}

/// How much an ID token says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Full,
    WithoutNames,
    Thin,
}

pub(crate) struct Issuer {
    pub(crate) path: String,
    /// The issuer identifier, byte for byte.
    pub(crate) address: String,
    pub(crate) people: Vec<Person>,
    pub(crate) clients: Vec<Client>,
    pub(crate) id_tokens: IdTokens,
    pub(crate) iss_parameter: IssParameter,
    pub(crate) session_lasts: Option<Duration>,
    pub(crate) likeness: Likeness,
    pub(crate) ring: KeyRing,
    pub(crate) faults: Faults,
    pub(crate) delay: Duration,
    pub(crate) counts: Counts,
    pub(crate) codes: Shelf<Grant>,
    pub(crate) access_tokens: Shelf<Grant>,
    pub(crate) sessions: Shelf<Session>,
}

/// How slow slow is, until a test says otherwise: longer than anyone should wait.
const DELAY: Duration = Duration::from_secs(20);
const CODE_LIFETIME: Duration = Duration::from_mins(1);
/// How long access and ID tokens live.
pub(crate) const TOKEN_LIFETIME: Duration = Duration::from_hours(1);
const SESSION_LIFETIME: Duration = Duration::from_hours(12);

impl Issuer {
    pub(crate) fn new(base: &str, config: IssuerConfig, of: &Config) -> Self {
        Self {
            address: format!("{base}/{}", config.path),
            path: config.path,
            people: config.people,
            clients: config.clients,
            id_tokens: config.id_tokens,
            iss_parameter: config.iss_parameter,
            session_lasts: config.session_lasts,
            likeness: config.likeness,
            ring: KeyRing::new(config.algorithm, &random_id(of.chance.as_ref())),
            faults: Faults::default(),
            delay: DELAY,
            counts: Counts::default(),
            codes: Shelf::new(CODE_LIFETIME),
            access_tokens: Shelf::new(TOKEN_LIFETIME),
            sessions: Shelf::new(SESSION_LIFETIME),
        }
    }

    pub(crate) fn person(&self, subject_or_email: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.answers_to(subject_or_email))
    }

    pub(crate) fn client(&self, client_id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.client_id == client_id)
    }

    /// The address that faults point to.
    pub(crate) fn elsewhere(&self) -> String {
        format!("{}/elsewhere", self.address)
    }

    /// What is to go wrong on the wire at this endpoint.
    pub(crate) fn trouble(&self, at: Endpoint) -> Option<Trouble> {
        let fault = self.faults.on_the_wire(at)?;
        Some(Trouble { fault, delay: self.delay, elsewhere: self.elsewhere() })
    }

    /// The key that signs now, which some faults of the key set replace.
    pub(crate) fn signing_key(&self) -> Arc<SigningKey> {
        match self.faults.keys {
            Some(KeysFault::Rsa512) => Arc::new(SigningKey::weak("weak-512", RSA_512)),
            Some(KeysFault::Rsa1024) => Arc::new(SigningKey::weak("weak-1024", RSA_1024)),
            Some(
                KeysFault::NoKeys
                | KeysFault::TooManyKeys
                | KeysFault::OtherKeyOfSameKid
                | KeysFault::EncryptionOnly
                | KeysFault::OtherAlgorithm
                | KeysFault::Symmetric
                | KeysFault::OffCurve
                | KeysFault::Incomplete
                | KeysFault::MalformedBeside
                | KeysFault::UnknownTypesBeside
                | KeysFault::WithoutUseAndAlgorithm,
            )
            | None => self.ring.signing(),
        }
    }

    /// How much ID tokens say now: what spoils UserInfo must make it be asked.
    pub(crate) fn shape(&self) -> Shape {
        let contradicts = matches!(
            self.faults.user_info,
            Some(UserInfoFault::OtherEmail | UserInfoFault::EmailNotVerified)
        );
        match self.id_tokens {
            IdTokens::Full if contradicts => Shape::WithoutNames,
            IdTokens::Full if !self.faults.spoil_user_info() => Shape::Full,
            IdTokens::Full | IdTokens::Thin => Shape::Thin,
        }
    }
}
