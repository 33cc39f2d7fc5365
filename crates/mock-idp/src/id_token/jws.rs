//! A JSON Web Signature written by hand, so that every malformed one can be written too (RFC 7515 §7.1).

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::keys::SigningKey;

/// A token before it is signed.
pub(crate) struct Draft {
    header: Map<String, Value>,
    payload: Vec<u8>,
    pub(super) key: Arc<SigningKey>,
}

impl Draft {
    /// A token of this `typ`, to be signed with `key` and its `kid` and `alg` in the header.
    pub(crate) fn new(typ: &str, payload: Vec<u8>, key: Arc<SigningKey>) -> Self {
        let mut header = Map::new();
        header.insert("typ".to_owned(), json!(typ));
        header.insert("alg".to_owned(), json!(key.algorithm().name()));
        header.insert("kid".to_owned(), json!(key.kid));
        Self { header, payload, key }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.header.remove(name);
        self
    }

    pub(super) fn with_payload(mut self, payload: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Self {
        self.payload = payload(self.payload);
        self
    }

    /// Another key signs; the header stays as it is.
    pub(super) fn by(mut self, key: SigningKey) -> Self {
        self.key = Arc::new(key);
        self
    }

    /// Header and claims, Base64 with a dot between: what is signed.
    pub(super) fn unsigned(&self) -> String {
        let header = Value::Object(self.header.clone()).to_string();
        format!("{}.{}", encode(header), encode(&self.payload))
    }

    pub(crate) fn signed(&self) -> String {
        let input = self.unsigned();
        let signature = self.key.sign(input.as_bytes());
        format!("{input}.{}", encode(signature))
    }

    /// HS256 with this secret.
    pub(super) fn signed_by_secret(self, secret: &[u8]) -> String {
        let input = self.with("alg", "HS256").unsigned();
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let signature = hmac::sign(&key, input.as_bytes());
        format!("{input}.{}", encode(signature))
    }
}

pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
