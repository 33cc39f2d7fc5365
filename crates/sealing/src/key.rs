//! A master key with its name, as it stands in `secrets.keys`.

use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// Keys are pasted with and without their trailing `=`.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A master key of 32 bytes and the id that every value sealed with it starts with.
#[derive(Clone)]
pub struct NamedKey {
    id: String,
    key: Zeroizing<[u8; 32]>,
}

/// Why a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The id is outside its grammar.
    #[error("a key's id has 1 to 32 characters out of a-z, 0-9, - and _")]
    Id,
    /// The key is not the Base64 of 32 bytes.
    #[error("a key is the Base64 of exactly 32 random bytes, as `openssl rand -base64 32` prints it")]
    Key,
}

impl NamedKey {
    /// A key from its bytes; `id` matches `[a-z0-9_-]{1,32}`.
    pub fn new(id: &str, key: Zeroizing<[u8; 32]>) -> Result<Self, KeyError> {
        let id_is_good = (1..=32).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        if !id_is_good {
            return Err(KeyError::Id);
        }
        Ok(Self { id: id.to_owned(), key })
    }

    /// A key from the Base64 of its 32 bytes (RFC 4648 §4), padded or not.
    pub fn parse_base64(id: &str, text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.len() > 44 {
            return Err(KeyError::Key);
        }
        let mut bytes = Zeroizing::new([0_u8; 33]);
        let length = BASE64.decode_slice(text, &mut *bytes).map_err(|_not_base64| KeyError::Key)?;
        let key = match (length, bytes.first_chunk::<32>()) {
            (32, Some(key)) => Zeroizing::new(*key),
            _ => return Err(KeyError::Key),
        };
        Self::new(id, key)
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The master key itself; only subkeys made from it are ever used.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.key
    }
}

impl fmt::Debug for NamedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamedKey").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_is_read_padded_or_not_and_never_shown() {
        let padded = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        for text in [padded, padded.trim_end_matches('='), &format!(" {padded}\n")] {
            let key = NamedKey::parse_base64("k1", text).unwrap();
            assert_eq!(key.bytes()[..3], [0, 1, 2]);
            assert_eq!(format!("{key:?}"), r#"NamedKey { id: "k1", .. }"#);
        }
    }

    #[test]
    fn other_lengths_and_letters_are_no_keys() {
        for text in ["", "AAAA", &"A".repeat(42), &"A".repeat(44), &"A".repeat(1000), "not base64!"] {
            assert_eq!(NamedKey::parse_base64("k1", text).unwrap_err(), KeyError::Key, "{text}");
        }
        for id in ["", "K1", "a.b", "a b", &"a".repeat(33)] {
            let key = Zeroizing::new([7; 32]);
            assert_eq!(NamedKey::new(id, key).unwrap_err(), KeyError::Id, "{id}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(id in "\\PC{0,40}", text in "\\PC{0,80}") {
            let _ = NamedKey::parse_base64(&id, &text);
        }
    }
}
