//! Bare signatures: what an ID token can never cost less than.

use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};

use crate::failure::Failure;
use crate::load::Round;

/// As long as the head and claims of an ID token.
const MESSAGE: [u8; 700] = [b'x'; 700];

/// A key that signs as fast as it can.
pub enum Bare {
    Es256(Box<EcdsaKeyPair>),
    Rs256(Box<RsaKeyPair>),
}

impl Bare {
    /// A new P-256 key.
    pub fn es256() -> Result<Self, Failure> {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
        key.map(|key| Self::Es256(Box::new(key))).map_err(|error| Failure::of("a P-256 key", &error))
    }

    /// A new RSA key of 2048 bits.
    pub fn rs256() -> Result<Self, Failure> {
        let key = RsaKeyPair::generate(KeySize::Rsa2048);
        key.map(|key| Self::Rs256(Box::new(key))).map_err(|error| Failure::of("an RSA key", &error))
    }

    /// Signs for this long on one core.
    pub fn round(&mut self, length: Duration) -> Result<Round, Failure> {
        let (began, mut answers) = (Instant::now(), 0_u32);
        while began.elapsed() < length {
            self.sign()?;
            answers = answers.saturating_add(1);
        }
        let wall = began.elapsed();
        Ok(Round { answers, wall, cpu: wall })
    }

    fn sign(&self) -> Result<(), Failure> {
        let random = SystemRandom::new();
        let failed = |error| Failure::of("signing", &error);
        match self {
            Self::Es256(key) => key.sign(&random, &MESSAGE).map(drop).map_err(failed),
            Self::Rs256(key) => {
                let mut signature = [0_u8; 256];
                key.sign(&RSA_PKCS1_SHA256, &random, &MESSAGE, &mut signature).map_err(failed)
            }
        }
    }
}
