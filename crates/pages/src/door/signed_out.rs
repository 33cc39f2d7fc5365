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
    /// The teams that are still open in this browser, by Team ID and name.
    pub still_open: Vec<(TeamId, String)>,
    /// Where the person was going, for the way back in.
    pub return_to: Option<ReturnTo>,
}

/// What a sign-out ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// This team's session in this browser.
    ThisTeam,
    /// This person's sessions with the team in every browser.
    Everywhere,
    /// All teams' sessions in this browser.
    ThisBrowser(Idps),
    /// This person's sessions with the team in every browser, and all other teams' in this one.
    EverywhereAndThisBrowser(Idps),
    /// Nothing now: the person signed out earlier and has come by one of the team's pages.
    Before,
    /// Nothing: there was no session.
    Nothing,
}

/// At how many identity providers the teams of a sign-out are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idps {
    /// All at the same one.
    One,
    /// At different ones; this team's alone can have been asked.
    Several,
}

/// How it stands at the identity provider, by its name (or [`words::YOUR_IDP`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtIdp {
    /// The person may still be signed in there.
    Perhaps(String),
    /// They wanted to be signed out there, but it could not be asked.
    NotAsked(String),
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
            Ended::Everywhere => words::ended_everywhere(&self.team_name),
            Ended::ThisBrowser(_) => words::ended_this_browser(),
            Ended::EverywhereAndThisBrowser(_) => words::ended_everywhere_and_this_browser(&self.team_name),
            Ended::Before => words::ended_before(&self.team_name),
            Ended::Nothing => words::ended_nothing(&self.team_name),
        }
    }

    fn what_did_not(&self) -> String {
        let others = self.idps() == Idps::Several;
        let here = match &self.at_idp {
            AtIdp::Perhaps(_) if others => return words::PERHAPS_SIGNED_IN_AT_SEVERAL.to_owned(),
            AtIdp::Perhaps(idp) => words::perhaps_signed_in_at(idp),
            AtIdp::NotAsked(idp) => words::not_asked(idp),
            AtIdp::Ended(idp) => words::ended_at(idp),
        };
        if others { format!("{here} {}", words::PERHAPS_AT_OTHERS) } else { here }
    }

    const fn idps(&self) -> Idps {
        match self.ended {
            Ended::ThisBrowser(idps) | Ended::EverywhereAndThisBrowser(idps) => idps,
            Ended::ThisTeam | Ended::Everywhere | Ended::Before | Ended::Nothing => Idps::One,
        }
    }

    fn sign_in_again(&self) -> String {
        returning(&format!("/t/{}/login", self.team_id), self.return_to.as_ref())
    }
}
