//! The question before SSO is required, on a page of its own: the team's name must be typed.

use askama::Template;

use crate::page::html;
use crate::words::sso as say;
use crate::{Face, FieldProblem, House, Tab, assets, words};

/// "Require single sign-on for Acme?"
#[derive(Clone, Debug)]
pub struct SsoSure {
    /// The frame.
    pub house: House,
    /// Where the form posts to: the settings page.
    pub action_address: String,
    /// What stands in the field.
    pub typed: String,
    /// What is wrong with it, e.g. [`crate::words::sso::CONFIRMED_WRONG`].
    pub problem: Option<FieldProblem>,
}

#[derive(Template)]
#[template(path = "sso/sure.html")]
struct Html<'a> {
    face: &'a Face,
    house: &'a House,
    page: &'a SsoSure,
}

impl SsoSure {
    /// The page as HTML. Form: `POST action_address` with `csrf`, `action=require` and the team's name in `confirm_name`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, house: &self.house, page: self })
    }

    fn title(&self) -> String {
        say::require_title(&self.house.team_name)
    }

    fn lead(&self, product: &str) -> String {
        say::require_lead(product, &self.house.team_name)
    }
}
