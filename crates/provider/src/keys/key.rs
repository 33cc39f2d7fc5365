//! One key: its private half signs, its public half verifies and stands in the key set.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sealing::{KeyRing, Label, OpenError, Purpose};
use serde::{Deserialize, Serialize};
use vocabulary::{Chance, SigningAlgorithm};

/// The private half, parsed once: the parsing costs more than many a signature.
pub(super) enum Private {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

/// Why a private half cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It does not open.
    #[error(transparent)]
    Sealed(#[from] OpenError),
    /// What was sealed is no key of its algorithm.
    #[error("what was sealed is no key")]
    NoKey,
}

impl Private {
    /// A new RSA key of 2048 bits, or one on P-256.
    pub(super) fn generate(algorithm: SigningAlgorithm) -> Result<Self, Unspecified> {
        match algorithm {
            SigningAlgorithm::Rs256 => RsaKeyPair::generate(KeySize::Rsa2048).map(Self::Rsa),
            SigningAlgorithm::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Self::Ec),
        }
    }

    pub(super) fn open(
        ring: &KeyRing,
        kid: &str,
        algorithm: SigningAlgorithm,
        sealed: &str,
    ) -> Result<Self, Unusable> {
        let pkcs8 = ring.open(&label(kid), sealed)?;
        let no_key = |_rejected: KeyRejected| Unusable::NoKey;
        match algorithm {
            SigningAlgorithm::Rs256 => RsaKeyPair::from_pkcs8(&pkcs8).map(Self::Rsa).map_err(no_key),
            SigningAlgorithm::Es256 => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8)
                .map(Self::Ec)
                .map_err(no_key),
        }
    }

    /// As the row keeps it: PKCS #8 under the master key.
    pub(super) fn seal(&self, ring: &KeyRing, chance: &dyn Chance, kid: &str) -> Result<String, Unspecified> {
        match self {
            Self::Rsa(pair) => {
                let pkcs8: Pkcs8V1Der<'_> = pair.as_der()?;
                Ok(ring.seal(chance, &label(kid), pkcs8.as_ref()))
            }
            Self::Ec(pair) => Ok(ring.seal(chance, &label(kid), pair.to_pkcs8v1()?.as_ref())),
        }
    }

    /// The signature as a JWS carries it (RFC 7518 §3.3, §3.4).
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)?;
                Ok(signature)
            }
            Self::Ec(pair) => Ok(pair.sign(&SystemRandom::new(), message)?.as_ref().to_vec()),
        }
    }

    /// The public half, under its thumbprint.
    pub(super) fn public(&self) -> Result<Jwk, Unspecified> {
        let alg = self.algorithm();
        Ok(match self {
            Self::Rsa(pair) => {
                let public = pair.public_key();
                let n = encoded(public.modulus().big_endian_without_leading_zero());
                let e = encoded(public.exponent().big_endian_without_leading_zero());
                let kid = encoded_hash(&format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#));
                Jwk::Rsa { usage: Usage::Sig, alg, kid, n, e }
            }
            Self::Ec(pair) => {
                // An uncompressed point: 4, x, y.
                let point = pair.public_key().as_ref().strip_prefix(&[4]).ok_or(Unspecified)?;
                let (x, y) = point.split_at_checked(32).ok_or(Unspecified)?;
                let (x, y) = (encoded(x), encoded(y));
                let kid = encoded_hash(&format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#));
                Jwk::Ec { usage: Usage::Sig, alg, kid, crv: Curve::P256, x, y }
            }
        })
    }

    const fn algorithm(&self) -> SigningAlgorithm {
        match self {
            Self::Rsa(_) => SigningAlgorithm::Rs256,
            Self::Ec(_) => SigningAlgorithm::Es256,
        }
    }
}

const fn label(kid: &str) -> Label<'_> {
    Label { purpose: Purpose::SigningKey, context: kid }
}

/// The public half as a member of the key set (RFC 7517 §4, RFC 7518 §6). It has room for nothing private, and a row
/// that holds more than this is not read. Its `kid` is its thumbprint (RFC 7638).
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kty", deny_unknown_fields)]
pub(super) enum Jwk {
    #[serde(rename = "RSA")]
    Rsa {
        #[serde(rename = "use")]
        usage: Usage,
        alg: SigningAlgorithm,
        kid: String,
        n: String,
        e: String,
    },
    #[serde(rename = "EC")]
    Ec {
        #[serde(rename = "use")]
        usage: Usage,
        alg: SigningAlgorithm,
        kid: String,
        crv: Curve,
        x: String,
        y: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Usage {
    #[serde(rename = "sig")]
    Sig,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Curve {
    #[serde(rename = "P-256")]
    P256,
}

impl Jwk {
    pub(super) fn kid(&self) -> &str {
        match self {
            Self::Rsa { kid, .. } | Self::Ec { kid, .. } => kid,
        }
    }

    pub(super) fn algorithm(&self) -> SigningAlgorithm {
        match self {
            Self::Rsa { alg, .. } | Self::Ec { alg, .. } => *alg,
        }
    }

    /// Ready to verify with; none when the members are no key.
    pub(super) fn parse(&self) -> Option<ParsedPublicKey> {
        match self {
            Self::Rsa { n, e, .. } => {
                let parts = RsaPublicKeyComponents { n: decoded(n)?, e: decoded(e)? };
                parts.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()
            }
            Self::Ec { x, y, .. } => {
                let point = [vec![4], decoded(x)?, decoded(y)?].concat();
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).ok()
            }
        }
    }
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn encoded_hash(text: &str) -> String {
    encoded(digest(&SHA256, text.as_bytes()).as_ref())
}
