//! Signing keys, their public halves, and the ring of them that an issuer turns when it rotates.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    error::Unspecified,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
    },
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use crate::{config::Algorithm, weak_keys::WeakRsa};

/// A private key under its `kid`.
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    material: Material,
}

enum Material {
    Rsa(Arc<RsaKeyPair>),
    Ec(EcdsaKeyPair),
    Weak(WeakRsa),
}

impl SigningKey {
    /// A key that no ring of this process signs with.
    pub(crate) fn stranger(kid: &str, algorithm: Algorithm) -> Self {
        Self::new(kid, algorithm, STRANGER)
    }

    fn new(kid: &str, algorithm: Algorithm, slot: usize) -> Self {
        let material = match algorithm {
            Algorithm::Rs256 => Material::Rsa(pooled_rsa_key(slot)),
            Algorithm::Es256 => Material::Ec(new_ec_key()),
        };
        Self { kid: kid.to_owned(), material }
    }

    /// An RSA key that nobody should accept.
    pub(crate) fn weak(kid: &str, key: WeakRsa) -> Self {
        Self { kid: kid.to_owned(), material: Material::Weak(key) }
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        match self.material {
            Material::Rsa(_) | Material::Weak(_) => Algorithm::Rs256,
            Material::Ec(_) => Algorithm::Es256,
        }
    }

    /// The public half as a member of a key set (RFC 7517 §4).
    pub(crate) fn public_jwk(&self) -> Value {
        match &self.material {
            Material::Rsa(key) => {
                let public = key.public_key();
                self.rsa_jwk(
                    public.modulus().big_endian_without_leading_zero(),
                    public.exponent().big_endian_without_leading_zero(),
                )
            }
            Material::Weak(key) => self.rsa_jwk(&key.modulus(), &[1, 0, 1]),
            Material::Ec(key) => {
                let (x, y) = coordinates(key);
                let (x, y) = (BASE64_URL_SAFE_NO_PAD.encode(x), BASE64_URL_SAFE_NO_PAD.encode(y));
                json!({"kty": "EC", "use": "sig", "alg": "ES256", "kid": self.kid, "crv": "P-256", "x": x, "y": y})
            }
        }
    }

    fn rsa_jwk(&self, modulus: &[u8], exponent: &[u8]) -> Value {
        let n = BASE64_URL_SAFE_NO_PAD.encode(modulus);
        let e = BASE64_URL_SAFE_NO_PAD.encode(exponent);
        json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": n, "e": e})
    }

    /// The public half as it stands in a PEM file, which is what HS256 forgers sign with.
    pub(crate) fn public_pem(&self) -> String {
        let der: Result<PublicKeyX509Der<'_>, Unspecified> = match &self.material {
            Material::Rsa(key) => key.public_key().as_der(),
            Material::Ec(key) => key.public_key().as_der(),
            Material::Weak(_) => Err(Unspecified),
        };
        let text = der.map(|der| BASE64_STANDARD.encode(der.as_ref())).unwrap_or_default();
        let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
        for (place, letter) in text.chars().enumerate() {
            if place > 0 && place % 64 == 0 {
                pem.push('\n');
            }
            pem.push(letter);
        }
        pem.push_str("\n-----END PUBLIC KEY-----\n");
        pem
    }

    /// The signature of `message` as a JWS carries it (RFC 7518 §3.3 and §3.4).
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.material {
            Material::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                must(key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature));
                signature
            }
            Material::Ec(key) => must(key.sign(&random, message)).as_ref().to_vec(),
            Material::Weak(key) => key.sign(message),
        }
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match &self.material {
            Material::Rsa(key) => {
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref())
                    .verify(message, signature)
            }
            Material::Ec(key) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key().as_ref())
                .verify(message, signature),
            Material::Weak(_) => Err(Unspecified),
        };
        verified.is_ok()
    }
}

/// RSA keys take a tenth of a second each to make, and the tests start hundreds of issuers. So a process
/// makes four when they are first wanted: three that each ring uses in turn, always under a new `kid`, and
/// a stranger's.
static RSA_POOL: [OnceLock<Arc<RsaKeyPair>>; 4] = [const { OnceLock::new() }; 4];
const TURNS: usize = 3;
const STRANGER: usize = 3;

fn pooled_rsa_key(slot: usize) -> Arc<RsaKeyPair> {
    RSA_POOL.get(slot).map_or_else(new_rsa_key, |slot| slot.get_or_init(new_rsa_key).clone())
}

fn new_rsa_key() -> Arc<RsaKeyPair> {
    Arc::new(must(RsaKeyPair::generate(KeySize::Rsa2048)))
}

fn new_ec_key() -> EcdsaKeyPair {
    must(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING))
}

/// The two coordinates of the public point, 32 bytes each, behind the byte that says "uncompressed".
fn coordinates(key: &EcdsaKeyPair) -> (&[u8], &[u8]) {
    let point = key.public_key().as_ref();
    point.get(1..).and_then(|both| both.split_at_checked(32)).unwrap_or_default()
}

#[expect(clippy::panic, reason = "a practice provider whose cryptography fails has nothing to fall back to")]
fn must<T>(outcome: Result<T, Unspecified>) -> T {
    match outcome {
        Ok(value) => value,
        Err(Unspecified) => panic!("the cryptographic library refused to make or use a key"),
    }
}

/// The keys of one issuer, from the oldest to the newest.
pub(crate) struct KeyRing {
    algorithm: Algorithm,
    keys: Vec<Arc<SigningKey>>,
    signing: usize,
    /// Keys before this one are no longer published.
    retired: usize,
}

impl KeyRing {
    pub(crate) fn new(algorithm: Algorithm, kid: &str) -> Self {
        Self { algorithm, keys: vec![Arc::new(SigningKey::new(kid, algorithm, 0))], signing: 0, retired: 0 }
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn publish_next(&mut self, kid: &str) {
        let turn = self.keys.len() % TURNS;
        self.keys.push(Arc::new(SigningKey::new(kid, self.algorithm, turn)));
    }

    /// A key that is neither the one that signs nor a stranger's.
    pub(crate) fn another(&self, kid: &str) -> SigningKey {
        SigningKey::new(kid, self.algorithm, (self.signing + 1) % TURNS)
    }

    pub(crate) fn sign_with_newest(&mut self) {
        self.signing = self.keys.len().saturating_sub(1);
    }

    pub(crate) const fn retire_old(&mut self) {
        self.retired = self.signing;
    }

    #[expect(clippy::expect_used, reason = "a ring begins with one key and never loses one")]
    pub(crate) fn signing(&self) -> Arc<SigningKey> {
        self.keys.get(self.signing).expect("a ring has its signing key").clone()
    }

    pub(crate) fn published(&self) -> impl Iterator<Item = &SigningKey> {
        self.keys.iter().skip(self.retired).map(AsRef::as_ref)
    }

    /// Whether any key this issuer ever had made `signature`; old ID tokens are good hints.
    pub(crate) fn ever_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.keys.iter().any(|key| key.verifies(message, signature))
    }
}
