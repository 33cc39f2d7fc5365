//! The checks of a connection, each with a plain sentence and a remedy. They go past the cache, stop where
//! nothing more can be known, and tell no more about a host than that it does not answer.

use serde::Serialize;
use vocabulary::ClientAuth;

use crate::difference::Difference;
use crate::discovery::{Document, Metadata, TokensOf};
use crate::fetching::Documents;
use crate::party::RelyingParty;
use crate::trouble::{Endpoint, Remark, Trouble};
use crate::upstream::Upstream;

/// One check and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Which check: `address`, `metadata`, `issuer`, `endpoints`, `response_type`, `scope`, `client_auth`,
    /// `signing_alg`, `keys` or `pkce`; of a probe `client_credentials`.
    pub name: &'static str,
    /// Whether it passed.
    pub ok: bool,
    /// A stable code where it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// What was found, a sentence.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// What the connection says, where it was compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What the provider says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub got: Option<String>,
}

impl Check {
    pub(crate) fn passed(name: &'static str, message: &str) -> Self {
        Self {
            name,
            ok: true,
            code: None,
            message: message.to_owned(),
            remedy: None,
            expected: None,
            got: None,
        }
    }

    pub(crate) fn failed(name: &'static str, code: &'static str, message: &str, remedy: &str) -> Self {
        Self { ok: false, code: Some(code), remedy: Some(remedy.to_owned()), ..Self::passed(name, message) }
    }

    /// The differing parts of `expected` and `got`, where both are there.
    #[must_use]
    pub fn difference(&self) -> Option<Difference<'_>> {
        Some(Difference::between(self.expected.as_deref()?, self.got.as_deref()?))
    }
}

impl Upstream {
    /// Runs every check of a connection that needs no person: at most three requests go out. Where there is
    /// metadata for our client alone, it is the one that is checked: what it says will stand in ID tokens.
    pub async fn check(&self, party: &RelyingParty) -> Vec<Check> {
        let document = match self.fetch_documents(party).await {
            Ok(Documents { plain, for_client }) => for_client.unwrap_or(plain).value,
            Err(trouble) => return unreadable(&trouble),
        };
        let mut checks = vec![
            Check::passed("address", "The issuer's address may be spoken to."),
            Check::passed("metadata", "The metadata answers and reads."),
            issuer(&document, party),
        ];
        checks.extend(announcements(&document, party));
        match Metadata::of(&document, TokensOf::default(), &self.outbound().guard) {
            Ok(metadata) => {
                checks.push(Check::passed("endpoints", "Every address in the metadata may be spoken to."));
                checks.push(self.keys_check(&metadata).await);
            }
            Err(trouble) => checks.push(endpoints_failed(&trouble)),
        }
        checks
    }

    async fn keys_check(&self, metadata: &Metadata) -> Check {
        match self.fetch_keys_at_once(&metadata.keys).await {
            Ok(keys) => {
                let count = keys.value.len();
                Check::passed("keys", &format!("{count} usable signing key(s)."))
            }
            Err(trouble) => Check::failed(
                "keys",
                code_of(&trouble),
                &format!("No usable signing key: {}.", general(&trouble)),
                "The provider must publish RSA keys of at least 2048 bits, P-256, P-384 or Ed25519 keys at its jwks_uri.",
            ),
        }
    }
}

/// Without metadata nothing else can be known.
fn unreadable(trouble: &Trouble) -> Vec<Check> {
    if let Trouble::Forbidden { address, why } = trouble {
        let message = format!("The issuer cannot be used: {why}.");
        let remedy = "Use the provider's public https:// address, or ask the operator to allow its network.";
        let mut check = Check::failed("address", code_of(trouble), &message, remedy);
        check.got = Some(address.to_string());
        return vec![check];
    }
    let message = format!("The metadata cannot be read: {}.", general(trouble));
    let remedy = "Check the issuer for typing errors; its metadata must answer 200 with JSON under 256 KiB.";
    vec![
        Check::passed("address", "The issuer's address may be spoken to."),
        Check::failed("metadata", code_of(trouble), &message, remedy),
    ]
}

