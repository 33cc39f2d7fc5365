//! Letters to a team's admins about the client secret.

use vocabulary::Timestamp;

use super::{Reader, Words, because};

pub(super) fn switched(team: &str, by: Option<&str>) -> Words {
    let what = match by {
        Some(by) => format!("The next client secret of {team} is in use from now on. Changed by: {by}."),
        None => format!(
            "Your identity provider no longer takes the client secret of {team} that was in use until now (expired or \
             rotated?). The next one has taken its place by itself, so nobody was kept from signing in."
        ),
    };
    Words {
        subject: format!("The next client secret of {team} is in use"),
        paragraphs: vec![
            what,
            "There is nothing more to do here. If the one before still works at your identity provider, remove it \
             there; and when you make another one, add it on the settings page as the next."
                .to_owned(),
        ],
        because: because(team, Reader::Admin),
    }
}

pub(super) fn expires(team: &str, at: Timestamp, days: u64, next_waits: bool) -> Words {
    let day = at.day();
    let when = match days {
        0 => format!("has expired (on {day})"),
        1 => format!("expires within a day (on {day})"),
        many => format!("expires in {many} days (on {day})"),
    };
    let then = match (days, next_waits) {
        (0, true) => {
            "The next one waits: it takes over by itself as soon as your identity provider rejects this one."
        }
        (_, true) => {
            "The next one waits: it takes over by itself once your identity provider rejects this one. You can test \
             it on the settings page, and put it into use before."
        }
        (0, false) => {
            "If your identity provider no longer takes it, nobody can sign in. Make a new secret there and enter it on \
             the settings page now."
        }
        (_, false) => {
            "After that nobody could sign in. Make a new secret at your identity provider, leave the present one \
             there, and add the new one on the settings page as the next: it takes over without an interruption."
        }
    };
    let subject = match days {
        0 => format!("The client secret of {team} has expired"),
        1 => format!("The client secret of {team} expires within a day"),
        many => format!("The client secret of {team} expires in {many} days"),
    };
    Words {
        subject,
        paragraphs: vec![
            format!("The client secret by which {team} signs in at your identity provider {when}."),
            then.to_owned(),
        ],
        because: because(team, Reader::Admin),
    }
}
