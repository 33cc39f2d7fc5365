//! The machine's own chance, and random text made from any.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vocabulary::Chance;
use zeroize::Zeroizing;

/// The random generator of the cryptographic library, seeded by the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's randomness is read")]
    fn fill(&self, bytes: &mut [u8]) {
        if aws_lc_rs::rand::fill(bytes).is_err() {
            // Without randomness every secret that follows could be guessed: nothing may go on.
            std::process::abort();
        }
    }
}

/// A text of `bytes` random bytes in unpadded base64url (RFC 4648 §5), as `nonce` and cookie values need.
#[must_use]
pub fn random_token(chance: &dyn Chance, bytes: usize) -> String {
    let mut random = Zeroizing::new(vec![0_u8; bytes]);
    chance.fill(&mut random);
    URL_SAFE_NO_PAD.encode(&*random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_never_repeats_itself() {
        let (first, second) = (random_token(&SystemChance, 16), random_token(&SystemChance, 16));
        assert_ne!(first, second);
        assert_eq!(first.len(), 22);
    }
}
