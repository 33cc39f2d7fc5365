//! `/login_sso`: one question, one field, one button.

use askama::Template;
use vocabulary::{ReferenceId, ReturnTo};

use crate::door::login::{RememberedTeam, sign_in};
use crate::page::{html, returning};
use crate::words::find_team;
use crate::{Face, assets, words};

/// The Team ID page.
#[derive(Clone, Debug, Default)]
pub struct CorporateSso {
    /// What stands in the field, kept as it was typed.
    pub typed: String,
    /// What is wrong with it.
    pub problem: Option<FieldProblem>,
    /// A remark that is no problem, e.g. [`words::read_from_address`].
    pub hint: Option<String>,
    /// Where the person was going.
    pub return_to: Option<ReturnTo>,
    /// What the tile said that brought them here.
    pub tile: Option<PressedTile>,
    /// The app that sent the person, when one did; then the page names it.
    pub going_to: Option<String>,
    /// Teams used in this browser that may use that app, the latest first; offered before the field.
    pub remembered: Vec<RememberedTeam>,
}

/// A tile without a team, whose teams alone are taken; the page lists none of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PressedTile {
    /// Its issuer.
    pub iss: Option<String>,
    /// Who is probably signing in.
    pub login_hint: Option<String>,
    /// The page of an app to which it leads.
    pub target_link_uri: Option<String>,
}

/// What is wrong with a field.
#[derive(Clone, Debug)]
pub struct FieldProblem {
    /// The sentence beside the field.
    pub text: String,
    /// The stable code, for `<meta name="error-code">`.
    pub code: &'static str,
    /// What finds this attempt again.
    pub reference: ReferenceId,
}

#[derive(Template)]
#[template(path = "door/corporate_sso.html")]
struct Html<'a> {
    face: &'a Face,
    page: &'a CorporateSso,
}

impl CorporateSso {
    /// The page as HTML. Form: `POST /login_sso` with `team_id` and, when known, `return_to`, `iss` and `login_hint`;
    /// no CSRF token, because this form works without cookies.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, page: self })
    }

    fn heading(&self) -> String {
        self.going_to.as_deref().map_or_else(|| words::CORPORATE_SSO.to_owned(), words::sign_in_to)
    }

    const fn lead(&self) -> &'static str {
        if self.tile.is_some() { words::CORPORATE_SSO_LEAD_BY_TILE } else { words::CORPORATE_SSO_LEAD }
    }

    fn sign_in(&self, team: &RememberedTeam) -> String {
        sign_in(team, self.return_to.as_ref())
    }

    fn other_ways(&self) -> String {
        returning("/login", self.return_to.as_ref())
    }

    /// The ids of the texts that belong to the field.
    fn described_by(&self) -> &'static str {
        match (&self.hint, &self.problem) {
            (None, None) => "team_id_hint",
            (Some(_), None) => "team_id_hint team_id_remark",
            (None, Some(_)) => "team_id_hint team_id_error",
            (Some(_), Some(_)) => "team_id_hint team_id_remark team_id_error",
        }
    }
}
