//! Somebody doesn't know their Team ID.

use pages::words::find_team as say;
use pages::{Face, FindTeam, FindTeamSent};

use super::problem;

pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let wrong = FindTeam {
        typed: "ada.at.acme".to_owned(),
        problem: Some(problem(say::EMAIL_WRONG, "email_invalid")),
    };
    vec![
        ("find-team", FindTeam::default().render(face)),
        ("find-team-problem", wrong.render(face)),
        ("find-team-sent", FindTeamSent.render(face)),
    ]
}
