//! The provider's metadata (Discovery 1.0 §3): what we need of it, every address vetted.

use serde::Deserialize;
use url::form_urlencoded;
use vocabulary::Issuer;

use crate::algorithm::Algorithm;
use crate::outbound::{Guard, Vetted};
use crate::party::RelyingParty;
use crate::trouble::{Endpoint, Remark, Trouble};
use crate::{authorization, end_session};

/// The metadata document as it is written. Fields that we do not use may hold anything.
#[derive(Deserialize)]
pub(crate) struct Document {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: Option<String>,
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

/// How a provider names itself in its tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokensOf {
    /// Their `iss`, byte for byte.
    pub(crate) iss: String,
    /// Their `tid` too, where the issuer is shared by many tenants.
    pub(crate) tid: Option<String>,
}

/// What a sign-in needs to know of a provider.
#[derive(Debug)]
pub(crate) struct Metadata {
    /// The authorization endpoint, ready to take parameters: it ends in `?` or `&`.
    pub(crate) authorization: String,
    pub(crate) token: Vetted,
    pub(crate) keys: Vetted,
    pub(crate) userinfo: Option<Vetted>,
    /// Where people sign out there, ready to take parameters.
    pub(crate) end_session: Option<String>,
    /// Whose tokens are ours to take.
    pub(crate) tokens_of: TokensOf,
    /// What ID tokens may be signed with: what the provider announces and we believe.
    pub(crate) algorithms: Vec<Algorithm>,
    /// Whether authorization responses must carry `iss` (RFC 9207 §3).
    pub(crate) names_itself: bool,
}

impl Metadata {
    /// Reads a document that must be this party's provider's.
    pub(crate) fn read(document: &Document, party: &RelyingParty, guard: &Guard) -> Result<Self, Trouble> {
        let Some(tokens_of) = document.tokens_of(party) else {
            return Err(Trouble::IssuerMismatch {
                expected: Remark::new(party.issuer.as_str()),
                got: Remark::new(&document.issuer),
            });
        };
        Self::of(document, tokens_of, guard)
    }

    /// Reads a document, whoever's it is.
    pub(crate) fn of(document: &Document, tokens_of: TokensOf, guard: &Guard) -> Result<Self, Trouble> {
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
        let authorization = required("authorization_endpoint", &document.authorization_endpoint)?;
        let end_session = optional(&document.end_session_endpoint)?;
        Ok(Self {
            authorization: extendable(&authorization, &authorization::PARAMETERS),
            end_session: end_session.map(|address| extendable(&address, &end_session::PARAMETERS)),
            tokens_of,
            token: required("token_endpoint", &document.token_endpoint)?,
            keys: required("jwks_uri", &document.jwks_uri)?,
            userinfo: optional(&document.userinfo_endpoint)?,
            algorithms,
            names_itself: document.authorization_response_iss_parameter_supported == Some(true),
        })
    }
}

/// What an issuer shared by many tenants has in place of the tenant's id (Entra).
const PLACEHOLDER: &str = "{tenantid}";

impl Document {
    /// How tokens from here name their issuer, if this is the document of the party's: by its very name, or, for
    /// an issuer shared by many tenants, by the name of the one tenant that the party is for.
    pub(crate) fn tokens_of(&self, party: &RelyingParty) -> Option<TokensOf> {
        if self.issuer == party.issuer.as_str() {
            return Some(TokensOf { iss: self.issuer.clone(), tid: None });
        }
        let tenant = party.tenant.clone().filter(|_| self.is_template_of(&party.issuer))?;
        Some(TokensOf { iss: self.issuer.replace(PLACEHOLDER, &tenant), tid: Some(tenant) })
    }

    /// Whether this is `https://…/{tenantid}/…` to an issuer `https://…/common/…` or `https://…/organizations/…`.
    pub(crate) fn is_template_of(&self, issuer: &Issuer) -> bool {
        let Some((before, after)) = self.issuer.split_once(PLACEHOLDER) else {
            return false;
        };
        let is_whole_segment = before.ends_with('/') && (after.is_empty() || after.starts_with('/'));
        let stands_for = issuer.as_str().strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        is_whole_segment && matches!(stands_for, Some("common" | "organizations"))
    }

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
fn extendable(address: &Vetted, ours: &[&str]) -> String {
    let mut url = address.url().clone();
    let ours = |name: &str| ours.contains(&name);
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
    use crate::testing::party;

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
        let document: Document = serde_json::from_value(document).unwrap();
        Metadata::read(&document, &party("https://acme.okta.test"), &Guard::new(&Options::default()))
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
