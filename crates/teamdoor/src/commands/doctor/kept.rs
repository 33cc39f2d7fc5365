//! What is kept: the database, its schema, the keys it was made with, its clock, the letters that wait in it.

use std::time::Duration;

use mail::Queue;
use settings::Settings;
use storage::{Address, Database, SchemaState, StorageError};
use vocabulary::Timestamp;

use super::finding::Finding;
use crate::house;
use crate::trouble::Trouble;

/// How far two clocks may be apart: what [`upstream`] forgives of a provider's.
const APART: Duration = Duration::from_mins(1);
/// A letter that waits for longer is stuck.
const STUCK: Duration = Duration::from_mins(30);

/// What was found of the database, and whether anything can be read of it.
pub(super) struct Ground {
    pub(super) findings: Vec<Finding>,
    pub(super) is_there: bool,
}

pub(super) fn database(database: &Database) -> Ground {
    let nothing = |finding| Ground { findings: vec![finding], is_there: false };
    if let Address::Sqlite(file) = database.address()
        && !file.exists()
    {
        let shown = file.display();
        return nothing(Finding::good(
            "database",
            format!("{shown} is not there yet; the first start makes it."),
        ));
    }
    let schema = match database.schema_state() {
        Ok(schema) => schema,
        Err(error) => {
            return nothing(Finding::bad("database", error.to_string()).cured_by(
                "Look whether database.url is right, the server up, and the file and its folder this user's to write.",
            ));
        }
    };
    let there = Finding::good("database", "It answers.");
    Ground {
        is_there: schema == SchemaState::Current,
        findings: vec![there, self::schema(database, &schema)],
    }
}

fn schema(database: &Database, schema: &SchemaState) -> Finding {
    match schema {
        SchemaState::Current => Finding::good("schema", "It is what this version needs."),
        SchemaState::Behind(missing) if database.address().is_embedded() => {
            let missing = missing.len();
            Finding::good("schema", format!("It is older; the next start migrates it ({missing} to come)."))
        }
        SchemaState::Behind(missing) => Finding::bad(
            "schema",
            format!("It is older than this version needs ({} to come).", missing.len()),
        )
        .cured_by("Run `teamdoor migrate`."),
        SchemaState::Ahead(_) => Finding::bad("schema", "It was migrated by a newer version of Teamdoor.")
            .cured_by("Run that version."),
    }
}

/// Whether the keys are the right ones; false where nothing was ever sealed. Nothing is made here.
pub(super) fn keys(settings: &Settings, database: &Database) -> Result<bool, Trouble> {
    house::known_keys(settings, database)
}

/// The same in words.
pub(super) fn of_keys(known: Result<bool, Trouble>) -> Finding {
    match known {
        Ok(true) => Finding::good("keys", "They open what this database holds."),
        Ok(false) => {
            Finding::good("keys", "Nothing is sealed yet; the first start notes which keys are right.")
        }
        Err(trouble) => Finding::bad("keys", trouble.to_string()),
    }
}

pub(super) fn clock(database: &Database, now: Timestamp) -> Finding {
    let remedy = "Let both machines set their clocks by NTP: sign-ins are refused beyond two minutes.";
    match database.server_time() {
        Err(error) => Finding::bad("clock", error.to_string()),
        Ok(None) => Finding::good("clock", format!("This machine says {now}.")),
        Ok(Some(there)) => {
            let apart = now.since(there).max(there.since(now));
            let said = format!("This machine and the database server are {} s apart.", apart.as_secs());
            if apart < APART {
                Finding::good("clock", said)
            } else {
                Finding::bad("clock", said).cured_by(remedy)
            }
        }
    }
}

/// Whether somebody can be an operator in the browser.
pub(super) fn operators(settings: &Settings, database: &Database) -> Finding {
    let Some(team) = &settings.operator.team else {
        return Finding::good("operators", "operator.team is not set: there is no console in the browser.");
    };
    let open = database.read(|connection| {
        let found = teams::find(connection, team)?;
        Ok::<_, StorageError>(found.is_some_and(|tenant| tenant.is_open()))
    });
    match open {
        Ok(true) => Finding::good("operators", format!("The admins of {team} are operators.")),
        Ok(false) => {
            Finding::bad("operators", format!("operator.team names {team}, to which nobody can sign in."))
                .cured_by(format!("Add it with `teamdoor team add {team}`, or name another team."))
        }
        Err(error) => Finding::bad("operators", error.to_string()),
    }
}

pub(super) fn letters(database: &Database, now: Timestamp) -> Finding {
    match database.read(mail::queue) {
        Ok(Queue { letters: 0, .. }) => Finding::good("letters", "None waits."),
        Ok(Queue { letters, oldest }) => {
            let stuck = oldest.is_some_and(|oldest| now.since(oldest) > STUCK);
            let since = oldest.map_or_else(String::new, |oldest| format!(", the oldest since {oldest}"));
            let said = format!("{letters} on their way{since}.");
            if stuck {
                Finding::bad("letters", said)
                    .cured_by("They go out when the mail server takes them: look at mail.url and at the log.")
            } else {
                Finding::good("letters", said)
            }
        }
        Err(error) => Finding::bad("letters", error.to_string()),
    }
}
