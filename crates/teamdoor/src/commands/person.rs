//! `person`: the people of a team.

use clap::Subcommand;
use roles::{Colleague, Filter};
use serde_json::json;
use vocabulary::{Email, TeamId};

use crate::cli::Output;
use crate::house::House;
use crate::trouble::Trouble;

#[derive(Debug, Subcommand)]
pub(crate) enum PersonCommand {
    /// List everyone who came through a team's door.
    List {
        /// Whose people.
        team_id: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

impl PersonCommand {
    pub(crate) fn run(self, house: &House, output: &mut Output<'_>) -> Result<(), Trouble> {
        let Self::List { team_id, json } = self;
        let team_id = known_team(house, &team_id)?;
        let mut filter = Filter::default();
        let mut all: Vec<Colleague> = Vec::new();
        loop {
            let page =
                house.database.read(|connection| roles::colleagues(connection, &team_id, &filter, 500))?;
            let Some(last) = page.last() else { break };
            filter.after = Some(last.person.id.clone());
            all.extend(page);
        }
        if json {
            return output
                .json(&json!({ "items": all.iter().map(as_json).collect::<Vec<_>>(), "next": null }));
        }
        all.iter().try_for_each(|Colleague { person, membership }| {
            let email = person.email.as_ref().map_or("-", Email::as_str);
            let access = if membership.active { "" } else { "  (access off)" };
            output.say(&format!(
                "{}  {:6}  {email}  {}{access}",
                person.id,
                membership.role,
                person.shown_name()
            ))
        })
    }
}

/// A person's JSON of contract §9.
pub(crate) fn as_json(colleague: &Colleague) -> serde_json::Value {
    let Colleague { person, membership } = colleague;
    json!({
        "id": person.id, "email": person.email, "name": person.name, "given_name": person.given_name,
        "family_name": person.family_name, "role": membership.role, "active": membership.active,
        "subject": person.subject, "version": membership.version, "first_sign_in": person.first_sign_in,
        "last_sign_in": person.last_sign_in, "role_managed_by": null,
    })
}

/// A team that exists, by what was typed.
pub(crate) fn known_team(house: &House, typed: &str) -> Result<TeamId, Trouble> {
    let team_id = TeamId::parse(typed).map_err(|error| Trouble::Argument(error.to_string()))?;
    let found = house.database.read(|connection| teams::find(connection, &team_id))?;
    found.map(|_team| team_id.clone()).ok_or_else(|| teams::TeamError::Unknown(team_id).into())
}
