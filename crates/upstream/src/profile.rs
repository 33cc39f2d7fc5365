//! Name and email of a person, from the ID token or `UserInfo` (Core §5.1).
//!
//! Precedence: the ID token wins, `UserInfo` fills what is missing. `email` and `email_verified` come from
//! one source; only where the ID token has an email without `email_verified`, and `UserInfo` names the same
//! email, is its word about that email taken.

use serde_json::{Map, Value};
use vocabulary::{Email, EmailTrust};

use crate::trouble::hides;

/// What a source says about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) email: Option<Email>,
    pub(crate) email_verified: Option<bool>,
    pub(crate) name: Option<String>,
    pub(crate) given_name: Option<String>,
    pub(crate) family_name: Option<String>,
    pub(crate) notes: Vec<String>,
}

impl Profile {
    /// Reads the claims of `source`. Nothing here is an error: what cannot be read counts as missing, and a
    /// note says so.
    pub(crate) fn read(claims: &Map<String, Value>, source: &str) -> Self {
        let mut notes = Vec::new();
        let email = claims.get("email").and_then(|claim| {
            let read = readable_email(claim);
            read.map_err(|why| notes.push(format!("email in {source} {why} and counts as none"))).ok()
        });
        let email_verified = claims.get("email_verified").and_then(|claim| {
            let read = flag(claim);
            if read.is_none() {
                notes.push(format!(
                    "email_verified in {source} is neither true nor false and counts as missing"
                ));
            }
            read
        });
        let name = |claim: &str| claims.get(claim).and_then(Value::as_str).and_then(label);
        Self {
            email,
            email_verified,
            name: name("name"),
            given_name: name("given_name"),
            family_name: name("family_name"),
            notes,
        }
    }

    /// Whether `UserInfo` must be asked to know enough.
    pub(crate) fn is_thin(&self, trust: EmailTrust) -> bool {
        let named = self.name.is_some() || (self.given_name.is_some() && self.family_name.is_some());
        let undecided = trust == EmailTrust::Verified && self.email_verified.is_none();
        self.email.is_none() || !named || undecided
    }

    /// Fills what is missing from `UserInfo`.
    pub(crate) fn completed_by(mut self, userinfo: Self) -> Self {
        self.notes.extend(userinfo.notes);
        match (&self.email, &userinfo.email) {
            (None, _) => {
                self.email = userinfo.email;
                self.email_verified = userinfo.email_verified;
            }
            (Some(own), Some(other)) if own == other => {
                self.email_verified = self.email_verified.or(userinfo.email_verified);
            }
            (Some(_), Some(_)) => {
                self.notes
                    .push("UserInfo has another email than the ID token; the ID token's counts".to_owned());
            }
            (Some(_), None) => {}
        }
        self.name = self.name.or(userinfo.name);
        self.given_name = self.given_name.or(userinfo.given_name);
        self.family_name = self.family_name.or(userinfo.family_name);
        self
    }
}

fn readable_email(claim: &Value) -> Result<Email, &'static str> {
    let text = match claim {
        Value::String(text) => text,
        Value::Array(_) => return Err("was a list"),
        Value::Object(_) => return Err("was an object"),
        Value::Number(_) => return Err("was a number"),
        Value::Bool(_) => return Err("was true or false"),
        Value::Null => return Err("was null"),
    };
    if text.len() > 254 {
        return Err("was longer than 254 characters");
    }
    if text.contains(char::is_control) {
        return Err("had line breaks or other control characters");
    }
    Email::parse(text).map_err(|_not_an_address| "was not an address")
}

/// `true`, `false`, or the same as text, as some providers write it.
fn flag(claim: &Value) -> Option<bool> {
    match (claim.as_bool(), claim.as_str()) {
        (Some(flag), _) => Some(flag),
        (None, Some("true")) => Some(true),
        (None, Some("false")) => Some(false),
        (None, _) => None,
    }
}

