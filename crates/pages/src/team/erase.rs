//! The question before a person is erased, on a page of its own: the Team ID must be typed.

use askama::Template;
use vocabulary::{PersonId, Version};

use super::{House, Tab};
use crate::page::html;
use crate::{Face, FieldProblem, assets, words};

/// "Erase Bob Kahn?"
#[derive(Clone, Debug)]
pub struct Erase {
    /// The frame.
    pub house: House,
    /// Who would be erased.
    pub person_id: PersonId,
    /// Their name, or else their email.
    pub person_name: String,
    /// What the form carries as `version`.
    pub version: Version,
    /// What stands in the field.
    pub typed: String,
    /// What is wrong with it, e.g. [`words::ERASE_TYPED_WRONG`].
    pub problem: Option<FieldProblem>,
}

#[derive(Template)]
#[template(path = "team/erase.html")]
struct Html<'a> {
    face: &'a Face,
    house: &'a House,
    page: &'a Erase,
}

impl Erase {
    /// The page as HTML. Form: `POST /t/{team_id}/people/{id}/erase` with `csrf`, `version`, `confirm=yes` and
    /// the Team ID in `typed`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, house: &self.house, page: self })
    }
}
