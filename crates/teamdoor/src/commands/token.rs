//! `token`: a team's API tokens, as the operator makes and revokes them.

use std::time::Duration;

use clap::Subcommand;
use roles::Operator;
use serde_json::json;
use tokens::Scope;
use tokens::team::{By, Mint, NewToken, Page, Revoked, Seen, State, TeamToken, TeamTokenError};
use vocabulary::TeamId;

use crate::cli::Output;
use crate::commands::person::known_team;
use crate::house::House;
use crate::trouble::Trouble;

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make an API token for a team and print it; it is shown this once.
    Create {
        /// Whose token.
        team_id: String,
        /// What to call it, for example build-server.
        #[arg(long)]
        name: String,
        /// What it opens.
        #[arg(long, default_value = "product", value_parser = ["product", "team:read", "team:admin"])]
        scope: String,
        /// How long it lasts, for example 30d, 12h or 8w; without it, until it is revoked.
        #[arg(long, value_name = "TIME")]
        expires: Option<String>,
    },
    /// Show a team's tokens without their values, the latest first.
    List {
        /// Whose tokens.
        team_id: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Revoke a team's token.
    Revoke {
        /// Whose token.
        team_id: String,
        /// Its id.
        id: String,
    },
}

impl TokenCommand {
    pub(crate) fn run(self, house: &House, output: &mut Output<'_>) -> Result<(), Trouble> {
        let now = house.parts.clock.now();
        let operator = Operator::at_the_command_line();
        let by = By::Operator(&operator);
        match self {
            Self::Create { team_id, name, scope, expires } => {
                let lasts = expires.as_deref().map(duration).transpose()?;
                let no_scope = || Trouble::Argument(format!("{scope} is no scope."));
                let new = NewToken {
                    name,
                    scope: Scope::parse(&scope).ok_or_else(no_scope)?,
                    expires_at: lasts.map(|lasts| now.plus(lasts)),
                };
                let team_id = known_team(house, &team_id)?;
                let mint =
                    Mint { keys: &house.keys, chance: &*house.parts.chance, limits: house.token_limits() };
                let made =
                    house.database.write(now, |tx| tokens::team::make(tx, mint, &team_id, by, &new))?;
                output.say(made.value.reveal())
            }
            Self::List { team_id, json } => {
                let team_id = known_team(house, &team_id)?;
                let all = all(house, &team_id)?;
                if json {
                    return output.json(&json!({ "items": all, "next": null }));
                }
                all.iter().try_for_each(|token| output.say(&line(token)))
            }
            Self::Revoke { team_id, id } => {
                let team_id = known_team(house, &team_id)?;
                match house.database.write(now, |tx| tokens::team::revoke(tx, &team_id, by, &id))? {
                    Revoked::Now => output.note("Revoked."),
                    Revoked::Before => Err(TeamTokenError::Unknown.into()),
                }
            }
        }
    }
}

/// All tokens of a team, page by page.
fn all(house: &House, team_id: &TeamId) -> Result<Vec<TeamToken>, Trouble> {
    let (limits, now) = (house.token_limits(), house.parts.clock.now());
    let mut all: Vec<TeamToken> = Vec::new();
    loop {
        let page = Page { after: all.last().map(|token| token.id.as_str()), limit: 500 };
        let more = house
            .database
            .read(|connection| tokens::team::list(connection, team_id, &Seen::All, page, limits, now))?;
        if more.is_empty() {
            return Ok(all);
        }
        all.extend(more);
    }
}

fn line(token: &TeamToken) -> String {
    let state = match token.state {
        State::Live => "live",
        State::Expired => "expired",
        State::MakerNotAdmin | State::MakerAway => "stopped",
    };
    let personal = if token.personal { "  (personal)" } else { "" };
    let left = if token.maker_left { "  (maker left)" } else { "" };
    let TeamToken { id, name, scope, made_at, .. } = token;
    format!("{id}  {state:7}  {:10}  {made_at}  {name}{personal}{left}", scope.as_str())
}

/// Reads `30d`, `12h` or `8w`.
fn duration(text: &str) -> Result<Duration, Trouble> {
    let hours = |unit: &str, each: u64| {
        let count: u64 = text.strip_suffix(unit)?.parse().ok()?;
        count.checked_mul(each).filter(|hours| (1..=1_000_000).contains(hours))
    };
    let found = hours("h", 1).or_else(|| hours("d", 24)).or_else(|| hours("w", 24 * 7));
    let wrong = || Trouble::Argument(format!("{text} is no time; write 30d, 12h or 8w."));
    found.map(Duration::from_hours).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit_and_ends_before_the_calendar_does() {
        let hours = |text| duration(text).ok().map(|lasts| lasts.as_secs() / 3600);
        assert_eq!([hours("30d"), hours("12h"), hours("8w")], [Some(720), Some(12), Some(1344)]);
        for odd in ["", "d", "30", "-1d", "0h", "1.5d", "30 d", "99999999999999999999d", "9999999w"] {
            assert_eq!(hours(odd), None, "{odd}");
        }
    }
}
