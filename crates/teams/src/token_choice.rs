//! What a team chose for its API tokens: whose those are that are made for the product, and whether the value of a
//! shared one may be read again.

use diesel::prelude::*;
use serde::Serialize;
use storage::schema::teams;
use storage::{StorageError, Subject, Tx, each};
use vocabulary::TeamId;

/// Whose the tokens for the product are that a team makes from now on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenOwners {
    /// The team's: every member lists, rotates and revokes them.
    #[default]
    Shared,
    /// Each that of the person who made it.
    Personal,
}

impl TokenOwners {
    /// Both, the usual one first.
    pub const ALL: [Self; 2] = [Self::Shared, Self::Personal];

    /// `shared` or `personal`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Personal => "personal",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|owners| owners.as_str() == text)
    }
}

/// A change of a team's choice; what it does not say stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenChoice {
    /// Whose they are.
    pub owners: Option<TokenOwners>,
    /// Whether members may read a shared one's value again.
    pub reveal: Option<bool>,
}

impl TokenChoice {
    /// Whether it says anything at all.
    #[must_use]
    pub const fn says_nothing(self) -> bool {
        self.owners.is_none() && self.reveal.is_none()
    }
}

/// Writes down what a team chose. The caller holds its lock.
pub fn choose_tokens(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    owners: TokenOwners,
    reveal: bool,
) -> Result<(), StorageError> {
    let row = teams::table.find(team_id.as_str());
    let chosen = (teams::tokens.eq(owners.as_str()), teams::tokens_reveal.eq(reveal));
    each!(&mut **tx, c => diesel::update(row).set(chosen).execute(c))?;
    tx.changed(Subject::Team, team_id.as_str());
    Ok(())
}
