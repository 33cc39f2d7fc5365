//! The result of "Update and test": a real sign-in that opened no session and made no account.

use vocabulary::{Role, Timestamp};

use super::Finding;
use crate::words::sso as say;

/// What a rehearsed sign-in showed.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// Whether every step passed.
    pub passed: bool,
    /// Whether it was made with the settings that stand on the page.
    pub of_present: bool,
    /// When.
    pub at: Timestamp,
    /// By whom: a name, or [`crate::words::sso::BY_SETUP_LINK`].
    pub by: String,
    /// Its steps in order, those that were not reached waiting.
    pub steps: Vec<Finding>,
    /// The claims received: name and value, which is empty where the name alone was kept; long ones are shortened here.
    pub claims: Vec<(String, String)>,
    /// As what the person would come in.
    pub role: Option<Role>,
    /// What that says of the admin email; nothing when nobody came through.
    pub admin_email: Option<AdminEmail>,
}

/// What a rehearsal says of the team's admin email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdminEmail {
    /// It is the person's, and trusted.
    Trusted,
    /// It is the person's, and the provider denies or does not confirm it.
    NotTrusted,
    /// The person has this other one.
    Another(String),
    /// The provider told no email.
    Missing,
    /// Somebody has become admin by it already.
    Spent,
}

/// How many claims are shown, and how many more are named.
const CLAIMS_SHOWN: usize = 24;
/// How many characters of a claim's value are shown.
const VALUE_SHOWN: usize = 72;
/// How many characters of a claim's name are shown.
const NAME_SHOWN: usize = 40;

impl Rehearsal {
    pub(super) fn would_be(&self) -> Option<&'static str> {
        self.role.map(say::would_be)
    }

    pub(super) fn claims_shown(&self) -> impl Iterator<Item = (String, String)> {
        let told = self.claims.iter().filter(|(_, value)| !value.is_empty());
        let shown = told.take(CLAIMS_SHOWN);
        shown.map(|(name, value)| (shortened(name, NAME_SHOWN), shortened(value, VALUE_SHOWN)))
    }

    /// Those of which the name alone was kept.
    pub(super) fn claims_named(&self) -> Vec<String> {
        let named = self.claims.iter().filter(|(_, value)| value.is_empty()).take(CLAIMS_SHOWN);
        named.map(|(name, _)| shortened(name, NAME_SHOWN)).collect()
    }

    pub(super) fn claims_left_out(&self) -> usize {
        self.claims.len() - self.claims_shown().count() - self.claims_named().len()
    }
}

fn shortened(text: &str, most: usize) -> String {
    let mut letters = text.chars();
    let mut shown: String = letters.by_ref().take(most).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_between_letters_and_says_so() {
        assert_eq!(shortened("ÄÖÜ", 3), "ÄÖÜ");
        assert_eq!(shortened("ÄÖÜ!", 3), "ÄÖÜ…");
        assert_eq!(shortened("", 3), "");
    }
}
