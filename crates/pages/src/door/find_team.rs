//! `/find_team`: for somebody who doesn't know their Team ID.

use askama::Template;

use crate::door::FieldProblem;
use crate::page::html;
use crate::words::find_team as say;
use crate::{Face, assets, words};

/// One field for an email.
#[derive(Clone, Debug, Default)]
pub struct FindTeam {
    /// What stands in the field, kept as it was typed.
    pub typed: String,
    /// What is wrong with it.
    pub problem: Option<FieldProblem>,
}

/// The page afterwards: one and the same, whoever was asked for.
#[derive(Clone, Copy, Debug)]
pub struct FindTeamSent;

#[derive(Template)]
#[template(path = "door/find_team.html")]
struct Html<'a> {
    face: &'a Face,
    page: &'a FindTeam,
}

#[derive(Template)]
#[template(path = "door/find_team_sent.html")]
struct SentHtml<'a> {
    face: &'a Face,
}

impl FindTeam {
    /// The page as HTML. Form: `POST /find_team` with `email`; no CSRF token, because this form works without cookies.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, page: self })
    }
}

impl FindTeamSent {
    /// The page as HTML.
    #[must_use]
    pub fn render(self, face: &Face) -> String {
        html(&SentHtml { face })
    }
}
