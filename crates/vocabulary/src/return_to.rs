//! Where somebody was going: always a place on our own origin.

use url::Url;

/// A path on our own origin with its query, such as `/t/acme/team?after=x`. Whatever it is resolved
/// against, it never leaves that origin.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReturnTo(String);

/// A place that is not ours, or not a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("That address is not one of ours.")]
pub struct ReturnToError;

impl ReturnTo {
    /// Reads a path. Refused are other origins in every spelling: `//`, `/\`, tabs and line breaks (browsers
    /// drop them), encoded slashes at the start, anything over 2048 characters.
    pub fn parse(text: &str) -> Result<Self, ReturnToError> {
        let plain = text.len() <= 2048
            && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'"' && b != b'<');
        if !plain || !text.starts_with('/') {
            return Err(ReturnToError);
        }
        let ours = Url::parse("https://ours.invalid/").map_err(|_never| ReturnToError)?;
        let there = ours.join(text).map_err(|_not_a_path| ReturnToError)?;
        let start = there.path().to_ascii_lowercase();
        let leaves =
            ["//", "/%2f", "/%5c", "/%09", "/%0a", "/%0d"].iter().any(|way_out| start.starts_with(way_out));
        if there.origin() != ours.origin() || text.starts_with("//") || leaves {
            return Err(ReturnToError);
        }
        let query = there.query().map(|query| format!("?{query}")).unwrap_or_default();
        Ok(Self(format!("{}{query}", there.path())))
    }

    /// Reads a path, or a whole address that lies on `public_url`'s origin (`target_link_uri`, OpenID Connect
    /// Core §4).
    pub fn parse_address(text: &str, public_url: &Url) -> Result<Self, ReturnToError> {
        if text.starts_with('/') {
            return Self::parse(text);
        }
        let plain = text.len() <= 2048 && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
        let address = Url::parse(text).map_err(|_not_an_address| ReturnToError)?;
        let foreign = address.origin() != public_url.origin()
            || !address.username().is_empty()
            || address.password().is_some();
        if !plain || foreign || text.contains('@') {
            return Err(ReturnToError);
        }
        let query = address.query().map(|query| format!("?{query}")).unwrap_or_default();
        Self::parse(&format!("{}{query}", address.path()))
    }

    /// The path with its query.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[rustfmt::skip]
    const PARTS: &[&str] = &[
        "/", "//", "\\", "%2f", "%2F", "%5c", "%09", "%0a", "%00", ".", "..", "%2e", ";", "@", ":", "?", "#", "&", "=",
        "\t", "\n", "\r", "\0", " ", "\u{2028}", "\u{ff0f}", "\u{3002}", "evil.example", "sso.example", "https:",
        "http:", "HTTPS:", "javascript:", "t", "acme", "\"", "<", "'", "[::1]", "return_to",
    ];

    #[test]
    fn places_of_ours_are_kept() {
        for good in ["/", "/t/acme", "/t/acme/team?after=x&b=%2F", "/a%20b"] {
            assert_eq!(ReturnTo::parse(good).unwrap().as_str(), good);
        }
        let ours = Url::parse("https://sso.example").unwrap();
        assert_eq!(
            ReturnTo::parse_address("https://sso.example/t/acme?x=1#y", &ours).unwrap().as_str(),
            "/t/acme?x=1"
        );
        assert_eq!(ReturnTo::parse_address("https://sso.example", &ours).unwrap().as_str(), "/");
    }

    #[test]
    fn every_way_out_is_refused() {
        let ours = Url::parse("https://sso.example").unwrap();
        for bad in [
            "",
            "evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            " //evil.example",
            "/%2f/evil.example",
            "/%2F%2Fevil.example",
            "/%5cevil.example",
            "/%09/evil.example",
            "https://evil.example",
            "https:evil.example",
            "https:/evil.example",
            "https://sso.example@evil.example",
            "https://sso.example.evil.example",
            "https://sso.example:444/",
            "http://sso.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "/..//evil.example",
            "/.//evil.example",
            "/./\\evil.example",
            "/a\r\nLocation: https://evil.example",
            "https://user:pw@sso.example/",
            "https://sso.example//evil.example",
            "https://ssо.example/",
            "//sso.example/",
            "/\u{2028}/x",
        ] {
            assert!(ReturnTo::parse_address(bad, &ours).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_accepted_leaves_the_origin(text in "[/\\\\a-z.:@%0-9?#\\t\\n-]{0,40}") {
            let ours = Url::parse("https://sso.example/deep/er").unwrap();
            if let Ok(place) = ReturnTo::parse_address(&text, &ours) {
                let arrived = ours.join(place.as_str()).unwrap();
                prop_assert_eq!(arrived.origin(), ours.origin());
                prop_assert!(!arrived.path().starts_with("//"));
                prop_assert_eq!(ReturnTo::parse(place.as_str()).unwrap(), place);
            }
        }

        /// Judged by its letters alone, and by a browser at any of our addresses: made of what ways out are made of.
        #[test]
        fn nothing_made_of_ways_out_is_accepted_and_leads_out(
            parts in prop::collection::vec(prop::sample::select(PARTS), 0..9),
            here in prop::sample::select(&["/", "/t/acme/login", "/t/acme/people/x/role", "/login_sso?a=b"][..]),
        ) {
            let ours = Url::parse("https://sso.example").unwrap();
            let text = parts.concat();
            for read in [ReturnTo::parse(&text), ReturnTo::parse_address(&text, &ours)].into_iter().flatten() {
                let letters = read.as_str().as_bytes();
                prop_assert_eq!(letters.first(), Some(&b'/'));
                prop_assert!(!matches!(letters.get(1), Some(b'/' | b'\\')), "{}", read.as_str());
                prop_assert!(letters.iter().all(|byte| byte.is_ascii_graphic() && !b"\\\"<".contains(byte)));
                let arrived = ours.join(here).unwrap().join(read.as_str()).unwrap();
                prop_assert_eq!(arrived.origin(), ours.origin());
                prop_assert!(!arrived.path().starts_with("//") && arrived.username().is_empty());
            }
        }
    }
}
