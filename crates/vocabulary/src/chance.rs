//! Chance as an argument.

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
    }
}
