//! Chance as an argument.

use crate::time::Timestamp;

/// A source of unpredictable bytes.
pub trait Chance: Send + Sync {
    /// Fills `bytes` with bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// A new identifier of 128 random bits, 26 characters of lowercase Crockford Base32.
#[must_use]
pub fn random_id(chance: &dyn Chance) -> String {
    let mut bytes = [0_u8; 16];
    chance.fill(&mut bytes);
    crockford(u128::from_be_bytes(bytes), 26)
}

/// A new identifier whose order is that of `now`: 48 bits of milliseconds, then 80 random bits, in 26 characters of
/// lowercase Crockford Base32.
#[must_use]
pub fn ordered_id(chance: &dyn Chance, now: Timestamp) -> String {
    let mut bytes = [0_u8; 16];
    chance.fill(&mut bytes);
    let random = u128::from_be_bytes(bytes) & ((1 << 80) - 1);
    let millis = u128::try_from(now.millis()).unwrap_or(0) & ((1 << 48) - 1);
    crockford((millis << 80) | random, 26)
}

/// The lowest `digits` × 5 bits of `number` in lowercase Crockford Base32, highest first.
pub(crate) fn crockford(number: u128, digits: u32) -> String {
    (0..digits)
        .rev()
        .map(|place| {
            let value = u8::try_from((number >> (place * 5)) & 31).unwrap_or(0);
            char::from(*ALPHABET.get(usize::from(value)).unwrap_or(&b'0'))
        })
        .collect()
}

/// What a person typed or read aloud in Crockford Base32, in capitals: any case, with or without dashes and blanks, `O`
/// for 0, `I` and `L` for 1. None where there is anything else.
#[must_use]
pub fn read_crockford(typed: &str) -> Option<String> {
    let is_filling =
        |letter: &char| letter.is_whitespace() || "-\u{2010}\u{2011}\u{2012}–—".contains(*letter);
    let letters = typed.chars().filter(|letter| !is_filling(letter));
    letters
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => Some('0'),
            'I' | 'L' => Some('1'),
            letter @ ('0'..='9' | 'A'..='Z') if letter != 'U' => Some(letter),
            _ => None,
        })
        .collect()
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

#[cfg(test)]
mod tests {
    use super::*;

    struct Same(u8);
    impl Chance for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn an_id_has_26_characters_of_one_alphabet() {
        assert_eq!(random_id(&Same(0)), "0".repeat(26));
        assert_eq!(random_id(&Same(255)), format!("7{}", "z".repeat(25)));
        let [sooner, later] = [1_700_000_000_000, 1_700_000_000_001].map(Timestamp::from_millis);
        assert!(ordered_id(&Same(255), sooner) < ordered_id(&Same(0), later));
        assert_eq!(ordered_id(&Same(0), later).len(), 26);
    }
}
