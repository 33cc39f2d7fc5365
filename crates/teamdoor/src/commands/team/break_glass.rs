//! `team break-glass`: lets an admin come to the sign-in settings while nobody can sign in.

use onboarding::glass;
use roles::{Clerk, Operator};
use serde_json::json;
use vocabulary::TeamId;

use crate::cli::Output;
use crate::commands::person::somebody;
use crate::house::House;
use crate::trouble::Trouble;

/// Prints the code alone.
pub(super) fn make(
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
pub(super) fn revoke(
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
