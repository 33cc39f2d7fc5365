//! The acts on a client secret's life: the next one, its taking over, the day on which the current one expires; and the
//! letters before that day.

use audit::Act;
use mail::{Letter, Occasion};
use roles::Clerk;
use serde_json::json;
use storage::{Database, StorageError, Tx};
use teams::secret_life;
use teams::{Registrar, TeamError, Tenant};
use vocabulary::{ClientSecret, TeamId, Timestamp};

use crate::hand::Hand;
use crate::settings::{SettingsError, record, tell, who};

/// How many teams are written to in one round.
const ROUND: i64 = 200;

/// Sets the client secret that comes after the current one.
pub fn set_next_secret(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    hand: Hand<'_, '_>,
    team_id: &TeamId,
    secret: &ClientSecret,
    expires_at: Option<Timestamp>,
) -> Result<(), SettingsError> {
    reaches(hand, team_id)?;
    secret_life::set_next(tx, registrar, team_id, secret, expires_at, &hand.actor().to_text())?;
    Ok(record(tx, hand, team_id, Act::NextSecretSet, json!({ "expires_at": expires_at }))?)
}

/// Drops it. `key` is the one that the caller has seen; whichever it is when none.
pub fn drop_next_secret(
    tx: &mut Tx<'_>,
    hand: Hand<'_, '_>,
    team_id: &TeamId,
    key: Option<&str>,
) -> Result<(), SettingsError> {
    reaches(hand, team_id)?;
    if secret_life::drop_next(tx, team_id, key)? {
        record(tx, hand, team_id, Act::NextSecretDropped, json!({}))?;
    }
    Ok(())
}

/// Sets until when the current one is good; none when nobody knows.
pub fn set_secret_expiry(
    tx: &mut Tx<'_>,
    hand: Hand<'_, '_>,
    team_id: &TeamId,
    expires_at: Option<Timestamp>,
) -> Result<(), SettingsError> {
    let before = live(tx, hand, team_id)?.connection.and_then(|live| live.secret_life.expires_at);
    if before == expires_at {
        return Ok(());
    }
    secret_life::set_expiry(tx, team_id, expires_at)?;
    Ok(record(tx, hand, team_id, Act::SecretExpirySet, json!({ "expires_at": expires_at }))?)
}

/// Puts the next one into use. It must have been tested, unless an operator says so. `key` is the one that the caller has
/// seen; whichever it is when none.
pub fn use_next_secret(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    hand: Hand<'_, '_>,
    team_id: &TeamId,
    key: Option<&str>,
) -> Result<Tenant, SettingsError> {
    let next = live(tx, hand, team_id)?.connection.and_then(|live| live.secret_life.next);
    let next = next.ok_or(TeamError::NoNextSecret)?;
    if key.is_some_and(|key| key != next.key()) {
        return Err(TeamError::NoSuchVersion.into());
    }
    if next.tested_at.is_none() && !hand.is_operators() {
        return Err(TeamError::NextNotTested.into());
    }
    let taken = secret_life::take_over(tx, team_id, next.key())?.ok_or(TeamError::NoSuchVersion)?;
    record(tx, hand, team_id, Act::ClientSecretSwitched, json!({ "rejected": false }))?;
    let (by, team_name) = (who(tx, hand, team_id)?, taken.team.name.clone());
    let admins = roles::admins(tx, team_id)?;
    tell(tx, clerk, team_id, admins, || Occasion::SecretSwitched {
        team_name: team_name.clone(),
        by: Some(by.clone()),
    })?;
    Ok(taken)
}

/// Writes to the admins of teams whose client secret expires in 30, 7 or 1 days, or has expired, once for each. Several
/// nodes may do so at once. Where nobody is admin yet, whoever is to become it is told.
pub fn tell_of_expiring_secrets(
    database: &Database,
    now: Timestamp,
    clerk: Clerk<'_>,
) -> Result<(), StorageError> {
    let due = database.read(|connection| secret_life::expiring(connection, now, ROUND))?;
    due.iter().try_for_each(|team_id| database.write(now, |tx| tell_of_expiry(tx, clerk, team_id)))
}

fn tell_of_expiry(tx: &mut Tx<'_>, clerk: Clerk<'_>, team_id: &TeamId) -> Result<(), StorageError> {
    let Some(expiry) = secret_life::note_told(tx, team_id)? else { return Ok(()) };
    let mut readers: Vec<_> = roles::admins(tx, team_id)?.into_iter().map(|(_, email)| email).collect();
    if expiry.team.promotion_spent_by.is_none() && readers.is_empty() {
        readers.push(expiry.team.admin_email.clone());
    }
    for to in readers {
        let (team_name, at) = (expiry.team.name.clone(), expiry.at);
        let (days, next_waits) = (expiry.days, expiry.next_waits);
        let occasion = Occasion::SecretExpires { team_name, at, days, next_waits };
        clerk.desk.write(tx, clerk.chance, &Letter { to, team_id: Some(team_id.clone()), occasion })?;
    }
    Ok(())
}

/// The team under its lock, for somebody who has a say in it.
fn live(tx: &mut Tx<'_>, hand: Hand<'_, '_>, team_id: &TeamId) -> Result<Tenant, SettingsError> {
    reaches(hand, team_id)?;
    teams::lock_roles(tx, team_id)?;
    let tenant = teams::find(tx, team_id)?.ok_or_else(|| TeamError::Unknown(team_id.clone()))?;
    if tenant.connection.is_none() { Err(TeamError::ConnectionMissing.into()) } else { Ok(tenant) }
}

fn reaches(hand: Hand<'_, '_>, team_id: &TeamId) -> Result<(), SettingsError> {
    if hand.reaches(team_id) { Ok(()) } else { Err(SettingsError::NotTheirs) }
}
