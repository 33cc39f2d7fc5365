//! The acts of the settings page: an edit, its test's mark, going live and back, and requiring single sign-on, each with
//! all that hangs on it in one transaction.

use std::time::Duration;

use audit::{Act, Deed};
use mail::{Letter, Occasion};
use roles::Clerk;
use serde_json::{Value, json};
use sessions::End;
use storage::{StorageError, Tx};
use teams::versions::{self, Said, SettingsVersion, Taken};
use teams::{Registrar, TeamError, Tenant};
use vocabulary::{ConnectionId, Email, Issuer, PersonId, Role, TeamId};

use crate::hand::Hand;
use crate::links::end_links;

/// How recently an admin must have come through the live connection for single sign-on to be required.
pub const RECENT_ADMIN: Duration = Duration::from_hours(7 * 24);

/// Why an act of the settings page is refused.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The registry refuses.
    #[error(transparent)]
    Team(#[from] TeamError),
    /// Whoever acts has no say in this team.
    #[error("There is no such team.")]
    NotTheirs,
    /// Nobody has shown that an admin can come in at the new identity provider.
    #[error(
        "At the new identity provider nobody would be an admin. Test it once more, signed in there as one of the team's admins."
    )]
    AdminWouldBeLost,
    /// No admin has come in through the live connection of late.
    #[error("Requiring it needs an admin who signed in by single sign-on within the last 7 days.")]
    NoRecentAdmin,
    /// The team's people cannot sign in by single sign-on.
    #[error("Single sign-on is not on.")]
    NotOpen,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Keeps what the page was told as the pending version.
pub fn save(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    hand: Hand<'_, '_>,
    team_id: &TeamId,
    said: &Said,
) -> Result<Option<SettingsVersion>, SettingsError> {
    let before = worked_on(tx, hand, team_id)?.map(|version| version.key());
    let now = versions::save(tx, registrar, team_id, said, &hand.actor().to_text())?;
    if now.as_ref().map(SettingsVersion::key) != before {
        record(tx, hand, team_id, Act::SettingsEdited, json!({}))?;
    }
    Ok(now)
}

/// Takes over the issuer as the provider at that address says it, for the version `key`, which was checked.
pub fn correct_issuer(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    hand: Hand<'_, '_>,
    team_id: &TeamId,
    key: &str,
    issuer: &Issuer,
) -> Result<SettingsVersion, SettingsError> {
    worked_on(tx, hand, team_id)?;
    let now = versions::correct_issuer(tx, registrar, team_id, key, issuer)?;
    record(tx, hand, team_id, Act::SettingsEdited, json!({ "issuer": "as the provider says" }))?;
    Ok(now)
}

/// Drops the pending version.
pub fn discard(
    tx: &mut Tx<'_>,
    hand: Hand<'_, '_>,
    team_id: &TeamId,
    key: Option<&str>,
) -> Result<(), SettingsError> {
    let now = worked_on(tx, hand, team_id)?.map(|version| version.key());
    if key.is_some() && key != now.as_deref() {
        return Err(TeamError::NoSuchVersion.into());
    }
    if versions::discard(tx, team_id)? {
        record(tx, hand, team_id, Act::SettingsDiscarded, json!({}))?;
    }
    Ok(())
}