fn issuer(document: &Document, party: &RelyingParty) -> Check {
    let passed = document.tokens_of(party).map(|tokens_of| match tokens_of.tid {
        None => Check::passed("issuer", "The metadata names exactly this issuer."),
        Some(_) => Check::passed("issuer", "The issuer is shared; only the required tenant is let in."),
    });
    if let Some(passed) = passed {
        return passed;
    }
    let mut check = if document.is_template_of(&party.issuer) {
        Check::failed(
            "issuer",
            "issuer_mismatch",
            "The issuer is shared by many organisations, and none is required.",
            "Use the organisation's own issuer, with its tenant id in the place of common, or require its tid.",
        )
    } else {
        Check::failed(
            "issuer",
            "issuer_mismatch",
            "The metadata names another issuer.",
            "Use what the provider says, byte for byte.",
        )
    };
    check.expected = Some(party.issuer.as_str().to_owned());
    check.got = Some(Remark::new(&document.issuer).to_string());
    check
}

/// What the metadata announces, against what we need. A list that is missing says nothing either way.
fn announcements(document: &Document, party: &RelyingParty) -> [Check; 5] {
    let offers = |list: &Option<Vec<String>>, word: &str| {
        list.as_ref().is_none_or(|words| words.iter().any(|offered| offered == word))
    };
    let method = match party.client_auth {
        ClientAuth::Basic => "client_secret_basic",
        ClientAuth::Post => "client_secret_post",
    };
    // Missing means client_secret_basic here (Discovery §3), but providers that leave it out take both.
    let methods = &document.token_endpoint_auth_methods_supported;
    [
        announced(
            offers(&document.response_types_supported, "code"),
            ("response_type", "response_type_unsupported"),
            "the authorization code flow (response type code)",
            "Switch the authorization code grant on for this app at the provider.",
        ),
        announced(
            offers(&document.scopes_supported, "openid"),
            ("scope", "scope_unsupported"),
            "the scope openid",
            "Use an OpenID Connect app, not a plain OAuth one.",
        ),
        announced(
            offers(methods, method),
            ("client_auth", "client_auth_unsupported"),
            method,
            "Choose the other way of client authentication (basic or post) in the connection's settings.",
        ),
        announced(
            !document.algorithms().is_empty(),
            ("signing_alg", "signing_alg_unsupported"),
            "an asymmetric signature for ID tokens",
            "Sign ID tokens with RS256, or with another of RS, PS, ES256, ES384 and EdDSA.",
        ),
        announced(
            offers(&document.code_challenge_methods_supported, "S256"),
            ("pkce", "pkce_unsupported"),
            "PKCE with S256",
            "Allow PKCE with S256 for this app at the provider.",
        ),
    ]
}

fn announced(ok: bool, (name, code): (&'static str, &'static str), what: &str, remedy: &str) -> Check {
    if ok {
        Check::passed(name, &format!("The provider offers {what}."))
    } else {
        Check::failed(name, code, &format!("The provider does not offer {what}."), remedy)
    }
}

fn endpoints_failed(trouble: &Trouble) -> Check {
    let message = if let Trouble::Forbidden { address, why } = trouble {
        format!("An address in the metadata {why}: {address}")
    } else {
        format!("The metadata cannot be used: {}.", general(trouble))
    };
    let remedy =
        "The provider's metadata must name https addresses of public hosts, without user info and fragment.";
    Check::failed("endpoints", code_of(trouble), &message, remedy)
}

