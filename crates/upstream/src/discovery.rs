//! The provider's metadata (Discovery 1.0 §3): what we need of it, every address vetted.

use serde::Deserialize;
use url::form_urlencoded;
use vocabulary::Issuer;

use crate::algorithm::Algorithm;
use crate::outbound::{Guard, Vetted};
use crate::trouble::{Endpoint, Remark, Trouble};

/// The metadata document as it is written. Fields that we do not use may hold anything.
#[derive(Deserialize)]
pub(crate) struct Document {
    pub(crate) issuer: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    jwks_uri: Option<String>,
    end_session_endpoint: Option<String>,
    pub(crate) response_types_supported: Option<Vec<String>>,
    pub(crate) scopes_supported: Option<Vec<String>>,
    pub(crate) token_endpoint_auth_methods_supported: Option<Vec<String>>,
    pub(crate) id_token_signing_alg_values_supported: Option<Vec<String>>,
    pub(crate) code_challenge_methods_supported: Option<Vec<String>>,
    authorization_response_iss_parameter_supported: Option<bool>,
}

/// What a sign-in needs to know of a provider.
#[derive(Debug)]
pub(crate) struct Metadata {
    /// The authorization endpoint, ready to take parameters: it ends in `?` or `&`.
    pub(crate) authorization: String,
    pub(crate) token: Vetted,
    pub(crate) keys: Vetted,
    pub(crate) userinfo: Option<Vetted>,
    /// What ID tokens may be signed with: what the provider announces and we believe.
    pub(crate) algorithms: Vec<Algorithm>,
    /// Whether authorization responses must carry `iss` (RFC 9207 §3).
    pub(crate) names_itself: bool,
}

impl Metadata {
    /// Reads a document that must be this issuer's.
    pub(crate) fn read(document: &Document, issuer: &Issuer, guard: &Guard) -> Result<Self, Trouble> {
        if document.issuer != issuer.as_str() {
            return Err(Trouble::IssuerMismatch {
                expected: Remark::new(issuer.as_str()),
                got: Remark::new(&document.issuer),
            });
        }
        Self::of(document, guard)
    }

    /// Reads a document, whoever's it is.
    pub(crate) fn of(document: &Document, guard: &Guard) -> Result<Self, Trouble> {
        let required = |name: &str, field: &Option<String>| match field {
            Some(address) => guard.vet(address),
            None => Err(Trouble::protocol(Endpoint::Metadata, &format!("{name} is missing"))),
        };
        let optional =
            |field: &Option<String>| field.as_deref().map(|address| guard.vet(address)).transpose();
        let algorithms = document.algorithms();
        if algorithms.is_empty() {
            return Err(Trouble::protocol(Endpoint::Metadata, "no algorithm for ID tokens that we believe"));
        }
        optional(&document.end_session_endpoint)?;
        Ok(Self {
            authorization: extendable(&required("authorization_endpoint", &document.authorization_endpoint)?),
            token: required("token_endpoint", &document.token_endpoint)?,
            keys: required("jwks_uri", &document.jwks_uri)?,
            userinfo: optional(&document.userinfo_endpoint)?,
            algorithms,
            names_itself: document.authorization_response_iss_parameter_supported == Some(true),
        })
    }
}

impl Document {
    /// What ID tokens may be signed with; RS256 when nothing is announced (Core §2 demands it of everyone).
    pub(crate) fn algorithms(&self) -> Vec<Algorithm> {
        match &self.id_token_signing_alg_values_supported {
            Some(names) => names.iter().filter_map(|name| Algorithm::parse(name)).collect(),
            None => vec![Algorithm::Rs256],
        }
    }
}

/// Parameters that stand in the endpoint already are kept (RFC 6749 §3.1), except those we send ourselves:
/// none may come twice.
fn extendable(address: &Vetted) -> String {
    let mut url = address.url().clone();
    let ours = |name: &str| crate::authorization::PARAMETERS.contains(&name);
    let kept: Vec<_> = address.url().query_pairs().filter(|(name, _)| !ours(name)).collect();
    if kept.is_empty() {
        url.set_query(None);
        return format!("{url}?");
    }
    url.set_query(Some(&form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()));
    format!("{url}&")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::options::Options;
    use crate::outbound::ForbiddenAddress;

    fn document() -> Value {
        json!({
            "issuer": "https://acme.okta.test",
            "authorization_endpoint": "https://acme.okta.test/authorize",
            "token_endpoint": "https://acme.okta.test/token",
            "userinfo_endpoint": "https://acme.okta.test/userinfo",
            "jwks_uri": "https://acme.okta.test/keys",
            "registration_endpoint": 7,
        })
    }

    fn read(document: Value) -> Result<Metadata, Trouble> {
        let issuer = Issuer::parse("https://acme.okta.test").unwrap();
        let document: Document = serde_json::from_value(document).unwrap();
        Metadata::read(&document, &issuer, &Guard::new(&Options::default()))
    }

    #[test]
    fn the_issuer_must_be_equal_byte_for_byte() {
        assert!(read(document()).is_ok());
        for other in ["https://acme.okta.test/", "https://ACME.okta.test", "http://acme.okta.test", ""] {
            let mut changed = document();
            changed["issuer"] = json!(other);
            assert!(matches!(read(changed), Err(Trouble::IssuerMismatch { .. })), "{other}");
        }
    }

    #[test]
    fn every_address_is_vetted() {
        for field in [
            "authorization_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
            "end_session_endpoint",
        ] {
            for (address, rule) in [
                ("http://acme.okta.test/x", ForbiddenAddress::NotHttps),
                ("https://169.254.169.254/x", ForbiddenAddress::Network),
                ("https://u@acme.okta.test/x", ForbiddenAddress::UserInfo),
                ("https://acme.okta.test/x#y", ForbiddenAddress::Fragment),
                ("javascript:alert(1)", ForbiddenAddress::NotAnAddress),
            ] {
                let mut changed = document();
                changed[field] = json!(address);
                let trouble = read(changed).unwrap_err();
                assert!(
                    matches!(&trouble, Trouble::Forbidden { why, .. } if *why == rule),
                    "{field} {trouble}"
                );
            }
        }
    }

    #[test]
    fn missing_doors_and_unbelieved_algorithms_are_named() {
        for field in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
            let mut changed = document();
            changed.as_object_mut().unwrap().remove(field);
            assert!(read(changed).unwrap_err().detail().contains(field));
        }
        let mut symmetric = document();
        symmetric["id_token_signing_alg_values_supported"] = json!(["HS256", "none"]);
        assert!(matches!(read(symmetric), Err(Trouble::Protocol { .. })));
    }

    #[test]
    fn parameters_of_the_endpoint_are_kept_unless_they_are_ours() {
        for (endpoint, expected) in [
            ("https://a.test/x", "https://a.test/x?"),
            ("https://a.test/x?", "https://a.test/x?"),
            ("https://a.test/x?p=a%26b", "https://a.test/x?p=a%26b&"),
            ("https://a.test/x?state=evil&p=1", "https://a.test/x?p=1&"),
        ] {
            let mut changed = document();
            changed["authorization_endpoint"] = json!(endpoint);
            assert_eq!(read(changed).unwrap().authorization, expected);
        }
    }
}
