//! `role set`: the operator's way to the very same function that the team page uses.

use clap::Subcommand;
use roles::{Authority, Changed, Clerk, Expected, Operator};
use vocabulary::Role;

use crate::cli::Output;
use crate::commands::person::{known_team, somebody};
use crate::house::House;
use crate::trouble::Trouble;

#[derive(Debug, Subcommand)]
pub(crate) enum RoleCommand {
    /// Make somebody a member or an admin.
    Set {
        /// Whose person.
        team_id: String,
        /// Who: an email, or an id where two people have the same email.
        #[arg(value_name = "EMAIL")]
        who: String,
        /// As what.
        #[arg(value_parser = ["admin", "member"])]
        role: String,
    },
}

impl RoleCommand {
    pub(crate) fn run(self, house: &House, output: &mut Output<'_>) -> Result<(), Trouble> {
        let Self::Set { team_id, who, role } = self;
        let team_id = known_team(house, &team_id)?;
        let role =
            Role::parse(&role).ok_or_else(|| Trouble::Said("A role is admin or member.".to_owned()))?;
        let person = somebody(house, &team_id, &who)?;
        let operator = Operator::at_the_command_line();
        let authority = Authority::Operator(&operator);
        let changed = house.database.write(house.parts.clock.now(), |tx| {
            let clerk = Clerk { desk: &house.desk, chance: &*house.parts.chance };
            roles::set(tx, clerk, &authority, &team_id, &person, role, Expected::Any)
        })?;
        match changed {
            Changed::Yes(now) => output.note(&format!("{who} is now {} of {team_id}.", now.role)),
            Changed::No(now) => output.note(&format!("{who} was {} of {team_id} already.", now.role)),
        }
    }
}
