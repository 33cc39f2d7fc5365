//! What comes back from the identity provider (OpenID Connect Core §3.1.2.5 and §3.1.2.6).

use std::net::IpAddr;

use teams::CallbackPath;

/// The answer to an authorization request.
#[derive(Clone)]
pub enum Callback {
    /// A code to exchange.
    Granted {
        /// The code.
        code: String,
        /// Our state.
        state: String,
        /// Who says so (RFC 9207).
        iss: Option<String>,
    },
    /// A refusal.
    Refused {
        /// Its `error`.
        error: String,
        /// Its `error_description`; goes into the trace only.
        description: Option<String>,
        /// Our state.
        state: String,
        /// Who says so (RFC 9207).
        iss: Option<String>,
    },
}

/// Why parameters are no answer to a request of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackError {
    /// No `state`, or an empty one.
    StateMissing,
    /// A parameter that stands there twice, or neither code nor error.
    Malformed,
}

impl Callback {
    /// Reads the query's parameters. With `code` and `error` together, the error counts.
    pub fn parse(pairs: &[(String, String)]) -> Result<Self, CallbackError> {
        let one = |name: &str| -> Result<Option<String>, CallbackError> {
            let mut found = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
            match (found.next(), found.next()) {
                (_, Some(_)) => Err(CallbackError::Malformed),
                (first, None) => Ok(first.filter(|value| !value.is_empty()).cloned()),
            }
        };
        let state = one("state")?.ok_or(CallbackError::StateMissing)?;
        let iss = one("iss")?;
        match (one("error")?, one("code")?) {
            (Some(error), _) => {
                Ok(Self::Refused { error, description: one("error_description")?, state, iss })
            }
            (None, Some(code)) if is_code(&code) => Ok(Self::Granted { code, state, iss }),
            (None, _) => Err(CallbackError::Malformed),
        }
    }

    pub(crate) fn state(&self) -> &str {
        match self {
            Self::Granted { state, .. } | Self::Refused { state, .. } => state,
        }
    }

    pub(crate) fn iss(&self) -> Option<&str> {
        match self {
            Self::Granted { iss, .. } | Self::Refused { iss, .. } => iss.as_deref(),
        }
    }
}

/// A code is printable ASCII (RFC 6749 appendix A.11). Of other characters some providers' servers fall over, and
/// whoever makes them up could open the breaker for everybody.
fn is_code(text: &str) -> bool {
    text.len() <= 4096 && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// A callback as it arrived.
pub struct Arrival<'a> {
    /// The path it arrived at, which must be the attempt's own.
    pub path: CallbackPath,
    /// What it says.
    pub callback: Callback,
    /// The browser's attempt cookie of a key.
    pub cookie: &'a dyn Fn(&str) -> Option<String>,
    /// From where it came, for counting what is wrong.
    pub address: IpAddr,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(query: &[(&str, &str)]) -> Result<Callback, CallbackError> {
        let pairs: Vec<_> =
            query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Callback::parse(&pairs)
    }

    #[test]
    fn an_answer_is_a_code_or_an_error_never_both() {
        assert!(matches!(parse(&[("code", "c"), ("state", "s")]), Ok(Callback::Granted { .. })));
        assert!(matches!(
            parse(&[("code", "c"), ("error", "e"), ("state", "s")]),
            Ok(Callback::Refused { .. })
        ));
        assert_eq!(parse(&[("code", "c")]).err(), Some(CallbackError::StateMissing));
        assert_eq!(parse(&[("state", "s")]).err(), Some(CallbackError::Malformed));
        assert_eq!(
            parse(&[("state", "s"), ("state", "t"), ("code", "c")]).err(),
            Some(CallbackError::Malformed)
        );
        assert_eq!(
            parse(&[("state", "s"), ("code", "c"), ("code", "d")]).err(),
            Some(CallbackError::Malformed)
        );
        for odd in ["a\0b", "a\nb", "ü"] {
            assert_eq!(parse(&[("state", "s"), ("code", odd)]).err(), Some(CallbackError::Malformed));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_has_one_state_and_one_answer(
            pairs in prop::collection::vec(("(state|code|error|iss|error_description|x)", "\\PC{0,12}"), 0..6)
        ) {
            if let Ok(callback) = Callback::parse(&pairs) {
                prop_assert!(!callback.state().is_empty());
                prop_assert_eq!(pairs.iter().filter(|(key, _)| key == "state").count(), 1);
            }
        }
    }
}
