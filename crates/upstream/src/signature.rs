//! Whether a connection's provider signed a token. Every token asks here, so that one lock keeps all of them
//! from asking the provider for keys more than once in 30 seconds.

use std::sync::Arc;

use crate::discovery::Metadata;
use crate::errand::Errand;
use crate::jws::Jws;
use crate::keys::{KeySet, Unverified};
use crate::party::RelyingParty;
use crate::token_fault::TokenFault;
use crate::trouble::Trouble;
use crate::upstream::Upstream;

impl Upstream {
    /// Verifies a signature with the connection's keys. When none fits, the set is asked for once more, at
    /// most once in 30 seconds for the connection.
    pub(crate) async fn verify_signature(
        &self,
        party: &RelyingParty,
        metadata: &Metadata,
        keys: Arc<KeySet>,
        jws: &Jws<'_>,
        errand: Errand,
    ) -> Result<(), Trouble> {
        if !metadata.algorithms.contains(&jws.algorithm) {
            return Err(TokenFault::Algorithm.into());
        }
        let verify = |keys: &KeySet| {
            keys.verify(jws.kid.as_deref(), jws.algorithm, jws.signed.as_bytes(), &jws.signature)
        };
        let mut verdict = verify(&keys);
        if verdict == Err(Unverified::NoSuchKey) {
            let connection = self.connection(party);
            let fits = |keys: &KeySet| verify(keys) != Err(Unverified::NoSuchKey);
            let fetch = self.fetch_newer_keys(party, metadata, fits, errand);
            let newer = connection.keys.newer_than(&keys, errand.now, fetch).await?;
            verdict = newer.map_or(verdict, |newer| verify(&newer));
        }
        verdict.map_err(|unverified| match unverified {
            Unverified::NoSuchKey => TokenFault::UnknownKey.into(),
            Unverified::BadSignature => TokenFault::Signature.into(),
        })
    }
}
