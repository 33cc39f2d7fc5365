//! The command line (docs/reference/command-line.md). Results on stdout, messages on stderr; exit 0 done, 1 refused or failed,
//! 2 bad arguments.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use settings::{Settings, Sources};

use crate::commands::{app, audit, doctor, keys, operator, person, request, role, sign_in, team, token};
use crate::house::{House, Parts};
use crate::service::Service;
use crate::trouble::Trouble;
use crate::{commands, demo};

/// The corporate front door of a SaaS product.
#[derive(Debug, Parser)]
#[command(name = "teamdoor", version, max_term_width = 100)]
struct Cli {
    /// A file of settings, over `config/default.toml`.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service.
    Serve,
    /// Run the service over a scratch database, with a practice identity provider and a sample product.
    Demo(demo::Demo),
    /// Bring the database's schema up to date.
    Migrate,
    /// Look whether everything is as the service needs it; nothing is changed.
    Doctor(doctor::Doctor),
    /// About settings.
    #[command(subcommand)]
    Settings(SettingsCommand),
    /// Add, show and change teams.
    #[command(subcommand)]
    Team(Box<team::TeamCommand>),
    /// The people of a team.
    #[command(subcommand)]
    Person(person::PersonCommand),
    /// Make somebody a member or an admin.
    #[command(subcommand)]
    Role(role::RoleCommand),
    /// The API tokens of a team.
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// The products behind the door.
    #[command(subcommand)]
    App(Box<app::AppCommand>),
    /// Companies that ask for a team.
    #[command(subcommand)]
    Request(request::RequestCommand),
    /// Sign-ins that were refused.
    #[command(subcommand)]
    SignIn(sign_in::SignInCommand),
    /// What was done, in all teams and in none.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Operators of the service.
    #[command(subcommand)]
    Operator(operator::OperatorCommand),
    /// The keys that sign tokens for apps.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
}

#[derive(Debug, Subcommand)]
enum SettingsCommand {
    /// Print every setting with its default and meaning, as Markdown.
    Reference,
}

/// Where a command's words go.
pub(crate) struct Output<'a> {
    pub(crate) out: &'a mut dyn Write,
    pub(crate) err: &'a mut dyn Write,
}

impl Output<'_> {
    /// A result, on a line of its own.
    pub(crate) fn say(&mut self, text: &str) -> Result<(), Trouble> {
        Ok(writeln!(self.out, "{text}")?)
    }

    /// A message.
    pub(crate) fn note(&mut self, text: &str) -> Result<(), Trouble> {
        Ok(writeln!(self.err, "{text}")?)
    }

    /// A result as JSON.
    pub(crate) fn json(&mut self, value: &impl serde::Serialize) -> Result<(), Trouble> {
        let text = serde_json::to_string_pretty(value).map_err(|error| Trouble::Said(error.to_string()))?;
        self.say(&text)
    }
}

/// Runs one command with its results on `out` and its messages on `err`.
pub fn run(arguments: impl Iterator<Item = OsString>, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(usage) => {
            let text = usage.render();
            let written = if usage.use_stderr() { write!(err, "{text}") } else { write!(out, "{text}") };
            let bad = usage.use_stderr() || written.is_err();
            return if bad { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let mut output = Output { out, err };
    match command(cli, &mut output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            let _nobody_listens = output.note(&format!("error: {trouble}"));
            if matches!(trouble, Trouble::Argument(_)) { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

fn command(cli: Cli, output: &mut Output<'_>) -> Result<(), Trouble> {
    let settings = || -> Result<Settings, Trouble> {
        let environment = settings::process_environment();
        let working_folder = std::env::current_dir()?;
        Ok(Settings::load(&Sources { config_file: cli.config.clone(), environment, working_folder })?)
    };
    let house = || House::build(&settings()?, Parts::default());
    match cli.command {
        Command::Settings(SettingsCommand::Reference) => Ok(write!(output.out, "{}", settings::reference())?),
        Command::Serve => serve(&settings()?, output),
        Command::Demo(demo) => demo.run(output),
        Command::Doctor(doctor) => doctor.run(settings(), output),
        Command::Migrate => commands::migrate::run(&settings()?, output),
        Command::Team(command) => command.run(&house()?, output),
        Command::Person(command) => command.run(&house()?, output),
        Command::Role(command) => command.run(&house()?, output),
        Command::Token(command) => command.run(&house()?, output),
        Command::App(command) => command.run(&house()?, output),
        Command::Request(command) => command.run(&house()?, output),
        Command::SignIn(command) => command.run(&house()?, output),
        Command::Audit(command) => command.run(&house()?, output),
        Command::Operator(command) => command.run(&house()?, output),
        Command::Keys(command) => command.run(&house()?, output),
    }
}

fn serve(settings: &Settings, output: &mut Output<'_>) -> Result<(), Trouble> {
    commands::log::start(settings)?;
    let service = Service::build(settings, Parts::default())?;
    output.note(&format!("Teamdoor listens on {}", settings.server.listen))?;
    output.note(&format!("and is reached at {}", settings.server.public_url))?;
    actix_web::rt::System::new().block_on(service.run(|_handle| ()))
}