/// Takes what is being worked on live; it must have been tested. `key` is what the caller has seen; whatever stands
/// there when it is none. Setup links end. At another identity provider sessions end, and people are themselves again by
/// their trusted email; so the test must have shown that an admin can come.
pub fn enable(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    hand: Hand<'_, '_>,
    team_id: &TeamId,
    key: Option<&str>,
) -> Result<Tenant, SettingsError> {
    let version = worked_on(tx, hand, team_id)?.ok_or(TeamError::NotTested)?;
    let found = version.key();
    let key = key.unwrap_or(&found);
    let before = teams::find(tx, team_id)?.ok_or(SettingsError::NotTheirs)?;
    if version.is_live && key == found && before.is_open() {
        return Ok(before);
    }
    let readers = roles::admins(tx, team_id)?;
    let admins = roles::present_admins(tx, team_id)?;
    let taken = versions::take_live(tx, team_id, key)?;
    if !admins.is_empty() && !keeps_an_admin(tx, &before, &taken, key, &admins)? {
        return Err(SettingsError::AdminWouldBeLost);
    }
    let first = !before.is_open();
    went_live(tx, team_id, &taken)?;
    end_links(tx, team_id)?;
    record(tx, hand, team_id, Act::SettingsLive, json!({ "first": first }))?;
    let by = who(tx, hand, team_id)?;
    let team_name = taken.team.team.name.clone();
    if first {
        let to = taken.team.team.admin_email.clone();
        let occasion = Occasion::SsoOn { team_name };
        clerk.desk.write(tx, clerk.chance, &Letter { to, team_id: Some(team_id.clone()), occasion })?;
    } else {
        tell(tx, clerk, team_id, readers, || Occasion::SettingsLive {
            team_name: team_name.clone(),
            by: by.clone(),
        })?;
    }
    Ok(taken.team)
}

/// Goes back to the settings that were live before. `key` is what the caller has seen, as in [`enable`]; so a second
/// click does not go forth again. At another identity provider one of the admins must be known.
pub fn roll_back(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    hand: Hand<'_, '_>,
    team_id: &TeamId,
    key: Option<&str>,
) -> Result<Tenant, SettingsError> {
    let now = worked_on(tx, hand, team_id)?.map(|version| version.key());
    if key.is_some() && key != now.as_deref() {
        return Err(TeamError::NoSuchVersion.into());
    }
    let readers = roles::admins(tx, team_id)?;
    let admins = roles::present_admins(tx, team_id)?;
    let taken = versions::roll_back(tx, team_id)?;
    if taken.replaced.is_some() && !admins.is_empty() && !returns_an_admin(tx, &taken, &admins)? {
        return Err(SettingsError::AdminWouldBeLost);
    }
    went_live(tx, team_id, &taken)?;
    record(tx, hand, team_id, Act::RolledBack, json!({}))?;
    let (by, team_name) = (who(tx, hand, team_id)?, taken.team.team.name.clone());
    tell(tx, clerk, team_id, readers, || Occasion::RolledBack {
        team_name: team_name.clone(),
        by: by.clone(),
    })?;
    Ok(taken.team)
}

/// Whether the product is to refuse its own passwords for a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Everybody comes by single sign-on.
    Required,
    /// Everybody may.
    Relaxed,
}

/// Requires single sign-on of everybody of a team, or no longer. Requiring it needs an admin who came in by it within
/// the last 7 days.
pub fn set_policy(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    hand: Hand<'_, '_>,
    team_id: &TeamId,
    policy: Policy,
) -> Result<Tenant, SettingsError> {
    worked_on(tx, hand, team_id)?;
    let tenant = teams::find(tx, team_id)?.ok_or(SettingsError::NotTheirs)?;
    let required = policy == Policy::Required;
    if tenant.team.sso_required == required {
        return Ok(tenant);
    }
    if required {
        if !tenant.is_open() {
            return Err(SettingsError::NotOpen);
        }
        let since = tx.now().minus(RECENT_ADMIN);
        if !roles::has_admin_since(tx, team_id, since)? {
            return Err(SettingsError::NoRecentAdmin);
        }
    }
    teams::set_sso_required(tx, team_id, required)?;
    let act = if required { Act::SsoRequired } else { Act::SsoRelaxed };
    record(tx, hand, team_id, act, json!({}))?;
    let (by, team_name, admins) = (who(tx, hand, team_id)?, tenant.team.name, roles::admins(tx, team_id)?);
    tell(tx, clerk, team_id, admins, || Occasion::SsoPolicy {
        team_name: team_name.clone(),
        required,
        by: by.clone(),
    })?;
    teams::find(tx, team_id)?.ok_or(SettingsError::NotTheirs)
}

