//! Which version is live: a tested one takes the place of the one before, and a click goes back.

use std::time::Duration;

use storage::{Connection as Database, StorageError, Subject, Tx};
use vocabulary::{ConnectionId, TeamId};

use super::row::{self, Kind};
use super::{SettingsVersion, held, previous};
use crate::callback_path::CallbackPath;
use crate::connection::{Connection, ConnectionOptions, State};
use crate::launch_names;
use crate::settings::{self, Settings};
use crate::team::TeamAndConnection;
use crate::tenant::{self, Tenant};
use crate::trouble::TeamError;

/// A version that has gone live.
#[derive(Debug)]
pub struct Taken {
    /// The team as it stands now.
    pub team: Tenant,
    /// The connection whose place another one took: a new identity provider. Its people start anew.
    pub replaced: Option<ConnectionId>,
}

/// Takes the version `key` live, which must be what is being worked on and tested. What was live and enabled becomes
/// the previous version.
pub fn take_live(tx: &mut Tx<'_>, team_id: &TeamId, key: &str) -> Result<Taken, TeamError> {
    let (tenant, base) = held(tx, team_id)?;
    let base = base.filter(|base| base.key() == key).ok_or(TeamError::NoSuchVersion)?;
    if base.tested_at.is_none() {
        return Err(TeamError::NotTested);
    }
    let mut replaced = None;
    if let (true, Some(live)) = (base.is_live, &tenant.connection) {
        settings::set_state(tx, live, State::Enabled)?;
    } else {
        replaced = swap(tx, &tenant, &base)?;
        row::forget(tx, team_id, Kind::Pending)?;
    }
    Ok(Taken { team: went_live(tx, team_id)?, replaced })
}

/// Goes back to the version that was live before; the present one becomes the previous one, so that this too can be
/// taken back. Where another identity provider had taken over, its predecessor's people are themselves again.
pub fn roll_back(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<Taken, TeamError> {
    let (tenant, _) = held(tx, team_id)?;
    let before = previous(tx, team_id)?.ok_or(TeamError::NoSuchVersion)?;
    let replaced = swap(tx, &tenant, &before)?;
    Ok(Taken { team: went_live(tx, team_id)?, replaced })
}

/// The team as an attempt knows it that was begun on the version before: a swap lets it end there, as long as it is
/// the same identity provider and the team is open.
pub fn lets_end(
    database: &mut Database,
    team_id: &TeamId,
    key: &str,
) -> Result<Option<TeamAndConnection>, StorageError> {
    let Some(before) = previous(database, team_id)?.filter(|before| before.key() == key) else {
        return Ok(None);
    };
    let tenant = tenant::find(database, team_id)?.filter(Tenant::is_open);
    let same = |tenant: &Tenant| tenant.connection.as_ref().is_some_and(|live| live.id == before.id);
    let tenant = tenant.filter(same);
    let team = tenant.as_ref().and_then(|tenant| before.of_team(tenant));
    let live = tenant.and_then(|tenant| tenant.connection);
    Ok(team.map(|team| {
        // The same secret of the same client has the same life.
        let is_same = |live: &Connection| {
            live.sealed_secret == team.connection.sealed_secret && live.client_id == team.connection.client_id
        };
        let secret_life = live.filter(is_same).map(|live| live.secret_life).unwrap_or_default();
        let connection = Connection { state: State::Enabled, secret_life, ..team.connection };
        TeamAndConnection { connection, ..team }
    }))
}

/// For how long people of the identity provider before are recognised by their trusted email.
const WINDOW: Duration = Duration::from_hours(30 * 24);
/// How many changes of the identity provider within that time are looked back at.
const CHANGES: usize = 4;

/// The connections of other identity providers whose place this one took of late, the latest first.
pub fn predecessors(tx: &mut Tx<'_>, live: &ConnectionId) -> Result<Vec<ConnectionId>, StorageError> {
    let since = tx.now().minus(WINDOW);
    let mut found: Vec<ConnectionId> = Vec::new();
    while found.len() < CHANGES {
        let of = found.last().unwrap_or(live).clone();
        let before = settings::replaced_since(tx, &of, since)?;
        let Some(before) = before.filter(|before| before != live && !found.contains(before)) else { break };
        found.push(before);
    }
    Ok(found)
}

fn went_live(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<Tenant, TeamError> {
    launch_names::follow(tx, team_id)?;
    tx.changed(Subject::Team, team_id.as_str());
    tenant::find(tx, team_id)?.ok_or_else(|| TeamError::Unknown(team_id.clone()))
}

/// Makes `version` the live one. Says which connection had to go, where it is another one.
fn swap(
    tx: &mut Tx<'_>,
    tenant: &Tenant,
    version: &SettingsVersion,
) -> Result<Option<ConnectionId>, TeamError> {
    let team_id = &tenant.team.team_id;
    let whole = version.of_team(tenant).filter(|whole| whole.connection.sealed_secret.is_some());
    let whole = whole.ok_or(TeamError::NotTested)?.connection;
    let usual = CallbackPath::usual(team_id);
    let now = Settings {
        issuer: &whole.issuer,
        client_id: &whole.client_id,
        secret: version.secret.clone(),
        options: &whole.options,
        callback_path: Some(&whole.callback_path).filter(|path| **path != usual),
        state: State::Enabled,
    };
    let Some(live) = &tenant.connection else {
        settings::insert(tx, &version.id, team_id, &now)?;
        return Ok(None);
    };
    let is_known = version.id == live.id || is_same(live, &whole.options, version);
    let returns = !is_known && settings::exists(tx, &version.id)?;
    if live.state == State::Enabled {
        row::put(tx, team_id, Kind::Previous, &SettingsVersion::of_live(live))?;
    } else {
        row::forget(tx, team_id, Kind::Previous)?;
    }
    if is_known {
        settings::update(tx, live, &now)?;
        return Ok(None);
    }
    settings::retire(tx, &live.id)?;
    let replaced = live.id.clone();
    if returns {
        settings::update(tx, &whole, &now)?;
    } else {
        settings::insert(tx, &version.id, team_id, &now)?;
    }
    settings::note_replaced(tx, &version.id, &replaced)?;
    Ok(Some(replaced))
}

/// Whether a version speaks of the identity provider that is live.
fn is_same(live: &Connection, options: &ConnectionOptions, version: &SettingsVersion) -> bool {
    let names_live = options.aliases.contains(&live.issuer);
    names_live || version.issuer.as_ref().is_some_and(|issuer| live.answers_to(issuer.as_str()))
}
