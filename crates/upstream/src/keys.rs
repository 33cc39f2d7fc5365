//! The provider's key set (RFC 7517): read member by member, parsed once, searched by `kid`.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{ParsedPublicKey, RsaPublicKeyComponents, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use crate::algorithm::{Algorithm, Family};
use crate::outbound::Answer;
use crate::trouble::{Endpoint, Trouble};

/// A key set with more members than this is refused.
const MOST_KEYS: usize = 100;
/// How many of them are tried for one token: anybody can send tokens, and a hundred large keys take long.
const MOST_TRIED: usize = 8;

/// The keys of a provider that can verify signatures: at least one.
#[derive(Debug)]
pub(crate) struct KeySet(Vec<Key>);

#[derive(Debug)]
struct Key {
    kid: Option<String>,
    /// The one algorithm this key is for, when it says so.
    algorithm: Option<Algorithm>,
    family: Family,
    /// Parsed for the algorithm it is for, or its family's commonest.
    parsed: ParsedPublicKey,
    parsed_for: Algorithm,
}

/// Why a key set does not vouch for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unverified {
    /// No key fits; a fresher set might have one.
    NoSuchKey,
    /// The named key did not sign this.
    BadSignature,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

/// A member as it is written (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    r#use: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// Reads a key set. Members that are malformed, weak or for something else are skipped; a set without
    /// any usable key is none.
    pub(crate) fn read(answer: &Answer) -> Result<Self, Trouble> {
        let document: Document = answer.json()?;
        if document.keys.len() > MOST_KEYS {
            return Err(Trouble::protocol(Endpoint::Keys, "it has more than 100 keys"));
        }
        let usable = document.keys.into_iter().filter_map(|member| {
            let jwk: Jwk = serde_json::from_value(member).ok()?;
            Key::read(jwk)
        });
        let keys: Vec<_> = usable.collect();
        if keys.is_empty() {
            return Err(Trouble::protocol(Endpoint::Keys, "it has no key that can verify a signature"));
        }
        Ok(Self(keys))
    }

    /// How many keys can verify.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Verifies a signature. With `kid`, only keys of that name are tried; without it, every key that fits
    /// the algorithm, up to eight, never "the first key".
    pub(crate) fn verify(
        &self,
        kid: Option<&str>,
        algorithm: Algorithm,
        signed: &[u8],
        signature: &[u8],
    ) -> Result<(), Unverified> {
        let fits = |key: &&Key| key.fits(algorithm) && (kid.is_none() || key.kid.as_deref() == kid);
        let mut fitting = self.0.iter().filter(fits).peekable();
        if fitting.peek().is_none() {
            return Err(Unverified::NoSuchKey);
        }
        if fitting.take(MOST_TRIED).any(|key| key.verifies(algorithm, signed, signature)) {
            return Ok(());
        }
        Err(if kid.is_some() { Unverified::BadSignature } else { Unverified::NoSuchKey })
    }
}

impl Key {
    fn read(jwk: Jwk) -> Option<Self> {
        let for_signatures = jwk.r#use.as_deref().is_none_or(|purpose| purpose == "sig")
            && jwk.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if !for_signatures {
            return None;
        }
        let algorithm = match jwk.alg.as_deref() {
            Some(name) => Some(Algorithm::parse(name)?),
            None => None,
        };
        let (family, bytes) = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => (Family::Rsa, rsa_key(&jwk)?),
            ("EC", Some("P-256")) => (Family::P256, point(&jwk, 32)?),
            ("EC", Some("P-384")) => (Family::P384, point(&jwk, 48)?),
            ("OKP", Some("Ed25519")) => (Family::Ed25519, coordinate(jwk.x.as_deref(), 32)?),
            _ => return None,
        };
        if algorithm.is_some_and(|algorithm| algorithm.family() != family) {
            return None;
        }
        let parsed_for = algorithm.unwrap_or(match family {
            Family::Rsa => Algorithm::Rs256,
            Family::P256 => Algorithm::Es256,
            Family::P384 => Algorithm::Es384,
            Family::Ed25519 => Algorithm::EdDsa,
        });
        let parsed = ParsedPublicKey::new(parsed_for.verification(), bytes).ok()?;
        Some(Self { kid: jwk.kid, algorithm, family, parsed, parsed_for })
    }

    fn fits(&self, algorithm: Algorithm) -> bool {
        self.family == algorithm.family() && self.algorithm.is_none_or(|own| own == algorithm)
    }

    fn verifies(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
        if algorithm == self.parsed_for {
            return self.parsed.verify_sig(signed, signature).is_ok();
        }
        UnparsedPublicKey::new(algorithm.verification(), self.parsed.as_ref())
            .verify(signed, signature)
            .is_ok()
    }
}

