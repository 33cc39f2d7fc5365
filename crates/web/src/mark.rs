//! What a browser remembers of a sign-out, so that nothing signs in again by itself and the page afterwards tells
//! what really happened, whatever its address says.

use pages::{Ended, Idps};

/// A sign-out of a team in this browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) ended: Ended,
    pub(crate) there: There,
}

/// How the sign-out at the identity provider stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum There {
    /// Nobody wanted it.
    NotWanted,
    /// The provider could not be asked.
    NotAsked,
    /// The browser went there with this errand and did not come back with it yet.
    Gone(String),
    /// It came back: the session there has ended.
    Ended,
}

/// As they stand in the cookie; `Before` is told of older ones and never written.
const WORDS: [(&str, Ended); 7] = [
    ("team", Ended::ThisTeam),
    ("everywhere", Ended::Everywhere),
    ("browser", Ended::ThisBrowser(Idps::One)),
    ("browser-idps", Ended::ThisBrowser(Idps::Several)),
    ("all", Ended::EverywhereAndThisBrowser(Idps::One)),
    ("all-idps", Ended::EverywhereAndThisBrowser(Idps::Several)),
    ("nothing", Ended::Nothing),
];
/// A sealed errand has a dot inside, these have none.
const NOT_ASKED: &str = "not-asked";
const ENDED: &str = "ended";

impl Mark {
    /// As it stands in the cookie: a word, and what follows a dot.
    pub(crate) fn to_text(&self) -> String {
        let word = WORDS.iter().find(|(_, ended)| *ended == self.ended).map_or("nothing", |(word, _)| *word);
        match &self.there {
            There::NotWanted => word.to_owned(),
            There::NotAsked => format!("{word}.{NOT_ASKED}"),
            There::Gone(errand) => format!("{word}.{errand}"),
            There::Ended => format!("{word}.{ENDED}"),
        }
    }

    /// Reads a mark; of one that can't be read nothing is known but that there was a sign-out.
    pub(crate) fn read(text: &str) -> Self {
        let (word, there) = text.split_once('.').unwrap_or((text, ""));
        let ended = WORDS.iter().find(|(known, _)| *known == word).map_or(Ended::Before, |(_, ended)| *ended);
        let there = match there {
            "" => There::NotWanted,
            NOT_ASKED => There::NotAsked,
            ENDED => There::Ended,
            errand => There::Gone(errand.to_owned()),
        };
        Self { ended, there }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_as_it_was_written() {
        for (_, ended) in WORDS {
            for there in
                [There::NotWanted, There::NotAsked, There::Gone("k1.c2VhbGVk".to_owned()), There::Ended]
            {
                let mark = Mark { ended, there };
                assert_eq!(Mark::read(&mark.to_text()), mark);
            }
        }
    }

    #[test]
    fn of_a_mark_that_cannot_be_read_only_the_sign_out_is_known() {
        for text in ["", "1", "x.y.z", "TEAM"] {
            assert_eq!(Mark::read(text).ended, Ended::Before, "{text}");
        }
    }
}
