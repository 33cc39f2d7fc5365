//! The checks of a connection, each with a plain sentence and a remedy. They go past the cache, stop where
//! nothing more can be known, and tell no more about a host than that it does not answer.

use serde::Serialize;
use vocabulary::ClientAuth;

use crate::discovery::{Document, Metadata};
use crate::outbound::Answer;
use crate::party::RelyingParty;
use crate::trouble::{Endpoint, Remark, Trouble};
use crate::upstream::Upstream;

/// One check and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Which check: `address`, `metadata`, `issuer`, `endpoints`, `response_type`, `scope`, `client_auth`,
    /// `signing_alg`, `keys` or `pkce`.
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
    fn passed(name: &'static str, message: &str) -> Self {
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

    fn failed(name: &'static str, code: &'static str, message: &str, remedy: &str) -> Self {
        Self {
            ok: false,
            code: Some(code),
            remedy: Some(remedy.to_owned()),
            ..Self::passed(name, message)
        }
    }

    /// The differing parts of `expected` and `got`, where both are there.
    #[must_use]
    pub fn difference(&self) -> Option<Difference<'_>> {
        Some(Difference::between(self.expected.as_deref()?, self.got.as_deref()?))
    }
}

/// Two texts, cut where they differ: `before` + `expected` + `after` against `before` + `got` + `after`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference<'a> {
    /// What both begin with.
    pub before: &'a str,
    /// What only the first has in the middle.
    pub expected: &'a str,
    /// What only the second has in the middle.
    pub got: &'a str,
    /// What both end with.
    pub after: &'a str,
}

impl<'a> Difference<'a> {
    /// Finds the longest common beginning, then the longest common end of the rest.
    #[must_use]
    pub fn between(expected: &'a str, got: &'a str) -> Self {
        let same = |(a, b): &(char, char)| a == b;
        let length = |(c, _): (char, char)| c.len_utf8();
        let start: usize = expected.chars().zip(got.chars()).take_while(same).map(length).sum();
        let (before, expected) = expected.split_at(start);
        let (_, got) = got.split_at(start);
        let end: usize = expected.chars().rev().zip(got.chars().rev()).take_while(same).map(length).sum();
        let (expected, after) = expected.split_at(expected.len() - end);
        let (got, _) = got.split_at(got.len() - end);
        Self { before, expected, got, after }
    }

    /// The first text with its differing part in brackets: `https://acme.okta.com[/]`.
    #[must_use]
    pub fn marked_expected(&self) -> String {
        format!("{}[{}]{}", self.before, self.expected, self.after)
    }

    /// The second text, marked the same way.
    #[must_use]
    pub fn marked_got(&self) -> String {
        format!("{}[{}]{}", self.before, self.got, self.after)
    }
}

impl Upstream {
    /// Runs every check of a connection that needs no person: at most two requests go out.
    pub async fn check(&self, party: &RelyingParty) -> Vec<Check> {
        let document = match self.fetch_document(party).await {
            Ok(document) => document,
            Err(trouble) => return unreadable(&trouble),
        };
        let mut checks = vec![
            Check::passed("address", "The issuer's address may be spoken to."),
            Check::passed("metadata", "The metadata answers and reads."),
            issuer(&document, party),
        ];
        checks.extend(announcements(&document, party));
        // Whose keys these are is the issuer check's affair; here they are read wherever the document points.
        let own = document.issuer.parse_as_own(party);
        match Metadata::read(&document, &own, &self.outbound().guard) {
            Ok(metadata) => {
                checks.push(Check::passed("endpoints", "Every address in the metadata may be spoken to."));
                checks.push(self.keys_check(&metadata).await);
            }
            Err(trouble) if checks.iter().all(|check| check.name != "signing_alg" || check.ok) => {
                checks.push(endpoints_failed(&trouble));
            }
            Err(_told_by_signing_alg) => {}
        }
        checks
    }

    async fn fetch_document(&self, party: &RelyingParty) -> Result<Document, Trouble> {
        let address = self.outbound().guard.vet(&party.issuer.metadata_address())?;
        self.outbound().get(Endpoint::Metadata, &address).await.and_then(Answer::ok)?.json()
    }

    async fn keys_check(&self, metadata: &Metadata) -> Check {
        match self.fetch_keys(&metadata.keys).await {
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
