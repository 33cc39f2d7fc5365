//! From the code to a verified identity (Core §3.1.3), guards first: whose answer it is, a place, metadata
//! and keys, and only then the one request that spends the code.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::SemaphorePermit;
use tokio::time::timeout;
use vocabulary::{ClientSecret, Timestamp};

use crate::authorization::check_issuer;
use crate::cache::Connection;
use crate::discovery::Metadata;
use crate::id_token::{Expected, IdTokenFault, TYPES, subject_of};
use crate::identity::VerifiedIdentity;
use crate::jws::Jws;
use crate::keys::{KeySet, Unverified};
use crate::party::{Granted, Proofs, RelyingParty};
use crate::profile::{Profile, claim_names};
use crate::token_endpoint::Tokens;
use crate::trouble::{Endpoint, RETRY_AFTER, Trouble};
use crate::upstream::Upstream;

impl Upstream {
    /// Exchanges a code and verifies everything that comes for it. The caller has compared `state` and spent
    /// it; `now` is the moment of the callback. Never tries twice.
    pub async fn exchange(
        &self,
        party: &RelyingParty,
        secret: &ClientSecret,
        answer: &Granted,
        proofs: &Proofs,
        now: Timestamp,
    ) -> Result<VerifiedIdentity, Trouble> {
        let began = Instant::now();
        let connection = self.connection(party);
        let _place = self.place(&connection).await?;
        timeout(self.timeouts().total, self.exchange_in_place(party, secret, answer, proofs, now, began))
            .await
            .map_err(|_elapsed| Trouble::TimedOut { at: Endpoint::Token })?
    }

    async fn place<'a>(&self, connection: &'a Connection) -> Result<Option<SemaphorePermit<'a>>, Trouble> {
        let Some(places) = &connection.places else {
            return Ok(None);
        };
        match timeout(self.timeouts().turn, places.acquire()).await {
            Ok(Ok(place)) => Ok(Some(place)),
            Ok(Err(_)) | Err(_) => Err(Trouble::Busy { retry_after: RETRY_AFTER }),
        }
    }

    async fn exchange_in_place(
        &self,
        party: &RelyingParty,
        secret: &ClientSecret,
        answer: &Granted,
        proofs: &Proofs,
        now: Timestamp,
        began: Instant,
    ) -> Result<VerifiedIdentity, Trouble> {
        let metadata = self.metadata(party, now).await?;
        check_issuer(&metadata, party, answer.iss.as_deref())?;
        let keys = self.keys(party, &metadata, now).await?;
        let tokens = self.redeem(&metadata.token, party, secret, &answer.code, &proofs.code_verifier).await?;

        let received = now.plus(began.elapsed());
        let jws = Jws::parse(&tokens.id_token, &TYPES)?;
        if !metadata.algorithms.contains(&jws.algorithm) {
            return Err(IdTokenFault::Algorithm.into());
        }
        self.verify_signature(party, &metadata, keys, &jws, now).await?;
        let claims = jws.claims()?;
        let expected = Expected {
            party,
            proofs,
            access_token: &tokens.access_token,
            algorithm: jws.algorithm,
            begun: now,
            received,
        };
        let subject = subject_of(&claims, &expected)?;

        let mut names = claim_names(&claims);
        let mut profile = Profile::read(&claims, "the ID token");
        if profile.is_thin(party.email_trust)
            && let Some(endpoint) = &metadata.userinfo
        {
            let more = self.userinfo(endpoint, &tokens.access_token, &subject).await?;
            names.extend(claim_names(&more));
            profile = profile.completed_by(Profile::read(&more, "UserInfo"));
        }
        let Tokens { id_token, .. } = tokens;
        Ok(VerifiedIdentity::of(subject, &claims, profile, names, id_token))
    }

    /// Verifies a signature with the connection's keys. When none fits, the set is asked for once more, at
    /// most once in 30 seconds for the connection.
    async fn verify_signature(
        &self,
        party: &RelyingParty,
        metadata: &Metadata,
        keys: Arc<KeySet>,
        jws: &Jws<'_>,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let verify = |keys: &KeySet| {
            keys.verify(jws.kid.as_deref(), jws.algorithm, jws.signed.as_bytes(), &jws.signature)
        };
        let mut verdict = verify(&keys);
        if verdict == Err(Unverified::NoSuchKey) {
            let connection = self.connection(party);
            let newer = connection.keys.newer_than(&keys, now, self.fetch_keys(&metadata.keys)).await?;
            verdict = newer.map_or(verdict, |newer| verify(&newer));
        }
        verdict.map_err(|unverified| match unverified {
            Unverified::NoSuchKey => IdTokenFault::UnknownKey.into(),
            Unverified::BadSignature => IdTokenFault::Signature.into(),
        })
    }
}

#[cfg(test)]
mod faults;
#[cfg(test)]
mod tests;
