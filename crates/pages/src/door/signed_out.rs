//! After signing out: what ended, what did not, and the way back in.

use askama::Template;
use vocabulary::{ReturnTo, TeamId};

use crate::page::{html, returning};
use crate::{Face, assets, words};

/// The page after a sign-out, and in place of a team's pages as long as the sign-out stands.
#[derive(Clone, Debug)]
pub struct SignedOut {
    /// The team's id.
    pub team_id: TeamId,
    /// The team's name.
    pub team_name: String,
    /// What the sign-out ended.
    pub ended: Ended,
    /// How it stands at the identity provider.
    pub at_idp: AtIdp,
    /// Where the person was going, for the way back in.
    pub return_to: Option<ReturnTo>,
}

/// What a sign-out ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// This team's session in this browser.
    ThisTeam,
    /// All teams' sessions in this browser.
    ThisBrowser,
    /// This person's sessions with the team in every browser.
    Everywhere,
    /// Nothing now: the person signed out earlier and has come by one of the team's pages.
    Before,
}

/// How it stands at the identity provider, by its name (or [`words::YOUR_IDP`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtIdp {
    /// The person may still be signed in there.
    Perhaps(String),
    /// The session there has ended too.
    Ended(String),
}

#[derive(Template)]
#[template(path = "door/signed_out.html")]
struct Html<'a> {
    face: &'a Face,
    page: &'a SignedOut,
}

impl SignedOut {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, page: self })
    }

    fn what_ended(&self) -> String {
        match self.ended {
            Ended::ThisTeam => words::ended_this_team(&self.team_name),
            Ended::ThisBrowser => words::ENDED_THIS_BROWSER.to_owned(),
            Ended::Everywhere => words::ended_everywhere(&self.team_name),
            Ended::Before => words::ended_before(&self.team_name),
        }
    }

    fn what_did_not(&self) -> String {
        match &self.at_idp {
            AtIdp::Perhaps(idp) => words::perhaps_signed_in_at(idp),
            AtIdp::Ended(idp) => words::signed_out_at(idp),
        }
    }

    fn sign_in_again(&self) -> String {
        returning(&format!("/t/{}/login", self.team_id), self.return_to.as_ref())
    }
}
