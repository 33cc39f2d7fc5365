//! `/login`: the ways in, the team last used first.

use askama::Template;
use vocabulary::{ReturnTo, TeamId};

use crate::page::{html, returning};
use crate::{Face, assets, words};

/// How many teams the page offers at most.
const OFFERED: usize = 5;

/// The sign-in page.
#[derive(Clone, Debug, Default)]
pub struct Login {
    /// Teams used in this browser, the latest first; five are shown.
    pub remembered: Vec<RememberedTeam>,
    /// The app that sent the person, when one did; otherwise the page names the product.
    pub going_to: Option<String>,
    /// Where the person was going.
    pub return_to: Option<ReturnTo>,
}

/// A team somebody has used in this browser.
#[derive(Clone, Debug)]
pub struct RememberedTeam {
    /// Its Team ID.
    pub team_id: TeamId,
    /// Its name.
    pub name: String,
}

#[derive(Template)]
#[template(path = "door/login.html")]
struct Html<'a> {
    face: &'a Face,
    page: &'a Login,
}

impl Login {
    /// The page as HTML. Forms: `POST /forget` with `team_id` and, when known, `return_to`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, page: self })
    }

    fn heading(&self, face: &Face) -> String {
        words::sign_in_to(self.going_to.as_deref().unwrap_or(&face.product_name))
    }

    fn latest(&self) -> Option<&RememberedTeam> {
        self.remembered.first()
    }

    fn others(&self) -> impl Iterator<Item = &RememberedTeam> {
        self.remembered.iter().take(OFFERED).skip(1)
    }

    fn sign_in(&self, team: &RememberedTeam) -> String {
        sign_in(team, self.return_to.as_ref())
    }

    fn corporate_sso(&self) -> String {
        returning("/login_sso", self.return_to.as_ref())
    }
}

/// The address that signs somebody in to a team.
pub(super) fn sign_in(team: &RememberedTeam, return_to: Option<&ReturnTo>) -> String {
    returning(&format!("/t/{}/login", team.team_id), return_to)
}
