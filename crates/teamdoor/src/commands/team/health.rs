//! `team health`: how connections fare, one team's in full or all of them, those that are not well first.

use health::{Health, Place, Report};
use serde_json::json;
use vocabulary::TeamId;

use crate::cli::Output;
use crate::commands::person::known_team;
use crate::house::House;
use crate::trouble::Trouble;

/// Which page of teams.
pub(crate) struct Page {
    pub(crate) limit: u16,
    pub(crate) after: Option<String>,
}

pub(crate) fn run(
    house: &House,
    team_id: Option<&str>,
    page: &Page,
    json: bool,
    output: &mut Output<'_>,
) -> Result<(), Trouble> {
    match team_id {
        Some(team_id) => one(house, &known_team(house, team_id)?, json, output),
        None => all(house, page, json, output),
    }
}

fn one(house: &House, team_id: &TeamId, json: bool, output: &mut Output<'_>) -> Result<(), Trouble> {
    let unknown = || teams::TeamError::Unknown(team_id.clone());
    let found = house.database.read(|connection| health::of(connection, team_id))?.ok_or_else(unknown)?;
    let report = report(house, &found);
    if json {
        return output.json(&report);
    }
    let moment =
        |at: Option<vocabulary::Timestamp>| at.map_or_else(|| "never".to_owned(), |at| at.to_string());
    let last_bad = report
        .last_bad
        .as_ref()
        .map_or_else(|| "never".to_owned(), |bad| format!("{}  {}  {}", bad.at, bad.reference, bad.cause));
    let since = report.counted_since.map_or_else(|| "no sign-in yet".to_owned(), |at| at.to_string());
    let lines = [
        ("Team ID", report.team_id.to_string()),
        ("Health", format!("{}: {}", report.judgement.as_str(), report.message)),
        ("Remedy", report.remedy.clone().unwrap_or_else(|| "none needed".to_owned())),
        ("Counts", counts(&report)),
        ("Counted since", since),
        ("Last good", moment(report.last_good_at)),
        ("Last bad", last_bad),
        ("Metadata", format!("fetched {}", moment(report.metadata_fetched_at))),
        ("Keys", format!("fetched {}", moment(report.keys_fetched_at))),
        (
            "Breaker",
            report.breaker_open_until.map_or_else(|| "closed".to_owned(), |at| format!("open until {at}")),
        ),
    ];
    lines.iter().try_for_each(|(label, value)| output.say(&format!("{label:15} {value}")))
}

fn all(house: &House, page: &Page, json: bool, output: &mut Output<'_>) -> Result<(), Trouble> {
    let no_place = |text: &str| {
        Trouble::Argument(format!("{text} is no place; --after takes the “next” of the page before."))
    };
    let after = match &page.after {
        Some(text) => Some(Place::parse(text).ok_or_else(|| no_place(text))?),
        None => None,
    };
    let limit = usize::from(page.limit);
    let mut found = house
        .database
        .read(|connection| health::worst_first(connection, after.as_ref(), i64::from(page.limit) + 1))?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| last.place().to_string());
    let reports: Vec<Report> = found.iter().map(|health| report(house, health)).collect();
    if json {
        return output.json(&json!({ "items": reports, "next": next }));
    }
    for report in &reports {
        let Report { team_id, judgement, message, .. } = report;
        output.say(&format!("{team_id:24} {:18} {}. {message}", judgement.as_str(), counts(report)))?;
    }
    match next {
        Some(next) => output.note(&format!("There are more: --after {next}")),
        None => Ok(()),
    }
}

fn report(house: &House, health: &Health) -> Report {
    health.report(&house.address(&health.callback_path), house.parts.clock.now())
}

fn counts(report: &Report) -> String {
    let Report { started, returned, finished, refused, .. } = report;
    format!("started {started}, returned {returned}, finished {finished}, refused {refused}")
}
