//! Two texts side by side, cut where they differ, so that a page or a terminal can mark the place.

/// Two texts, cut where they differ: `before` + `expected` + `after` against `before` + `got` + `after`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference<'a> {
    /// What both begin with.
    pub before: &'a str,
    /// What only the first has in the middle.
    pub expected: &'a str,
    /// What only the second has in the middle.
    pub got: &'a str,
    /// What both end with.
    pub after: &'a str,
}

impl<'a> Difference<'a> {
    /// Finds the longest common beginning, then the longest common end of the rest.
    #[must_use]
    pub fn between(expected: &'a str, got: &'a str) -> Self {
        let same = |(a, b): &(char, char)| a == b;
        let length = |(c, _): (char, char)| c.len_utf8();
        let start: usize = expected.chars().zip(got.chars()).take_while(same).map(length).sum();
        let (before, expected) = expected.split_at(start);
        let (_, got) = got.split_at(start);
        let end: usize = expected.chars().rev().zip(got.chars().rev()).take_while(same).map(length).sum();
        let (expected, after) = expected.split_at(expected.len() - end);
        let (got, _) = got.split_at(got.len() - end);
        Self { before, expected, got, after }
    }

    /// The first text with its differing part in brackets: `https://acme.okta.com[/]`.
    #[must_use]
    pub fn marked_expected(&self) -> String {
        format!("{}[{}]{}", self.before, self.expected, self.after)
    }

    /// The second text, marked the same way.
    #[must_use]
    pub fn marked_got(&self) -> String {
        format!("{}[{}]{}", self.before, self.got, self.after)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_difference_is_marked() {
        let difference = Difference::between("https://acme.okta.com", "https://acme.okta.com/");
        assert_eq!(difference.marked_expected(), "https://acme.okta.com[]");
        assert_eq!(difference.marked_got(), "https://acme.okta.com[/]");
        let inside = Difference::between("https://acme.okta.com/x", "https://acme.oktapreview.com/x");
        assert_eq!(inside.marked_got(), "https://acme.okta[preview].com/x");
    }

    proptest! {
        #[test]
        fn a_difference_puts_both_texts_together_again(one in "[aé/]{0,8}", two in "[aé/]{0,8}") {
            let Difference { before, expected, got, after } = Difference::between(&one, &two);
            prop_assert_eq!(format!("{before}{expected}{after}"), one.as_str());
            prop_assert_eq!(format!("{before}{got}{after}"), two.as_str());
        }
    }
}
