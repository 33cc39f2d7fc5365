//! Tokens in JWT form, in the JWS compact serialisation (RFC 7515 §3.1): how one is put together and taken apart.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vocabulary::SigningAlgorithm;

/// What a token is, told by its `typ`, so that none passes for another (RFC 8725 §3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenType {
    /// An ID token (`OpenID` Connect Core §2).
    Id,
    /// An access token (RFC 9068 §2.1).
    Access,
    /// A logout token (`OpenID` Connect Back-Channel Logout §2.4).
    Logout,
}

impl TokenType {
    /// The `typ` in the header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "JWT",
            Self::Access => "at+jwt",
            Self::Logout => "logout+jwt",
        }
    }
}

/// The first part of a token. These members, this order, nothing else: a token of ours is known by its very letters,
/// so no header of another's making is ever read.
pub(crate) fn header(algorithm: SigningAlgorithm, token_type: TokenType, kid: &str) -> String {
    let (alg, typ) = (algorithm.as_str(), token_type.as_str());
    URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}","typ":"{typ}","kid":"{kid}"}}"#))
}

/// What is signed: header and payload with a dot between them.
pub(crate) fn signing_input(header: &str, claims: &[u8]) -> String {
    let mut input = String::with_capacity(header.len() + 1 + claims.len().div_ceil(3) * 4 + 350);
    input.push_str(header);
    input.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut input);
    input
}

/// The whole token.
pub(crate) fn signed(mut input: String, signature: &[u8]) -> String {
    input.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut input);
    input
}

/// The parts of a token.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    /// As it stands there.
    pub(crate) header: &'a str,
    /// What was signed.
    pub(crate) input: &'a str,
    /// The claims as JSON.
    pub(crate) claims: Vec<u8>,
    /// The signature.
    pub(crate) signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    /// Longer ones are none of ours.
    const LONGEST: usize = 16 * 1024;

    /// Takes a token apart; none when it is not three parts of base64url.
    pub(crate) fn of(jws: &'a str) -> Option<Self> {
        if jws.len() > Self::LONGEST {
            return None;
        }
        let (input, signature) = jws.rsplit_once('.')?;
        let (header, claims) = input.split_once('.')?;
        Some(Self {
            header,
            input,
            claims: URL_SAFE_NO_PAD.decode(claims).ok()?,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }
}

/// `at_hash` (`OpenID` Connect Core §3.1.3.6): the left half of the access token's SHA-256, which is the hash of both
/// algorithms we sign with. 22 characters of base64url.
#[must_use]
pub fn at_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    let (left, _right) = hash.as_ref().split_at(hash.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_hash_is_that_of_the_specification() {
        // The access token and its hash of OpenID Connect Core, appendix A.3.
        assert_eq!(at_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }

    #[test]
    fn a_token_comes_apart_as_it_was_put_together() {
        let header = header(SigningAlgorithm::Es256, TokenType::Access, "k");
        let token = signed(signing_input(&header, b"{}"), &[1, 2, 3]);
        let parts = Parts::of(&token).unwrap();
        assert_eq!((parts.header, parts.claims.as_slice()), (header.as_str(), b"{}".as_slice()));
        assert_eq!(format!("{}.AQID", parts.input), token);
        for odd in ["", ".", "..", "a.b", "a.!.b", "a.b.c.d", "a.e30.A", "a.e31=.AQID", "a.e30.AQIE="] {
            let found = Parts::of(odd);
            assert!(found.is_none_or(|parts| odd == ".." && parts.signature.is_empty()), "{odd}");
        }
        assert!(Parts::of(&format!("a.{}.b", "A".repeat(Parts::LONGEST))).is_none());
    }
}
