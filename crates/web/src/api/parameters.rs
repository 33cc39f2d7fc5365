//! The query of a request to the API, read strictly: a parameter that is misspelled or said twice is refused
//! instead of passed over.

use actix_web::HttpRequest;

use crate::api::problem::Fault;
use crate::request::{first, query};

/// The parameters of a query.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the query of an address that knows these parameters.
    pub(crate) fn of(request: &HttpRequest, known: &[&str]) -> Result<Self, Fault> {
        Self::among(query(request), known)
    }

    fn among(pairs: Vec<(String, String)>, known: &[&str]) -> Result<Self, Fault> {
        for (n, (name, _)) in pairs.iter().enumerate() {
            let name: String = name.chars().take(40).collect();
            if !known.contains(&name.as_str()) {
                let known = known.join(", ");
                return Err(Fault::Parameter(format!(
                    "There is no parameter “{name}” here; there are: {known}."
                )));
            }
            if pairs.iter().take(n).any(|(earlier, _)| *earlier == name) {
                return Err(Fault::Parameter(format!("{name} is said twice.")));
            }
        }
        Ok(Self(pairs))
    }

    /// Whether a parameter was said, be it empty.
    pub(crate) fn has(&self, name: &str) -> bool {
        first(&self.0, name).is_some()
    }

    /// The value of a parameter, read by `read`; none when it is missing or empty.
    pub(crate) fn get<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        match first(&self.0, name) {
            None | Some("") => Ok(None),
            Some(text) => match read(text) {
                Some(value) => Ok(Some(value)),
                None => Err(Fault::Parameter(format!("{name} must be {expected}."))),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(pairs: &[(&str, &str)]) -> Result<Parameters, Fault> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Parameters::among(pairs, &["limit", "after"])
    }

    #[test]
    fn a_parameter_is_known_said_once_and_readable() {
        let number = |pairs: &[(&str, &str)]| {
            parameters(pairs)?.get("limit", "a number", |text| text.parse::<u16>().ok())
        };
        assert_eq!(number(&[("limit", "5"), ("after", "x")]).unwrap(), Some(5));
        assert_eq!(number(&[("limit", "")]).unwrap(), None);
        assert_eq!(number(&[]).unwrap(), None);
        for bad in [&[("limit", "x")][..], &[("limit", "5"), ("limit", "6")], &[("limti", "5")]] {
            assert!(matches!(number(bad), Err(Fault::Parameter(_))), "{bad:?}");
        }
    }
}
