//! `/t/{team_id}`: the dashboard, with the team's apps as tiles. Where there are none it says so, and what to do
//! meanwhile.

use askama::Template;
use vocabulary::Role;

use super::{House, Tab};
use crate::page::html;
use crate::words::apps as say;
use crate::{Face, assets, words};

/// The dashboard.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// The frame.
    pub house: House,
    /// The apps that whoever is signed in may open.
    pub apps: Vec<AppTile>,
    /// Their email.
    pub email: Option<String>,
    /// Their role.
    pub role: Role,
    /// The whole address of the team's sign-in, to send to colleagues.
    pub login_address: String,
}

/// An app as a tile.
#[derive(Clone, Debug)]
pub struct AppTile {
    /// Its client id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The host of its page, with the port where it has one.
    pub host: String,
    /// The least role it asks for.
    pub min_role: Role,
}

#[derive(Template)]
#[template(path = "team/dashboard.html")]
struct Html<'a> {
    face: &'a Face,
    house: &'a House,
    page: &'a Dashboard,
}

impl Dashboard {
    /// The page as HTML. A tile is a link to `/t/{team_id}/apps/{id}`.
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

impl AppTile {
    /// What stands in its square: the first letter of the name.
    fn letter(&self) -> String {
        self.name
            .chars()
            .find(|letter| letter.is_alphanumeric())
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect()
    }
}
