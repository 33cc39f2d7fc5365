//! The harmless probe of client id and secret: a code that nobody gave out is offered at the token endpoint, as in a
//! real exchange, and the answer tells whose fault it is (RFC 6749 §5.2). One request, never repeated; whatever may
//! come of it is dropped.
//!
//! Most providers look at the client first. One that looks at the code first accepts any client here; only a sign-in
//! proves more.

use tokio::time::timeout_at;
use vocabulary::{ClientSecret, Timestamp};

use crate::check::{Check, general};
use crate::party::RelyingParty;
use crate::token_endpoint::Tokens;
use crate::trouble::{Endpoint, Trouble};
use crate::upstream::Upstream;

/// The code and its verifier, which nobody gave out. In the provider's log they say what they are for.
const MADE_UP: &str = "teamdoor-asks-whether-client-id-and-secret-are-right";

/// The check's name.
const NAME: &str = "client_credentials";

/// What a provider said of our client id and secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// It had nothing against them, only against the code.
    Accepted,
    /// It does not know them, or not together.
    Rejected,
    /// It said neither.
    CantTell {
        /// Why not, a sentence of ours.
        why: String,
    },
}

impl Upstream {
    /// Asks the provider whether it knows our client id and secret. Goes by the connection's breaker and waits for a
    /// place among its exchanges; how often somebody may ask is the caller's to bound.
    pub async fn probe(&self, party: &RelyingParty, secret: &ClientSecret, now: Timestamp) -> Probe {
        let trouble = match self.offer(party, secret, now).await {
            Err(trouble) => trouble,
            Ok(_tokens) => return Probe::cant_tell("it gave out tokens for a code that was made up"),
        };
        match &trouble {
            Trouble::CodeRejected { .. } => Probe::Accepted,
            Trouble::ClientRejected { .. } => Probe::Rejected,
            // The provider's own words stay in the log.
            Trouble::Protocol { at: Endpoint::Token, .. } => {
                Probe::cant_tell("its answer is neither yes nor no")
            }
            Trouble::Forbidden { .. }
            | Trouble::Unreachable { .. }
            | Trouble::TimedOut { .. }
            | Trouble::Protocol { .. }
            | Trouble::IssuerMismatch { .. }
            | Trouble::ResponseIssuerMismatch { .. }
            | Trouble::IdTokenInvalid { .. }
            | Trouble::UserInfoSubjectMismatch
            | Trouble::Busy { .. } => Probe::cant_tell(&general(&trouble)),
        }
    }

    async fn offer(
        &self,
        party: &RelyingParty,
        secret: &ClientSecret,
        now: Timestamp,
    ) -> Result<Tokens, Trouble> {
        let (connection, errand) = (self.connection(party), self.errand(now));
        connection.breaker(Endpoint::Token).check(Endpoint::Token, now)?;
        let _place = self.place(&connection).await?;
        let metadata = timeout_at(errand.deadline, self.metadata(party, errand))
            .await
            .map_err(|_elapsed| Trouble::TimedOut { at: Endpoint::Metadata })??;
        let redeem = self.redeem(&metadata.token, party, secret, MADE_UP, MADE_UP);
        errand.call(&connection, Endpoint::Token, redeem).await
    }
}

impl Probe {
    fn cant_tell(why: &str) -> Self {
        Self::CantTell {
            why: format!("The provider did not say whether it knows client id and secret: {why}."),
        }
    }
}

impl From<Probe> for Check {
    fn from(probe: Probe) -> Self {
        match probe {
            Probe::Accepted => Self::passed(NAME, "The provider has nothing against client id and secret."),
            Probe::Rejected => Self::failed(
                NAME,
                "idp_client_rejected",
                "The provider does not accept client id and secret.",
                "Copy both again from the provider's app. The secret may have expired or been replaced there, or the \
                 app wants the other way of client authentication (basic or post).",
            ),
            Probe::CantTell { why } => {
                Self::failed(NAME, "cannot_tell", &why, "Try again in a minute. A sign-in tells in any case.")
            }
        }
    }
}

