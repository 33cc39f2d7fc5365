//! Whom a revocation request names (Global Token Revocation; Subject Identifiers, RFC 9493 §3.2.2 and §3.2.3).
//! Read strictly: a member that stands there twice could mean two people.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use vocabulary::{Email, Subject};

/// What a body may weigh, in bytes.
const MOST: usize = 16 * 1024;

/// Somebody, as the provider names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SubjectId {
    /// Everybody who has this email.
    Email(Email),
    /// The one person of this `iss` and `sub`.
    IssuerAndSubject(String, Subject),
}

impl SubjectId {
    /// Reads `{"sub_id": {"format": …}}`; none when the body is anything else. Members that are not known say
    /// nothing.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        if body.len() > MOST {
            return None;
        }
        let request: Json = serde_json::from_slice(body).ok()?;
        let named = request.member("sub_id")?;
        match named.text("format")? {
            "email" => Email::parse(named.text("email")?).ok().map(Self::Email),
            "iss_sub" => {
                let subject = Subject::parse(named.text("sub")?).ok()?;
                Some(Self::IssuerAndSubject(named.text("iss")?.to_owned(), subject))
            }
            _ => None,
        }
    }
}

/// As much of a JSON text as matters here; an object with a member twice is none.
enum Json {
    Object(Vec<(String, Json)>),
    Text(String),
    Other,
}

impl Json {
    fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            Self::Text(_) | Self::Other => None,
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        match self.member(name)? {
            Self::Text(text) => Some(text),
            Self::Object(_) | Self::Other => None,
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON text without doubled members")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members: Vec<(String, Json)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, Json>()? {
            if members.iter().any(|(known, _)| *known == key) {
                return Err(de::Error::custom("a member stands there twice"));
            }
            members.push((key, value));
        }
        Ok(Json::Object(members))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Json::Other)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(body: &str) -> Option<SubjectId> {
        SubjectId::parse(body.as_bytes())
    }

    #[test]
    fn both_formats_are_read_whatever_stands_beside_them() {
        let bob = SubjectId::Email(Email::parse("bob@acme.test").unwrap());
        for body in [
            r#"{"sub_id":{"format":"email","email":"bob@acme.test"}}"#,
            r#" {"x":[1,{"a":null}],"sub_id":{"email":"Bob@acme.test","y":true,"format":"email"},"z":1.5} "#,
            r#"{"sub_id":{"format":"\u0065mail","email":"bob@acme.test"}}"#,
        ] {
            assert_eq!(read(body), Some(bob.clone()), "{body}");
        }
        let subject = Subject::parse("00u1").unwrap();
        let named = SubjectId::IssuerAndSubject("https://acme.okta.com".to_owned(), subject);
        let body = r#"{"sub_id":{"format":"iss_sub","iss":"https://acme.okta.com","sub":"00u1"}}"#;
        assert_eq!(read(body), Some(named));
    }

    #[test]
    fn whatever_could_mean_nobody_or_two_is_malformed() {
        let long = format!(
            r#"{{"pad":"{}","sub_id":{{"format":"email","email":"bob@acme.test"}}}}"#,
            "x".repeat(MOST)
        );
        for body in [
            "",
            "null",
            "[]",
            r#"["bob@acme.test"]"#,
            r#"{"sub_id":"bob@acme.test"}"#,
            r#"{"sub_id":["email","bob@acme.test"]}"#,
            r#"{"sub_id":null}"#,
            r#"{"sub_id":{}}"#,
            r#"{"sub_id":{"email":"bob@acme.test"}}"#,
            r#"{"sub_id":{"format":"email"}}"#,
            r#"{"sub_id":{"format":"email","email":null}}"#,
            r#"{"sub_id":{"format":"email","email":7}}"#,
            r#"{"sub_id":{"format":"email","email":["bob@acme.test"]}}"#,
            r#"{"sub_id":{"format":"email","email":"bob"}}"#,
            r#"{"sub_id":{"format":["email"],"email":"bob@acme.test"}}"#,
            r#"{"sub_id":{"format":"Email","email":"bob@acme.test"}}"#,
            r#"{"sub_id":{"format":"phone_number","phone_number":"+1"}}"#,
            r#"{"sub_id":{"format":"iss_sub","iss":"https://acme.okta.com"}}"#,
            r#"{"sub_id":{"format":"iss_sub","sub":"00u1"}}"#,
            r#"{"sub_id":{"format":"iss_sub","iss":"https://acme.okta.com","sub":""}}"#,
            r#"{"sub_id":{"format":"iss_sub","iss":1,"sub":"00u1"}}"#,
            r#"{"sub_id":{"format":"email","email":"bob@acme.test","email":"ada@acme.test"}}"#,
            r#"{"sub_id":{"format":"email","email":"bob@acme.test"},"sub_id":{"format":"email","email":"a@b.test"}}"#,
            r#"{"sub_id":{"format":"email","email":"bob@acme.test"},"x":1,"x":2}"#,
            r#"{"sub_id":{"format":"email","email":"bob@acme.test"}} {}"#,
            r#"{"sub_id":{"format":"email","email":"bob@acme.test"}"#,
            &long,
        ] {
            assert_eq!(read(body), None, "{body}");
        }
        assert_eq!(SubjectId::parse(b"\xef\xbb\xbf{}"), None);
        assert_eq!(
            SubjectId::parse(b"{\"sub_id\":{\"format\":\"email\",\"email\":\"\xff@acme.test\"}}"),
            None
        );
        assert_eq!(read(&"[".repeat(10_000)), None);
    }

    proptest! {
        #[test]
        fn no_body_makes_it_stumble(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _nobody = SubjectId::parse(&body);
        }
    }
}
