//! Wrong headers, wrong signatures, wrong forms.

use serde_json::json;

use super::jws::{Draft, encode};
use crate::{
    config::{Algorithm, Client},
    issuer::Issuer,
    keys::SigningKey,
    misbehaviour::SignatureFault,
};

pub(crate) fn write(draft: Draft, fault: SignatureFault, issuer: &Issuer, client: &Client) -> String {
    let pem = draft.key.public_pem();
    match fault {
        SignatureFault::AlgNone => unsigned(draft, "none"),
        SignatureFault::AlgNoneCapital => unsigned(draft, "None"),
        SignatureFault::AlgNoneUpper => unsigned(draft, "NONE"),
        SignatureFault::AlgNoneMixed => unsigned(draft, "nOnE"),
        SignatureFault::AlgNoneSigned => draft.with("alg", "none").signed(),
        SignatureFault::AlgMissing => draft.without("alg").signed(),
        SignatureFault::AlgEmpty => draft.with("alg", "").signed(),
        SignatureFault::AlgList => draft.with("alg", json!(["RS256", "ES256"])).signed(),
        SignatureFault::AlgOther => with_other_algorithm(draft),
        SignatureFault::Hs256WithPublicKey => draft.signed_by_secret(pem.as_bytes()),
        SignatureFault::Hs256WithClientSecret => draft.signed_by_secret(client.client_secret.as_bytes()),
        SignatureFault::EmbeddedKey => {
            let key = stranger(issuer);
            draft.with("jwk", key.public_jwk()).by(key).signed()
        }
        SignatureFault::KeySetAddress => draft.with("jku", issuer.elsewhere()).by(stranger(issuer)).signed(),
        SignatureFault::CertificateAddress => {
            draft.with("x5u", issuer.elsewhere()).by(stranger(issuer)).signed()
        }
        SignatureFault::Critical => draft.with("crit", json!(["practice"])).with("practice", true).signed(),
        SignatureFault::KidLong => draft.with("kid", "k".repeat(10_240)).signed(),
        SignatureFault::KidObject => draft.with("kid", json!({"kid": "object"})).signed(),
        SignatureFault::KidUnknown => draft.with("kid", "nobody-knows-this-key").signed(),
        SignatureFault::KidPath => draft.with("kid", "../../../../dev/null").signed_by_secret(b""),
        SignatureFault::KidMissingNoneFits => draft.without("kid").by(stranger(issuer)).signed(),
        SignatureFault::StrangerSigns => draft.by(stranger(issuer)).signed(),
        SignatureFault::ZeroSignature => with_signature(&draft.with("alg", "ES256"), &encode([0; 64])),
        SignatureFault::SignatureBitFlipped => with_signature(&draft, &encode(flipped(signature_of(&draft)))),
        SignatureFault::PayloadBitFlipped => with_other_payload(draft),
        SignatureFault::SignatureMissing => with_signature(&draft, ""),
        SignatureFault::SignatureHalf => with_signature(&draft, &encode(half(signature_of(&draft)))),
        SignatureFault::Compressed => {
            let draft = draft.with("zip", "DEF").with_payload(|_| (0..=255).collect());
            draft.signed()
        }
        SignatureFault::TwoParts => draft.unsigned(),
        SignatureFault::FiveParts => format!("{}.e30.e30", draft.signed()),
        SignatureFault::Empty => String::new(),
        SignatureFault::NotBase64 => "§§§.***.???".to_owned(),
        SignatureFault::Padded => draft.signed() + "==",
        SignatureFault::HeaderNotJson => format!("{}.{}", encode("header"), draft.signed()),
        SignatureFault::PayloadList => {
            draft.with_payload(|claims| [b"[", claims.as_slice(), b"]"].concat()).signed()
        }
        SignatureFault::Enormous => draft.with_payload(|claims| enormous(&claims)).signed(),
        SignatureFault::KidMissing | SignatureFault::KidMissingSeveralKeys => draft.without("kid").signed(),
        SignatureFault::TypMissing => draft.without("typ").signed(),
        SignatureFault::UnknownMembers => draft.with("practice", json!({"deep": [1]})).signed(),
        SignatureFault::TypLogout => draft.with("typ", "logout+jwt").signed(),
    }
}

/// A key that the key set does not hold.
fn stranger(issuer: &Issuer) -> SigningKey {
    SigningKey::stranger("stranger", issuer.ring.algorithm())
}

fn unsigned(draft: Draft, alg: &str) -> String {
    draft.with("alg", alg).unsigned() + "."
}

fn with_other_algorithm(draft: Draft) -> String {
    let other = match draft.key.algorithm() {
        Algorithm::Rs256 => "RS384",
        Algorithm::Es256 => "RS256",
    };
    draft.with("alg", other).signed()
}

fn with_signature(draft: &Draft, signature: &str) -> String {
    format!("{}.{signature}", draft.unsigned())
}

fn signature_of(draft: &Draft) -> Vec<u8> {
    draft.key.sign(draft.unsigned().as_bytes())
}

fn flipped(mut bytes: Vec<u8>) -> Vec<u8> {
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
    bytes
}

fn half(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() / 2);
    bytes
}

/// The signature of the right claims over claims with one letter changed: `sub` becomes someone else's.
fn with_other_payload(draft: Draft) -> String {
    let signature = encode(signature_of(&draft));
    let changed = draft.with_payload(|claims| {
        let text = String::from_utf8_lossy(&claims).replacen("\"sub\":\"0", "\"sub\":\"1", 1);
        text.into_bytes()
    });
    with_signature(&changed, &signature)
}

fn enormous(claims: &[u8]) -> Vec<u8> {
    let padding = format!("{{\"padding\":\"{}\",", "p".repeat(1024 * 1024));
    String::from_utf8_lossy(claims).replacen('{', &padding, 1).into_bytes()
}
