//! `team setup-link`, `enable`, `rollback`, `require`, `relax`: what the settings page does, at the command line.

use onboarding::{Hand, Policy};
use roles::{Authority, Clerk, Operator};
use vocabulary::{Email, TeamId};

use crate::cli::Output;
use crate::commands::person::known_team;
use crate::commands::team::state;
use crate::house::House;
use crate::trouble::Trouble;

/// What is done to the settings.
#[derive(Clone, Copy)]
pub(crate) enum Deed {
    Enable,
    RollBack,
    Require,
    Relax,
    UseNextSecret,
}

pub(crate) fn run(house: &House, team_id: &str, deed: Deed, output: &mut Output<'_>) -> Result<(), Trouble> {
    let team_id = known_team(house, team_id)?;
    let operator = Operator::at_the_command_line();
    let clerk = Clerk { desk: &house.desk, chance: &*house.parts.chance };
    let now = house.parts.clock.now();
    let team = house.database.write(now, |tx| {
        let authority = Authority::Operator(&operator);
        let hand = Hand::Authority(authority);
        match deed {
            Deed::Enable => onboarding::enable(tx, clerk, hand, &team_id, None),
            Deed::RollBack => onboarding::roll_back(tx, clerk, hand, &team_id, None),
            Deed::Require => onboarding::set_policy(tx, clerk, hand, &team_id, Policy::Required),
            Deed::Relax => onboarding::set_policy(tx, clerk, hand, &team_id, Policy::Relaxed),
            Deed::UseNextSecret => onboarding::use_next_secret(tx, clerk, hand, &team_id, None),
        }
    })?;
    let required = if team.team.sso_required { ", single sign-on required" } else { "" };
    output.note(&format!("{team_id} ({}{required}).", state(&team)))
}

/// Prints the link alone, or revokes the one that is there.
pub(crate) fn setup_link(
    house: &House,
    operator: &Operator,
    team_id: &TeamId,
    email: Option<&str>,
    revoke: bool,
    output: &mut Output<'_>,
) -> Result<(), Trouble> {
    let now = house.parts.clock.now();
    if revoke {
        let was = house.database.write(now, |tx| onboarding::revoke_links(tx, operator, team_id))?;
        return output.note(if was { "Revoked." } else { "There was no setup link." });
    }
    let email = email.map(Email::parse).transpose();
    let email = email.map_err(|error| Trouble::Argument(error.to_string()))?;
    let clerk = Clerk { desk: &house.desk, chance: &*house.parts.chance };
    let made = house
        .database
        .write(now, |tx| onboarding::make_link(tx, clerk, operator, team_id, email.as_ref()))?;
    output.say(&house.address(&onboarding::setup_path(&made.token)))?;
    output.note("It can be used for three days, until single sign-on is on. It is shown only once.")
}
