//! `team`: the registry at the command line. Adding asks nothing of the network; `--enabled` is the
//! operator's word and skips the test.

use std::io::BufRead;

use clap::Subcommand;
use roles::{Clerk, Operator};
use teams::{Edit, State, Tenant, TokenChoice};
use vocabulary::TeamId;

use crate::cli::Output;
use crate::commands::person::known_team;
use crate::house::House;
use crate::trouble::Trouble;

mod break_glass;
mod check;
mod health;
mod said;
mod settings;
mod show;
mod tokens;

use said::Said;

#[derive(Debug, Subcommand)]
pub(crate) enum TeamCommand {
    /// Add a team, as a draft unless --enabled is said.
    Add {
        /// Lowercase letters, digits and single dashes, for example acme-research.
        team_id: String,
        /// Whose ID tokens are believed, for example <https://acme.okta.com>. Without it the team has no connection
        /// until its own admin sets it up.
        #[arg(long, requires = "client_id")]
        issuer: Option<String>,
        /// Our name at the identity provider.
        #[arg(long, requires = "issuer")]
        client_id: Option<String>,
        /// Who becomes admin on their first sign-in.
        #[arg(long)]
        admin_email: String,
        #[command(flatten)]
        said: Said,
    },
    /// List all teams.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one team.
    Show {
        /// Which one.
        team_id: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Change a team at once; sign-ins under way start again.
    Set {
        /// Which one.
        team_id: String,
        /// Another issuer; unless it is an alias, people start anew there.
        #[arg(long)]
        issuer: Option<String>,
        /// Another client id.
        #[arg(long)]
        client_id: Option<String>,
        /// Another admin, who is promoted on their next first sign-in.
        #[arg(long)]
        admin_email: Option<String>,
        #[command(flatten)]
        said: Said,
        #[command(flatten)]
        tokens: tokens::Choice,
    },
    /// Run every check of a team's connection that needs no person.
    Check {
        /// Which one.
        team_id: String,
        /// Try client id and secret too, with a code that nobody gave out.
        #[arg(long)]
        probe: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Tell how a team's connection fares, or those of all teams, the unwell first.
    Health {
        /// Which one; all of them when none is said.
        team_id: Option<String>,
        /// How many teams a page has.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000), conflicts_with = "team_id")]
        limit: u16,
        /// Where the page before ended.
        #[arg(long, value_name = "PLACE", conflicts_with = "team_id")]
        after: Option<String>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a setup link, by which the customer's own admin connects the team; those made before end.
    SetupLink {
        /// Which one.
        team_id: String,
        /// Who gets it by mail, besides its being printed.
        #[arg(long)]
        email: Option<String>,
        /// Revoke the link that is there instead.
        #[arg(long, conflicts_with = "email")]
        revoke: bool,
    },
    /// Let an admin come to the sign-in settings, for 30 minutes, while nobody can sign in: they get a link by mail, you
    /// the code to tell them.
    BreakGlass {
        /// Which one.
        team_id: String,
        #[command(flatten)]
        wish: break_glass::Wish,
    },
    /// Take settings live that have passed a test sign-in.
    Enable {
        /// Which one.
        team_id: String,
    },
    /// Go back to the settings that were live before.
    Rollback {
        /// Which one.
        team_id: String,
    },
    /// Require single sign-on of everybody of a team.
    Require {
        /// Which one.
        team_id: String,
    },
    /// No longer require single sign-on of a team.
    Relax {
        /// Which one.
        team_id: String,
    },
    /// Put the next client secret into use now; by itself it takes over when the provider rejects the current one.
    UseNextSecret {
        /// Which one.
        team_id: String,
    },
    /// Close a team for the time being.
    Suspend {
        /// Which one.
        team_id: String,
    },
    /// Open a suspended team again.
    Resume {
        /// Which one.
        team_id: String,
    },
    /// Remove a team with its people for good.
    Remove {
        /// Which one.
        team_id: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

impl TeamCommand {
    pub(crate) fn run(self, house: &House, output: &mut Output<'_>) -> Result<(), Trouble> {
        let operator = Operator::at_the_command_line();
        let now = house.parts.clock.now();
        match self {
            Self::Add { team_id, issuer, client_id, admin_email, said } => {
                add(house, &operator, &team_id, issuer.zip(client_id), &admin_email, &said, output)
            }
            Self::Set { team_id, issuer, client_id, admin_email, said, tokens } => {
                let team_id = known_team(house, &team_id)?;
                let edit = said.edit(house, &team_id, issuer, client_id, admin_email)?;
                let wish = Wish { edit, life: said.life()?, choice: tokens.read() };
                set(house, &operator, &team_id, &wish, output)
            }
            Self::List { json } => list(house, json, output),
            Self::Show { team_id, json } => show::run(house, &team_id, json, output),
            Self::Check { team_id, probe, json } => {
                check::run(house, &known_team(house, &team_id)?, check::Wish { probe, json }, output)
            }
            Self::Health { team_id, limit, after, json } => {
                health::run(house, team_id.as_deref(), &health::Page { limit, after }, json, output)
            }
            Self::SetupLink { team_id, email, revoke } => {
                let (team_id, email) = (known_team(house, &team_id)?, email.as_deref());
                settings::setup_link(house, &operator, &team_id, email, revoke, output)
            }
            Self::BreakGlass { team_id, wish } => wish.run(house, &operator, &team_id, output),
            Self::Enable { team_id } => settings::run(house, &team_id, settings::Deed::Enable, output),
            Self::Rollback { team_id } => settings::run(house, &team_id, settings::Deed::RollBack, output),
            Self::Require { team_id } => settings::run(house, &team_id, settings::Deed::Require, output),
            Self::Relax { team_id } => settings::run(house, &team_id, settings::Deed::Relax, output),
            Self::UseNextSecret { team_id } => {
                settings::run(house, &team_id, settings::Deed::UseNextSecret, output)
            }
            Self::Suspend { team_id } => {
                let team_id = known_team(house, &team_id)?;
                house.database.write(now, |tx| onboarding::suspend(tx, &operator, &team_id))?;
                output.note(&format!("Suspended {team_id}."))
            }
            Self::Resume { team_id } => {
                let team_id = known_team(house, &team_id)?;
                house.database.write(now, |tx| onboarding::resume(tx, &operator, &team_id))?;
                output.note(&format!("Opened {team_id} again."))
            }
            Self::Remove { team_id, yes } => {
                let team_id = known_team(house, &team_id)?;
                if !yes && !is_sure(&team_id, output)? {
                    return Err(Trouble::Said("Nothing was removed.".to_owned()));
                }
                house.database.write(now, |tx| onboarding::remove(tx, &operator, &team_id))?;
                output.note(&format!("Removed {team_id}."))
            }
        }
    }
}

fn add(
    house: &House,
    operator: &Operator,
    team_id: &str,
    at_provider: Option<(String, String)>,
    admin_email: &str,
    said: &Said,
    output: &mut Output<'_>,
) -> Result<(), Trouble> {
    let now = house.parts.clock.now();
    let added = if let Some((issuer, client_id)) = at_provider {
        let new = said.new_team(team_id, &issuer, &client_id, admin_email)?;
        let (life, registrar) = (said.life()?, house.registrar());
        house.database.write(now, |tx| {
            let added = onboarding::add(tx, &registrar, operator, &new)?;
            life.make(tx, &registrar, operator, &new.team_id)?;
            Ok::<_, Trouble>(added)
        })?
    } else {
        let new = said.founding(team_id, admin_email)?;
        house.database.write(now, |tx| onboarding::found(tx, operator, &new))?
    };
    warn_of_spelling(&added, output)?;
    output.note(&format!("Added {} ({}).", added.team.team_id, state(&added)))
}

/// What `team set` was told.
struct Wish {
    edit: Edit,
    life: said::Life,
    choice: TokenChoice,
}

fn set(
    house: &House,
    operator: &Operator,
    team_id: &TeamId,
    wish: &Wish,
    output: &mut Output<'_>,
) -> Result<(), Trouble> {
    let clerk = Clerk { desk: &house.desk, chance: &*house.parts.chance };
    let registrar = house.registrar();
    let done = house.database.write(house.parts.clock.now(), |tx| {
        tokens::choose(tx, operator, team_id, wish.choice)?;
        let done = onboarding::set(tx, &registrar, clerk, operator, team_id, &wish.edit)?;
        wish.life.make(tx, &registrar, operator, team_id)?;
        Ok::<_, Trouble>(done)
    })?;
    warn_of_spelling(&done.team, output)?;
    for person in &done.with_admin_email {
        output.note(&format!(
            "{} already has that email. If they came with another one, make them admin by: teamdoor role set {team_id} {} admin",
            person.shown_name(),
            person.id
        ))?;
    }
    output.note(&format!("Changed {team_id} ({}).", state(&done.team)))
}

fn list(house: &House, json: bool, output: &mut Output<'_>) -> Result<(), Trouble> {
    let mut all: Vec<Tenant> = Vec::new();
    loop {
        let after = all.last().map(|team| team.team.team_id.as_str().to_owned());
        let page = house.database.read(|connection| teams::list(connection, after.as_deref(), 500))?;
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    if json {
        return output.json(&serde_json::json!({ "items": all, "next": null }));
    }
    all.iter().try_for_each(|team| {
        let issuer = team.connection.as_ref().map_or("-", |connection| connection.issuer.as_str());
        output.say(&format!("{:24} {:10} {issuer}", team.team.team_id, state(team)))
    })
}

/// In one word, whether people can come in.
fn state(team: &Tenant) -> &'static str {
    match (team.team.status, team.state()) {
        (teams::Status::Suspended, _) => "suspended",
        (teams::Status::Removed, _) => "removed",
        (teams::Status::Active, State::Draft) => "draft",
        (teams::Status::Active, State::Tested) => "tested",
        (teams::Status::Active, State::Enabled) => "enabled",
    }
}

fn warn_of_spelling(team: &Tenant, output: &mut Output<'_>) -> Result<(), Trouble> {
    let id = team.team.team_id.as_str();
    let subdomain = team.connection.as_ref().and_then(|connection| connection.issuer.subdomain());
    match subdomain.filter(|subdomain| subdomain.as_str() != "localhost" && !id.starts_with(subdomain.as_str())) {
        Some(subdomain) => output.note(&format!(
            "note: people expect a Team ID that begins with their Okta subdomain ({subdomain}); {id} does not."
        )),
        None => Ok(()),
    }
}

fn is_sure(team_id: &TeamId, output: &mut Output<'_>) -> Result<bool, Trouble> {
    output.note(&format!("This removes {team_id} with its people for good. Type the Team ID to go on:"))?;
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    Ok(typed.trim() == team_id.as_str())
}
