//! `team check`: prints each check with its remedy.

use serde_json::json;
use vocabulary::TeamId;

use crate::cli::Output;
use crate::house::House;
use crate::trouble::Trouble;

pub(crate) fn run(
    house: &House,
    team_id: &TeamId,
    json: bool,
    output: &mut Output<'_>,
) -> Result<(), Trouble> {
    let unknown = || teams::TeamError::Unknown(team_id.clone());
    let team = house.database.read(|connection| teams::find(connection, team_id))?.ok_or_else(unknown)?;
    let team = team.connected().ok_or(teams::TeamError::ConnectionMissing)?;
    let door = house.door()?;
    let party = door.party(&team);
    let checks = actix_web::rt::System::new().block_on(door.upstream.check(&party));
    let failed = checks.iter().filter(|check| !check.ok).count();
    if json {
        output.json(&json!({ "checks": checks }))?;
    } else {
        for check in &checks {
            output.say(&format!(
                "{} {:14} {}",
                if check.ok { "✓" } else { "✗" },
                check.name,
                check.message
            ))?;
            if let Some(difference) = check.difference() {
                output.say(&format!("    the team says     {}", difference.marked_expected()))?;
                output.say(&format!("    the provider says {}", difference.marked_got()))?;
            }
            if let Some(remedy) = &check.remedy {
                output.say(&format!("    {remedy}"))?;
            }
        }
    }
    if failed == 0 {
        Ok(())
    } else {
        Err(Trouble::Said(format!("{failed} of {} checks failed.", checks.len())))
    }
}