/// What is being worked on, for somebody who has a say in this team, under its lock.
fn worked_on(
    tx: &mut Tx<'_>,
    hand: Hand<'_, '_>,
    team_id: &TeamId,
) -> Result<Option<SettingsVersion>, SettingsError> {
    if !hand.reaches(team_id) {
        return Err(SettingsError::NotTheirs);
    }
    teams::lock_roles(tx, team_id)?;
    let tenant = teams::find(tx, team_id)?.ok_or_else(|| TeamError::Unknown(team_id.clone()))?;
    Ok(versions::worked_on(tx, &tenant)?)
}

/// Whether the test of these settings has shown that an admin can come in as one: at another identity provider somebody
/// whose email moves a present admin there; with another client, whose subjects may differ (as at Entra), an admin.
fn keeps_an_admin(
    tx: &mut Tx<'_>,
    before: &Tenant,
    taken: &Taken,
    key: &str,
    admins: &[PersonId],
) -> Result<bool, StorageError> {
    let team_id = &before.team.team_id;
    let client = |tenant: &Tenant| tenant.connection.as_ref().map(|connection| connection.client_id.clone());
    if taken.replaced.is_none() && client(before) == client(&taken.team) {
        return Ok(true);
    }
    let now = tx.now();
    let last = signin::last_rehearsal(tx, team_id, now)?.filter(|last| last.settings == key);
    let Some(made) = last.map(|last| last.rehearsal) else { return Ok(false) };
    let Some(old) = &taken.replaced else { return Ok(made.role == Some(Role::Admin)) };
    let Some(email) = made.trusted_email else { return Ok(false) };
    let moved = people::named(tx, team_id, old, &email)?;
    Ok(moved.is_some_and(|person| admins.contains(&person)))
}

/// Whether one of the admins can come in through the connection that is live again.
fn returns_an_admin(tx: &mut Tx<'_>, taken: &Taken, admins: &[PersonId]) -> Result<bool, StorageError> {
    let Some(live) = &taken.team.connection else { return Ok(false) };
    for admin in admins {
        if people::is_known_at(tx, admin, &live.id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What hangs on another connection taking the place of one: its sessions and what apps were granted end.
fn went_live(tx: &mut Tx<'_>, team_id: &TeamId, taken: &Taken) -> Result<(), StorageError> {
    let Some(old) = &taken.replaced else { return Ok(()) };
    end_connection(tx, team_id, old)
}

pub(crate) fn end_connection(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    old: &ConnectionId,
) -> Result<(), StorageError> {
    sessions::end(tx, End::Connection(old))?;
    provider::end_grants_of_team(tx, team_id)?;
    Ok(())
}

/// Writes the same to each of them.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    team_id: &TeamId,
    admins: Vec<(PersonId, Email)>,
    occasion: impl Fn() -> Occasion,
) -> Result<(), StorageError> {
    for (_, to) in admins {
        let letter = Letter { to, team_id: Some(team_id.clone()), occasion: occasion() };
        clerk.desk.write(tx, clerk.chance, &letter)?;
    }
    Ok(())
}

/// What whoever acts is called.
pub(crate) fn who(tx: &mut Tx<'_>, hand: Hand<'_, '_>, team_id: &TeamId) -> Result<String, StorageError> {
    roles::name_of(tx, team_id, &hand.actor())
}

pub(crate) fn record(
    tx: &mut Tx<'_>,
    hand: Hand<'_, '_>,
    team: &TeamId,
    act: Act,
    detail: Value,
) -> Result<(), StorageError> {
    let actor = &hand.actor();
    audit::record(tx, &Deed { team: Some(team), actor, act, target: None, detail, reference: None })
}
