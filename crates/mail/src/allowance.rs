//! How many letters one recipient gets: nobody's mailbox is flooded by a toggle pressed all day.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use vocabulary::{Email, Timestamp};

/// Letters to one recipient within one window.
pub(crate) const LETTERS: u32 = 30;
/// The window, counted from its first letter.
pub(crate) const WINDOW: Duration = Duration::from_hours(1);
/// How many recipients are remembered at once.
const RECIPIENTS: usize = 10_000;

/// Whether one more letter may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Yes.
    Granted,
    /// Yes, and it should say that it is the last one for a while.
    Last,
    /// No.
    Refused,
}

#[derive(Debug)]
struct Window {
    began: Timestamp,
    letters: u32,
}

/// Counts in this process's memory: several nodes grant as many times as much, and a restart forgets.
#[derive(Debug, Default)]
pub(crate) struct Allowance {
    windows: Mutex<HashMap<String, Window>>,
}

impl Allowance {
    /// Counts one more letter to `recipient`.
    pub(crate) fn take(&self, recipient: &Email, now: Timestamp) -> Verdict {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= RECIPIENTS {
            windows.retain(|_, window| now.since(window.began) < WINDOW);
        }
        if windows.len() >= RECIPIENTS {
            // So many recipients within an hour: forgetting them grants too much once, and grows nothing.
            windows.clear();
        }
        let window = windows.entry(recipient.key()).or_insert(Window { began: now, letters: 0 });
        if now.since(window.began) >= WINDOW {
            *window = Window { began: now, letters: 0 };
        }
        window.letters = window.letters.saturating_add(1);
        match window.letters.cmp(&LETTERS) {
            std::cmp::Ordering::Less => Verdict::Granted,
            std::cmp::Ordering::Equal => Verdict::Last,
            std::cmp::Ordering::Greater => Verdict::Refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    #[test]
    fn the_thirtieth_letter_of_an_hour_is_the_last_one() {
        let (allowance, now) = (Allowance::default(), Timestamp::from_seconds(1000));
        let ada = email("ada@acme.test");
        for _ in 1..LETTERS {
            assert_eq!(allowance.take(&ada, now), Verdict::Granted);
        }
        assert_eq!(allowance.take(&email("ADA@acme.test"), now), Verdict::Last);
        assert_eq!(allowance.take(&ada, now), Verdict::Refused);
        assert_eq!(allowance.take(&email("bob@acme.test"), now), Verdict::Granted);
        assert_eq!(allowance.take(&ada, now.plus(WINDOW)), Verdict::Granted);
    }

    #[test]
    fn the_memory_of_recipients_is_bounded() {
        let allowance = Allowance::default();
        for n in 0..=RECIPIENTS {
            allowance.take(&email(&format!("p{n}@acme.test")), Timestamp::from_seconds(1000));
        }
        assert!(allowance.windows.lock().unwrap().len() <= RECIPIENTS);
    }
}
