//! `/request/confirm/{token}`: what is asked for, and the one button; then that it is on its way.

use askama::Template;
use vocabulary::{Email, TeamId};

use crate::page::html;
use crate::words::request as say;
use crate::{Face, assets, words};

/// The page that a contact confirms.
#[derive(Clone, Debug)]
pub struct ConfirmRequest {
    /// Where the form goes: this page's own address.
    pub address: String,
    /// The company.
    pub company: String,
    /// The Team ID.
    pub team_id: TeamId,
    /// Who becomes admin.
    pub admin_email: Email,
    /// The issuer, when it was said.
    pub issuer: Option<String>,
    /// The client id, when it was said.
    pub client_id: Option<String>,
    /// Whether a secret came along.
    pub has_secret: bool,
    /// What is worth a second thought.
    pub remarks: Vec<String>,
}

/// The page once it is confirmed.
#[derive(Clone, Debug)]
pub struct RequestConfirmed {
    /// The Team ID.
    pub team_id: TeamId,
    /// Who is written to.
    pub contact: Email,
}

#[derive(Template)]
#[template(path = "request/confirm.html")]
struct Html<'a> {
    face: &'a Face,
    page: &'a ConfirmRequest,
}

#[derive(Template)]
#[template(path = "request/confirmed.html")]
struct Confirmed<'a> {
    face: &'a Face,
    page: &'a RequestConfirmed,
}

impl ConfirmRequest {
    /// The page as HTML. Form: a POST to its own address, without fields: the address is the proof.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, page: self })
    }

    const fn secret(&self) -> &'static str {
        if self.has_secret { say::SECRET_CAME } else { say::LATER }
    }

    fn or_later(said: Option<&String>) -> &str {
        said.map_or(say::LATER, String::as_str)
    }
}

impl RequestConfirmed {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Confirmed { face, page: self })
    }
}
