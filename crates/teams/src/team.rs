//! A team: who its admin is to be, and whether its door is open.

use serde::Serialize;
use vocabulary::{Email, Issuer, PersonId, TeamId, Timestamp};

use crate::connection::{Connection, ConnectionOptions, State};
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

/// A team with its live connection, as lists and pages of the operator show it.
#[derive(Clone, Debug)]
pub struct TeamAndConnection {
    /// The team.
    pub team: Team,
    /// Its live connection.
    pub connection: Connection,
}

impl TeamAndConnection {
    /// The options that hold at `issuer` until others are said: the present ones, or at another identity
    /// provider the usual ones, so that its predecessor's aliases and trust are not its own.
    #[must_use]
    pub fn options_at(&self, issuer: &Issuer) -> ConnectionOptions {
        if self.connection.answers_to(issuer.as_str()) {
            self.connection.options.clone()
        } else {
            ConnectionOptions::usual(issuer)
        }
    }

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

impl Serialize for TeamAndConnection {
    /// The team as the API shows it.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let team = &self.team;
        let mut json = serializer.serialize_struct("Team", 11)?;
        json.serialize_field("team_id", &team.team_id)?;
        json.serialize_field("name", &team.name)?;
        json.serialize_field("status", &team.status)?;
        json.serialize_field("state", &self.connection.state)?;
        json.serialize_field("sso_required", &team.sso_required)?;
        json.serialize_field("tokens", &team.tokens)?;
        json.serialize_field("tokens_reveal", &team.tokens_reveal)?;
        json.serialize_field("admin_email", &team.admin_email)?;
        json.serialize_field("admin_promoted", &team.promotion_spent_by)?;
        json.serialize_field("created_at", &team.created_at)?;
        json.serialize_field("connection", &self.connection)?;
        json.end()
    }
}
