//! `/oauth2/logout` without the proof that an app speaks for this browser's session: the person decides.

use askama::Template;
use vocabulary::TeamId;

use crate::page::html;
use crate::{Face, assets, words};

/// The page that asks whether to sign out; with no team open, it says so.
#[derive(Clone, Debug)]
pub struct ConfirmSignOut {
    /// The app that asks, where it is known.
    pub app_name: Option<String>,
    /// The teams open in this browser.
    pub teams: Vec<OpenTeamHere>,
    /// What the app said, by name and value, for the form to say again.
    pub fields: Vec<(&'static str, String)>,
}

/// A team open in this browser.
#[derive(Clone, Debug)]
pub struct OpenTeamHere {
    /// Its Team ID.
    pub team_id: TeamId,
    /// Its name.
    pub name: String,
    /// The token of that team's session for this page's form.
    pub csrf: String,
}

#[derive(Template)]
#[template(path = "oauth2/sign_out.html")]
struct Html<'a> {
    face: &'a Face,
    page: &'a ConfirmSignOut,
}

impl ConfirmSignOut {
    /// The page as HTML. Forms: `POST /oauth2/logout` with `csrf`, `team_id` and the fields.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, page: self })
    }

    fn heading(&self) -> String {
        match self.teams.as_slice() {
            [] => words::oauth2::NOBODY_HERE.to_owned(),
            [only] => words::oauth2::sign_out_of_sure(&only.name),
            [_, _, ..] => words::oauth2::SIGN_OUT_SURE.to_owned(),
        }
    }

    fn lead(&self) -> String {
        match (self.teams.as_slice(), &self.app_name) {
            ([], _) => words::oauth2::NOTHING_TO_END.to_owned(),
            (_, Some(app)) => words::oauth2::app_asks(app),
            (_, None) => words::oauth2::SOMEBODY_ASKS.to_owned(),
        }
    }
}
