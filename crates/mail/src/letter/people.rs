//! Letters about people: their role, their access, and the teams they belong to.

use vocabulary::{Email, Role, TeamId};

use super::{Reader, Words, because};
use crate::sheet::name;

pub(super) fn role_changed(team: &str, person: &str, role: Role, by: &str, reader: Reader) -> Words {
    let role_word = with_article(role);
    let meaning = match (reader, role) {
        (Reader::Themselves, Role::Admin) => {
            "As an admin you can change roles, deactivate people and open billing."
        }
        (Reader::Themselves, Role::Member) => {
            "As a member you sign in as before, and admins manage the team."
        }
        (Reader::Admin, Role::Admin) => {
            "Admins can change roles, yours too, deactivate people and open billing."
        }
        (Reader::Admin, Role::Member) => "They sign in as before, and no longer manage the team.",
    };
    Words {
        subject: match reader {
            Reader::Themselves => format!("You are now {role_word} of {team}"),
            Reader::Admin => format!("{person} is now {role_word} of {team}"),
        },
        paragraphs: vec![
            format!("{} now {role_word} of {team}. {meaning}", are(person, reader)),
            format!("Changed by: {by}."),
        ],
        because: because(team, reader),
    }
}

pub(super) fn promoted(team: &str, person: &str, reader: Reader) -> Words {
    let (subject, story) = match reader {
        Reader::Themselves => (
            format!("You are now an admin of {team}"),
            format!(
                "You signed in to {team} for the first time. Your email is the one that was named as the team's \
                 admin, so you are now an admin: you can change roles, deactivate people and open billing."
            ),
        ),
        Reader::Admin => (
            format!("{person} is now an admin of {team}"),
            format!(
                "{person} signed in to {team} for the first time. Their email is the one that was named as the \
                 team's admin, so they are now an admin. This happens once per team."
            ),
        ),
    };
    Words { subject, paragraphs: vec![story], because: because(team, reader) }
}

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

pub(super) fn admin_email_changed(team: &str, email: &Email, by: &str) -> Words {
    Words {
        subject: format!("The admin email of {team} was changed"),
        paragraphs: vec![
            format!(
                "The admin email of {team} is now {email}. If no admin was made that way yet, its owner becomes an \
                 admin at their first sign-in."
            ),
            format!("Changed by: {by}."),
        ],
        because: because(team, Reader::Admin),
    }
}

pub(super) fn your_teams(teams: &[(String, TeamId, String)]) -> Words {
    let line = |(team, id, address): &(String, TeamId, String)| {
        format!("{}: the Team ID is {id}. Sign in at {address}", name(team))
    };
    let lead = if teams.len() == 1 {
        "Your email belongs to one team."
    } else {
        "Your email belongs to these teams."
    };
    Words {
        subject: if teams.len() == 1 { "Your Team ID".to_owned() } else { "Your Team IDs".to_owned() },
        paragraphs: std::iter::once(lead.to_owned()).chain(teams.iter().map(line)).collect(),
        because: "You get this letter because somebody, probably you, asked for the Team IDs of this address. Whoever \
                  asked was told nothing; if it wasn't you, there is nothing to do."
            .to_owned(),
    }
}

fn are(person: &str, reader: Reader) -> String {
    match reader {
        Reader::Themselves => "You are".to_owned(),
        Reader::Admin => format!("{person} is"),
    }
}

const fn with_article(role: Role) -> &'static str {
    match role {
        Role::Member => "a member",
        Role::Admin => "an admin",
    }
}
