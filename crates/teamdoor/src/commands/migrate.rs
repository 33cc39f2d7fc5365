//! `migrate`: brings the database's schema up to date.

use settings::Settings;

use crate::cli::Output;
use crate::house::open_database;
use crate::trouble::Trouble;

pub(crate) fn run(settings: &Settings, output: &mut Output<'_>) -> Result<(), Trouble> {
    let done = open_database(settings)?.migrate()?;
    if done.is_empty() {
        return output.note("The database is up to date.");
    }
    done.iter().try_for_each(|version| output.say(version))
}
