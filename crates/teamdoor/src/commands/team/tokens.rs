//! `team set --tokens … --tokens-reveal …`: what a team chose for its API tokens.

use ::tokens::team::{By, TeamTokenError};
use clap::{Args, ValueEnum};
use roles::Operator;
use storage::Tx;
use teams::{TokenChoice, TokenOwners};
use vocabulary::TeamId;

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Owners {
    Shared,
    Personal,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum YesNo {
    Yes,
    No,
}

/// What is said of tokens.
#[derive(Debug, Args)]
pub(crate) struct Choice {
    /// Whose the API tokens for the product are that are made from now on.
    #[arg(long)]
    tokens: Option<Owners>,
    /// Whether members may read the value of a shared one again; with no, the values that are kept are forgotten.
    #[arg(long)]
    tokens_reveal: Option<YesNo>,
}

impl Choice {
    pub(crate) fn read(&self) -> TokenChoice {
        TokenChoice {
            owners: self.tokens.map(|owners| match owners {
                Owners::Shared => TokenOwners::Shared,
                Owners::Personal => TokenOwners::Personal,
            }),
            reveal: self.tokens_reveal.map(|said| matches!(said, YesNo::Yes)),
        }
    }
}

/// Chooses as the operator, if anything is said.
pub(crate) fn choose(
    tx: &mut Tx<'_>,
    operator: &Operator,
    team_id: &TeamId,
    choice: TokenChoice,
) -> Result<(), TeamTokenError> {
    if !choice.says_nothing() {
        ::tokens::team::choose(tx, team_id, By::Operator(operator), choice)?;
    }
    Ok(())
}
