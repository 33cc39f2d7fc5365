//! The `state` parameter: id, time and MAC. Junk and old ones are told apart before any cookie is asked.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sealing::{KeyRing, Mac, Purpose};
use vocabulary::{Chance, Timestamp};

/// How long an attempt may take: a first enrolment of a second factor takes time.
pub(crate) const LIFETIME: Duration = Duration::from_hours(1);

/// A state of ours: its MAC was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    id: [u8; 16],
    issued: Timestamp,
}

impl State {
    pub(crate) fn new(chance: &dyn Chance, now: Timestamp) -> Self {
        let mut id = [0; 16];
        chance.fill(&mut id);
        Self { id, issued: now }
    }

    /// As it travels: 54 characters of base64url.
    pub(crate) fn to_text(self, keys: &KeyRing) -> String {
        let message = self.message();
        let mac = keys.mac(Purpose::State, &message);
        URL_SAFE_NO_PAD.encode([message.as_slice(), &mac].concat())
    }

    /// Reads a state; none when it was not made by us.
    pub(crate) fn parse(keys: &KeyRing, text: &str) -> Option<Self> {
        if text.len() != 54 {
            return None;
        }
        let bytes: [u8; 40] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (message, mac) = bytes.split_first_chunk::<24>()?;
        let (id, issued) = message.split_first_chunk::<16>()?;
        let mac: Mac = mac.try_into().ok()?;
        let issued = i64::from_be_bytes(issued.try_into().ok()?);
        keys.verify_mac(Purpose::State, message, &mac)
            .then_some(Self { id: *id, issued: Timestamp::from_millis(issued) })
    }

    /// When the sign-in began.
    pub(crate) const fn issued(self) -> Timestamp {
        self.issued
    }

    pub(crate) fn is_expired(self, now: Timestamp) -> bool {
        now.since(self.issued) > LIFETIME
    }

    /// When it stops being worth anything; a spent one is remembered until then.
    pub(crate) fn expires(self) -> Timestamp {
        self.issued.plus(LIFETIME)
    }

    /// Names the attempt's cookie and its row when spent; later ones sort later.
    pub(crate) fn key(self) -> String {
        format!("{:011x}-{}", self.issued.millis().max(0), URL_SAFE_NO_PAD.encode(self.id))
    }

    fn message(self) -> [u8; 24] {
        let mut message = [0; 24];
        for (to, from) in
            message.iter_mut().zip(self.id.into_iter().chain(self.issued.millis().to_be_bytes()))
        {
            *to = from;
        }
        message
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sealing::{NamedKey, SystemChance};

    use super::*;

    fn keys() -> KeyRing {
        KeyRing::new(vec![NamedKey::new("k1", [7; 32].into()).unwrap()]).unwrap()
    }

    #[test]
    fn only_our_own_states_are_read() {
        let (keys, now) = (keys(), Timestamp::from_millis(1_700_000_000_000));
        let state = State::new(&SystemChance, now);
        let text = state.to_text(&keys);
        assert_eq!(State::parse(&keys, &text), Some(state));
        for place in 0..text.len() {
            let mut forged: Vec<char> = text.chars().collect();
            forged[place] = if forged[place] == 'A' { 'B' } else { 'A' };
            let forged: String = forged.into_iter().collect();
            assert_eq!(State::parse(&keys, &forged).filter(|found| *found != state), None, "{forged}");
        }
        for junk in ["", "x", &"A".repeat(54), &format!("{text}="), "💥"] {
            assert_eq!(State::parse(&keys, junk), None, "{junk}");
        }
    }

    #[test]
    fn a_state_lives_for_an_hour() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let state = State::new(&SystemChance, now);
        assert!(!state.is_expired(now.plus(LIFETIME)));
        assert!(state.is_expired(now.plus(LIFETIME + Duration::from_millis(1))));
    }

    proptest! {
        #[test]
        fn nobody_makes_a_state_up(text in "[A-Za-z0-9_-]{54}|\\PC{0,60}") {
            prop_assert_eq!(State::parse(&keys(), &text), None);
        }

        #[test]
        fn nobody_makes_an_attempt_up(text in "(k1\\.)?[A-Za-z0-9_.-]{0,80}") {
            let state = State::new(&SystemChance, Timestamp::from_millis(1_700_000_000_000));
            prop_assert!(crate::attempt::Attempt::open(&keys(), state, &text).is_none());
        }
    }
}
