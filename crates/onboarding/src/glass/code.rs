//! The code of break-glass: 50 random bits in Crockford Base32, short enough to be read out on a phone.

use std::fmt;

use sealing::{KeyRing, Purpose};
use vocabulary::{Chance, random_id, read_crockford};

/// Characters of a code, five bits each.
const LETTERS: usize = 10;

/// A code such as `7K2F-9QXM-3T`; a secret.
#[derive(Clone)]
pub struct Code(String);

impl Code {
    /// A new one.
    pub(super) fn random(chance: &dyn Chance) -> Self {
        // The first character of an id holds three bits only; the last ones are whole.
        let id = random_id(chance).to_ascii_uppercase();
        Self(id.chars().skip(id.len().saturating_sub(LETTERS)).collect())
    }

    /// Reads what a person typed, as they heard it: any case, with or without dashes and blanks, `O` for 0, `I` and `L`
    /// for 1. None where it can be no code.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let code = read_crockford(typed.get(..typed.len().min(100))?)?;
        (code.len() == LETTERS).then_some(Self(code))
    }

    /// In groups, to be told once.
    #[must_use]
    pub fn reveal(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }

    /// What the row keeps of it: worth nothing at another row, and nothing to whoever has the database without the keys.
    pub(super) fn hash(&self, keys: &KeyRing, row: &str) -> String {
        let mac = keys.mac(Purpose::BreakGlassCode, &self.message(row));
        format!("{:032x}", u128::from_be_bytes(mac))
    }

    /// Whether it is the code of a row; takes as long whatever is wrong with it.
    pub(super) fn is_of(&self, keys: &KeyRing, row: &str, hash: &str) -> bool {
        let Ok(mac) = u128::from_str_radix(hash, 16) else { return false };
        keys.verify_mac(Purpose::BreakGlassCode, &self.message(row), &mac.to_be_bytes())
    }

    fn message(&self, row: &str) -> Vec<u8> {
        format!("{row}:{}", self.0).into_bytes()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

#[cfg(test)]
mod tests {
    use sealing::{NamedKey, SystemChance};

    use super::*;

    #[test]
    fn a_code_is_understood_as_people_hear_and_type_it() {
        let code = Code("7K2F9QXM01".to_owned());
        assert_eq!(code.reveal(), "7K2F-9QXM-01");
        for typed in ["7K2F-9QXM-01", "7k2f9qxm01", " 7K2F 9QXM 01 ", "7k2f–9qxm–oi", "7K2F-9QXM-OL"] {
            assert_eq!(Code::read(typed).map(|read| read.0), Some(code.0.clone()), "{typed}");
        }
        for wrong in ["", "7K2F-9QXM", "7K2F-9QXM-011", "7K2F-9QXM-0U", "7K2F-9QXM-0é", &"é".repeat(99)] {
            assert!(Code::read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_code_is_good_for_its_own_row_and_shows_itself_by_no_accident() {
        let keys = KeyRing::new(vec![NamedKey::new("k", [7; 32].into()).unwrap()]).unwrap();
        let (code, other) = (Code::random(&SystemChance), Code::random(&SystemChance));
        let hash = code.hash(&keys, "row");
        assert!(code.is_of(&keys, "row", &hash) && !hash.contains(&code.0));
        assert!(!other.is_of(&keys, "row", &hash) && !code.is_of(&keys, "another", &hash));
        assert_eq!(Code::read(&code.reveal()).unwrap().0, code.0);
        assert_eq!(format!("{code:?}"), "Code(…)");
    }
}
