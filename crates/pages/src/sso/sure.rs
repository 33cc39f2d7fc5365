//! The question before SSO is required or the settings go back, on a page of its own: the team's name must be typed.

use askama::Template;

use super::SsoChange;
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
    /// What the form carries as `version`.
    pub version: String,
    /// What would be done.
    pub act: SsoAct,
    /// What stands in the field.
    pub typed: String,
    /// What is wrong with it, e.g. [`crate::words::sso::CONFIRMED_WRONG`].
    pub problem: Option<FieldProblem>,
}

/// What needs the team's name typed.
#[derive(Clone, Debug)]
pub enum SsoAct {
    /// `require`: the product refuses its own passwords for this team.
    Require,
    /// `rollback`: the settings that were live before come back; where they differ from those in use (`live`),
    /// they stand as `pending`.
    Rollback(Vec<SsoChange>),
}

#[derive(Template)]
#[template(path = "sso/sure.html")]
struct Html<'a> {
    face: &'a Face,
    house: &'a House,
    page: &'a SsoSure,
}

impl SsoSure {
    /// The page as HTML. Form: `POST action_address` with `csrf`, `version`, `action` and the team's name in
    /// `confirm_name`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, house: &self.house, page: self })
    }

    fn title(&self) -> String {
        match self.act {
            SsoAct::Require => say::require_title(&self.house.team_name),
            SsoAct::Rollback(_) => say::rollback_title(&self.house.team_name),
        }
    }

    fn lead(&self, product: &str) -> String {
        match self.act {
            SsoAct::Require => say::require_lead(product, &self.house.team_name),
            SsoAct::Rollback(_) => say::ROLLBACK_LEAD.to_owned(),
        }
    }
}

impl SsoAct {
    const fn action(&self) -> &'static str {
        match self {
            Self::Require => "require",
            Self::Rollback(_) => "rollback",
        }
    }

    const fn yes(&self) -> &'static str {
        match self {
            Self::Require => say::REQUIRE_YES,
            Self::Rollback(_) => say::ROLLBACK_YES,
        }
    }

    fn changes(&self) -> &[SsoChange] {
        match self {
            Self::Require => &[],
            Self::Rollback(changes) => changes,
        }
    }
}
