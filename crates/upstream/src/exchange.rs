//! From the code to a verified identity (Core §3.1.3), guards first: whose answer it is, a place, metadata
//! and keys, and only then the one request that spends the code.

use tokio::sync::SemaphorePermit;
use tokio::time::{timeout, timeout_at};
use vocabulary::Timestamp;

use crate::authorization::check_issuer;
use crate::cache::Connection;
use crate::errand::Errand;
use crate::id_token::{Expected, subject_of};
use crate::identity::VerifiedIdentity;
use crate::jws::{Jws, Kind};
use crate::party::{Granted, Proofs, RelyingParty, Secrets};
use crate::profile::Profile;
use crate::seen::Seen;
use crate::token_endpoint::Tokens;
use crate::trouble::{Endpoint, RETRY_AFTER, Trouble};
use crate::upstream::Upstream;

impl Upstream {
    /// Exchanges a code and verifies everything that comes for it. The caller has compared `state` and spent
    /// it; `now` is the moment of the callback. Never tries twice, but with the next secret when the provider rejects
    /// the current one: it looks at the code only once it knows the client (RFC 6749 §5.2). However it ends, `seen` has
    /// what there was to see.
    pub async fn exchange(
        &self,
        party: &RelyingParty,
        secrets: impl Into<Secrets<'_>>,
        answer: &Granted,
        proofs: &Proofs,
        now: Timestamp,
        seen: &mut Seen,
    ) -> Result<VerifiedIdentity, Trouble> {
        let (connection, errand) = (self.connection(party), self.errand(now));
        // Nobody waits for a place while a breaker is open, or spends a code whose UserInfo can't be asked.
        for at in [Endpoint::Token, Endpoint::UserInfo] {
            connection.breaker(at).check(at, now)?;
        }
        let _place = self.place(&connection).await?;
        let exchange = self.exchange_in_place(party, secrets.into(), answer, proofs, errand, seen);
        timeout_at(errand.deadline, exchange)
            .await
            .map_err(|_elapsed| Trouble::TimedOut { at: Endpoint::Token })?
    }

    pub(crate) async fn place<'a>(
        &self,
        connection: &'a Connection,
    ) -> Result<Option<SemaphorePermit<'a>>, Trouble> {
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
        secrets: Secrets<'_>,
        answer: &Granted,
        proofs: &Proofs,
        errand: Errand,
        seen: &mut Seen,
    ) -> Result<VerifiedIdentity, Trouble> {
        let connection = self.connection(party);
        let metadata = self.metadata(party, errand).await?;
        check_issuer(&metadata, answer.iss.as_deref())?;
        let keys = self.keys(party, &metadata, errand).await?;
        let ask = |secret| {
            let redeem = self.redeem(&metadata.token, party, secret, &answer.code, &proofs.code_verifier);
            errand.call(&connection, Endpoint::Token, redeem)
        };
        let mut tokens = seen.time(Endpoint::Token, ask(secrets.current)).await;
        if let (Err(Trouble::ClientRejected { .. }), Some(next)) = (&tokens, secrets.next) {
            tokens = seen.time(Endpoint::Token, ask(next)).await;
            seen.note_next_secret(tokens.is_ok());
        }
        let tokens = tokens?;

        let received = errand.moment();
        let jws = Jws::parse(&tokens.id_token, Kind::Id)?;
        self.verify_signature(party, &metadata, keys, &jws, errand).await?;
        let claims = jws.claims()?;
        seen.note(&claims);
        let expected = Expected {
            party,
            tokens_of: &metadata.tokens_of,
            proofs,
            access_token: &tokens.access_token,
            algorithm: jws.algorithm,
            begun: errand.now,
            received,
        };
        let subject = subject_of(&claims, &expected)?;

        let mut profile = Profile::read(&claims, "the ID token");
        if profile.is_thin(party.email_trust)
            && let Some(endpoint) = &metadata.userinfo
        {
            let ask = self.userinfo(endpoint, &tokens.access_token, &subject);
            let ask = errand.call(&connection, Endpoint::UserInfo, ask);
            let more = seen.time(Endpoint::UserInfo, ask).await?;
            seen.note(&more);
            profile = profile.completed_by(Profile::read(&more, "UserInfo"));
        }
        let Tokens { id_token, .. } = tokens;
        Ok(VerifiedIdentity::of(subject, &claims, profile, seen.claim_names(), id_token))
    }
}

#[cfg(test)]
mod faults;
#[cfg(test)]
mod silence;
#[cfg(test)]
mod tests;
