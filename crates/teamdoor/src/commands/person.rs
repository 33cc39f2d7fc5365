//! `person`: the people of a team.

use clap::Subcommand;
use roles::{Authority, Colleague, Filter, Operator};
use serde_json::json;
use signout::Ended;
use vocabulary::{Email, PersonId, TeamId};

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
    /// End all of somebody's sessions and personal tokens.
    SignOut {
        /// Whose person.
        team_id: String,
        /// Who: an email, or an id where two people have the same email.
        #[arg(value_name = "EMAIL")]
        who: String,
    },
}

impl PersonCommand {
    pub(crate) fn run(self, house: &House, output: &mut Output<'_>) -> Result<(), Trouble> {
        match self {
            Self::List { team_id, json } => list(house, &known_team(house, &team_id)?, json, output),
            Self::SignOut { team_id, who } => sign_out(house, &known_team(house, &team_id)?, &who, output),
        }
    }
}

fn list(house: &House, team_id: &TeamId, json: bool, output: &mut Output<'_>) -> Result<(), Trouble> {
    let mut filter = Filter::default();
    let mut all: Vec<Colleague> = Vec::new();
    loop {
        let page = house.database.read(|connection| roles::colleagues(connection, team_id, &filter, 500))?;
        let Some(last) = page.last() else { break };
        filter.after = Some(last.person.id.clone());
        all.extend(page);
    }
    if json {
        return output.json(&json!({ "items": all.iter().map(as_json).collect::<Vec<_>>(), "next": null }));
    }
    all.iter().try_for_each(|Colleague { person, membership }| {
        let email = person.email.as_ref().map_or("-", Email::as_str);
        let access = if membership.active { "" } else { "  (access off)" };
        output.say(&format!("{}  {:6}  {email}  {}{access}", person.id, membership.role, person.shown_name()))
    })
}

/// Ends the sessions on every node, as the team page does.
fn sign_out(house: &House, team_id: &TeamId, who: &str, output: &mut Output<'_>) -> Result<(), Trouble> {
    let (person, operator) = (somebody(house, team_id, who)?, Operator::at_the_command_line());
    let ended = house.database.write(house.parts.clock.now(), |tx| {
        signout::everywhere(tx, &Authority::Operator(&operator), team_id, &person)
    })?;
    let Ended { sessions, tokens, grants } = ended;
    output.note(&format!(
        "{who} is signed out of {team_id}. Sessions that ended: {sessions}; personal tokens: {tokens}; grants to \
         apps: {grants}."
    ))
}

/// A person as the API shows them.
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

/// Somebody of a team, by email or id.
pub(crate) fn somebody(house: &House, team: &TeamId, who: &str) -> Result<PersonId, Trouble> {
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
