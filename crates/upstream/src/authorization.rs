//! The authorization request (Core §3.1.2.1, RFC 7636 §4.3) and the issuer of its response (RFC 9207).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::form_urlencoded;
use vocabulary::Timestamp;

use crate::discovery::Metadata;
use crate::party::{Hints, Prompt, Proofs, RelyingParty};
use crate::trouble::{Remark, Trouble};
use crate::upstream::Upstream;

/// What an authorization request may carry of ours.
pub(crate) const PARAMETERS: [&str; 11] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "login_hint",
    "prompt",
    "max_age",
];

impl Upstream {
    /// The address to send the browser to. Once the connection's metadata is known, nothing goes out.
    pub async fn authorization_request(
        &self,
        party: &RelyingParty,
        proofs: &Proofs,
        hints: &Hints,
        now: Timestamp,
    ) -> Result<String, Trouble> {
        let metadata = self.metadata(party, self.errand(now)).await?;
        Ok(request(&metadata, party, proofs, hints))
    }

    /// Whether an authorization response, granted or refused, comes from this connection's issuer
    /// (RFC 9207 §2.4). Ask it before anything else is done with the response.
    pub async fn check_response_issuer(
        &self,
        party: &RelyingParty,
        iss: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        check_issuer(&*self.metadata(party, self.errand(now)).await?, iss)
    }
}

/// `iss` is right when it is there; it must be there when the provider announces it.
pub(crate) fn check_issuer(metadata: &Metadata, iss: Option<&str>) -> Result<(), Trouble> {
    let right = match iss {
        Some(iss) => iss == metadata.tokens_of.iss,
        None => !metadata.names_itself,
    };
    if right {
        return Ok(());
    }
    Err(Trouble::ResponseIssuerMismatch {
        expected: Remark::new(&metadata.tokens_of.iss),
        got: Remark::new(iss.unwrap_or_default()),
    })
}

fn request(metadata: &Metadata, party: &RelyingParty, proofs: &Proofs, hints: &Hints) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, proofs.code_verifier.as_bytes()));
    let mut address = String::with_capacity(1024);
    address.push_str(&metadata.authorization);
    let start = address.len();
    let mut query = form_urlencoded::Serializer::for_suffix(address, start);
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", party.client_id.as_str())
        .append_pair("redirect_uri", &party.redirect_uri)
        .append_pair("scope", &party.scopes.to_string())
        .append_pair("state", &proofs.state)
        .append_pair("nonce", &proofs.nonce)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256");
    if let Some(login_hint) = &hints.login_hint {
        query.append_pair("login_hint", login_hint);
    }
    if let Some(prompt) = hints.prompt.map(Prompt::as_str) {
        query.append_pair("prompt", prompt);
    }
    if let Some(age) = party.max_auth_age.into_iter().chain(hints.max_age).min() {
        query.append_pair("max_age", &age.as_secs().to_string());
    }
    query.finish()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::time::Duration;

    use url::Url;

    use super::*;
    use crate::testing::{NOW, Provider, local_upstream, proofs, run};

    #[test]
    fn a_request_carries_every_proof_and_the_endpoints_own_parameters() {
        run(async {
            let provider = Provider::start();
            provider.set_metadata("authorization_endpoint", &provider.address("/authorize?p=a%26b"));
            let hints = Hints {
                login_hint: Some("ada+x@acme.test".into()),
                prompt: Some(Prompt::SelectAccount),
                max_age: Some(Duration::from_mins(5)),
            };
            let upstream = local_upstream();
            let party = RelyingParty { max_auth_age: Some(Duration::from_hours(1)), ..provider.party() };
            let address = upstream.authorization_request(&party, &proofs(), &hints, NOW).await.unwrap();
            let url = Url::parse(&address).unwrap();
            let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
            let expected = [
                ("p", "a&b"),
                ("response_type", "code"),
                ("client_id", "client-1"),
                ("redirect_uri", "https://sso.test/t/acme/callback"),
                ("scope", "openid profile email"),
                ("state", "the-state"),
                ("nonce", "the-nonce"),
                // RFC 7636, appendix B.
                ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
                ("code_challenge_method", "S256"),
                ("login_hint", "ada+x@acme.test"),
                ("prompt", "select_account"),
                ("max_age", "300"),
            ];
            assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
            assert_eq!(url.query_pairs().count(), expected.len());
        });
    }

    #[test]
    fn a_warm_request_goes_nowhere() {
        run(async {
            let provider = Provider::start();
            let (upstream, party) = (local_upstream(), provider.party());
            for _ in 0..20 {
                upstream.authorization_request(&party, &proofs(), &Hints::default(), NOW).await.unwrap();
            }
            assert_eq!(provider.count("/.well-known/openid-configuration"), 1);
            assert_eq!(provider.requests().len(), 1);
            upstream.forget(&party.connection);
            upstream.authorization_request(&party, &proofs(), &Hints::default(), NOW).await.unwrap();
            assert_eq!(provider.requests().len(), 2);
        });
    }

    #[test]
    fn an_answer_of_another_issuer_is_refused() {
        run(async {
            let provider = Provider::start();
            let (upstream, party) = (local_upstream(), provider.party());
            let own = party.issuer.as_str();
            assert!(upstream.check_response_issuer(&party, None, NOW).await.is_ok());
            assert!(upstream.check_response_issuer(&party, Some(own), NOW).await.is_ok());
            let other = upstream.check_response_issuer(&party, Some("https://evil.test"), NOW).await;
            assert!(matches!(other, Err(Trouble::ResponseIssuerMismatch { .. })));
            provider.set_metadata("authorization_response_iss_parameter_supported", &true);
            upstream.forget(&party.connection);
            let missing = upstream.check_response_issuer(&party, None, NOW).await;
            assert!(matches!(missing, Err(Trouble::ResponseIssuerMismatch { .. })));
        });
    }
}
