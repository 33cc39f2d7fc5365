//! All keys of the table, ready for use. What a key is for at a moment follows from its times alone.

use std::sync::Arc;

use aws_lc_rs::signature::ParsedPublicKey;
use sealing::KeyRing;
use serde::Serialize;
use vocabulary::{SigningAlgorithm, Timestamp};

use super::KeysError;
use super::key::{Jwk, Private, Unusable};
use super::row::Row;
use crate::jwt::{self, Parts, TokenType};

/// What a key is for at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// In the key set, so that everybody knows it before it signs.
    Published,
    /// In the key set, and signs.
    Signing,
    /// In the key set for what it signed before.
    Retiring,
    /// Out of the key set; kept for ID tokens that are shown to us as `id_token_hint`.
    Left,
}

/// A key whose halves are parsed. Neither ever changes.
pub(super) struct Key {
    pub(super) kid: String,
    pub(super) algorithm: SigningAlgorithm,
    jwk: String,
    public: ParsedPublicKey,
    /// The key set and the verifying need no private half: one that does not open keeps a node from signing alone.
    private: Result<Private, Unusable>,
}

impl Key {
    pub(super) fn parse(row: &Row, ring: &KeyRing) -> Result<Self, KeysError> {
        let damaged = || KeysError::Damaged { kid: row.kid.clone() };
        let algorithm = SigningAlgorithm::parse(&row.alg).map_err(|_unknown| damaged())?;
        let jwk: Jwk = serde_json::from_str(&row.public_key).map_err(|_no_jwk| damaged())?;
        let fits = jwk.kid() == row.kid && jwk.algorithm() == algorithm;
        let public = jwk.parse().filter(|_| fits).ok_or_else(damaged)?;
        let jwk = serde_json::to_string(&jwk).map_err(|_no_jwk| damaged())?;
        let private = Private::open(ring, &row.kid, algorithm, &row.private_key);
        Ok(Self { kid: row.kid.clone(), algorithm, jwk, public, private })
    }

    pub(super) fn sign(&self, input: String) -> Result<String, KeysError> {
        let unusable = |why: &Unusable| KeysError::Unusable { kid: self.kid.clone(), why: *why };
        let private = self.private.as_ref().map_err(unusable)?;
        let signature = private.sign(input.as_bytes())?;
        Ok(jwt::signed(input, &signature))
    }
}

/// A key and its times.
pub(super) struct Member {
    pub(super) key: Arc<Key>,
    pub(super) made_at: Timestamp,
    pub(super) signs_from: Timestamp,
    pub(super) leaves_at: Option<Timestamp>,
}

impl Member {
    pub(super) fn new(key: Arc<Key>, row: &Row) -> Self {
        Self {
            key,
            made_at: Timestamp::from_millis(row.made_at),
            signs_from: Timestamp::from_millis(row.signs_from),
            leaves_at: row.leaves_at.map(Timestamp::from_millis),
        }
    }

    fn is_in_the_key_set(&self, now: Timestamp) -> bool {
        self.leaves_at.is_none_or(|leaves_at| now < leaves_at)
    }
}

/// Every key there is, those of one algorithm in the order in which they sign.
#[derive(Default)]
pub(super) struct Ring(pub(super) Vec<Member>);

impl Ring {
    /// The algorithms without any key.
    pub(super) fn missing(&self) -> Vec<SigningAlgorithm> {
        let has = |algorithm| self.0.iter().any(|member| member.key.algorithm == algorithm);
        SigningAlgorithm::ALL.into_iter().filter(|algorithm| !has(*algorithm)).collect()
    }

    /// The one that signs: the last whose time has come; the first there ever was for a clock that is behind.
    pub(super) fn signer(&self, algorithm: SigningAlgorithm, now: Timestamp) -> Option<&Member> {
        let mut able = self.0.iter().filter(|member| member.key.algorithm == algorithm);
        let first = able.clone().next();
        able.rfind(|member| member.signs_from <= now).or(first)
    }

    /// The one that is published and does not sign yet.
    pub(super) fn pending(&self, now: Timestamp) -> Option<&Member> {
        self.0.iter().find(|member| self.state(member, now) == KeyState::Published)
    }

    pub(super) fn state(&self, member: &Member, now: Timestamp) -> KeyState {
        let signer = self.signer(member.key.algorithm, now);
        if signer.is_some_and(|signer| signer.key.kid == member.key.kid) {
            return KeyState::Signing;
        }
        match () {
            () if !member.is_in_the_key_set(now) => KeyState::Left,
            () if member.signs_from > now => KeyState::Published,
            () => KeyState::Retiring,
        }
    }

    /// The JWK Set (RFC 7517 §5).
    pub(super) fn key_set(&self, now: Timestamp) -> String {
        let members = self.0.iter().filter(|member| member.is_in_the_key_set(now));
        let keys: Vec<&str> = members.map(|member| member.key.jwk.as_str()).collect();
        format!(r#"{{"keys":[{}]}}"#, keys.join(","))
    }

    pub(super) fn sign(
        &self,
        algorithm: SigningAlgorithm,
        token_type: TokenType,
        claims: &[u8],
        now: Timestamp,
    ) -> Result<String, KeysError> {
        let key = &self.signer(algorithm, now).ok_or(KeysError::Refused)?.key;
        key.sign(jwt::signing_input(&jwt::header(algorithm, token_type, &key.kid), claims))
    }

    /// The claims of a token that one of these keys signed as what it is said to be; none for any other.
    pub(super) fn verified(&self, jws: &str, token_type: TokenType) -> Option<Vec<u8>> {
        let parts = Parts::of(jws)?;
        let signed_by = |key: &Key| jwt::header(key.algorithm, token_type, &key.kid) == parts.header;
        let member = self.0.iter().find(|member| signed_by(&member.key))?;
        member.key.public.verify_sig(parts.input.as_bytes(), &parts.signature).ok()?;
        Some(parts.claims)
    }
}
