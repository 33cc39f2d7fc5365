//! `sign-in list`: sign-ins that were refused, with their cause; what a reference id leads to.

use audit::{Kept, Timings};
use clap::Subcommand;
use pages::words::traces;
use serde_json::json;
use vocabulary::ReferenceId;

use crate::cli::Output;
use crate::commands::person::known_team;
use crate::house::House;
use crate::trouble::Trouble;

#[derive(Debug, Subcommand)]
pub(crate) enum SignInCommand {
    /// List refused sign-ins of the last 14 days, latest first.
    List {
        /// The reference id on somebody's screen, for example 7K2F-9QXM.
        #[arg(long, required_unless_present = "team")]
        reference: Option<String>,
        /// Those of one team.
        #[arg(long, value_name = "TEAM_ID")]
        team: Option<String>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

impl SignInCommand {
    pub(crate) fn run(self, house: &House, output: &mut Output<'_>) -> Result<(), Trouble> {
        let Self::List { reference, team, json } = self;
        let is_one = reference.is_some();
        let found = match (reference, team) {
            (Some(reference), _) => by_reference(house, &reference)?,
            (None, Some(team)) => {
                let team = known_team(house, &team)?;
                house.database.read(|connection| audit::refusals_of_team(connection, &team, None, 1000))?
            }
            (None, None) => Vec::new(),
        };
        if json {
            let items: Vec<_> = found.iter().map(as_json).collect();
            return output.json(&json!({ "items": items, "next": null }));
        }
        for kept in &found {
            let Kept { reference, team_id, stage, cause, detail, .. } = kept;
            output.say(&format!("{}  {reference}  {team_id}  {stage}  {cause}  {detail}", kept.at()))?;
            if is_one {
                in_words(kept).iter().try_for_each(|line| output.say(line))?;
            }
        }
        Ok(())
    }
}

/// What it means, what to do and who can, and what else is kept of it.
fn in_words(kept: &Kept) -> Vec<String> {
    let cause = traces::cause(&kept.cause, &kept.stage);
    let Timings { away, token, userinfo, whole } = kept.timings();
    let took = [("away", away), ("token", token), ("userinfo", userinfo), ("whole", whole)];
    let took: Vec<_> =
        took.into_iter().filter_map(|(stage, took)| Some(format!("{stage} {} ms", took?))).collect();
    let mut lines =
        vec![cause.message.to_owned(), format!("{} (for: {})", cause.remedy, cause.whose.as_str())];
    lines.extend((!took.is_empty()).then(|| format!("took: {}", took.join(", "))));
    lines.extend((!kept.claims().is_empty()).then(|| format!("claims: {}", kept.claims().join(", "))));
    lines
}

fn by_reference(house: &House, typed: &str) -> Result<Vec<Kept>, Trouble> {
    let none = |why: &str| Trouble::Said(format!("{typed} {why}"));
    let reference =
        ReferenceId::parse(typed).ok_or_else(|| none("is no reference id; one looks like 7K2F-9QXM."))?;
    let found = house.database.read(|connection| audit::by_reference(connection, &reference))?;
    found
        .map(|kept| vec![kept])
        .ok_or_else(|| none("is not among the sign-ins of the last 14 days; look for it in the log."))
}

fn as_json(kept: &Kept) -> serde_json::Value {
    let cause = traces::cause(&kept.cause, &kept.stage);
    let Timings { away, token, userinfo, whole } = kept.timings();
    json!({
        "reference": kept.reference, "team_id": kept.team_id, "stage": kept.stage, "cause": kept.cause,
        "message": cause.message, "remedy": cause.remedy, "remedy_for": cause.whose.as_str(),
        "detail": kept.detail, "claims": kept.claims(), "at": kept.at(),
        "timings": { "away": away, "token": token, "userinfo": userinfo, "whole": whole },
    })
}
