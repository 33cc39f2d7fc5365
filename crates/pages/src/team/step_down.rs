//! The question before an admin gives up the role: a second form to the same address.

use askama::Template;
use vocabulary::{PersonId, Role, Version};

use super::{House, Tab};
use crate::page::html;
use crate::{Face, assets, words};

/// "Step down as admin?"
#[derive(Clone, Debug)]
pub struct StepDown {
    /// The frame.
    pub house: House,
    /// Who steps down.
    pub person_id: PersonId,
    /// What the form carries as `version`.
    pub version: Version,
}

#[derive(Template)]
#[template(path = "team/step_down.html")]
struct Html<'a> {
    face: &'a Face,
    house: &'a House,
    page: &'a StepDown,
}

impl StepDown {
    /// The page as HTML. Form: `POST /t/{team_id}/people/{id}/role` with `csrf`, `role=member`, `version`,
    /// `confirm=yes`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, house: &self.house, page: self })
    }
}
