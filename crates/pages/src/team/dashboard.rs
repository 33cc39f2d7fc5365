//! `/t/{team_id}`: the dashboard. As long as there are no apps it says so, and what to do meanwhile.

use askama::Template;
use vocabulary::Role;

use super::{House, Tab};
use crate::page::html;
use crate::{Face, assets, words};

/// The dashboard.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// The frame.
    pub house: House,
    /// The email of whoever is signed in.
    pub email: Option<String>,
    /// Their role.
    pub role: Role,
    /// The whole address of the team's sign-in, to send to colleagues.
    pub login_address: String,
}

#[derive(Template)]
#[template(path = "team/dashboard.html")]
struct Html<'a> {
    face: &'a Face,
    house: &'a House,
    page: &'a Dashboard,
}

impl Dashboard {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, house: &self.house, page: self })
    }

    fn role_means(&self, product: &str) -> String {
        match self.role {
            Role::Admin => words::ADMIN_MEANS.to_owned(),
            Role::Member => words::member_means(product),
        }
    }
}
