//! `keys`: the keys that sign tokens for apps.

use clap::Subcommand;
use provider::keys::{KeyState, ListedKey};
use roles::Operator;

use crate::cli::Output;
use crate::house::House;
use crate::trouble::Trouble;

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Publish the next keys; they sign a quarter of an hour later, when every app can know them.
    Rotate,
    /// Show the keys and what each is for now.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

impl KeysCommand {
    pub(crate) fn run(self, house: &House, output: &mut Output<'_>) -> Result<(), Trouble> {
        let now = house.parts.clock.now();
        match self {
            Self::Rotate => {
                let operator = Operator::at_the_command_line();
                let signs_from = house.signing_keys.rotate(operator.actor(), now)?;
                output.note(&format!("The next keys are published. They sign from {signs_from}."))
            }
            Self::List { json } => {
                let all = house.signing_keys.list(now)?;
                if json {
                    return output.json(&all);
                }
                all.iter().try_for_each(|key| output.say(&line(key)))
            }
        }
    }
}

fn line(key: &ListedKey) -> String {
    let state = match key.state {
        KeyState::Published => "published",
        KeyState::Signing => "signing",
        KeyState::Retiring => "retiring",
        KeyState::Left => "left",
    };
    let leaves = key.leaves_at.map(|at| format!("  leaves {at}")).unwrap_or_default();
    let ListedKey { kid, algorithm, signs_from, .. } = key;
    format!("{kid}  {}  {state:9}  signs from {signs_from}{leaves}", algorithm.as_str())
}
