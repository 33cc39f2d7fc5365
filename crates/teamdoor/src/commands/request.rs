//! `request`: companies that ask for a team, and the operator's decision.

use clap::Subcommand;
use onboarding::request::{self, Look, Note, RequestError, Status};
use roles::{Clerk, Operator};
use serde_json::json;
use teams::Requirement;

use crate::cli::Output;
use crate::house::House;
use crate::trouble::Trouble;

mod show;

#[derive(Debug, Subcommand)]
pub(crate) enum RequestCommand {
    /// List requests, the latest first; those not confirmed yet are left out unless asked for.
    List {
        /// Only those that have come so far.
        #[arg(long, value_parser = ["unconfirmed", "waiting", "asked", "approved", "rejected"])]
        status: Option<String>,
        /// How many a page has.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
        limit: u16,
        /// Where the page before ended.
        #[arg(long, value_name = "ID")]
        after: Option<String>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one request.
    Show {
        /// Which one.
        id: String,
        /// Ask the identity provider that it names first.
        #[arg(long)]
        check: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Approve a request: its team is added, as a draft, and the contact gets a letter.
    Approve {
        /// Which one.
        id: String,
        /// A claim every ID token must carry, hd=… or tid=…: an issuer shared by many organisations needs it.
        #[arg(long = "require", value_name = "CLAIM=VALUE")]
        requirement: Option<String>,
    },
    /// Ask the contact of a request something, by letter.
    Ask {
        /// Which one.
        id: String,
        /// What; each line is a paragraph.
        #[arg(long)]
        text: String,
    },
    /// Reject a request and tell the contact why, by letter.
    Reject {
        /// Which one.
        id: String,
        /// Why; each line is a paragraph.
        #[arg(long)]
        text: String,
    },
}

impl RequestCommand {
    pub(crate) fn run(self, house: &House, output: &mut Output<'_>) -> Result<(), Trouble> {
        let operator = Operator::at_the_command_line();
        let now = house.parts.clock.now();
        let clerk = Clerk { desk: &house.desk, chance: &*house.parts.chance };
        match self {
            Self::List { status, limit, after, json } => {
                let status = status.as_deref().and_then(Status::parse);
                list(house, status, limit, after.as_deref(), json, output)
            }
            Self::Show { id, check, json } => show(house, &id, check, json, output),
            Self::Approve { id, requirement } => {
                let requirement = requirement.as_deref().map(Requirement::parse).transpose();
                let requirement = requirement.map_err(|error| Trouble::Argument(error.to_string()))?;
                let approved = house.database.write(now, |tx| {
                    let registrar = house.registrar();
                    request::approve(tx, &registrar, clerk, &operator, &id, requirement.as_ref())
                })?;
                let team_id = &approved.request.team_id;
                output.note(&format!("Approved: {team_id} is there, as a draft. {}", told(&approved)))
            }
            Self::Ask { id, text } => {
                let note = note(&text)?;
                let asked = house.database.write(now, |tx| request::ask(tx, clerk, &operator, &id, &note))?;
                output.note(&format!("Asked. {}", told(&asked)))
            }
            Self::Reject { id, text } => {
                let note = note(&text)?;
                let rejected =
                    house.database.write(now, |tx| request::reject(tx, clerk, &operator, &id, &note))?;
                output.note(&format!("Rejected. {}", told(&rejected)))
            }
        }
    }
}

fn told(look: &Look) -> String {
    format!("{} gets a letter.", look.request.contact)
}

fn note(text: &str) -> Result<Note, Trouble> {
    Note::parse(text).map_err(|error| Trouble::Argument(error.to_string()))
}

fn list(
    house: &House,
    status: Option<Status>,
    limit: u16,
    after: Option<&str>,
    json: bool,
    output: &mut Output<'_>,
) -> Result<(), Trouble> {
    let most = usize::from(limit);
    let mut found =
        house.database.read(|connection| request::list(connection, status, after, i64::from(limit) + 1))?;
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more).map(|last| last.request.id.clone());
    if json {
        return output.json(&json!({ "items": found, "next": next }));
    }
    for look in &found {
        let request = &look.request;
        output.say(&format!(
            "{}  {}  {:11}  {:24} {} ({})",
            request.id,
            request.made_at,
            request.status.as_str(),
            request.team_id,
            request.company,
            request.contact
        ))?;
    }
    match next {
        Some(next) => output.note(&format!("There are more: --after {next}")),
        None => Ok(()),
    }
}

fn show(
    house: &House,
    id: &str,
    ask_provider: bool,
    json: bool,
    output: &mut Output<'_>,
) -> Result<(), Trouble> {
    let find = || -> Result<Look, Trouble> {
        let found = house.database.read(|connection| request::find(connection, id))?;
        Ok(found.ok_or(RequestError::Unknown)?)
    };
    let mut found = find()?;
    if ask_provider {
        let redirect_uri = house.address(found.request.callback_path().as_str());
        let party = request::party(&found.request, redirect_uri).ok_or(RequestError::Incomplete)?;
        let door = house.door()?;
        let checks = actix_web::rt::System::new().block_on(door.upstream.check(&party));
        let now = house.parts.clock.now();
        house.database.write(now, |tx| request::keep_checks(tx, id, &checks))?;
        found = find()?;
    }
    if json { output.json(&found) } else { show::run(&found, output) }
}
