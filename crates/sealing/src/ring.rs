//! The key ring: the first key seals and authenticates, every key opens and verifies, so that keys can be
//! changed while old values are still about.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::{hkdf, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vocabulary::Chance;
use zeroize::Zeroizing;

use crate::NamedKey;

const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// A message authentication code: HMAC-SHA256 cut to 128 bits (RFC 2104 §5).
pub type Mac = [u8; 16];

/// What a value is sealed or authenticated for; each is a world of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A client secret of a connection; its context is the team and connection.
    ClientSecret,
    /// A sign-in attempt in its cookie.
    Attempt,
    /// The ID token kept for RP-initiated logout.
    IdToken,
    /// A token that may be shown again.
    TokenReveal,
    /// The known text by which a start finds out that it has the right keys.
    KeyCheck,
    /// The `state` parameter.
    State,
    /// The token in every form.
    Csrf,
    /// A sign-out at the identity provider that is under way, in its cookie.
    SignOut,
    /// The value of a token that was made a moment ago, on its way to the page that shows it.
    FreshToken,
    /// A private key that signs ID tokens.
    SigningKey,
    /// An authorization code.
    Code,
    /// A sign-in on an app's host that is under way, in its cookie.
    HandOver,
    /// Somebody's session on an app's host, in its cookie.
    HostSession,
    /// The value of a team's token that may be read again.
    TeamToken,
    /// A client secret in a setup request; its context is the request.
    RequestSecret,
    /// Somebody's leave to set up a team, in their cookie.
    SetupSession,
    /// The code that an operator tells, of break-glass; its message begins with the row.
    BreakGlassCode,
    /// Somebody's leave to change a team's settings by break-glass, in their cookie.
    BreakGlassSession,
}

impl Purpose {
    /// Its name inside of what is sealed. Never change one: what was sealed under it would not open.
    const fn name(self) -> &'static str {
        match self {
            Self::ClientSecret => "client-secret",
            Self::Attempt => "attempt",
            Self::IdToken => "id-token",
            Self::TokenReveal => "token-reveal",
            Self::KeyCheck => "key-check",
            Self::State => "state",
            Self::Csrf => "csrf",
            Self::SignOut => "sign-out",
            Self::FreshToken => "fresh-token",
            Self::SigningKey => "signing-key",
            Self::Code => "code",
            Self::HandOver => "hand-over",
            Self::HostSession => "host-session",
            Self::TeamToken => "team-token",
            Self::RequestSecret => "request-secret",
            Self::SetupSession => "setup-session",
            Self::BreakGlassCode => "break-glass-code",
            Self::BreakGlassSession => "break-glass-session",
        }
    }
}

/// What a sealed value belongs to; it opens under the very same label only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it is: a Team ID, a connection, a row.
    pub context: &'a str,
}

impl Label<'_> {
    /// The associated data: each field behind its length, so that no two labels read alike.
    fn associated_data(&self) -> Vec<u8> {
        let purpose = self.purpose.name();
        let mut data = Vec::with_capacity(16 + purpose.len() + self.context.len());
        for field in [purpose, self.context] {
            data.extend_from_slice(&length_prefix(field));
            data.extend_from_slice(field.as_bytes());
        }
        data
    }
}

/// Why keys make no key ring.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingError {
    /// There is no key.
    #[error("there is no key to seal with")]
    Empty,
    /// Two keys share an id.
    #[error("two keys are called {0}")]
    TwoCalled(String),
    /// The cryptographic library refused to derive from this key.
    #[error("the key {0} cannot be used")]
    Refused(String),
}

/// Why a sealed value does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not of the form `key_id.base64url`.
    #[error("this is no sealed value")]
    Malformed,
    /// Sealed with a key that is not on the ring.
    #[error("this value was sealed with a key that is not in secrets.keys")]
    UnknownKey,
    /// Changed, or sealed under another label or key.
    #[error("this value was not sealed for this use")]
    NotGenuine,
}

/// The keys, ready for use: master keys are forgotten once their subkeys are derived.
pub struct KeyRing {
    first: Prepared,
    older: Vec<Prepared>,
}

struct Prepared {
    id: String,
    // Random nonces may meet after billions of sign-ins; with the SIV construction (RFC 8452) that would
    // tell no more than that two sealed values are equal.
    aead: LessSafeKey,
    mac: hmac::Key,
}

impl KeyRing {
    /// A ring of at least one key with distinct ids; the first one seals.
    pub fn new(keys: Vec<NamedKey>) -> Result<Self, KeyRingError> {
        let mut prepared: Vec<Prepared> = Vec::with_capacity(keys.len());
        for key in keys {
            if prepared.iter().any(|other| other.id == key.id()) {
                return Err(KeyRingError::TwoCalled(key.id().to_owned()));
            }
            let ready = Prepared::from_master(&key)
                .map_err(|Unspecified| KeyRingError::Refused(key.id().to_owned()))?;
            prepared.push(ready);
        }
        let mut keys = prepared.into_iter();
        let first = keys.next().ok_or(KeyRingError::Empty)?;
        Ok(Self { first, older: keys.collect() })
    }