impl Check {
    /// In the place of a probe, where there is no secret to try.
    #[must_use]
    pub fn without_secret() -> Self {
        Self::failed(
            NAME,
            "client_secret_needed",
            "There is no client secret that can be read.",
            "Set the client secret.",
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;
    use vocabulary::ClientAuth;

    use super::*;
    use crate::options::Options;
    use crate::testing::{NOW, Provider, local_upstream, run, secret};

    const METADATA: &str = "/.well-known/openid-configuration";

    async fn probe(provider: &Provider) -> Probe {
        local_upstream().probe(&provider.party(), &secret(), NOW).await
    }

    /// The one token request.
    fn sent(provider: &Provider) -> crate::testing::Request {
        let mut sent = provider.requests().into_iter().filter(|request| request.path == "/token");
        let first = sent.next().unwrap();
        assert!(sent.next().is_none(), "nothing is tried twice");
        first
    }

    #[test]
    fn the_answer_to_a_made_up_code_tells_whether_the_client_is_known() {
        let error =
            |code: &str| json!({ "error": code, "error_description": "about s3cret-canary" }).to_string();
        let accepted = [(400, error("invalid_grant")), (403, error("invalid_grant"))];
        let rejected = [
            (401, error("invalid_client")),
            (400, error("invalid_client")),
            (400, error("unauthorized_client")),
            (401, "<html>".to_owned()),
        ];
        let neither = [
            (400, error("invalid_request")),
            (400, error("slow_down")),
            (400, "<html>".to_owned()),
            (403, String::new()),
            (404, String::new()),
            (429, String::new()),
            (500, error("invalid_grant")),
            (503, error("invalid_client")),
            (200, "<html>".to_owned()),
            (200, error("invalid_grant")),
            (302, error("invalid_client")),
        ];
        run(async {
            for (answers, expected) in
                [(&accepted[..], Some(Probe::Accepted)), (&rejected, Some(Probe::Rejected)), (&neither, None)]
            {
                for (status, body) in answers {
                    let provider = Provider::start();
                    provider.set("/token", *status, body);
                    let said = probe(&provider).await;
                    sent(&provider);
                    match &expected {
                        Some(expected) => assert_eq!(said, *expected, "{status} {body}"),
                        None => assert!(matches!(said, Probe::CantTell { .. }), "{status} {body}: {said:?}"),
                    }
                    let told = format!("{said:?} {:?}", Check::from(said.clone()));
                    assert!(!told.contains("canary") && !told.contains("about"), "{told}");
                }
            }
        });
    }

    #[test]
    fn it_is_asked_as_in_a_real_exchange() {
        run(async {
            let provider = Provider::start();
            provider.set("/token", 400, r#"{"error":"invalid_grant"}"#);
            probe(&provider).await;
            let basic = sent(&provider);
            for part in [
                "grant_type=authorization_code",
                "redirect_uri=https%3A%2F%2Fsso.test%2Ft%2Facme%2Fcallback",
                "code=teamdoor-asks-",
                "code_verifier=teamdoor-asks-",
            ] {
                assert!(basic.body.contains(part), "{part} in {}", basic.body);
            }
            assert!(basic.head.contains("authorization: Basic Y2xpZW50LTE6czNjcmV0LWNhbmFyeQ=="));
            assert!((43..=128).contains(&MADE_UP.len()), "as long as a verifier has to be");

            let provider = Provider::start();
            provider.set("/token", 400, r#"{"error":"invalid_grant"}"#);
            let party = RelyingParty { client_auth: ClientAuth::Post, ..provider.party() };
            assert_eq!(local_upstream().probe(&party, &secret(), NOW).await, Probe::Accepted);
            assert!(sent(&provider).body.contains("client_id=client-1&client_secret=s3cret-canary"));
        });
    }

    #[test]
    fn tokens_for_a_made_up_code_are_no_yes() {
        run(async {
            let provider = Provider::start();
            let said = probe(&provider).await;
            assert!(matches!(&said, Probe::CantTell { why } if why.contains("made up")), "{said:?}");
            assert!(!format!("{said:?}").contains("canary"));
        });
    }

    #[test]
    fn the_secret_goes_nowhere_but_to_the_token_endpoint_of_the_right_issuer() {
        run(async {
            let provider = Provider::start();
            provider.set_metadata("issuer", "https://other.test");
            let said = probe(&provider).await;
            assert!(matches!(&said, Probe::CantTell { why } if why.contains("names issuer")), "{said:?}");
            let provider = Provider::start();
            provider.set_metadata("token_endpoint", "http://169.254.169.254/token");
            assert!(matches!(probe(&provider).await, Probe::CantTell { .. }));
            assert_eq!(provider.count("/token"), 0);

            let elsewhere = Provider::start();
            let provider = Provider::start();
            let headers = format!("Location: {}\r\n", elsewhere.address("/token"));
            provider.set_whole("/token", 307, &headers, Vec::new(), Duration::ZERO);
            assert!(matches!(probe(&provider).await, Probe::CantTell { .. }));
            assert_eq!(elsewhere.requests().len(), 0, "a redirect is not followed");

            let closed = Upstream::new(&Options::default()).unwrap();
            let said = closed.probe(&provider.party(), &secret(), NOW).await;
            assert!(matches!(said, Probe::CantTell { .. }));
            assert_eq!(provider.count(METADATA), 1, "the guard let nothing out");
        });
    }

    #[test]
    fn a_provider_that_is_down_is_not_asked_again_and_again() {
        run(async {
            let provider = Provider::start();
            provider.set("/token", 503, "");
            let upstream = local_upstream();
            for _ in 0..10 {
                let said = upstream.probe(&provider.party(), &secret(), NOW).await;
                assert!(
                    matches!(&said, Probe::CantTell { why } if why.contains("not reachable")),
                    "{said:?}"
                );
            }
            assert_eq!(provider.count("/token"), 5);
            provider.set_whole("/token", 200, "", b"{}".to_vec(), Duration::from_secs(5));
            let said = local_upstream().probe(&provider.party(), &secret(), NOW).await;
            assert!(matches!(&said, Probe::CantTell { why } if why.contains("in time")), "{said:?}");
        });
    }

    #[test]
    fn every_outcome_becomes_a_check_with_its_remedy() {
        let check = |probe: Probe| Check::from(probe);
        assert!(check(Probe::Accepted).ok);
        let table = [
            (check(Probe::Rejected), "idp_client_rejected"),
            (check(Probe::cant_tell("it is not reachable")), "cannot_tell"),
            (Check::without_secret(), "client_secret_needed"),
        ];
        for (check, code) in table {
            assert_eq!((check.name, check.ok, check.code), ("client_credentials", false, Some(code)));
            assert!(check.remedy.is_some() && check.message.ends_with('.'), "{check:?}");
        }
    }
}
