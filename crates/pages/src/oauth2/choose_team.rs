//! `/oauth2/authorize` with several teams open and none named: which one the app is to be used with.

use askama::Template;
use vocabulary::{ReturnTo, Role, TeamId};

use crate::page::{html, returning};
use crate::{Face, assets, words};

/// The page that asks which team an app is to be used with.
#[derive(Clone, Debug)]
pub struct ChooseTeam {
    /// The app's name.
    pub app_name: String,
    /// The teams open in this browser that may use it.
    pub teams: Vec<TeamChoice>,
    /// The authorization request.
    pub request: ReturnTo,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct TeamChoice {
    /// Its Team ID.
    pub team_id: TeamId,
    /// Its name.
    pub name: String,
    /// What the person is there.
    pub role: Role,
    /// The token of that team's session for this page's form.
    pub csrf: String,
}

#[derive(Template)]
#[template(path = "oauth2/choose_team.html")]
struct Html<'a> {
    face: &'a Face,
    page: &'a ChooseTeam,
}

impl ChooseTeam {
    /// The page as HTML. Forms: `POST /oauth2/choose` with `csrf`, `team_id` and `request`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, page: self })
    }

    fn different_team(&self) -> String {
        returning("/login_sso", Some(&self.request))
    }
}

impl TeamChoice {
    const fn role_word(&self) -> &'static str {
        match self.role {
            Role::Admin => words::ADMIN,
            Role::Member => words::MEMBER,
        }
    }
}
