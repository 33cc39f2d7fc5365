//! Words about us at the identity provider: client id, secret, and how a connection wants to be used.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Our name at the identity provider (RFC 6749 §2.2): 1 to 255 printable ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

/// Why a text is not a client id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A client id has 1 to 255 characters without blanks, for example 0oa74mh2scJf29qOD697.")]
pub struct ClientIdError;

impl ClientId {
    /// Reads a client id; blanks around it are dropped.
    pub fn parse(text: &str) -> Result<Self, ClientIdError> {
        let id = text.trim();
        let good = (1..=255).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
        if good { Ok(Self(id.to_owned())) } else { Err(ClientIdError) }
    }

    /// The client id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ClientId {
    type Error = ClientIdError;
    fn try_from(text: String) -> Result<Self, ClientIdError> {
        Self::parse(&text)
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> Self {
        id.0
    }
}

/// Our secret at the identity provider. It has no `Display`, its `Debug` tells nothing, and it is wiped
/// from memory when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(Zeroizing<String>);

impl ClientSecret {
    /// Takes a secret as it was pasted; blanks around it are dropped. An empty one, one over 1024 characters
    /// or one of bullets or stars (a mask) is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let secret = text.trim();
        let mask = secret.chars().all(|c| matches!(c, '*' | '•' | '●' | '.'));
        let good = !mask && secret.len() <= 1024 && !secret.contains(char::is_control);
        good.then(|| Self(Zeroizing::new(secret.to_owned())))
    }

    /// The secret itself, for the one request that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

/// A word that is not one of those offered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{found}” is not one of: {offered}.")]
pub struct UnknownWord {
    pub(crate) found: String,
    pub(crate) offered: &'static str,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ } offered $offered:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Reads one of the offered words.
            pub fn parse(text: &str) -> Result<Self, $crate::UnknownWord> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownWord { found: text.chars().take(40).collect(), offered: $offered }),
                }
            }

            /// The word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::UnknownWord;
            fn try_from(text: String) -> Result<Self, $crate::UnknownWord> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.as_str().to_owned()
            }
        }
    };
}

pub(crate) use words;

words! {
    /// How we show who we are at the token endpoint (RFC 6749 §2.3.1).
    ClientAuth {
        /// `client_secret_basic`: in the `Authorization` header.
        Basic = "basic",
        /// `client_secret_post`: in the form.
        Post = "post"
    } offered "basic, post"
}

words! {
    /// When an email of the identity provider is believed.
    EmailTrust {
        /// `email_verified` true or missing; the default where an issuer belongs to one organisation.
        UnlessDenied = "unless_denied",
        /// `email_verified` must be true; the default for issuers shared by many.
        Verified = "verified",
        /// This issuer is believed whatever it says.
        Issuer = "issuer"
    } offered "unless_denied, verified, issuer"
}

impl EmailTrust {
    /// Whether an email with this `email_verified` claim is believed.
    #[must_use]
    pub fn believes(self, email_verified: Option<bool>) -> bool {
        match self {
            Self::UnlessDenied => email_verified.unwrap_or(true),
            Self::Verified => email_verified == Some(true),
            Self::Issuer => true,
        }
    }
}

/// The scopes an authorization request asks for; `openid` is always among them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Scopes(Vec<String>);

/// Why a list of scopes cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a scope: scopes have no blanks, quotes or backslashes.")]
pub struct ScopesError(String);

impl Scopes {
    /// Reads scopes (RFC 6749 §3.3), each once, `openid` first.
    pub fn parse<'a>(scopes: impl IntoIterator<Item = &'a str>) -> Result<Self, ScopesError> {
        let mut all = vec!["openid".to_owned()];
        for scope in scopes.into_iter().map(str::trim).filter(|scope| !scope.is_empty()) {
            let good =
                scope.len() <= 128 && scope.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
            if !good {
                return Err(ScopesError(scope.chars().take(40).collect()));
            }
            if !all.iter().any(|known| known == scope) {
                all.push(scope.to_owned());
            }
        }
        Ok(Self(all))
    }

    /// The scopes, `openid` first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl Default for Scopes {
    fn default() -> Self {
        Self(["openid", "profile", "email"].map(str::to_owned).to_vec())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl TryFrom<Vec<String>> for Scopes {
    type Error = ScopesError;
    fn try_from(scopes: Vec<String>) -> Result<Self, ScopesError> {
        Self::parse(scopes.iter().map(String::as_str))
    }
}

impl From<Scopes> for Vec<String> {
    fn from(scopes: Scopes) -> Self {
        scopes.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_tells_nothing() {
        let secret = ClientSecret::parse("  s3cret ").unwrap();
        assert_eq!(secret.reveal(), "s3cret");
        assert_eq!(format!("{secret:?}"), "ClientSecret(…)");
        for none in ["", "  ", "••••••••", "********", "a\nb"] {
            assert!(ClientSecret::parse(none).is_none(), "{none:?}");
        }
    }

    #[test]
    fn email_is_believed_as_the_connection_says() {
        let table = [
            (EmailTrust::UnlessDenied, [true, true, false]),
            (EmailTrust::Verified, [true, false, false]),
            (EmailTrust::Issuer, [true, true, true]),
        ];
        for (trust, expected) in table {
            assert_eq!([Some(true), None, Some(false)].map(|verified| trust.believes(verified)), expected);
        }
    }

    #[test]
    fn scopes_always_ask_for_openid_and_each_once() {
        assert_eq!(Scopes::parse(["email", "openid", "email", ""]).unwrap().to_string(), "openid email");
        assert!(Scopes::parse(["a b"]).is_err());
        assert!(ClientAuth::parse("jwt").is_err());
    }
}
