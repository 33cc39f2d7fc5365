//! `/t/{team_id}/tokens`: the team's API tokens, the form for another one, and a value that is shown once.

use askama::Template;
use vocabulary::Timestamp;

use super::{House, Pager, Tab};
use crate::moment::Moment;
use crate::page::html;
use crate::words::tokens as say;
use crate::{Face, FieldProblem, assets, words};

/// The page of API tokens.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The frame.
    pub house: House,
    /// One page of tokens, the latest first.
    pub tokens: Vec<TokenRow>,
    /// To the neighbouring pages.
    pub pager: Pager,
    /// The value that was made a moment ago, on the one answer that shows it.
    pub fresh: Option<FreshToken>,
    /// The form for another one.
    pub form: TokenForm,
    /// The whole address that tells whose token it is.
    pub whoami_address: String,
    /// The present moment.
    pub now: Timestamp,
}

/// A token as a row of the table.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Its id; the row's is `t-` and this.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// `product`, `team:read` or `team:admin`.
    pub scope: &'static str,
    /// Whether it works.
    pub standing: TokenStanding,
    /// When it got its value.
    pub made_at: Timestamp,
    /// Who has made it.
    pub maker: String,
    /// Whether they have left.
    pub maker_left: bool,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
    /// When it ends by itself.
    pub ends: Option<Timestamp>,
}

/// Whether a token works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenStanding {
    /// It does.
    Live,
    /// Its time is over.
    Expired,
    /// It is for admins, and its maker is none any more.
    Stopped,
}

/// A token's value, to be copied now. Without `Debug` of the value: no trace may show it.
#[derive(Clone)]
pub struct FreshToken {
    /// What it is called.
    pub name: String,
    /// The value.
    pub value: String,
}

impl std::fmt::Debug for FreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FreshToken").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The form for another token, as it stands.
#[derive(Clone, Debug, Default)]
pub struct TokenForm {
    /// What stands in the field for the name.
    pub name: String,
    /// The scopes that the reader may choose from; one needs no choice.
    pub scopes: Vec<&'static str>,
    /// Which of them is chosen.
    pub scope: String,
    /// How long it shall last, as in [`words::tokens::LASTS`].
    pub lasts: String,
    /// What is wrong with the name.
    pub problem: Option<FieldProblem>,
}

#[derive(Template)]
#[template(path = "team/tokens.html")]
struct Html<'a> {
    face: &'a Face,
    house: &'a House,
    page: &'a Tokens,
}

impl Tokens {
    /// The page as HTML. Form: `POST /t/{team_id}/tokens` with `csrf`, `name`, `scope` and `lasts` (days or
    /// nothing). Rotating and revoking are links to pages of their own.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, house: &self.house, page: self })
    }

    fn lead(&self) -> &'static str {
        if self.form.scopes.len() > 1 { say::LEAD_ADMIN } else { say::LEAD_MEMBER }
    }

    fn made(&self, token: &TokenRow) -> Moment {
        Moment::tell(token.made_at, self.now)
    }

    fn last_used(&self, token: &TokenRow) -> Option<Moment> {
        token.last_used.map(|at| Moment::tell(at, self.now))
    }

    fn ends(&self, token: &TokenRow) -> Option<Moment> {
        token.ends.map(|at| Moment::tell(at, self.now))
    }
}
