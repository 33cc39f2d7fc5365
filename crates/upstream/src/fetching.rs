//! Asking a provider for its metadata and its keys.
//!
//! Okta answers metadata for one app differently from metadata for everybody when the app is pinned to an issuer
//! or has signing keys of its own: the document for our client id is the one that tells the truth there.

use std::sync::Arc;

use tokio::time::timeout;
use url::{Url, form_urlencoded};

use crate::cache::{Connection, Fetched};
use crate::discovery::{Document, Metadata};
use crate::errand::Errand;
use crate::keys::KeySet;
use crate::outbound::{Answer, Vetted};
use crate::party::RelyingParty;
use crate::trouble::{Endpoint, Trouble};
use crate::upstream::Upstream;

/// What a provider says of itself.
pub(crate) struct Documents {
    /// To everybody.
    pub(crate) plain: Fetched<Document>,
    /// To our client, where the provider is one that makes a difference, and where it reads.
    pub(crate) for_client: Option<Fetched<Document>>,
}

impl Upstream {
    /// The metadata, believed when its issuer is right and every address may be spoken to: the document for our
    /// client if there is such a one, else the plain one.
    pub(crate) async fn fetch_metadata(
        &self,
        party: &RelyingParty,
        connection: &Connection,
        errand: Errand,
    ) -> Result<Fetched<Metadata>, Trouble> {
        let fetch = async {
            let Documents { plain, for_client } = self.fetch_documents(party).await?;
            let read = |document: &Fetched<Document>| {
                let value = Metadata::read(&document.value, party, &self.outbound().guard)?;
                Ok(Fetched { value, fresh_for: document.fresh_for })
            };
            match for_client.as_ref().map(read) {
                Some(Ok(metadata)) => Ok(metadata),
                Some(Err(_)) | None => read(&plain),
            }
        };
        errand.call(connection, Endpoint::Metadata, fetch).await
    }

    /// Both documents, past the cache and the breaker.
    pub(crate) async fn fetch_documents(&self, party: &RelyingParty) -> Result<Documents, Trouble> {
        let address = party.issuer.metadata_address();
        let plain = self.fetch_document(&address).await?;
        if !plain.value.authorization_endpoint.as_deref().is_some_and(is_oktas) {
            return Ok(Documents { plain, for_client: None });
        }
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", party.client_id.as_str())
            .finish();
        let address = format!("{address}?{query}");
        // It is a second opinion: it must leave time for the first one to be of use.
        let for_client = timeout(self.timeouts().total / 2, self.fetch_document(&address)).await;
        Ok(Documents { plain, for_client: for_client.ok().and_then(Result::ok) })
    }

    async fn fetch_document(&self, address: &str) -> Result<Fetched<Document>, Trouble> {
        let address = self.outbound().guard.vet(address)?;
        let answer = self.outbound().get(Endpoint::Metadata, &address).await.and_then(Answer::ok)?;
        Ok(Fetched { value: answer.json()?, fresh_for: answer.fresh_for })
    }

    /// The key set that stands at this address.
    pub(crate) async fn fetch_keys(
        &self,
        address: &Vetted,
        connection: &Connection,
        errand: Errand,
    ) -> Result<Fetched<KeySet>, Trouble> {
        errand.call(connection, Endpoint::Keys, self.fetch_keys_at_once(address)).await
    }

    /// The same, past the breaker.
    pub(crate) async fn fetch_keys_at_once(&self, address: &Vetted) -> Result<Fetched<KeySet>, Trouble> {
        let answer = self.outbound().get(Endpoint::Keys, address).await?.ok()?;
        Ok(Fetched { value: KeySet::read(&answer)?, fresh_for: answer.fresh_for })
    }

    /// A newer key set, for a token that none of the known keys fits. Where even the newer one has no key that
    /// `fits`, the provider may have moved its keys: its metadata is asked again unless it is young.
    pub(crate) async fn fetch_newer_keys(
        &self,
        party: &RelyingParty,
        metadata: &Metadata,
        fits: impl Fn(&KeySet) -> bool,
        errand: Errand,
    ) -> Result<Fetched<KeySet>, Trouble> {
        let connection = self.connection(party);
        let newer = self.fetch_keys(&metadata.keys, &connection, errand).await;
        if newer.as_ref().is_ok_and(|newer| fits(&newer.value)) {
            return newer;
        }
        match self.moved_keys(party, metadata, &connection, errand).await {
            Some(moved) => self.fetch_keys(&moved.keys, &connection, errand).await.or(newer),
            None => newer,
        }
    }

    /// Metadata newer than what was used so far, if it names another address for the keys.
    async fn moved_keys(
        &self,
        party: &RelyingParty,
        used: &Metadata,
        connection: &Connection,
        errand: Errand,
    ) -> Option<Arc<Metadata>> {
        let fetch = self.fetch_metadata(party, connection, errand);
        let newer = connection.metadata.younger(errand.now, fetch).await?;
        (newer.keys.url() != used.keys.url()).then_some(newer)
    }
}

/// Whether this is the address of an Okta authorization server: the organisation's, or one with a name.
fn is_oktas(authorization_endpoint: &str) -> bool {
    let Ok(address) = Url::parse(authorization_endpoint) else {
        return false;
    };
    let segments: Vec<&str> = address.path_segments().into_iter().flatten().collect();
    matches!(segments.as_slice(), ["oauth2", "v1", "authorize"] | ["oauth2", _, "v1", "authorize"])
}

#[cfg(test)]
mod tests;
