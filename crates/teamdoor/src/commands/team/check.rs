//! `team check`: prints each check with its remedy.

use serde_json::json;
use signin::Deps;
use teams::TeamAndConnection;
use upstream::Check;
use vocabulary::TeamId;

use crate::cli::Output;
use crate::house::House;
use crate::trouble::Trouble;

/// What is asked, and how it is told.
#[derive(Clone, Copy)]
pub(crate) struct Wish {
    /// Client id and secret too.
    pub(crate) probe: bool,
    /// As JSON.
    pub(crate) json: bool,
}

pub(crate) fn run(
    house: &House,
    team_id: &TeamId,
    wish: Wish,
    output: &mut Output<'_>,
) -> Result<(), Trouble> {
    let Wish { probe, json } = wish;
    let unknown = || teams::TeamError::Unknown(team_id.clone());
    let team = house.database.read(|connection| teams::find(connection, team_id))?.ok_or_else(unknown)?;
    let team = team.connected().ok_or(teams::TeamError::ConnectionMissing)?;
    let door = house.door()?;
    let checks = actix_web::rt::System::new().block_on(ask(&door, &team, probe));
    let failed = checks.iter().filter(|check| !check.ok).count();
    if json {
        output.json(&json!({ "checks": checks }))?;
    } else {
        for check in &checks {
            output.say(&format!(
                "{} {:18} {}",
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

async fn ask(door: &Deps, team: &TeamAndConnection, probe: bool) -> Vec<Check> {
    let party = door.party(team);
    let mut checks = door.upstream.check(&party).await;
    if probe {
        checks.push(match team.client_secret(&door.keys) {
            Some(secret) => door.upstream.probe(&party, &secret, door.clock.now()).await.into(),
            None => Check::without_secret(),
        });
    }
    checks
}