/// A text for people: at most 200 characters, trimmed, without control characters and those that turn the
/// direction of writing; nothing when nothing is left.
pub(crate) fn label(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !hides(*c)).take(200).collect();
    let trimmed = plain.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(claims: &Value) -> Profile {
        Profile::read(claims.as_object().unwrap(), "the ID token")
    }

    #[test]
    fn an_unreadable_email_counts_as_none_and_is_noted() {
        let long = format!("{}@acme.test", "a".repeat(250));
        for bad in [
            json!(["ada@acme.test"]),
            json!({"a": 1}),
            json!(7),
            json!(null),
            json!("ada"),
            json!(""),
            json!("ada@acme.test\r\nBcc: eve@evil.test"),
            json!(long),
        ] {
            let profile = read(&json!({"email": bad}));
            assert_eq!(profile.email, None, "{bad}");
            assert_eq!(profile.notes.len(), 1, "{bad}");
        }
        let list = read(&json!({"email": ["a@b.test"]}));
        assert_eq!(list.notes, ["email in the ID token was a list and counts as none"]);
        assert_eq!(read(&json!({})).notes, Vec::<String>::new());
    }

    #[test]
    fn email_verified_is_read_as_flag_or_word() {
        for (claim, expected) in [
            (json!(true), Some(true)),
            (json!("true"), Some(true)),
            (json!(false), Some(false)),
            (json!("false"), Some(false)),
            (json!("yes"), None),
            (json!(1), None),
            (json!(null), None),
        ] {
            assert_eq!(read(&json!({"email_verified": claim})).email_verified, expected, "{claim}");
        }
    }

    #[test]
    fn userinfo_is_asked_only_for_what_is_missing() {
        let thin = |claims: Value, trust| read(&claims).is_thin(trust);
        let email = "ada@acme.test";
        assert!(thin(json!({}), EmailTrust::Issuer));
        assert!(thin(json!({"email": email}), EmailTrust::Issuer));
        assert!(thin(json!({"email": email, "given_name": "Ada"}), EmailTrust::Issuer));
        assert!(!thin(json!({"email": email, "name": "Ada"}), EmailTrust::UnlessDenied));
        assert!(!thin(json!({"email": email, "given_name": "A", "family_name": "B"}), EmailTrust::Issuer));
        assert!(thin(json!({"email": email, "name": "Ada"}), EmailTrust::Verified));
        assert!(!thin(json!({"email": email, "name": "Ada", "email_verified": false}), EmailTrust::Verified));
    }

    #[test]
    fn the_id_token_wins_and_userinfo_fills() {
        let merged = |token: Value, info: Value| read(&token).completed_by(read(&info));
        let filled =
            merged(json!({}), json!({"email": "ada@acme.test", "email_verified": true, "name": "Ada"}));
        assert_eq!(filled.email.unwrap().as_str(), "ada@acme.test");
        assert_eq!((filled.email_verified, filled.name.as_deref()), (Some(true), Some("Ada")));

        let same = merged(
            json!({"email": "ada@acme.test"}),
            json!({"email": "ADA@acme.test", "email_verified": true}),
        );
        assert_eq!(same.email_verified, Some(true));

        let other = merged(
            json!({"email": "ada@acme.test"}),
            json!({"email": "eve@acme.test", "email_verified": true}),
        );
        assert_eq!((other.email.unwrap().as_str(), other.email_verified), ("ada@acme.test", None));
        assert_eq!(other.notes.len(), 1);

        let denied = merged(
            json!({"email": "ada@acme.test", "email_verified": false}),
            json!({"email": "ada@acme.test", "email_verified": true}),
        );
        assert_eq!(denied.email_verified, Some(false));

        let stray = merged(json!({"email_verified": true}), json!({"email": "ada@acme.test"}));
        assert_eq!(stray.email_verified, None, "a word about no email vouches for no other");
    }

    proptest! {
        #[test]
        fn no_name_carries_control_characters_or_grows(text in "\\PC{0,300}|[\\x00-\\x7f\u{202e}]{0,300}") {
            if let Some(name) = label(&text) {
                prop_assert!((1..=200).contains(&name.chars().count()));
                prop_assert!(!name.contains(hides));
            }
        }
    }
}
