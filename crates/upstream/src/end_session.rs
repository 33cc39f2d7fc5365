//! Signing out at the provider too (OpenID Connect RP-Initiated Logout 1.0 §2).

use url::{Url, form_urlencoded};
use vocabulary::Timestamp;

use crate::cache::Held;
use crate::party::RelyingParty;
use crate::trouble::Trouble;
use crate::upstream::Upstream;

/// What a logout request may carry of ours.
pub(crate) const PARAMETERS: [&str; 4] = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"];

impl Upstream {
    /// Where to send the browser so that it is signed out at the provider too; `None` when the provider has no
    /// such address. Parameters of the address itself are kept. Once the metadata is known, nothing goes out.
    pub async fn end_session_request(
        &self,
        party: &RelyingParty,
        id_token_hint: Option<&str>,
        post_logout_redirect_uri: &str,
        state: &str,
        now: Timestamp,
    ) -> Result<Option<String>, Trouble> {
        let metadata = self.metadata(party, self.errand(now)).await?;
        let Some(address) = metadata.end_session.clone() else {
            return Ok(None);
        };
        let start = address.len();
        let mut query = form_urlencoded::Serializer::for_suffix(address, start);
        if let Some(id_token_hint) = id_token_hint {
            query.append_pair("id_token_hint", id_token_hint);
        }
        query
            .append_pair("client_id", party.client_id.as_str())
            .append_pair("post_logout_redirect_uri", post_logout_redirect_uri)
            .append_pair("state", state);
        Ok(Some(query.finish()))
    }

    /// Where people sign out there, by the metadata at hand. Asks nobody.
    #[must_use]
    pub fn end_session(&self, party: &RelyingParty, now: Timestamp) -> EndSession {
        match self.connection(party).metadata.look(now) {
            Held::Fresh(metadata) | Held::Ageing(metadata) | Held::Stale(metadata) => {
                match metadata.end_session.as_deref().map(Url::parse) {
                    Some(Ok(address)) => EndSession::At(address.origin().ascii_serialization()),
                    Some(Err(_)) | None => EndSession::Nowhere,
                }
            }
            Held::Nothing => EndSession::NotKnown,
        }
    }
}

/// A provider's `end_session_endpoint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndSession {
    /// At an address of this origin.
    At(String),
    /// The provider has no such address.
    Nowhere,
    /// The provider was not asked for anything yet.
    NotKnown,
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use url::Url;

    use super::EndSession;
    use crate::testing::{NOW, Provider, local_upstream, run};

    const BACK: &str = "https://sso.test/t/acme/signed-out";

    #[test]
    fn a_logout_request_says_who_asks_and_keeps_the_addresss_own_parameters() {
        run(async {
            let provider = Provider::start();
            let own = provider.address("/logout?tenant=a%26b&state=theirs");
            provider.set_metadata("end_session_endpoint", &own);
            let (upstream, party) = (local_upstream(), provider.party());
            assert_eq!(upstream.end_session(&party, NOW), EndSession::NotKnown, "nobody was asked yet");
            for hint in [Some("the.id.token"), None] {
                let request = upstream.end_session_request(&party, hint, BACK, "the-state", NOW).await;
                let url = Url::parse(&request.unwrap().unwrap()).unwrap();
                let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
                let mut expected = HashMap::from([
                    ("tenant", "a&b"),
                    ("client_id", "client-1"),
                    ("post_logout_redirect_uri", BACK),
                    ("state", "the-state"),
                ]);
                expected.extend(hint.map(|hint| ("id_token_hint", hint)));
                let expected: HashMap<_, _> =
                    expected.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                assert_eq!((query.len(), &query), (url.query_pairs().count(), &expected));
            }
            assert_eq!(upstream.end_session(&party, NOW), EndSession::At(provider.address("")));
            assert_eq!(provider.requests().len(), 1);
        });
    }

    #[test]
    fn a_provider_without_such_an_address_ends_nothing() {
        run(async {
            let provider = Provider::start();
            let (upstream, party) = (local_upstream(), provider.party());
            assert_eq!(upstream.end_session_request(&party, None, BACK, "s", NOW).await, Ok(None));
            assert_eq!(upstream.end_session(&party, NOW), EndSession::Nowhere);
        });
    }
}
