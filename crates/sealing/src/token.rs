//! Opaque tokens: a prefix that says what they are, 192 random bits, and a checksum that tells a mistyped
//! token from a revoked one without asking the database.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use vocabulary::Chance;
use zeroize::{Zeroize, Zeroizing};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Three numbers of 64 bits, eleven digits each.
const RANDOM_LEN: usize = 33;
/// A number of 32 bits.
const CHECKSUM_LEN: usize = 6;

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenPrefix {
    /// `tdt_`: a team's API token.
    Team,
    /// `tdo_`: an operator's API token.
    Operator,
    /// `tds_`: a session cookie.
    Session,
    /// `tdc_`: the secret of an app (`client_secret`).
    Client,
    /// `tda_`: an access token of an app.
    Access,
    /// `tdr_`: a refresh token of an app.
    Refresh,
    /// `tdu_`: a link by which a team is set up.
    Setup,
    /// `tdq_`: a link by which a contact proves the address of a request.
    Request,
    /// `tdg_`: a link by which an admin comes to their team's settings while nobody can sign in.
    BreakGlass,
}

impl TokenPrefix {
    const ALL: [Self; 9] = [
        Self::Team,
        Self::Operator,
        Self::Session,
        Self::Client,
        Self::Access,
        Self::Refresh,
        Self::Setup,
        Self::Request,
        Self::BreakGlass,
    ];

    /// The prefix with its underscore.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Team => "tdt_",
            Self::Operator => "tdo_",
            Self::Session => "tds_",
            Self::Client => "tdc_",
            Self::Access => "tda_",
            Self::Refresh => "tdr_",
            Self::Setup => "tdu_",
            Self::Request => "tdq_",
            Self::BreakGlass => "tdg_",
        }
    }
}

/// A secret such as `tdo_` + 33 random characters + 6 characters of checksum, all of base62.
/// It is shown once and kept as its hash.
#[derive(Clone)]
pub struct OpaqueToken {
    prefix: TokenPrefix,
    text: Zeroizing<String>,
}

impl OpaqueToken {
    /// A new token.
    #[must_use]
    pub fn mint(prefix: TokenPrefix, chance: &dyn Chance) -> Self {
        let mut text = Zeroizing::new(String::with_capacity(4 + RANDOM_LEN + CHECKSUM_LEN));
        text.push_str(prefix.as_str());
        for _ in 0..3 {
            let mut bytes = [0_u8; 8];
            chance.fill(&mut bytes);
            push_base62(&mut text, u64::from_be_bytes(bytes), 11);
            bytes.zeroize();
        }
        let checksum = checksum(&text);
        text.push_str(&checksum);
        Self { prefix, text }
    }

    /// Reads a token; none when its shape or checksum is wrong. That it was ever given out is for the
    /// database to say.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let prefix = TokenPrefix::ALL.into_iter().find(|prefix| text.starts_with(prefix.as_str()))?;
        let body = text.strip_prefix(prefix.as_str())?;
        if body.len() != RANDOM_LEN + CHECKSUM_LEN || !body.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        let (told, written) = text.split_at_checked(text.len().checked_sub(CHECKSUM_LEN)?)?;
        (checksum(told) == written).then(|| Self { prefix, text: Zeroizing::new(text.to_owned()) })
    }

    /// What it opens.
    #[must_use]
    pub fn prefix(&self) -> TokenPrefix {
        self.prefix
    }

    /// What the database keeps of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        hash_token(&self.text)
    }

    /// The token itself, to be shown or set as a cookie once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for OpaqueToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpaqueToken({}…)", self.prefix.as_str())
    }
}

/// SHA-256 of a token, 64 lowercase hexadecimal digits. No secret: nobody gets back from it to a token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(String);

impl TokenHash {
    /// Reads a hash as it stands in a row.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        (text.len() == 64 && digits).then(|| Self(text.to_owned()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hashes a token of at least 128 random bits. Unsalted, so that it can be looked up; never for passwords.
#[must_use]
pub fn hash_token(token: &str) -> TokenHash {
    let hash = digest(&SHA256, token.as_bytes());
    let mut digits = String::with_capacity(64);
    for byte in hash.as_ref() {
        for half in [byte >> 4, byte & 15] {
            digits.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    TokenHash(digits)
}

/// The first 32 bits of the text's SHA-256 in base62.
fn checksum(text: &str) -> String {
    let hash = digest(&SHA256, text.as_bytes());
    let number = hash.as_ref().iter().take(4).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    let mut digits = String::with_capacity(CHECKSUM_LEN);
    push_base62(&mut digits, number, 6);
    digits
}

/// Appends the lowest `digits` base62 digits of `number`, highest first.
fn push_base62(text: &mut String, number: u64, digits: u32) {
    for place in (0..digits).rev() {
        let digit = 62_u64.checked_pow(place).map_or(0, |power| (number / power) % 62);
        let index = usize::try_from(digit).unwrap_or(0);
        text.push(char::from(*ALPHABET.get(index).unwrap_or(&b'0')));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::SystemChance;

    struct Same(u8);
    impl Chance for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn a_token_reads_back_and_says_what_it_opens() {
        for prefix in TokenPrefix::ALL {
            let token = OpaqueToken::mint(prefix, &SystemChance);
            let read = OpaqueToken::parse(token.reveal()).unwrap();
            assert_eq!(read.prefix(), prefix);
            assert_eq!(read.hash(), token.hash());
            assert_eq!(token.reveal().len(), 43);
        }
    }

    #[test]
    fn every_random_bit_is_in_the_token() {
        let low = OpaqueToken::mint(TokenPrefix::Team, &Same(0));
        let high = OpaqueToken::mint(TokenPrefix::Team, &Same(255));
        assert_eq!(low.reveal()[4..37], "0".repeat(33));
        // 2⁶⁴ − 1 in base62.
        assert_eq!(high.reveal()[4..37], "LygHa16AHYF".repeat(3));
    }

    #[test]
    fn a_token_never_shows_itself_by_accident() {
        let token = OpaqueToken::mint(TokenPrefix::Operator, &SystemChance);
        assert_eq!(format!("{token:?}"), "OpaqueToken(tdo_…)");
    }

    #[test]
    fn a_hash_is_plain_sha_256() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash_token("abc").as_str(), expected);
    }

    proptest! {
        #[test]
        fn a_mistyped_token_is_known_without_the_database(place in 0_usize..43, letter in "[ -~]") {
            let token = OpaqueToken::mint(TokenPrefix::Team, &Same(9));
            let mut typed = token.reveal().to_owned();
            typed.replace_range(place..=place, &letter);
            prop_assert_eq!(OpaqueToken::parse(&typed).is_some(), typed == token.reveal());
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "(td[toscarg]_)?\\PC{0,60}") {
            prop_assert!(OpaqueToken::parse(&text).is_none());
        }
    }
}
