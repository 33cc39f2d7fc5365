//! Readers of values that may hold a secret: what they complain of, they never repeat.

use std::path::PathBuf;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use toml::Value;
use url::Url;
use zeroize::Zeroizing;

use super::{Read, Wrong, is_not, list, text};
use crate::{DatabaseUrl, MailUrl, SecretKey, SecretUrl};

/// Keys are pasted with and without their trailing `=`.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn wrong<T>(problem: impl Into<String>, remedy: &'static str) -> Read<T> {
    let problem = problem.into();
    Err(Wrong { problem, remedy })
}

pub(crate) fn database_url(value: &Value) -> Read<DatabaseUrl> {
    const REMEDY: &str = "Write sqlite://data/teamdoor.db, sqlite:///var/lib/teamdoor.db or \
                          postgres://USER:PASSWORD@HOST/NAME.";
    let text = text(value)?;
    if let Some(path) = text.strip_prefix("sqlite://") {
        let names_a_file = !path.is_empty() && !path.ends_with('/') && !path.contains(['?', '#', ':', '\0']);
        if !names_a_file {
            return wrong("names no file", REMEDY);
        }
        return Ok(DatabaseUrl::Sqlite(PathBuf::from(path)));
    }
    if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
        return wrong("is neither sqlite:// nor postgres://", REMEDY);
    }
    if Url::parse(text).is_err() {
        return wrong("is no address of a server; special characters of a password are written %XX", REMEDY);
    }
    Ok(DatabaseUrl::Postgres(Zeroizing::new(text.to_owned())))
}

pub(crate) fn mail_url(value: &Value) -> Read<MailUrl> {
    const REMEDY: &str = "Write smtp://HOST:PORT, smtps://USER:PASSWORD@HOST or file://FOLDER.";
    let text = text(value)?;
    if let Some(folder) = text.strip_prefix("file://") {
        if folder.is_empty() || folder.contains('\0') {
            return wrong("names no folder", REMEDY);
        }
        return Ok(MailUrl::Folder(PathBuf::from(folder)));
    }
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "smtp" | "smtps") && url.has_host() => {
            Ok(MailUrl::Smtp(SecretUrl::new(url)))
        }
        Ok(_) | Err(_) => wrong("is no address that letters can be sent to", REMEDY),
    }
}

pub(crate) fn proxy(value: &Value) -> Read<SecretUrl> {
    match Url::parse(text(value)?) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(SecretUrl::new(url)),
        Ok(_) | Err(_) => {
            wrong("is no address of a proxy", "Write http://HOST:PORT or https://USER:PASSWORD@HOST:PORT.")
        }
    }
}

/// `[{ id, key }]` with distinct ids.
pub(crate) fn keys(value: &Value) -> Read<Vec<SecretKey>> {
    let keys = list(value, key)?;
    for (place, key) in keys.iter().enumerate() {
        if keys.iter().take(place).any(|other| other.id == key.id) {
            return wrong(format!("has two keys called {}", key.id), "Give each key an id of its own.");
        }
    }
    Ok(keys)
}

fn key(value: &Value) -> Read<SecretKey> {
    const REMEDY: &str = r#"Each key is { id = "k1", key = "BASE64" }; `openssl rand -base64 32` makes one."#;
    let Some(table) = value.as_table() else {
        return is_not(value, "a list of keys", REMEDY);
    };
    if table.keys().any(|name| name != "id" && name != "key") {
        return wrong("has a key with more than id and key", REMEDY);
    }
    let (Some(id), Some(encoded)) = (table.get("id"), table.get("key")) else {
        return wrong("has a key without id or without key", REMEDY);
    };
    let id = text(id)?;
    let letters_are_good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if !(1..=32).contains(&id.len()) || !id.bytes().all(letters_are_good) {
        return wrong("has a key with a bad id", "An id has 1 to 32 characters out of a-z, 0-9, - and _.");
    }
    match key_bytes(text(encoded)?) {
        Some(key) => Ok(SecretKey { id: id.to_owned(), key }),
        None => wrong(format!("has no 32 bytes of Base64 in the key {id}"), REMEDY),
    }
}

/// The 32 bytes behind their Base64 (RFC 4648 §4), padded or not.
pub(crate) fn key_bytes(encoded: &str) -> Option<Zeroizing<[u8; 32]>> {
    let encoded = encoded.trim();
    if encoded.len() > 44 {
        return None;
    }
    let mut bytes = Zeroizing::new([0_u8; 33]);
    let length = BASE64.decode_slice(encoded, &mut *bytes).ok()?;
    let key = bytes.first_chunk::<32>().filter(|_| length == 32)?;
    Some(Zeroizing::new(*key))
}
