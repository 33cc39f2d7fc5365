//! The frame: whose team this is, who is signed in, the sections, the way to other teams and out.

use vocabulary::TeamId;

use crate::words;

/// What the frame around every page of a team shows.
#[derive(Clone, Debug)]
pub struct House {
    /// The team's id.
    pub team_id: TeamId,
    /// The team's name.
    pub team_name: String,
    /// Who is signed in: name, or else email.
    pub person_name: String,
    /// The CSRF token of this session, for every form.
    pub csrf: String,
    /// The teams open in this browser, this one included.
    pub switcher: Vec<SwitcherTeam>,
    /// Whether there is billing for whoever is signed in.
    pub has_billing: bool,
    /// Whether there are sign-in settings for whoever is signed in.
    pub has_sso_settings: bool,
    /// Whether signing out at the identity provider too is offered.
    pub sign_out_at_idp: Option<SignOutAtIdp>,
    /// The section this page belongs to.
    pub active: Tab,
    /// What has just been done.
    pub notice: Option<Notice>,
}

impl House {
    /// What the button says that signs out at the identity provider too.
    pub(crate) fn sign_out_there(&self) -> Option<String> {
        self.sign_out_at_idp.as_ref().map(|offer| match offer {
            SignOutAtIdp::Works(idp) => words::sign_out_at(idp),
            SignOutAtIdp::Try(idp) => words::try_sign_out_at(idp),
        })
    }

    /// Whether that is a test, which wants a word beside it.
    pub(crate) const fn is_sign_out_a_test(&self) -> bool {
        matches!(self.sign_out_at_idp, Some(SignOutAtIdp::Try(_)))
    }
}

/// A team open in this browser.
#[derive(Clone, Debug)]
pub struct SwitcherTeam {
    /// Its Team ID.
    pub team_id: TeamId,
    /// Its name.
    pub name: String,
    /// Whether it is the one this page belongs to.
    pub current: bool,
}

/// Signing out at the identity provider too, by its name (or [`crate::words::YOUR_IDP`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignOutAtIdp {
    /// It works.
    Works(String),
    /// An admin may try it.
    Try(String),
}

/// The sections of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The dashboard.
    Apps,
    /// People and roles.
    Team,
    /// The team's API tokens.
    Tokens,
    /// What happened.
    Activity,
    /// The sign-in settings, for admins.
    Sso,
}

/// A polite message about what has just been done.
#[derive(Clone, Debug)]
pub struct Notice {
    /// One sentence.
    pub text: String,
    /// The way back, where there is one.
    pub undo: Option<Undo>,
}

/// A form that takes back what has just been done; the CSRF token is added.
#[derive(Clone, Debug)]
pub struct Undo {
    /// Where it posts to.
    pub action: String,
    /// Its hidden fields, as name and value.
    pub fields: Vec<(String, String)>,
}

/// The ways to the neighbouring pages of a list, as addresses.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    /// To the page before.
    pub previous: Option<String>,
    /// To the page after.
    pub next: Option<String>,
}
