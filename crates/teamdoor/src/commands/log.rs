//! Logs on stderr, for people or as JSON.

use std::io::IsTerminal;

use settings::{LogFormat, Settings};
use tracing_subscriber::EnvFilter;

use crate::trouble::Trouble;

pub(crate) fn start(settings: &Settings) -> Result<(), Trouble> {
    let wrong = |why: String| Trouble::Setting { key: "log.filter", why };
    let filter = EnvFilter::try_new(&settings.log.filter).map_err(|error| wrong(error.to_string()))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let started = match settings.log.format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
    started.map_err(|error| Trouble::Said(error.to_string()))
}
