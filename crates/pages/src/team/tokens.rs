//! `/t/{team_id}/tokens`: the team's API tokens, the form for another one, a value that is shown now, and for admins what
//! the team chose.

use std::time::Duration;

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
    /// A value, on the one answer that shows it.
    pub fresh: Option<FreshToken>,
    /// The form for another one.
    pub form: TokenForm,
    /// What the team chose.
    pub rules: TokenRules,
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
    /// Whose it is.
    pub owner: TokenOwner,
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
    /// Whether the reader may read its value again.
    pub may_reveal: bool,
}

/// Whose a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenOwner {
    /// Everybody's of the team, or all admins'.
    Team,
    /// The reader's own.
    Reader,
    /// Somebody else's own, which admins see.
    Other,
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
    /// It is personal, and its person has not signed in for long or has left.
    Away,
}

/// What a team chose for its tokens, and the operator's limit.
#[derive(Clone, Copy, Debug)]
pub struct TokenRules {
    /// Whether those for the product are personal from now on.
    pub personal: bool,
    /// Whether members may read the value of a shared one again.
    pub reveal: bool,
    /// A personal one stops when its person has not signed in for so long.
    pub away_after: Duration,
}

/// Why a value is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueShown {
    /// It is new, and not kept.
    Once,
    /// It is new, and members may read it again.
    Kept,
    /// Somebody reads it again.
    Again,
}

/// A token's value, to be copied now. Without `Debug` of the value: no trace may show it.
#[derive(Clone)]
pub struct FreshToken {
    /// What it is called.
    pub name: String,
    /// The value.
    pub value: String,
    /// Why it is shown.
    pub shown: ValueShown,
}

impl FreshToken {
    fn heading(&self) -> String {
        match self.shown {
            ValueShown::Once | ValueShown::Kept => say::new_value_of(&self.name),
            ValueShown::Again => say::value_of(&self.name),
        }
    }

    const fn note(&self) -> &'static str {
        match self.shown {
            ValueShown::Once => say::SHOWN_ONCE,
            ValueShown::Kept => say::SHOWN_AND_KEPT,
            ValueShown::Again => say::SHOWN_AGAIN,
        }
    }
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

impl TokenRow {
    /// Whether the reader may give it another value.
    fn may_rotate(&self) -> bool {
        self.standing != TokenStanding::Expired && self.owner != TokenOwner::Other
    }

    /// Why it does not work, if there is more to say than a badge does.
    fn why(&self) -> Option<&'static str> {
        match self.standing {
            TokenStanding::Live | TokenStanding::Expired => None,
            TokenStanding::Stopped => Some(say::STOPPED_WHY),
            TokenStanding::Away if self.maker_left => Some(say::LEFT_WHY),
            TokenStanding::Away => Some(say::AWAY_WHY),
        }
    }
}

impl Tokens {
    /// The page as HTML. Forms: `POST /t/{team_id}/tokens` with `csrf`, `name`, `scope` and `lasts` (days or nothing);
    /// for admins `POST /t/{team_id}/tokens/choice` with `csrf`, `tokens`, `reveal`, and both as they were seen. Reading
    /// again, rotating and revoking are links to pages of their own.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, house: &self.house, page: self })
    }

    fn lead(&self) -> String {
        match (self.rules.personal, self.is_admins()) {
            (false, false) => say::LEAD_MEMBER.to_owned(),
            (false, true) => say::LEAD_ADMIN.to_owned(),
            (true, false) => say::lead_personal(self.rules.away_after),
            (true, true) => say::lead_personal_admin(self.rules.away_after),
        }
    }

    /// Whether an admin reads it.
    fn is_admins(&self) -> bool {
        self.form.scopes.len() > 1
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
