//! What a request to the API carries: JSON objects within 64 KiB, read strictly and only for whoever may.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use vocabulary::ClientSecret;

use crate::api::bearer::{self, Caller, Right};
use crate::api::problem::Fault;

/// What a body may weigh.
const MOST: usize = 64 * 1024;

/// A request with its body, an operator's unless said otherwise. Who asks is found out before the body is read.
pub(crate) struct Order<T, R = Caller> {
    pub(crate) caller: R,
    pub(crate) said: T,
}

impl<T: DeserializeOwned + 'static, R: Right> FromRequest for Order<T, R> {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Fault>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let caller = bearer::admit(&request).await?;
            if !is_json(&request) {
                return Err(Fault::ContentType);
            }
            Ok(Self { caller, said: read(&body(&mut payload).await?)? })
        })
    }
}

/// What somebody with this right wishes by a body that may be left out; then everything is as usual.
pub(crate) struct Wish<T, R = Caller> {
    pub(crate) caller: R,
    pub(crate) said: T,
}

impl<T: DeserializeOwned + Default + 'static, R: Right> FromRequest for Wish<T, R> {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Fault>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let caller = bearer::admit(&request).await?;
            let body = body(&mut payload).await?;
            if body.is_empty() {
                return Ok(Self { caller, said: T::default() });
            }
            if !is_json(&request) {
                return Err(Fault::ContentType);
            }
            Ok(Self { caller, said: read(&body)? })
        })
    }
}

fn is_json(request: &HttpRequest) -> bool {
    request.content_type().eq_ignore_ascii_case("application/json")
}

async fn body(payload: &mut Payload) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_broken_off| Fault::Json("The body broke off.".to_owned()))?;
        if body.len().saturating_add(chunk.len()) > MOST {
            return Err(Fault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Fault::Json("The body must be a JSON object.".to_owned()));
    }
    serde_json::from_slice(body).map_err(|error| {
        let (line, column, told) = (error.line(), error.column(), error.to_string());
        let why = told.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&told);
        let why = without_odd_names(why);
        Fault::Json(format!("The body cannot be read at line {line}, column {column}: {why}"))
    })
}

/// The name of an unknown field is told again where it looks like one. Anything else may be a value in the wrong place,
/// a secret even.
fn without_odd_names(why: &str) -> Cow<'_, str> {
    let named = why.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'));
    let is_plain = |name: &str| name.len() <= 40 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    match named {
        Some((name, rest)) if !is_plain(name) => Cow::Owned(format!("unknown field{rest}")),
        Some(_) | None => Cow::Borrowed(why),
    }
}

/// A value that cannot be used, by the name of its field.
pub(crate) fn field(name: &str, why: impl std::fmt::Display) -> Fault {
    Fault::Json(format!("{name}: {why}"))
}

/// What a request says of something that may also be taken away: nothing, `null`, or a value.
#[derive(Default)]
pub(crate) enum Change<T> {
    #[default]
    Keep,
    Clear,
    Set(T),
}

impl<T> Change<T> {
    /// The same, its value read.
    pub(crate) fn read<U, E>(self, read: impl FnOnce(T) -> Result<U, E>) -> Result<Change<U>, E> {
        Ok(match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => Change::Set(read(value)?),
        })
    }

    /// What stands there afterwards.
    pub(crate) fn over(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

/// A client secret, which no error repeats.
pub(crate) fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ClientSecret>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let none = || serde::de::Error::custom("client_secret is empty, a mask or too long");
    ClientSecret::parse(&text).map(Some).ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(default)]
        name: Change<String>,
        #[serde(default, deserialize_with = "secret")]
        client_secret: Option<ClientSecret>,
    }

    fn refused(body: &str) -> String {
        match read::<Sample>(body.as_bytes()) {
            Err(Fault::Json(why)) => why,
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("{body} was read"),
        }
    }

    #[test]
    fn nothing_null_and_a_value_are_told_apart() {
        let name = |body: &str| read::<Sample>(body.as_bytes()).unwrap().name.over(Some("before".to_owned()));
        assert_eq!(name("{}").as_deref(), Some("before"));
        assert_eq!(name(r#"{"name": null}"#), None);
        assert_eq!(name(r#" {"name": "after"}"#).as_deref(), Some("after"));
    }

    #[test]
    fn a_body_is_read_strictly_and_names_what_is_wrong() {
        assert!(refused(r#"{"nmae": "x"}"#).contains("`nmae`"));
        assert!(refused(r#"{"name": "a", "name": "b"}"#).contains("`name`"));
        for odd in ["", "null", r#"["a", "b"]"#, r#""{}""#] {
            assert!(refused(odd).contains("object"), "{odd}");
        }
        assert!(refused(r#"{"name": "a"} {}"#).contains("trailing"));
        assert!(!refused(r#"{"name": 7}"#).is_empty());
    }

    #[test]
    fn a_refused_secret_is_not_repeated() {
        let good = read::<Sample>(br#"{"client_secret": " s3cret "}"#).unwrap().client_secret;
        assert_eq!(good.unwrap().reveal(), "s3cret");
        assert!(!refused(r#"{"client_secret": "s3\u0000cret"}"#).contains("s3"));
        assert!(refused(r#"{"client_secret": "••••"}"#).contains("client_secret"));
    }
}
