//! The last checks of a team's settings, kept so that the page can show them without asking the network again.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use storage::schema::connection_checks;
use storage::{Connection, StorageError, Tx, each};
use upstream::Check;
use vocabulary::{TeamId, Timestamp};

/// One check as it is kept: see [`upstream::Check`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptCheck {
    /// Which check.
    pub name: String,
    /// Whether it passed.
    pub ok: bool,
    /// A stable code where it did not.
    pub code: Option<String>,
    /// What was found, a sentence.
    pub message: String,
    /// What to do about it.
    pub remedy: Option<String>,
    /// What the settings say, where it was compared.
    pub expected: Option<String>,
    /// What the provider says.
    pub got: Option<String>,
}

/// How the probe of client id and secret ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptProbe {
    /// The provider knew them.
    Accepted,
    /// The provider refused them.
    Rejected,
    /// Its answer says neither; why, a sentence.
    CantTell(String),
}

/// A team's last checks.
#[derive(Clone, Debug)]
pub struct KeptChecks {
    /// The key of the settings they were made with.
    pub settings: String,
    /// Each check, in the order they were made.
    pub checks: Vec<KeptCheck>,
    /// The probe, if one was made with these settings, and when.
    pub probe: Option<(KeptProbe, Timestamp)>,
    /// When the checks were made.
    pub at: Timestamp,
}

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    checks: Vec<KeptCheck>,
    probe: Option<(KeptProbe, i64)>,
}

impl From<&Check> for KeptCheck {
    fn from(check: &Check) -> Self {
        Self {
            name: check.name.to_owned(),
            ok: check.ok,
            code: check.code.map(str::to_owned),
            message: check.message.clone(),
            remedy: check.remedy.clone(),
            expected: check.expected.clone(),
            got: check.got.clone(),
        }
    }
}

/// The team's last checks.
pub fn last_checks(
    connection: &mut Connection,
    team_id: &TeamId,
) -> Result<Option<KeptChecks>, StorageError> {
    let query = connection_checks::table.find(team_id.as_str()).select((
        connection_checks::settings,
        connection_checks::checks,
        connection_checks::at,
    ));
    let row: Option<(String, String, i64)> = each!(connection, c => query.get_result(c).optional())?;
    Ok(row.map(|(settings, stored, at)| {
        let Stored { checks, probe } = serde_json::from_str(&stored).unwrap_or_default();
        let probe = probe.map(|(probe, at)| (probe, Timestamp::from_millis(at)));
        KeptChecks { settings, checks, probe, at: Timestamp::from_millis(at) }
    }))
}

/// Keeps the checks of the settings `key`; a probe of the same settings stays.
pub fn keep_checks(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    key: &str,
    checks: &[Check],
) -> Result<(), StorageError> {
    if !holds(tx, team_id)? {
        return Ok(());
    }
    let same = last_checks(tx, team_id)?.filter(|last| last.settings == key);
    let probe = same.and_then(|last| last.probe).map(|(probe, at)| (probe, at.millis()));
    let now = tx.now();
    put(tx, team_id, key, &Stored { checks: checks.iter().map(KeptCheck::from).collect(), probe }, now)
}

/// Keeps how the probe of the settings `key` ended; the checks of the same settings stay.
pub fn keep_probe(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    key: &str,
    probe: KeptProbe,
) -> Result<(), StorageError> {
    if !holds(tx, team_id)? {
        return Ok(());
    }
    let same = last_checks(tx, team_id)?.filter(|last| last.settings == key);
    let now = tx.now();
    let (checks, at) = same.map_or((Vec::new(), now), |last| (last.checks, last.at));
    put(tx, team_id, key, &Stored { checks, probe: Some((probe, now.millis())) }, at)
}

/// Forgets a team's checks.
pub(crate) fn forget_checks(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), StorageError> {
    let row = connection_checks::table.find(team_id.as_str());
    each!(&mut **tx, c => diesel::delete(row).execute(c))?;
    Ok(())
}

/// Holds the team, so that of two results at once each sees the other; says whether it is still there.
fn holds(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<bool, StorageError> {
    teams::lock_roles(tx, team_id)?;
    Ok(teams::find(tx, team_id)?.is_some())
}

fn put(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    key: &str,
    stored: &Stored,
    at: Timestamp,
) -> Result<(), StorageError> {
    forget_checks(tx, team_id)?;
    let stored =
        serde_json::to_string(stored).map_err(|error| StorageError::Unavailable(error.to_string()))?;
    let row = (
        connection_checks::team_id.eq(team_id.as_str()),
        connection_checks::settings.eq(key),
        connection_checks::checks.eq(stored),
        connection_checks::at.eq(at.millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(connection_checks::table).values(row).execute(c))?;
    Ok(())
}
