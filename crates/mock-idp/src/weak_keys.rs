//! RSA keys too short to be trusted, with signatures that do verify, so that a Relying Party refuses them for
//! their length and for nothing else. Fixed, public, worth nothing. aws-lc rightly won't touch them.

use aws_lc_rs::digest;
use num_bigint_dig::BigUint;

/// A short RSA key with the public exponent 65537.
#[derive(Clone, Copy)]
pub(crate) struct WeakRsa {
    bits: usize,
    modulus: &'static [u8],
    private_exponent: &'static [u8],
}

/// 512 bits: factored for a few dollars.
pub(crate) const RSA_512: WeakRsa = WeakRsa {
    bits: 512,
    modulus: b"9eaab4c408d7929a88f577bf85e405ce4ee400d78be9e22be516bd5738542\
               12afc7d385aeb129b215d13ef2f79fe1a2274be86186ee3e915e69e385b83d7deef",
    private_exponent: b"100794fd9d1b124f9478a02174486621c2ac9c3d2a80757e13c5e959\
                        0f72c86ae39f360e339f509db1256d8b8ef27a330e042bd1999621734ca5355673bbccd9",
};

/// 1024 bits: below every present rule.
pub(crate) const RSA_1024: WeakRsa = WeakRsa {
    bits: 1024,
    modulus: b"ba4ca9f3f1c1f76a8e98bb4eecc2000d2ad8150afebcc3ee6327378cc3a17ccf\
               e4facefcdd1166012c811a55cd806d31c234c883a07ed22a2cda729bcd70b6c5\
               64cb1b1191cfe78cf437d17769856f41e67421d24e84313222d5684ba7203a94\
               c25312caeb79155ed20441c3ca699075501edd4e564811fc1f151e78d3b24513",
    private_exponent: b"84c37d9a4aff5fc2a03c57bfb719c9cf9868c51640d3650dcdbb74eaebbf79a2\
                        ee1b8ec6c504511d250a1c2a6978cc58597e24272989375cb6fa3612b2255119\
                        c383dbaf521a08ab60de65f48a7a99de82c8edce10b648018e7f1f3ed1817867\
                        9a7345d08e9bc8781b0ec3b7ce719a64cbb358e9d1fba65ca6c28640db1f9e81",
};

/// What stands before a SHA-256 hash in a PKCS#1 v1.5 signature (RFC 8017 §9.2, note 1).
const SHA256_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

impl WeakRsa {
    pub(crate) fn modulus(&self) -> Vec<u8> {
        number(self.modulus).to_bytes_be()
    }

    /// The RSASSA-PKCS1-v1_5 signature with SHA-256 (RFC 8017 §8.2.1).
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let length = self.bits / 8;
        let hash = digest::digest(&digest::SHA256, message);
        let padding = length.saturating_sub(3 + SHA256_PREFIX.len() + hash.as_ref().len());
        let mut encoded = vec![0x00, 0x01];
        encoded.extend(std::iter::repeat_n(0xff, padding));
        encoded.push(0x00);
        encoded.extend(SHA256_PREFIX);
        encoded.extend(hash.as_ref());
        let signature = BigUint::from_bytes_be(&encoded)
            .modpow(&number(self.private_exponent), &number(self.modulus))
            .to_bytes_be();
        let mut padded = vec![0; length.saturating_sub(signature.len())];
        padded.extend(signature);
        padded
    }
}

fn number(hex: &[u8]) -> BigUint {
    BigUint::parse_bytes(hex, 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_keys_have_their_length_and_their_signatures_verify() {
        for key in [RSA_512, RSA_1024] {
            assert_eq!(key.modulus().len() * 8, key.bits);
            let signature = BigUint::from_bytes_be(&key.sign(b"message"));
            let opened = signature.modpow(&BigUint::from(65_537_u32), &number(key.modulus)).to_bytes_be();
            let hash = digest::digest(&digest::SHA256, b"message");
            assert!(opened.starts_with(&[0x01, 0xff]) && opened.ends_with(hash.as_ref()));
            assert_eq!(opened.len(), key.bits / 8 - 1);
        }
    }
}
