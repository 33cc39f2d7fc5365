//! A signed token in its compact form (RFC 7515 §7.1), taken apart but not yet believed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::algorithm::Algorithm;
use crate::id_token::IdTokenFault;

/// No token longer than this is looked at.
const MOST_BYTES: usize = 64 * 1024;

/// Header parameters that would let a token choose its own key or rules. We support none of them.
const REFUSED_PARAMETERS: [&str; 6] = ["crit", "jwk", "jku", "x5u", "zip", "b64"];

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
    /// Takes a token apart. `typ`, when there is one, must be among `types` (compared without case).
    pub(crate) fn parse(token: &'token str, types: &[&str]) -> Result<Self, IdTokenFault> {
        if token.len() > MOST_BYTES {
            return Err(IdTokenFault::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(IdTokenFault::Shape)?;
        let (header, payload) = signed.split_once('.').ok_or(IdTokenFault::Shape)?;
        let header: Map<String, Value> = serde_json::from_slice(&decode(header)?).map_err(shape)?;
        if REFUSED_PARAMETERS.iter().any(|name| header.contains_key(*name)) {
            return Err(IdTokenFault::Header);
        }
        let text = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(IdTokenFault::Shape),
        };
        let right_type = |typ: &str| types.iter().any(|right| right.eq_ignore_ascii_case(typ));
        if !text("typ")?.is_none_or(right_type) {
            return Err(IdTokenFault::Type);
        }
        let algorithm = text("alg")?.and_then(Algorithm::parse).ok_or(IdTokenFault::Algorithm)?;
        Ok(Self {
            algorithm,
            kid: text("kid")?.map(str::to_owned),
            signed,
            signature: decode(signature)?,
            payload: decode(payload)?,
        })
    }

    /// The claims. Ask only once the signature is verified.
    pub(crate) fn claims(&self) -> Result<Map<String, Value>, IdTokenFault> {
        serde_json::from_slice(&self.payload).map_err(shape)
    }
}

fn decode(part: &str) -> Result<Vec<u8>, IdTokenFault> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_not_base64| IdTokenFault::Shape)
}

fn shape(_not_json: serde_json::Error) -> IdTokenFault {
    IdTokenFault::Shape
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(header: &str) -> String {
        format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(header))
    }

    fn fault(token: &str) -> Option<IdTokenFault> {
        Jws::parse(token, &["JWT"]).err()
    }

    #[test]
    fn a_header_cannot_choose_its_own_rules() {
        assert_eq!(fault(&token(r#"{"alg":"RS256"}"#)), None);
        assert_eq!(fault(&token(r#"{"alg":"RS256","typ":"jwt","kid":"x","x5t":"y"}"#)), None);
        for (header, why) in [
            (r#"{"alg":"none"}"#, IdTokenFault::Algorithm),
            (r#"{"alg":"nOnE"}"#, IdTokenFault::Algorithm),
            (r#"{"alg":"HS256"}"#, IdTokenFault::Algorithm),
            (r#"{"typ":"JWT"}"#, IdTokenFault::Algorithm),
            (r#"{"alg":["RS256"]}"#, IdTokenFault::Shape),
            (r#"{"alg":"RS256","kid":7}"#, IdTokenFault::Shape),
            (r#"["RS256"]"#, IdTokenFault::Shape),
            (r#"{"alg":"RS256","typ":"logout+jwt"}"#, IdTokenFault::Type),
            (r#"{"alg":"RS256","typ":"at+jwt"}"#, IdTokenFault::Type),
            (r#"{"alg":"RS256","crit":["exp"]}"#, IdTokenFault::Header),
            (r#"{"alg":"RS256","jwk":{}}"#, IdTokenFault::Header),
            (r#"{"alg":"RS256","jku":"https://evil.test"}"#, IdTokenFault::Header),
            (r#"{"alg":"RS256","x5u":null}"#, IdTokenFault::Header),
            (r#"{"alg":"RS256","zip":"DEF"}"#, IdTokenFault::Header),
        ] {
            assert_eq!(fault(&token(header)), Some(why), "{header}");
        }
        for shapeless in ["", ".", "..", "a.b", "a.b.c.d.e", "eyJhbGciOiJSUzI1NiJ9.e30=.AA"] {
            assert_eq!(fault(shapeless), Some(IdTokenFault::Shape), "{shapeless}");
        }
        assert_eq!(fault(&"a".repeat(MOST_BYTES + 1)), Some(IdTokenFault::TooLong));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,200}|[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,40}") {
            if let Ok(jws) = Jws::parse(&text, &["JWT"]) {
                prop_assert!(text.starts_with(jws.signed));
            }
        }
    }
}
