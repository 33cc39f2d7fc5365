//! What letters about requests for a team say.

use vocabulary::{Email, TeamId};

use crate::letter::Words;
use crate::sheet::one_line;

/// The longest paragraph of an operator's text, in characters, and how many of them a letter has.
const PARAGRAPH: usize = 2000;
const PARAGRAPHS: usize = 60;

const OF_CONTACT: &str = "You get this letter because you were named as the contact of this request.";

pub(crate) fn proof(team_id: &TeamId, hours: u64) -> Words {
    Words {
        subject: "Confirm your request for single sign-on".to_owned(),
        paragraphs: vec![
            format!(
                "Somebody asked for single sign-on with the Team ID {team_id} and gave this address as the contact."
            ),
            format!(
                "If it was you, confirm it within {hours} hours: only then the request is looked at. If it was not, \
                 do nothing, and it is forgotten."
            ),
        ],
        because: "You get this letter because this address was typed into a form.".to_owned(),
    }
}

pub(crate) fn waiting(id: &str, company: &str, team_id: &TeamId, contact: &Email, rivals: usize) -> Words {
    let mut paragraphs = vec![format!(
        "{company} asks for a team with the Team ID {team_id}. The contact is {contact}, who has confirmed it."
    )];
    if rivals > 0 {
        paragraphs.push(format!(
            "Other open requests for {team_id}: {rivals}. A request reserves nothing; you decide which one gets it."
        ));
    }
    paragraphs.push(format!("To see it with its checks: teamdoor request show {id} --check"));
    paragraphs.push(format!("To let the team come about: teamdoor request approve {id}"));
    paragraphs.push(
        "To write to the contact: request ask or request reject, with that id and --text. The API has the same under \
         /api/v1/requests."
            .to_owned(),
    );
    Words {
        subject: format!("{company} asks for the team {team_id}"),
        paragraphs,
        because: "You get this letter because this address stands in the setting mail.operators.".to_owned(),
    }
}

pub(crate) fn asked(team_id: &TeamId, text: &str) -> Words {
    Words {
        subject: format!("A question about your request for {team_id}"),
        paragraphs: paragraphs(text),
        because: OF_CONTACT.to_owned(),
    }
}

pub(crate) fn rejected(team_id: &TeamId, text: &str) -> Words {
    let mut paragraphs = paragraphs(text);
    paragraphs.push(
        "Your request was not approved. A client secret that came with it is deleted already, all the rest will be \
         in 30 days."
            .to_owned(),
    );
    Words {
        subject: format!("Your request for {team_id} was not approved"),
        paragraphs,
        because: OF_CONTACT.to_owned(),
    }
}

/// A text of several lines, a paragraph for each.
fn paragraphs(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| one_line(line, PARAGRAPH)).filter(|line| !line.is_empty());
    lines.take(PARAGRAPHS).collect()
}
