//! What an operator writes to a contact.

use std::fmt;

use crate::request::RequestError;

/// The longest text, in characters.
const LONGEST: usize = 2000;

/// A text of one or more lines, 1 to 2000 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note(String);

impl Note {
    /// Reads a text: blanks around it are dropped, and of control characters all but line breaks.
    pub fn parse(text: &str) -> Result<Self, RequestError> {
        let lines = text.replace("\r\n", "\n");
        let text: String = lines.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        let text = text.trim();
        let good = (1..=LONGEST).contains(&text.chars().count());
        if good { Ok(Self(text.to_owned())) } else { Err(RequestError::Note) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_keeps_its_lines_and_nothing_else_that_cannot_be_seen() {
        assert_eq!(Note::parse(" Who\r\nasks\0? \n").unwrap().as_str(), "Who\nasks?");
        assert!(Note::parse(&"ü".repeat(2000)).is_ok());
        for bad in [String::new(), " \n ".to_owned(), "\0".to_owned(), "x".repeat(2001)] {
            assert!(Note::parse(&bad).is_err(), "{bad:?}");
        }
    }
}
