//! A team: who its admin is to be, and whether its door is open.

use serde::Serialize;
use vocabulary::{Email, PersonId, TeamId, Timestamp};

use crate::connection::{Connection, State};
use crate::token_choice::TokenOwners;

/// Whether a team's door can be used at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// In use.
    Active,
    /// Closed for the time being.
    Suspended,
    /// Gone; its Team ID stays taken.
    Removed,
}

impl Status {
    /// As the database has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Removed => "removed",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Suspended, Self::Removed].into_iter().find(|status| status.as_str() == text)
    }
}

/// What came of opening or closing a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// It is so from now on.
    Now,
    /// It was so already, and nothing changed.
    WasSo,
}

/// A tenant.
#[derive(Clone, Debug)]
pub struct Team {
    /// Its key, for ever.
    pub team_id: TeamId,
    /// What people call it.
    pub name: String,
    /// Whether its door can be used.
    pub status: Status,
    /// Who is promoted on their first sign-in.
    pub admin_email: Email,
    /// Who was; none while the promotion is unspent.
    pub promotion_spent_by: Option<PersonId>,
    /// Whether the product should refuse its own passwords for this team.
    pub sso_required: bool,
    /// Whose the API tokens for the product are that are made from now on.
    pub tokens: TokenOwners,
    /// Whether members may read the value of a shared one again.
    pub tokens_reveal: bool,
    /// When it was added.
    pub created_at: Timestamp,
}

/// A team with its live connection: what a sign-in needs.
#[derive(Clone, Debug)]
pub struct TeamAndConnection {
    /// The team.
    pub team: Team,
    /// Its live connection.
    pub connection: Connection,
}

impl TeamAndConnection {
    /// Whether people can sign in: an active team with an enabled connection.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.team.status == Status::Active && self.connection.state == State::Enabled
    }

    /// Whether it is open with the very settings that `then` had: what was verified by those may be acted on.
    #[must_use]
    pub fn stands_as(&self, then: &Self) -> bool {
        self.is_open() && self.connection.settings_key() == then.connection.settings_key()
    }
}
