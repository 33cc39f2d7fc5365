//! `/keys`: the key set (RFC 7517 §5).

use actix_web::{HttpResponse, http::StatusCode, http::header, web};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    bodies::Answer,
    config::Algorithm,
    id_token::SYMMETRIC,
    issuer::Issuer,
    keys::SigningKey,
    misbehaviour::{Endpoint, KeysFault, SignatureFault},
    pages,
    provider::Provider,
};

pub(crate) async fn get(provider: web::Data<Provider>, path: web::Path<String>) -> HttpResponse {
    let Some((answer, trouble)) = provider.issuer(&path).map(|mut issuer| {
        issuer.counts.keys += 1;
        let keys = json!({ "keys": members(&issuer) });
        let answer = Answer::json(StatusCode::OK, &keys).with(header::CACHE_CONTROL, "max-age=3600, public");
        (answer, issuer.trouble(Endpoint::Keys))
    }) else {
        return pages::no_such_issuer();
    };
    answer.send_despite(trouble).await
}

fn members(issuer: &Issuer) -> Vec<Value> {
    let mut keys: Vec<Value> = issuer.ring.published().map(SigningKey::public_jwk).collect();
    let several = matches!(
        issuer.faults.signature,
        Some(SignatureFault::KidMissingNoneFits | SignatureFault::KidMissingSeveralKeys)
    );
    if several {
        keys.insert(0, issuer.ring.another("another").public_jwk());
    }
    match issuer.faults.keys {
        Some(fault) => spoil(keys, fault, issuer),
        None => keys,
    }
}

fn spoil(keys: Vec<Value>, fault: KeysFault, issuer: &Issuer) -> Vec<Value> {
    match fault {
        KeysFault::NoKeys => Vec::new(),
        KeysFault::TooManyKeys => {
            let strange = issuer.ring.another("strange").public_jwk();
            let crowd = (0..150).map(|number| with(&strange, "kid", json!(format!("strange-{number}"))));
            crowd.chain(keys).collect()
        }
        KeysFault::OtherKeyOfSameKid => {
            let kid = issuer.ring.signing().kid.clone();
            vec![SigningKey::stranger(&kid, issuer.ring.algorithm()).public_jwk()]
        }
        KeysFault::EncryptionOnly => keys.iter().map(|key| with(key, "use", json!("enc"))).collect(),
        KeysFault::OtherAlgorithm => keys.iter().map(|key| with(key, "alg", json!("RS512"))).collect(),
        KeysFault::Symmetric => {
            let k = BASE64_URL_SAFE_NO_PAD.encode(SYMMETRIC);
            vec![
                json!({"kty": "oct", "alg": "HS256", "use": "sig", "kid": issuer.ring.signing().kid, "k": k}),
            ]
        }
        KeysFault::Rsa512 | KeysFault::Rsa1024 => vec![issuer.signing_key().public_jwk()],
        KeysFault::OffCurve => {
            let key = SigningKey::stranger(&issuer.ring.signing().kid, Algorithm::Es256).public_jwk();
            let off = BASE64_URL_SAFE_NO_PAD.encode([1; 32]);
            vec![with(&key, "y", json!(off))]
        }
        KeysFault::Incomplete => keys.iter().map(|key| without(&without(key, "n"), "x")).collect(),
        KeysFault::MalformedBeside => [malformed(), keys].concat(),
        KeysFault::UnknownTypesBeside => [unknown_types(), keys].concat(),
        KeysFault::WithoutUseAndAlgorithm => {
            keys.iter().map(|key| without(&without(key, "use"), "alg")).collect()
        }
    }
}

fn with(key: &Value, name: &str, value: Value) -> Value {
    let mut members = key.as_object().cloned().unwrap_or_default();
    members.insert(name.to_owned(), value);
    Value::Object(members)
}

fn without(key: &Value, name: &str) -> Value {
    let mut members = key.as_object().cloned().unwrap_or_default();
    members.remove(name);
    Value::Object(members)
}

fn malformed() -> Vec<Value> {
    vec![
        json!(null),
        json!("a key"),
        json!(["a key"]),
        json!({}),
        json!({"kty": 7}),
        json!({"kty": "RSA", "kid": "no-modulus", "e": "AQAB"}),
        json!({"kty": "RSA", "kid": "not-base64", "n": "§§§", "e": "AQAB"}),
        json!({"kty": "RSA", "kid": 7, "n": "AQAB", "e": "AQAB"}),
        json!({"kty": "EC", "kid": "no-point", "crv": "P-256"}),
        json!({"kty": "EC", "kid": "short-point", "crv": "P-256", "x": "AQ", "y": "AQ"}),
    ]
}

fn unknown_types() -> Vec<Value> {
    vec![
        json!({"kty": "AKP", "kid": "post-quantum", "alg": "ML-DSA-44", "pub": "AQAB"}),
        json!({"kty": "OKP", "kid": "ed448", "crv": "Ed448", "x": "AQAB"}),
        json!({"kty": "EC", "kid": "p999", "crv": "P-999", "x": "AQAB", "y": "AQAB"}),
        json!({"kty": "practice", "kid": "unheard-of"}),
    ]
}
