//! `app`: the products behind the door, as the operator registers them.

use std::io::BufRead;

use apps::{App, AppOptions, Edit, HostEdit, Made, NewApp, OldSecret, Secrecy};
use clap::Subcommand;
use roles::Operator;
use sealing::OpaqueToken;
use vocabulary::ClientId;

use crate::cli::Output;
use crate::house::House;
use crate::trouble::Trouble;

mod said;
mod show;

use said::{Said, Without};

#[derive(Debug, Subcommand)]
pub(crate) enum AppCommand {
    /// Register an app and print its client id and secret; the secret is shown this once.
    Add {
        /// What people call it, for example Ledger.
        #[arg(long)]
        name: String,
        /// It cannot keep a secret: a page in a browser, an app of a phone or desktop.
        #[arg(long)]
        public: bool,
        #[command(flatten)]
        said: Said,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// List all apps.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one app.
    Show {
        /// Which one.
        client_id: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Change an app; what is not said stays.
    Set {
        /// Which one.
        client_id: String,
        /// Another name.
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        said: Said,
        /// What it shall not have any more; may be said several times. Without team it is for all teams.
        #[arg(long, value_name = "WHAT")]
        without: Vec<Without>,
    },
    /// Give an app another secret and print it; it is shown this once.
    RotateSecret {
        /// Which one.
        client_id: String,
        /// End the secret of before now, instead of in 24 hours.
        #[arg(long)]
        end_old: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Remove an app for good.
    Remove {
        /// Which one.
        client_id: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

impl AppCommand {
    pub(crate) fn run(self, house: &House, output: &mut Output<'_>) -> Result<(), Trouble> {
        let operator = Operator::at_the_command_line();
        let (now, chance) = (house.parts.clock.now(), &*house.parts.chance);
        match self {
            Self::Add { name, public, said, json } => {
                let host = said.host(house)?;
                let secrecy = if public { Secrecy::Public } else { Secrecy::Confidential };
                let new = NewApp { name, secrecy, host, options: said.over(AppOptions::default())? };
                let (app, secret) = house.database.write(now, |tx| apps::add(tx, chance, &operator, &new))?;
                show::note_what_is_missing(&app, output)?;
                tell(&app, secret.as_ref(), json, output)
            }
            Self::List { json } => show::list(house, json, output),
            Self::Show { client_id, json } => show::run(&known_app(house, &client_id)?, json, output),
            Self::Set { client_id, name, said, without } => {
                let before = known_app(house, &client_id)?;
                let host = said.host(house)?.map_or(HostEdit::Stays, HostEdit::Is);
                let mut edit = Edit { name, host, options: Some(said.over(before.options.clone())?) };
                for what in without {
                    what.take_from(&mut edit);
                }
                let seen = Some(before.version);
                let app =
                    house.database.write(now, |tx| apps::set(tx, &operator, &client_id, seen, &edit))?;
                show::note_what_is_missing(&app, output)?;
                output.note(&format!("Changed {} ({}).", app.name, app.id))
            }
            Self::RotateSecret { client_id, end_old, json } => {
                let old = if end_old { OldSecret::EndsNow } else { OldSecret::CountsADay };
                let (app, secret) = house
                    .database
                    .write(now, |tx| apps::rotate_secret(tx, chance, &operator, &client_id, old))?;
                if let Some(until) = app.old_secret_until() {
                    output.note(&format!("The secret of before counts until {until}."))?;
                }
                tell(&app, Some(&secret), json, output)
            }
            Self::Remove { client_id, yes } => {
                let app = known_app(house, &client_id)?;
                if !yes && !is_sure(&app, output)? {
                    return Err(Trouble::Said("Nothing was removed.".to_owned()));
                }
                house.database.write(now, |tx| {
                    provider::end_grants_of_app(tx, &app.id)?;
                    Ok::<_, Trouble>(apps::remove(tx, &operator, &client_id, None)?)
                })?;
                output.note(&format!("Removed {} ({}).", app.name, app.id))
            }
        }
    }
}

/// Shows what the app needs to be told of us: its client id and secret.
fn tell(app: &App, secret: Option<&OpaqueToken>, json: bool, output: &mut Output<'_>) -> Result<(), Trouble> {
    if json {
        return output.json(&Made::new(app, secret));
    }
    output.say(&format!("{:16} {}", "Client ID", app.id))?;
    match secret {
        Some(secret) => output.say(&format!("{:16} {}", "Client secret", secret.reveal())),
        None => output.note("A public app has no secret."),
    }
}

/// An app that is there, by what was typed.
fn known_app(house: &House, typed: &str) -> Result<App, Trouble> {
    let unknown = || apps::AppError::Unknown(typed.chars().take(60).collect());
    let id = ClientId::parse(typed).map_err(|_no_id| unknown())?;
    Ok(house.database.read(|connection| apps::find(connection, &id))?.ok_or_else(unknown)?)
}

fn is_sure(app: &App, output: &mut Output<'_>) -> Result<bool, Trouble> {
    output.note(&format!("This removes {} for good. Type its name to go on:", app.name))?;
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    Ok(typed.trim() == app.name)
}
