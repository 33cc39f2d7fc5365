//! The short code on an error page that finds the attempt again.

use std::fmt;

use crate::chance::{Chance, crockford, read_crockford};

/// A reference id such as `7K2F-9QXM`: 40 random bits in Crockford Base32, made to be read aloud.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReferenceId(String);

impl ReferenceId {
    /// A new one.
    #[must_use]
    pub fn random(chance: &dyn Chance) -> Self {
        let mut bytes = [0_u8; 16];
        chance.fill(&mut bytes);
        let mut code = crockford(u128::from_be_bytes(bytes), 8).to_ascii_uppercase();
        code.insert(4, '-');
        Self(code)
    }

    /// Reads what a person typed or pasted: any case, with or without the dash or blanks, `O` for 0, `I` and `L` for 1.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut code = read_crockford(text)?;
        if code.len() != 8 {
            return None;
        }
        code.insert(4, '-');
        Some(Self(code))
    }

    /// As shown, with the dash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReferenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_reads_aloud_is_understood() {
        for typed in ["7K2F-9QXM", "7k2f9qxm", " 7K2F-9QXM ", "7k2f 9qxm"] {
            assert_eq!(ReferenceId::parse(typed).unwrap().as_str(), "7K2F-9QXM");
        }
        assert_eq!(ReferenceId::parse("ooil-0000").unwrap().as_str(), "0011-0000");
        for wrong in ["", "7K2F", "7K2F-9QXMM", "7K2F-9QX!", "UUUU-UUUU"] {
            assert!(ReferenceId::parse(wrong).is_none(), "{wrong}");
        }
    }
}
