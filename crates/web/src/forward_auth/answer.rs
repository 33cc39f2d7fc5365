//! What a proxy is answered. The identity headers stand in every answer, empty when there is nothing to say, so that
//! a proxy that copies them leaves nothing of what a client sent under their names.

use std::borrow::Cow;
use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use people::Person;
use sessions::SignedIn;
use vocabulary::Email;

const TEAM: HeaderName = HeaderName::from_static("x-auth-team");
const ROLE: HeaderName = HeaderName::from_static("x-auth-role");
const SUBJECT: HeaderName = HeaderName::from_static("x-auth-subject");
const EMAIL: HeaderName = HeaderName::from_static("x-auth-email");
const NAME: HeaderName = HeaderName::from_static("x-auth-name");
/// Where somebody without a session signs in.
const SIGN_IN: HeaderName = HeaderName::from_static("x-auth-sign-in");
const NOTHING: HeaderValue = HeaderValue::from_static("");
/// A longer value is cut: some proxies read the head of an answer into 4 KiB.
const LONGEST: usize = 1024;

/// 200: this is who is there.
pub(super) fn pass(who: &SignedIn, person: &Person) -> HttpResponse {
    let email = person.email.as_ref().map_or("", Email::as_str);
    HttpResponse::Ok()
        .insert_header((TEAM, value(who.team.team.team_id.as_str())))
        .insert_header((ROLE, HeaderValue::from_static(who.role.as_str())))
        .insert_header((SUBJECT, value(who.person.as_str())))
        .insert_header((EMAIL, value(email)))
        .insert_header((NAME, value(&name(person))))
        .finish()
}

/// Their name as their provider tells it, whole or in parts.
fn name(person: &Person) -> Cow<'_, str> {
    let parts = || match (person.given_name.as_deref(), person.family_name.as_deref()) {
        (Some(given), Some(family)) => Cow::Owned(format!("{given} {family}")),
        (Some(part), None) | (None, Some(part)) => Cow::Borrowed(part),
        (None, None) => Cow::Borrowed(""),
    };
    person.name.as_deref().map_or_else(parts, Cow::Borrowed)
}

/// 302 to the sign-in.
pub(super) fn redirect_to(sign_in: &str) -> HttpResponse {
    naming(sign_in, HttpResponse::Found().insert_header((header::LOCATION, sign_in)).finish())
}

/// The answer with the address where somebody can sign in.
pub(super) fn naming(sign_in: &str, mut answer: HttpResponse) -> HttpResponse {
    answer.headers_mut().insert(SIGN_IN, HeaderValue::try_from(sign_in).unwrap_or(NOTHING));
    answer
}

/// The answer with every identity header in it.
pub(super) fn with_identity(mut answer: HttpResponse) -> HttpResponse {
    for name in [TEAM, ROLE, SUBJECT, EMAIL, NAME] {
        if !answer.headers().contains_key(&name) {
            answer.headers_mut().insert(name, NOTHING);
        }
    }
    answer
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::try_from(&*encoded(text)).unwrap_or(NOTHING)
}

/// Printable ASCII as it is; `%` and everything else percent-encoded as UTF-8 (RFC 3986 §2.1).
fn encoded(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'%';
    if text.len() <= LONGEST && text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut whole = String::new();
    for letter in text.chars() {
        let (mut buffer, mut part) = ([0; 4], String::new());
        for byte in letter.encode_utf8(&mut buffer).bytes() {
            if is_plain(byte) {
                part.push(char::from(byte));
            } else {
                // Writing into a string does not fail.
                let _written = write!(part, "%{byte:02X}");
            }
        }
        if whole.len() + part.len() > LONGEST {
            break;
        }
        whole.push_str(&part);
    }
    Cow::Owned(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_injects_nothing() {
        for (name, expected) in [
            ("Ada Lovelace", "Ada Lovelace"),
            ("", ""),
            ("Zoë 100%", "Zo%C3%AB 100%25"),
            ("Ada\r\nX-Auth-Role: admin", "Ada%0D%0AX-Auth-Role: admin"),
            ("a\0b\tc\u{7f}", "a%00b%09c%7F"),
            ("山田", "%E5%B1%B1%E7%94%B0"),
        ] {
            assert_eq!(encoded(name), expected);
            assert_eq!(value(name).to_str().unwrap(), expected);
        }
    }

    #[test]
    fn a_long_name_is_cut_between_letters() {
        for name in ["a".repeat(5000), "é".repeat(5000), "🦀".repeat(5000)] {
            let cut = encoded(&name).into_owned();
            assert!(cut.len() <= LONGEST && cut.len() > LONGEST - 12, "{}", cut.len());
            assert!(!cut.contains('%') || cut.len().is_multiple_of(3), "a whole number of encoded bytes");
        }
    }
}
