//! `role set`: the operator's way to the very same function that the team page uses.

use clap::Subcommand;
use roles::{Authority, Changed, Clerk, Expected, Operator};
use vocabulary::{Email, PersonId, Role, TeamId};

use crate::cli::Output;
use crate::commands::person::known_team;
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
        let person = find(house, &team_id, &who)?;
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

fn find(house: &House, team: &TeamId, who: &str) -> Result<PersonId, Trouble> {
    if let Some(id) = PersonId::parse(who) {
        return Ok(id);
    }
    let email = Email::parse(who).map_err(|error| Trouble::Argument(error.to_string()))?;
    let found = house.database.read(|connection| people::with_email(connection, team, &email))?;
    match found.as_slice() {
        [] => Err(Trouble::Said(format!(
            "Nobody in {team} has the email {email}. They must sign in once first."
        ))),
        [one] => Ok(one.id.clone()),
        several => {
            let ids: Vec<&str> = several.iter().map(|person| person.id.as_str()).collect();
            Err(Trouble::Said(format!(
                "{} people in {team} have the email {email}. Say whom you mean by id: {}",
                ids.len(),
                ids.join(", ")
            )))
        }
    }
}
