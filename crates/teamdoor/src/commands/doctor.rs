//! `doctor`: looks at everything the service stands on, changes nothing, and says what to do about what is wrong.

mod finding;
mod kept;
mod outside;

use clap::Args;
use serde_json::json;
use settings::Settings;
use signin::Deps;
use vocabulary::{Clock as _, SystemClock};

use crate::cli::Output;
use crate::house::{self, House, Parts};
use crate::trouble::Trouble;
use finding::Finding;

/// How much is looked at, and how it is told.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Ask the identity providers of at most this many open teams, by Team ID.
    #[arg(long, value_name = "N", default_value_t = 100)]
    teams: usize,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(crate) fn run(
        &self,
        settings: Result<Settings, Trouble>,
        output: &mut Output<'_>,
    ) -> Result<(), Trouble> {
        let findings = match settings {
            Ok(settings) => self.examine(&settings),
            Err(wrong) => vec![Finding::bad("settings", wrong.to_string())],
        };
        if self.json {
            output.json(&json!({ "checks": findings }))?;
        } else {
            for finding in &findings {
                output.say(&finding.to_string())?;
            }
        }
        match findings.iter().filter(|finding| finding.is_bad()).count() {
            0 => Ok(()),
            bad => Err(Trouble::Said(format!("{bad} of {} checks failed.", findings.len()))),
        }
    }

    /// Everything in the order in which one thing stands on another.
    fn examine(&self, settings: &Settings) -> Vec<Finding> {
        let mut findings = vec![
            Finding::good("settings", "They are read, and every one of them is known."),
            finding::public_url(settings),
        ];
        let system = actix_web::rt::System::new();
        findings.push(system.block_on(outside::ourselves(settings)));
        let database = match house::open_database(settings) {
            Ok(database) => database,
            Err(trouble) => {
                findings.push(Finding::bad("database", trouble.to_string()));
                return findings;
            }
        };
        let stands = kept::database(&database);
        let is_there = stands.is_there;
        findings.extend(stands.findings);
        let mut keys_are_known = false;
        if is_there {
            let now = SystemClock.now();
            let keys = kept::keys(settings, &database);
            keys_are_known = matches!(keys, Ok(true));
            findings.push(kept::of_keys(keys));
            findings.push(kept::clock(&database, now));
            findings.push(kept::operators(settings, &database));
            findings.push(kept::letters(&database, now));
        }
        findings.push(system.block_on(outside::mail(settings)));
        // Where nothing is sealed yet there is no team to ask, and building the house would seal something.
        if keys_are_known {
            findings.extend(self.teams(settings, &system));
        }
        findings
    }

    fn teams(&self, settings: &Settings, system: &actix_web::rt::SystemRunner) -> Vec<Finding> {
        let door = House::build(settings, Parts::default()).and_then(|house| house.door());
        match door {
            Ok(door) => system.block_on(self.ask(&door)),
            Err(trouble) => vec![Finding::bad("teams", trouble.to_string())],
        }
    }

    async fn ask(&self, door: &Deps) -> Vec<Finding> {
        outside::teams(door, self.teams)
            .await
            .unwrap_or_else(|error| vec![Finding::bad("teams", error.to_string())])
    }
}
