//! Parameters of a query or form, each at most once (RFC 6749 §3.1, §3.2).

/// A parameter that is there twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doubled;

/// The value of a parameter; one without a value counts as left out.
pub(crate) fn one<'a>(pairs: &'a [(String, String)], name: &str) -> Result<Option<&'a str>, Doubled> {
    let mut found = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let first = found.next();
    if found.next().is_some() {
        return Err(Doubled);
    }
    Ok(first.filter(|value| !value.is_empty()))
}
