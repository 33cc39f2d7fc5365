//! `team break-glass`: lets an admin come to the sign-in settings while nobody can sign in.

use clap::Args;
use onboarding::glass;
use roles::{Clerk, Operator};
use serde_json::json;
use vocabulary::TeamId;

use crate::cli::Output;
use crate::commands::person::{known_team, somebody};
use crate::house::House;
use crate::trouble::Trouble;

/// For whom, and whether it begins or ends.
#[derive(Debug, Args)]
pub(crate) struct Wish {
    /// Whose admin: an email, or an id where two have the same email.
    #[arg(required_unless_present = "revoke")]
    person: Option<String>,
    /// Revoke what there is instead, for this person or for all.
    #[arg(long, conflicts_with = "json")]
    revoke: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl Wish {
    pub(super) fn run(
        self,
        house: &House,
        operator: &Operator,
        team_id: &str,
        output: &mut Output<'_>,
    ) -> Result<(), Trouble> {
        let (team_id, person) = (known_team(house, team_id)?, self.person.as_deref());
        if self.revoke {
            return revoke(house, operator, &team_id, person, output);
        }
        make(house, operator, &team_id, person.unwrap_or_default(), self.json, output)
    }
}

/// Prints the code alone.
fn make(
    house: &House,
    operator: &Operator,
    team_id: &TeamId,
    person: &str,
    as_json: bool,
    output: &mut Output<'_>,
) -> Result<(), Trouble> {
    let clerk = Clerk { desk: &house.desk, chance: &*house.parts.chance };
    let made = house.database.write(house.parts.clock.now(), |tx| {
        let person = glass::admin_named(tx, team_id, person)?;
        glass::make(tx, &house.keys, clerk, operator, team_id, &person)
    })?;
    let code = made.code.reveal();
    if as_json {
        output.json(&json!({ "code": code, "expires_at": made.expires_at }))?;
    } else {
        output.say(&code)?;
    }
    output.note(&format!(
        "Tell this code to the admin yourself, on the phone or face to face. The link goes to {} by mail; both together \
         open the sign-in settings of {team_id} until {}. It is shown only once.",
        made.to, made.expires_at
    ))
}

/// Revokes what there is, for one person or for all.
fn revoke(
    house: &House,
    operator: &Operator,
    team_id: &TeamId,
    person: Option<&str>,
    output: &mut Output<'_>,
) -> Result<(), Trouble> {
    let person = person.map(|said| somebody(house, team_id, said)).transpose()?;
    let now = house.parts.clock.now();
    let was = house.database.write(now, |tx| glass::revoke(tx, operator, team_id, person.as_ref()))?;
    output.note(if was { "Revoked." } else { "There was no break-glass." })
}
