//! Letters about somebody who was shut out of a team, or let in again.

use super::{Reader, Words, because};

pub(super) fn deactivated(team: &str, person: &str, by: &str, reader: Reader) -> Words {
    let story = match reader {
        Reader::Themselves => format!(
            "Your account at {team} was deactivated. You are signed out everywhere, and can sign in again once an \
             admin of {team} activates it."
        ),
        Reader::Admin => format!(
            "The account of {person} at {team} was deactivated. They are signed out everywhere, and can sign in \
             again once an admin activates it."
        ),
    };
    Words {
        subject: match reader {
            Reader::Themselves => format!("Your account at {team} was deactivated"),
            Reader::Admin => format!("{person} was deactivated at {team}"),
        },
        paragraphs: vec![story, format!("Changed by: {by}.")],
        because: because(team, reader),
    }
}

pub(super) fn activated(team: &str, person: &str, by: &str, reader: Reader) -> Words {
    let story = match reader {
        Reader::Themselves => format!("Your account at {team} is active again. You can sign in."),
        Reader::Admin => format!("The account of {person} at {team} is active again. They can sign in."),
    };
    Words {
        subject: match reader {
            Reader::Themselves => format!("Your account at {team} is active again"),
            Reader::Admin => format!("{person} is active again at {team}"),
        },
        paragraphs: vec![story, format!("Changed by: {by}.")],
        because: because(team, reader),
    }
}
