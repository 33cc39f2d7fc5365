//! A signed token in its compact form (RFC 7515 §7.1), taken apart but not yet believed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::algorithm::Algorithm;
use crate::token_fault::TokenFault;

/// No token longer than this is looked at.
const MOST_BYTES: usize = 64 * 1024;

/// Header parameters that would let a token choose its own key or rules. We support none of them.
const REFUSED_PARAMETERS: [&str; 6] = ["crit", "jwk", "jku", "x5u", "zip", "b64"];

/// The kinds of token we take, so that none passes for another (RFC 8725 §3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Most ID tokens have no `typ`.
    Id,
    /// Back-Channel Logout 1.0 §2.4 recommends a `typ`; many providers have none.
    Logout,
    /// A Global Token Revocation request must say what it is.
    Revocation,
}

impl Kind {
    /// Whether a token of this `typ` may be of this kind; case and `application/` say nothing (RFC 7515 §4.1.9).
    fn may_be(self, typ: Option<&str>) -> bool {
        let typ = typ.map(str::to_ascii_lowercase);
        let typ = typ.as_deref().map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
        match self {
            Self::Id => matches!(typ, None | Some("jwt")),
            Self::Logout => matches!(typ, None | Some("jwt" | "logout+jwt")),
            Self::Revocation => typ == Some("global-token-revocation+jwt"),
        }
    }
}

/// The parts of a signed token.
pub(crate) struct Jws<'token> {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<String>,
    /// What is signed: header and payload as they came.
    pub(crate) signed: &'token str,
    pub(crate) signature: Vec<u8>,
    payload: Vec<u8>,
}

impl<'token> Jws<'token> {
    /// Takes a token apart that shall be of this kind.
    pub(crate) fn parse(token: &'token str, kind: Kind) -> Result<Self, TokenFault> {
        if token.len() > MOST_BYTES {
            return Err(TokenFault::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::Shape)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenFault::Shape)?;
        let header: Map<String, Value> = serde_json::from_slice(&decode(header)?).map_err(shape)?;
        if REFUSED_PARAMETERS.iter().any(|name| header.contains_key(*name)) {
            return Err(TokenFault::Header);
        }
        let text = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(TokenFault::Shape),
        };
        if !kind.may_be(text("typ")?) {
            return Err(TokenFault::Type);
        }
        let algorithm = text("alg")?.and_then(Algorithm::parse).ok_or(TokenFault::Algorithm)?;
        Ok(Self {
            algorithm,
            kid: text("kid")?.map(str::to_owned),
            signed,
            signature: decode(signature)?,
            payload: decode(payload)?,
        })
    }

    /// The claims. Ask only once the signature is verified.
    pub(crate) fn claims(&self) -> Result<Map<String, Value>, TokenFault> {
        serde_json::from_slice(&self.payload).map_err(shape)
    }
}

fn decode(part: &str) -> Result<Vec<u8>, TokenFault> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_not_base64| TokenFault::Shape)
}

fn shape(_not_json: serde_json::Error) -> TokenFault {
    TokenFault::Shape
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(header: &str) -> String {
        format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(header))
    }

    fn fault(token: &str) -> Option<TokenFault> {
        Jws::parse(token, Kind::Id).err()
    }

    #[test]
    fn a_header_cannot_choose_its_own_rules() {
        assert_eq!(fault(&token(r#"{"alg":"RS256"}"#)), None);
        assert_eq!(fault(&token(r#"{"alg":"RS256","typ":"jwt","kid":"x","x5t":"y"}"#)), None);
        for (header, why) in [
            (r#"{"alg":"none"}"#, TokenFault::Algorithm),
            (r#"{"alg":"nOnE"}"#, TokenFault::Algorithm),
            (r#"{"alg":"HS256"}"#, TokenFault::Algorithm),
            (r#"{"typ":"JWT"}"#, TokenFault::Algorithm),
            (r#"{"alg":["RS256"]}"#, TokenFault::Shape),
            (r#"{"alg":"RS256","kid":7}"#, TokenFault::Shape),
            (r#"["RS256"]"#, TokenFault::Shape),
            (r#"{"alg":"RS256","typ":"logout+jwt"}"#, TokenFault::Type),
            (r#"{"alg":"RS256","typ":"at+jwt"}"#, TokenFault::Type),
            (r#"{"alg":"RS256","crit":["exp"]}"#, TokenFault::Header),
            (r#"{"alg":"RS256","jwk":{}}"#, TokenFault::Header),
            (r#"{"alg":"RS256","jku":"https://evil.test"}"#, TokenFault::Header),
            (r#"{"alg":"RS256","x5u":null}"#, TokenFault::Header),
            (r#"{"alg":"RS256","zip":"DEF"}"#, TokenFault::Header),
        ] {
            assert_eq!(fault(&token(header)), Some(why), "{header}");
        }
        for shapeless in ["", ".", "..", "a.b", "a.b.c.d.e", "eyJhbGciOiJSUzI1NiJ9.e30=.AA"] {
            assert_eq!(fault(shapeless), Some(TokenFault::Shape), "{shapeless}");
        }
        assert_eq!(fault(&"a".repeat(MOST_BYTES + 1)), Some(TokenFault::TooLong));
    }

    #[test]
    fn no_kind_of_token_passes_for_another() {
        let may_be = |kind: Kind| {
            let types = [None, Some("JWT"), Some("application/jwt"), Some("Logout+JWT"), Some("at+jwt")];
            let types = types.into_iter().chain([Some("application/global-token-revocation+JWT")]);
            types.map(|typ| u8::from(kind.may_be(typ))).collect::<Vec<_>>()
        };
        assert_eq!(may_be(Kind::Id), [1, 1, 1, 0, 0, 0]);
        assert_eq!(may_be(Kind::Logout), [1, 1, 1, 1, 0, 0]);
        assert_eq!(may_be(Kind::Revocation), [0, 0, 0, 0, 0, 1]);
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,200}|[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,40}") {
            if let Ok(jws) = Jws::parse(&text, Kind::Id) {
                prop_assert!(text.starts_with(jws.signed));
            }
        }
    }
}