/// What the person behind the button may know: whether a host of theirs answers, not how it refuses.
pub(crate) fn general(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Unreachable { .. } => "it is not reachable".to_owned(),
        Trouble::TimedOut { .. } => "it did not answer in time".to_owned(),
        Trouble::Protocol { detail, .. } => detail.to_string(),
        Trouble::Forbidden { why, .. } => why.to_string(),
        Trouble::CodeRejected { .. }
        | Trouble::ClientRejected { .. }
        | Trouble::IssuerMismatch { .. }
        | Trouble::ResponseIssuerMismatch { .. }
        | Trouble::IdTokenInvalid { .. }
        | Trouble::UserInfoSubjectMismatch
        | Trouble::Busy { .. } => trouble.detail(),
    }
}

fn code_of(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Forbidden { .. } => "issuer_forbidden_network",
        Trouble::Unreachable { .. } | Trouble::TimedOut { .. } => "issuer_unreachable",
        Trouble::IssuerMismatch { .. } => "issuer_mismatch",
        Trouble::Protocol { at: Endpoint::Keys, .. } => "keys_unusable",
        Trouble::Protocol { .. }
        | Trouble::CodeRejected { .. }
        | Trouble::ClientRejected { .. }
        | Trouble::ResponseIssuerMismatch { .. }
        | Trouble::IdTokenInvalid { .. }
        | Trouble::UserInfoSubjectMismatch
        | Trouble::Busy { .. } => "idp_protocol",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::options::Options;
    use crate::testing::{Provider, local_upstream, party, run};

    fn failed(checks: &[Check]) -> Vec<(&'static str, &'static str)> {
        checks.iter().filter_map(|check| Some((check.name, check.code?))).collect()
    }

    #[test]
    fn a_right_provider_passes_every_check() {
        run(async {
            let provider = Provider::start();
            let checks = local_upstream().check(&provider.party()).await;
            assert_eq!(failed(&checks), []);
            assert_eq!(checks.len(), 10);
            assert_eq!(provider.requests().len(), 2);
        });
    }

    #[test]
    fn each_fault_of_a_provider_is_told_apart() {
        let table = [
            ("issuer", json!("https://other.test"), ("issuer", "issuer_mismatch")),
            ("response_types_supported", json!(["id_token"]), ("response_type", "response_type_unsupported")),
            ("scopes_supported", json!(["profile"]), ("scope", "scope_unsupported")),
            (
                "token_endpoint_auth_methods_supported",
                json!(["client_secret_post"]),
                ("client_auth", "client_auth_unsupported"),
            ),
            ("code_challenge_methods_supported", json!(["plain"]), ("pkce", "pkce_unsupported")),
            ("token_endpoint", json!("http://169.254.169.254/"), ("endpoints", "issuer_forbidden_network")),
            ("scopes_supported", json!("openid"), ("metadata", "idp_protocol")),
        ];
        run(async {
            for (field, value, expected) in table {
                let provider = Provider::start();
                provider.set_metadata(field, &value);
                let checks = local_upstream().check(&provider.party()).await;
                assert_eq!(failed(&checks), [expected], "{field}");
                assert!(checks.iter().all(|check| check.ok || check.remedy.is_some()));
            }
            let provider = Provider::start();
            provider.set("/keys", 200, &json!({"keys": []}).to_string());
            let checks = local_upstream().check(&provider.party()).await;
            assert_eq!(failed(&checks), [("keys", "keys_unusable")]);
        });
    }

    #[test]
    fn an_issuer_in_a_closed_network_or_down_is_said_so() {
        run(async {
            let closed = Upstream::new(&Options::default()).unwrap();
            let checks = closed.check(&party("https://127.0.0.1:1")).await;
            assert_eq!(failed(&checks), [("address", "issuer_forbidden_network")]);
            let by_name = closed.check(&party("https://localhost:1")).await;
            assert_eq!(failed(&by_name), [("address", "issuer_forbidden_network")]);
            let down = local_upstream().check(&party("http://127.0.0.1:1")).await;
            assert_eq!(failed(&down), [("metadata", "issuer_unreachable")]);
        });
    }
}
