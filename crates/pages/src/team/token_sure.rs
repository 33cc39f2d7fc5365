//! The question before a token is rotated or revoked, or its value read again, on a page of its own.

use askama::Template;
use vocabulary::Version;

use super::{House, Tab};
use crate::page::html;
use crate::words::tokens as say;
use crate::{Face, assets, words};

/// "Revoke build-server?"
#[derive(Clone, Debug)]
pub struct TokenSure {
    /// The frame.
    pub house: House,
    /// Which token.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What the form carries as `version`.
    pub version: Version,
    /// What would be done.
    pub act: TokenAct,
}

/// What can be done to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenAct {
    /// Give it another value.
    Rotate,
    /// End it for good.
    Revoke,
    /// Read its value again.
    Reveal,
}

#[derive(Template)]
#[template(path = "team/token_sure.html")]
struct Html<'a> {
    face: &'a Face,
    house: &'a House,
    page: &'a TokenSure,
}

impl TokenSure {
    /// The page as HTML. Form: `POST /t/{team_id}/tokens/{id}/rotate`, `…/revoke` or `…/reveal` with `csrf` and `version`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, house: &self.house, page: self })
    }

    fn title(&self) -> String {
        match self.act {
            TokenAct::Rotate => say::rotate_title(&self.name),
            TokenAct::Revoke => say::revoke_title(&self.name),
            TokenAct::Reveal => say::reveal_title(&self.name),
        }
    }
}

impl TokenAct {
    const fn path(self) -> &'static str {
        match self {
            Self::Rotate => "rotate",
            Self::Revoke => "revoke",
            Self::Reveal => "reveal",
        }
    }

    const fn lead(self) -> &'static str {
        match self {
            Self::Rotate => say::ROTATE_LEAD,
            Self::Revoke => say::REVOKE_LEAD,
            Self::Reveal => say::REVEAL_LEAD,
        }
    }

    const fn yes(self) -> &'static str {
        match self {
            Self::Rotate => say::ROTATE_YES,
            Self::Revoke => say::REVOKE_YES,
            Self::Reveal => say::REVEAL_YES,
        }
    }
}
