//! What opens, and all that must not.

use proptest::prelude::*;

use super::*;
use crate::SystemChance;

const SECRET: Label<'static> = Label { purpose: Purpose::ClientSecret, context: "acme" };

const PURPOSES: [Purpose; 7] = [
    Purpose::ClientSecret,
    Purpose::Attempt,
    Purpose::IdToken,
    Purpose::TokenReveal,
    Purpose::KeyCheck,
    Purpose::State,
    Purpose::Csrf,
];

fn key(id: &str, byte: u8) -> NamedKey {
    NamedKey::new(id, Zeroizing::new([byte; 32])).unwrap()
}

fn ring() -> KeyRing {
    KeyRing::new(vec![key("k1", 1)]).unwrap()
}

#[test]
fn what_was_sealed_opens_under_its_own_label() {
    let text = ring().seal(&SystemChance, &SECRET, b"hunter2");
    assert_eq!(ring().open(&SECRET, &text).unwrap().as_slice(), b"hunter2");
    assert_eq!(text.len(), "k1.".len() + 47);
    assert_ne!(text, ring().seal(&SystemChance, &SECRET, b"hunter2"));
}

#[test]
fn another_team_or_purpose_never_opens_it() {
    let text = ring().seal(&SystemChance, &SECRET, b"hunter2");
    for context in ["globex", "", "acme ", "acm", "acme-labs"] {
        let label = Label { context, ..SECRET };
        assert_eq!(ring().open(&label, &text).unwrap_err(), OpenError::NotGenuine, "{context}");
    }
    for purpose in PURPOSES.into_iter().filter(|purpose| *purpose != SECRET.purpose) {
        let label = Label { purpose, ..SECRET };
        assert_eq!(ring().open(&label, &text).unwrap_err(), OpenError::NotGenuine, "{purpose:?}");
    }
}

#[test]
fn a_truncated_value_never_opens() {
    let text = ring().seal(&SystemChance, &SECRET, b"hunter2");
    for end in 0..text.len() {
        assert!(ring().open(&SECRET, &text[..end]).is_err(), "{end}");
    }
}

#[test]
fn another_key_of_the_same_name_never_opens_it() {
    let text = ring().seal(&SystemChance, &SECRET, b"hunter2");
    let other = KeyRing::new(vec![key("k1", 2)]).unwrap();
    assert_eq!(other.open(&SECRET, &text).unwrap_err(), OpenError::NotGenuine);
}

#[test]
fn keys_change_while_old_values_are_about() {
    let old = ring().seal(&SystemChance, &SECRET, b"hunter2");
    let both = KeyRing::new(vec![key("k2", 2), key("k1", 1)]).unwrap();
    assert_eq!(both.open(&SECRET, &old).unwrap().as_slice(), b"hunter2");
    assert!(!both.is_sealed_with_first(&old));

    let new = both.seal(&SystemChance, &SECRET, &both.open(&SECRET, &old).unwrap());
    assert!(both.is_sealed_with_first(&new));
    let only_new = KeyRing::new(vec![key("k2", 2)]).unwrap();
    assert_eq!(only_new.open(&SECRET, &new).unwrap().as_slice(), b"hunter2");
    assert_eq!(only_new.open(&SECRET, &old).unwrap_err(), OpenError::UnknownKey);
}

#[test]
fn a_ring_needs_a_key_and_distinct_names() {
    assert_eq!(KeyRing::new(Vec::new()).unwrap_err(), KeyRingError::Empty);
    let twins = KeyRing::new(vec![key("k1", 1), key("k1", 2)]);
    assert_eq!(twins.unwrap_err(), KeyRingError::TwoCalled("k1".into()));
    assert_eq!(format!("{:?}", ring()), r#"["k1"]"#);
}

#[test]
fn a_code_holds_for_its_purpose_message_and_ring_alone() {
    let mac = ring().mac(Purpose::State, b"message");
    assert!(ring().verify_mac(Purpose::State, b"message", &mac));
    assert!(!ring().verify_mac(Purpose::Csrf, b"message", &mac));
    assert!(!ring().verify_mac(Purpose::State, b"messagf", &mac));
    assert!(!ring().verify_mac(Purpose::State, b"message", &mac[..15]));
    assert!(!ring().verify_mac(Purpose::State, b"message", b""));
    let both = KeyRing::new(vec![key("k2", 2), key("k1", 1)]).unwrap();
    assert!(both.verify_mac(Purpose::State, b"message", &mac));
    let other = KeyRing::new(vec![key("k2", 2)]).unwrap();
    assert!(!other.verify_mac(Purpose::State, b"message", &mac));
}

proptest! {
    #[test]
    fn a_flipped_bit_never_opens(plaintext in proptest::collection::vec(any::<u8>(), 0..200), bit in any::<proptest::sample::Index>()) {
        let text = ring().seal(&SystemChance, &SECRET, &plaintext);
        prop_assert_eq!(&*ring().open(&SECRET, &text).unwrap(), &plaintext);
        let mut body = URL_SAFE_NO_PAD.decode(text.strip_prefix("k1.").unwrap()).unwrap();
        let bit = bit.index(body.len() * 8);
        body[bit / 8] ^= 1 << (bit % 8);
        let changed = format!("k1.{}", URL_SAFE_NO_PAD.encode(body));
        prop_assert_eq!(ring().open(&SECRET, &changed).unwrap_err(), OpenError::NotGenuine);
    }

    #[test]
    fn no_text_opens_or_panics(text in "(k1\\.)?\\PC{0,120}") {
        prop_assert!(ring().open(&SECRET, &text).is_err());
    }

    #[test]
    fn labels_never_read_alike(one in "\\PC{0,20}", other in "\\PC{0,20}", a in 0_usize..7, b in 0_usize..7) {
        let first = Label { purpose: PURPOSES[a], context: &one };
        let second = Label { purpose: PURPOSES[b], context: &other };
        prop_assert_eq!(first.associated_data() == second.associated_data(), first == second);
    }
}
