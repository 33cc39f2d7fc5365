//! From template to text, without a way to fail.

use askama::Template;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use vocabulary::ReturnTo;

use crate::words;

/// What RFC 3986 §2.3 leaves as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The page as HTML. Writing into a string does not fail; should it ever, the person still gets a page.
pub(crate) fn html(template: &impl Template) -> String {
    template.render().unwrap_or_else(|_| bare())
}

fn bare() -> String {
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body><main><h1>{}</h1><p>{}</p></main></body></html>",
        words::LANG,
        words::BARE_TITLE,
        words::BARE_TITLE,
        words::BARE_SENTENCE,
    )
}

/// `path` with `?return_to=` when there is somewhere to return to.
pub(crate) fn returning(path: &str, return_to: Option<&ReturnTo>) -> String {
    match return_to {
        Some(target) => format!("{path}?return_to={}", encoded(target.as_str())),
        None => path.to_owned(),
    }
}

/// `text` as one value inside an address.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_to_return_travels_encoded() {
        let target = ReturnTo::parse("/t/acme/team?q=a&b=c").unwrap();
        assert_eq!(
            returning("/login_sso", Some(&target)),
            "/login_sso?return_to=%2Ft%2Facme%2Fteam%3Fq%3Da%26b%3Dc"
        );
        assert_eq!(returning("/login_sso", None), "/login_sso");
    }

    #[test]
    fn the_page_of_last_resort_is_a_page() {
        let page = bare();
        assert!(page.starts_with("<!doctype html><html lang=\"en\">"), "{page}");
        assert_eq!(page.matches("<h1>").count(), 1);
    }
}