    /// Seals `plaintext` under `label` with the first key (AES-256-GCM-SIV). The answer is
    /// `key_id.base64url(nonce | ciphertext | tag)`: the id, a dot, and four characters for every three
    /// bytes of plaintext and 28 more.
    #[must_use]
    pub fn seal(&self, chance: &dyn Chance, label: &Label<'_>, plaintext: &[u8]) -> String {
        let mut nonce = [0_u8; NONCE_LEN];
        chance.fill(&mut nonce);
        let mut sealed = Vec::with_capacity(NONCE_LEN + plaintext.len() + TAG_LEN);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plaintext);
        let body = sealed.get_mut(NONCE_LEN..).unwrap_or_default();
        let tag = self.first.aead.seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(label.associated_data()),
            body,
        );
        let Ok(tag) = tag else {
            // Refused above 64 GiB alone, which is never in memory. The plaintext must not go out.
            std::process::abort();
        };
        sealed.extend_from_slice(tag.as_ref());
        let mut text = String::with_capacity(self.first.id.len() + 1 + sealed.len().div_ceil(3) * 4);
        text.push_str(&self.first.id);
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(&sealed, &mut text);
        text
    }

    /// Opens what any key of this ring sealed under the same label.
    pub fn open(&self, label: &Label<'_>, text: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (id, body) = text.split_once('.').ok_or(OpenError::Malformed)?;
        let body = URL_SAFE_NO_PAD.decode(body).map_err(|_not_base64url| OpenError::Malformed)?;
        let (nonce, ciphertext) = body
            .split_first_chunk::<NONCE_LEN>()
            .filter(|(_, rest)| rest.len() >= TAG_LEN)
            .ok_or(OpenError::Malformed)?;
        let key = self.keys().find(|key| key.id == id).ok_or(OpenError::UnknownKey)?;
        let mut plaintext = Zeroizing::new(ciphertext.to_vec());
        let length = key
            .aead
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(label.associated_data()),
                &mut plaintext,
            )
            .map_err(|Unspecified| OpenError::NotGenuine)?
            .len();
        plaintext.truncate(length);
        Ok(plaintext)
    }

    /// Whether a value was sealed with the present first key; if not, it is due to be sealed again.
    #[must_use]
    pub fn is_sealed_with_first(&self, text: &str) -> bool {
        text.split_once('.').is_some_and(|(id, _)| id == self.first.id)
    }

    /// Authenticates a message for a purpose with the first key.
    #[must_use]
    pub fn mac(&self, purpose: Purpose, message: &[u8]) -> Mac {
        self.first.mac(purpose, message)
    }

    /// Whether any key of this ring made this code for this purpose and message. Compares in constant time.
    #[must_use]
    pub fn verify_mac(&self, purpose: Purpose, message: &[u8], mac: &[u8]) -> bool {
        self.keys().any(|key| verify_slices_are_equal(&key.mac(purpose, message), mac).is_ok())
    }

    fn keys(&self) -> impl Iterator<Item = &Prepared> {
        std::iter::once(&self.first).chain(&self.older)
    }
}

impl Prepared {
    /// Derives the two subkeys by HKDF-SHA256 (RFC 5869), one for each use.
    fn from_master(key: &NamedKey) -> Result<Self, Unspecified> {
        let master = hkdf::Salt::new(hkdf::HKDF_SHA256, b"teamdoor key ring 1").extract(key.bytes());
        let aead = UnboundKey::from(master.expand(&[b"seal"], &AES_256_GCM_SIV)?);
        let mac = hmac::Key::from(master.expand(&[b"authenticate"], hmac::HMAC_SHA256)?);
        Ok(Self { id: key.id().to_owned(), aead: LessSafeKey::new(aead), mac })
    }

    fn mac(&self, purpose: Purpose, message: &[u8]) -> Mac {
        let mut context = hmac::Context::with_key(&self.mac);
        context.update(&length_prefix(purpose.name()));
        context.update(purpose.name().as_bytes());
        context.update(message);
        let whole = context.sign();
        let mut mac = [0_u8; 16];
        for (to, from) in mac.iter_mut().zip(whole.as_ref()) {
            *to = *from;
        }
        mac
    }
}

fn length_prefix(field: &str) -> [u8; 8] {
    u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes()
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys().map(|key| &key.id)).finish()
    }
}

#[cfg(test)]
mod tests;
