//! `audit list`: what was done, in all teams and in none, latest first.

use audit::{Act, Actor, Entry, Filter};
use clap::Subcommand;
use serde_json::json;
use vocabulary::{PersonId, ReferenceId, TeamId, Timestamp};

use crate::cli::Output;
use crate::house::House;
use crate::trouble::Trouble;

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// List what was done, latest first.
    List {
        /// In one team, be it there or removed.
        #[arg(long, value_name = "TEAM_ID")]
        team: Option<String>,
        /// One kind of act, for example `person.role_set`.
        #[arg(long)]
        act: Option<String>,
        /// What one did, for example `operator:deploy` or `command-line`.
        #[arg(long)]
        actor: Option<String>,
        /// What belongs to the reference id on somebody's screen, for example 7K2F-9QXM.
        #[arg(long)]
        reference: Option<String>,
        /// From this moment on, for example 2026-05-03T00:00:00Z.
        #[arg(long, value_name = "MOMENT")]
        from: Option<String>,
        /// Before this moment.
        #[arg(long, value_name = "MOMENT")]
        to: Option<String>,
        /// How many rows a page has.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
        limit: u16,
        /// The number of the last row of the page before.
        #[arg(long, value_name = "N")]
        after: Option<i64>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

impl AuditCommand {
    pub(crate) fn run(self, house: &House, output: &mut Output<'_>) -> Result<(), Trouble> {
        let Self::List { team, act, actor, reference, from, to, limit, after, json } = self;
        let no_moment = "is no moment; one looks like 2026-05-03T09:12:00Z.";
        let filter = Filter {
            team: read(team, "is no Team ID.", |text| TeamId::parse(text).ok())?,
            act: read(act, "is no act; one looks like person.role_set.", Act::parse)?,
            actor: read(actor, "is no actor; one looks like operator:deploy.", Actor::named)?,
            reference: read(reference, "is no reference id; one looks like 7K2F-9QXM.", ReferenceId::parse)?,
            from: read(from, no_moment, Timestamp::parse)?,
            to: read(to, no_moment, Timestamp::parse)?,
            ..Filter::default()
        };
        let most = usize::from(limit);
        let mut found = house
            .database
            .read(|connection| audit::deeds(connection, &filter, after, i64::from(limit) + 1))?;
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| more).map(|last| last.n.to_string());
        if json {
            let items: Vec<_> = found.iter().map(as_json).collect();
            return output.json(&json!({ "items": items, "next": next }));
        }
        found.iter().try_for_each(|entry| output.say(&line(entry)))?;
        match next {
            Some(next) => output.note(&format!("There are more: --after {next}")),
            None => Ok(()),
        }
    }
}

fn read<T>(
    said: Option<String>,
    wrong: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Trouble> {
    let Some(text) = said else { return Ok(None) };
    read(&text).map(Some).ok_or_else(|| Trouble::Argument(format!("{text} {wrong}")))
}

fn line(entry: &Entry) -> String {
    let Entry { n, at, team, actor, act, target, detail, reference } = entry;
    let team = team.as_deref().unwrap_or("-");
    let act = act.map_or("?", Act::as_str);
    let target = target.as_ref().map_or("-", PersonId::as_str);
    let reference = reference.as_deref().unwrap_or("-");
    format!("{n}  {at}  {team}  {}  {act}  {target}  {reference}  {detail}", actor.to_text())
}

fn as_json(entry: &Entry) -> serde_json::Value {
    json!({
        "n": entry.n, "at": entry.at, "team_id": entry.team, "actor": entry.actor.to_text(),
        "act": entry.act.map(Act::as_str), "target": entry.target.as_ref().map(PersonId::as_str),
        "detail": entry.detail, "reference": entry.reference,
    })
}