/// An RSA key of 2048 to 8192 bits, as `SubjectPublicKeyInfo`. Leading zero bytes are forgiven and not counted.
fn rsa_key(jwk: &Jwk) -> Option<Vec<u8>> {
    let number = |text: Option<&str>| {
        let bytes = URL_SAFE_NO_PAD.decode(text?).ok()?;
        let start = bytes.iter().position(|byte| *byte != 0)?;
        bytes.get(start..).map(<[u8]>::to_vec)
    };
    let (n, e) = (number(jwk.n.as_deref())?, number(jwk.e.as_deref())?);
    let unused = n.first()?.leading_zeros();
    let bits = u32::try_from(n.len()).ok()?.checked_mul(8)? - unused;
    if !(2048..=8192).contains(&bits) {
        return None;
    }
    let der = RsaPublicKeyComponents { n, e }.as_der().ok()?;
    Some(der.as_ref().to_vec())
}

/// A point, uncompressed (SEC 1 §2.3.3). Whether it lies on the curve is found out when it is parsed.
fn point(jwk: &Jwk, size: usize) -> Option<Vec<u8>> {
    let (x, y) = (coordinate(jwk.x.as_deref(), size)?, coordinate(jwk.y.as_deref(), size)?);
    Some([[4].as_slice(), &x, &y].concat())
}

fn coordinate(text: Option<&str>, size: usize) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text?).ok().filter(|bytes| bytes.len() == size)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{Signer, key_set_of};

    fn read(document: &Value) -> Result<KeySet, Trouble> {
        KeySet::read(&Answer::of_body(Endpoint::Keys, &document.to_string()))
    }

    #[test]
    fn malformed_and_foreign_members_are_skipped() {
        let good = Signer::es256("good");
        let mut off_curve = good.jwk();
        off_curve["y"] = json!(URL_SAFE_NO_PAD.encode([7_u8; 32]));
        let mut short = good.jwk();
        short["x"] = json!("AQ");
        let mut encryption = good.jwk();
        encryption["use"] = json!("enc");
        let mut signing_only = good.jwk();
        signing_only["key_ops"] = json!(["sign"]);
        let mut contradiction = good.jwk();
        contradiction["alg"] = json!("RS256");
        let weak = json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode([0xff_u8; 255]), "e": "AQAB"});
        let padded_weak = {
            let mut bytes = vec![0_u8; 256];
            bytes.extend([0xff_u8; 128]);
            json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode(bytes), "e": "AQAB"})
        };
        let symmetric = json!({"kty": "oct", "k": "AAAA", "alg": "HS256"});
        let bad = [
            off_curve,
            short,
            encryption,
            signing_only,
            contradiction,
            weak,
            padded_weak,
            symmetric,
            json!(null),
            json!("key"),
            json!({"kty": 7}),
            json!({}),
            json!({"kty": "RSA"}),
        ];
        for member in &bad {
            assert!(read(&json!({"keys": [member]})).is_err(), "{member}");
        }
        let mut all = bad.to_vec();
        all.push(good.jwk());
        assert_eq!(read(&json!({"keys": all})).unwrap().len(), 1);
    }

    #[test]
    fn an_empty_broken_or_endless_set_is_none() {
        let many = vec![Signer::es256("k").jwk(); MOST_KEYS + 1];
        for document in
            [json!({"keys": []}), json!({}), json!([]), json!({"keys": {}}), json!({"keys": many})]
        {
            assert!(matches!(read(&document), Err(Trouble::Protocol { .. })));
        }
    }

    #[test]
    fn a_kid_names_its_keys_and_no_others() {
        let (one, two) = (Signer::es256("one"), Signer::es256("two"));
        let set = key_set_of(&[&one, &two]);
        let signature = two.sign(b"text");
        let verify = |kid: Option<&str>, text: &[u8]| set.verify(kid, Algorithm::Es256, text, &signature);
        assert_eq!(verify(Some("two"), b"text"), Ok(()));
        assert_eq!(verify(None, b"text"), Ok(()));
        assert_eq!(verify(Some("one"), b"text"), Err(Unverified::BadSignature));
        assert_eq!(verify(Some("three"), b"text"), Err(Unverified::NoSuchKey));
        assert_eq!(verify(None, b"other"), Err(Unverified::NoSuchKey));
        assert_eq!(
            set.verify(Some("two"), Algorithm::Rs256, b"text", &signature),
            Err(Unverified::NoSuchKey)
        );
    }

    #[test]
    fn one_rsa_key_verifies_every_algorithm_of_its_family() {
        for algorithm in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] {
            let signer = Signer::rsa("r", algorithm);
            let set = key_set_of(&[&signer]);
            let named = Algorithm::parse(algorithm).unwrap();
            assert_eq!(set.verify(Some("r"), named, b"text", &signer.sign(b"text")), Ok(()), "{algorithm}");
            let other = if named == Algorithm::Rs256 { Algorithm::Ps256 } else { Algorithm::Rs256 };
            assert!(set.verify(Some("r"), other, b"text", &signer.sign(b"text")).is_err(), "{algorithm}");
        }
    }
}
