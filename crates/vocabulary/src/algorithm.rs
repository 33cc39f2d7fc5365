//! The algorithms that Teamdoor signs with as an `OpenID` Provider.

use serde::{Deserialize, Serialize};

use crate::client::words;

words! {
    /// How a token is signed, by its name in JOSE (RFC 7518 §3.1).
    SigningAlgorithm {
        /// RSA of 2048 bits with PKCS #1 v1.5 and SHA-256: what every client understands (`OpenID` Connect Core §15.1).
        Rs256 = "RS256",
        /// ECDSA on P-256 with SHA-256: short signatures.
        Es256 = "ES256"
    } offered "RS256, ES256"
}

impl SigningAlgorithm {
    /// Every algorithm there is.
    pub const ALL: [Self; 2] = [Self::Rs256, Self::Es256];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_algorithm_reads_as_it_is_written_and_none_is_never_one() {
        for algorithm in SigningAlgorithm::ALL {
            assert_eq!(SigningAlgorithm::parse(algorithm.as_str()).unwrap(), algorithm);
        }
        for wrong in ["", "none", "HS256", "rs256", "RS512"] {
            assert!(SigningAlgorithm::parse(wrong).is_err(), "{wrong}");
        }
    }
}
