//! `operator`: tokens of those who run the service.

use audit::{Act, Deed};
use clap::Subcommand;
use roles::Operator;
use serde_json::json;
use storage::{StorageError, Tx};

use crate::cli::Output;
use crate::house::House;
use crate::trouble::Trouble;

#[derive(Debug, Subcommand)]
pub(crate) enum OperatorCommand {
    /// Make an operator token and print it; it is shown this once.
    AddToken {
        /// What to call it, for the record.
        name: String,
    },
    /// Show the operator tokens without their values.
    ListTokens {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Revoke an operator token.
    RevokeToken {
        /// Its id.
        id: String,
    },
}

impl OperatorCommand {
    pub(crate) fn run(self, house: &House, output: &mut Output<'_>) -> Result<(), Trouble> {
        let now = house.parts.clock.now();
        match self {
            Self::AddToken { name } => {
                let token = house.database.write(now, |tx| {
                    let (token, made) = tokens::add_operator_token(tx, &*house.parts.chance, &name)?;
                    record(tx, Act::TokenMade, &made.id)?;
                    Ok::<_, tokens::TokenError>(token)
                })?;
                output.say(token.reveal())
            }
            Self::ListTokens { json } => {
                let all = house.database.read(tokens::list)?;
                if json {
                    return output.json(&all);
                }
                all.iter().try_for_each(|token| {
                    let state = if token.revoked_at.is_some() { "revoked" } else { "live" };
                    output.say(&format!("{}  {state:7}  {}  {}", token.id, token.created_at, token.name))
                })
            }
            Self::RevokeToken { id } => {
                let revoked = house.database.write(now, |tx| {
                    let revoked = tokens::revoke(tx, &id)?;
                    if revoked {
                        record(tx, Act::TokenRevoked, &id)?;
                    }
                    Ok::<_, StorageError>(revoked)
                })?;
                if revoked {
                    output.note("Revoked.")
                } else {
                    Err(Trouble::Said(format!("There is no live token {id}.")))
                }
            }
        }
    }
}

fn record(tx: &mut Tx<'_>, act: Act, id: &str) -> Result<(), StorageError> {
    let operator = Operator::at_the_command_line();
    let (actor, detail) = (operator.actor(), json!({ "id": id }));
    audit::record(tx, &Deed { team: None, actor, act, target: None, detail, reference: None })
}
