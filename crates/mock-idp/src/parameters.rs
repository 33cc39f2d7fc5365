//! Parameters of a query or a form, where none may stand twice (RFC 6749 §3.1).

use url::form_urlencoded;

pub(crate) struct Parameters(Vec<(String, String)>);

/// A parameter that stands there more than once.
pub(crate) struct Doubled(pub(crate) &'static str);

impl Parameters {
    pub(crate) fn parse(text: &str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// The value, or nothing when it is missing or empty (RFC 6749 §3.1: without a value means omitted).
    pub(crate) fn one(&self, name: &'static str) -> Result<Option<&str>, Doubled> {
        let mut values = self.0.iter().filter(|(key, _)| key == name);
        let first = values.next().map(|(_, value)| value.as_str());
        if values.next().is_some() {
            return Err(Doubled(name));
        }
        Ok(first.filter(|value| !value.is_empty()))
    }
}

/// `address` with these parameters added to its query.
pub(crate) fn with_parameters(address: &str, parameters: &[(&str, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    if query.is_empty() {
        return address.to_owned();
    }
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{query}")
}
