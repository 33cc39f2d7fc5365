//! The operator's acts on apps, each recorded in its own transaction.

use std::time::Duration;

use audit::{Act, Deed};
use diesel::prelude::*;
use roles::Operator;
use sealing::{OpaqueToken, TokenPrefix};
use serde_json::json;
use storage::schema::apps;
use storage::{StorageError, Subject, Tx, each};
use vocabulary::{Chance, ClientId, TeamId, Version, random_id};

use crate::app::{App, AppOptions, Kind};
use crate::registry::ALL;
use crate::rows;
use crate::trouble::AppError;
use crate::uri::AppHost;
use crate::words::Pkce;

/// How long a secret that was replaced still counts, unless it is to end at once: long enough to roll a service out.
const OLD_SECRET_COUNTS: Duration = Duration::from_hours(24);
const MOST_ADDRESSES: usize = 20;
const MOST_TEAMS: usize = 1000;

/// An app about to be registered.
#[derive(Clone, Debug)]
pub struct NewApp {
    /// What people call it.
    pub name: String,
    /// Whether it keeps a secret.
    pub secrecy: Secrecy,
    /// The host on which it stands behind forward-auth.
    pub host: Option<AppHost>,
    /// How it wants to be used.
    pub options: AppOptions,
}

/// Whether an app that is registered gets a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// It keeps one.
    Confidential,
    /// It cannot keep one.
    Public,
}

/// What is to be changed; what is not said stays.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Another name.
    pub name: Option<String>,
    /// What becomes of its host.
    pub host: HostEdit,
    /// Other options, all of them.
    pub options: Option<AppOptions>,
}

/// What becomes of an app's host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HostEdit {
    /// It stays, or stays none.
    #[default]
    Stays,
    /// It has none from now on.
    Goes,
    /// It is this one.
    Is(AppHost),
}

impl From<Option<AppHost>> for HostEdit {
    fn from(host: Option<AppHost>) -> Self {
        host.map_or(Self::Goes, Self::Is)
    }
}

/// Whether the secret before still counts for a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldSecret {
    /// It counts for 24 hours.
    CountsADay,
    /// It ends now.
    EndsNow,
}

/// Registers an app. A confidential one gets a secret, which is nowhere else.
pub fn add(
    tx: &mut Tx<'_>,
    chance: &dyn Chance,
    operator: &Operator,
    new: &NewApp,
) -> Result<(App, Option<OpaqueToken>), AppError> {
    let name = named(&new.name)?;
    check(&new.options, new.host.as_ref(), new.secrecy)?;
    check_teams(tx, new.options.teams.as_deref().unwrap_or_default())?;
    let id = random_id(chance);
    let secret = match new.secrecy {
        Secrecy::Confidential => Some(OpaqueToken::mint(TokenPrefix::Client, chance)),
        Secrecy::Public => None,
    };
    let row = (
        apps::id.eq(&id),
        apps::name.eq(&name),
        apps::secret_hash.eq(secret.as_ref().map(|secret| secret.hash().as_str().to_owned())),
        apps::host.eq(new.host.as_ref().map(AppHost::as_str)),
        apps::options.eq(to_text(&new.options)?),
        apps::version.eq(1),
        apps::created_at.eq(tx.now().millis()),
    );
    let added = each!(&mut **tx, c => diesel::insert_into(apps::table).values(row).on_conflict_do_nothing().execute(c))
        .map_err(StorageError::from)?;
    if added == 0 {
        return Err(AppError::HostTaken(new.host.as_ref().map(ToString::to_string).unwrap_or_default()));
    }
    let app = there(tx, &id)?;
    changed(tx, &app);
    record(tx, operator, Act::AppAdded, &app)?;
    Ok((app, secret))
}

/// Changes an app, if it is still as it was seen; `seen` none means whatever it is. What is so already is no change.
pub fn set(
    tx: &mut Tx<'_>,
    operator: &Operator,
    id: &str,
    seen: Option<Version>,
    edit: &Edit,
) -> Result<App, AppError> {
    let before = there(tx, id)?;
    check_version(&before, seen)?;
    let name = edit.name.as_deref().map_or_else(|| Ok(before.name.clone()), named)?;
    let host = match &edit.host {
        HostEdit::Stays => before.host.clone(),
        HostEdit::Goes => None,
        HostEdit::Is(host) => Some(host.clone()),
    };
    let options = edit.options.clone().unwrap_or_else(|| before.options.clone());
    if (&name, &host, &options) == (&before.name, &before.host, &before.options) {
        return Ok(before);
    }
    check(&options, host.as_ref(), before.secrecy())?;
    check_teams(tx, &more_teams(&before, &options))?;
    let row = apps::table.find(id).filter(apps::version.eq(before.version.0));
    let new = (
        apps::name.eq(name),
        apps::host.eq(host.as_ref().map(AppHost::as_str)),
        apps::options.eq(to_text(&options)?),
        apps::version.eq(before.version.0.saturating_add(1)),
    );
    let taken = |error| match StorageError::from(error) {
        StorageError::Duplicate(_) => {
            AppError::HostTaken(host.as_ref().map(ToString::to_string).unwrap_or_default())
        }
        error @ StorageError::Unavailable(_) => error.into(),
    };
    let set = each!(&mut **tx, c => diesel::update(row).set(new).execute(c)).map_err(taken)?;
    if set == 0 {
        return Err(AppError::Changed);
    }
    let after = there(tx, id)?;
    changed(tx, &before);
    changed(tx, &after);
    record(tx, operator, Act::AppChanged, &after)?;
    Ok(after)
}

/// Gives a confidential app another secret.
pub fn rotate_secret(
    tx: &mut Tx<'_>,
    chance: &dyn Chance,
    operator: &Operator,
    id: &str,
    old: OldSecret,
) -> Result<(App, OpaqueToken), AppError> {
    let app = there(tx, id)?;
    let Kind::Confidential(secrets) = &app.kind else { return Err(AppError::NoSecret) };
    let secret = OpaqueToken::mint(TokenPrefix::Client, chance);
    let until = match old {
        OldSecret::CountsADay => Some(tx.now().plus(OLD_SECRET_COUNTS).millis()),
        OldSecret::EndsNow => None,
    };
    let new = (
        apps::secret_hash.eq(secret.hash().as_str().to_owned()),
        apps::old_secret_hash.eq(until.map(|_| secrets.present.as_str())),
        apps::old_secret_until.eq(until),
        apps::version.eq(app.version.0.saturating_add(1)),
    );
    let row = apps::table.find(id).filter(apps::version.eq(app.version.0));
    let set = each!(&mut **tx, c => diesel::update(row).set(new).execute(c)).map_err(StorageError::from)?;
    if set == 0 {
        return Err(AppError::Changed);
    }
    changed(tx, &app);
    record(tx, operator, Act::AppSecretRotated, &app)?;
    Ok((there(tx, id)?, secret))
}

/// Removes an app, if it is still as it was seen; `seen` none means whatever it is. What it was granted is worth nothing
/// from now on, and its client id is never used again.
pub fn remove(
    tx: &mut Tx<'_>,
    operator: &Operator,
    id: &str,
    seen: Option<Version>,
) -> Result<App, AppError> {
    let app = there(tx, id)?;
    check_version(&app, seen)?;
    let row = apps::table.find(id).filter(apps::version.eq(app.version.0));
    let gone = each!(&mut **tx, c => diesel::delete(row).execute(c)).map_err(StorageError::from)?;
    if gone == 0 {
        return Err(AppError::Changed);
    }
    changed(tx, &app);
    record(tx, operator, Act::AppRemoved, &app)?;
    Ok(app)
}

impl App {
    const fn secrecy(&self) -> Secrecy {
        match self.kind {
            Kind::Confidential(_) => Secrecy::Confidential,
            Kind::Public => Secrecy::Public,
        }
    }
}

fn named(text: &str) -> Result<String, AppError> {
    let name = text.trim();
    let readable = |c: char| c.is_alphanumeric() || "-._ &'+".contains(c);
    let fits = (1..=60).contains(&name.chars().count()) && name.chars().all(readable);
    if fits { Ok(name.to_owned()) } else { Err(AppError::Name) }
}

fn check(options: &AppOptions, host: Option<&AppHost>, secrecy: Secrecy) -> Result<(), AppError> {
    let page = options.initiate_login_uri.is_some() || options.home_url.is_some();
    if options.redirect_uris.is_empty() && host.is_none() && !page {
        return Err(AppError::NoAddress);
    }
    let addresses = [options.redirect_uris.len(), options.post_logout_redirect_uris.len()];
    let teams = options.teams.as_ref().map_or(0, Vec::len);
    if addresses.into_iter().any(|count| count > MOST_ADDRESSES) || teams > MOST_TEAMS {
        return Err(AppError::TooMany);
    }
    match (secrecy, options.pkce) {
        (Secrecy::Public, Pkce::Optional) => Err(AppError::PublicWithoutPkce),
        (Secrecy::Public, Pkce::Required) | (Secrecy::Confidential, _) => Ok(()),
    }
}

fn check_version(app: &App, seen: Option<Version>) -> Result<(), AppError> {
    if seen.is_none_or(|seen| seen == app.version) { Ok(()) } else { Err(AppError::Changed) }
}

/// The teams that an app is for only from now on. Those of before may have been removed since.
fn more_teams(before: &App, options: &AppOptions) -> Vec<TeamId> {
    let known = before.options.teams.as_deref().unwrap_or_default();
    let all = options.teams.as_deref().unwrap_or_default();
    all.iter().filter(|team| !known.contains(team)).cloned().collect()
}

fn check_teams(tx: &mut Tx<'_>, teams: &[TeamId]) -> Result<(), AppError> {
    for team in teams {
        if teams::find(tx, team)?.is_none() {
            return Err(AppError::TeamUnknown(team.clone()));
        }
    }
    Ok(())
}

fn to_text(options: &AppOptions) -> Result<String, StorageError> {
    serde_json::to_string(options).map_err(|error| StorageError::Unavailable(error.to_string()))
}

fn there(tx: &mut Tx<'_>, id: &str) -> Result<App, AppError> {
    let unknown = || AppError::Unknown(id.chars().take(60).collect());
    let client_id = ClientId::parse(id).map_err(|_no_id| unknown())?;
    rows::find(tx, &client_id)?.ok_or_else(unknown)
}

fn changed(tx: &mut Tx<'_>, app: &App) {
    tx.changed(Subject::App, app.id.as_str());
    tx.changed(Subject::App, ALL);
    if let Some(host) = &app.host {
        tx.changed(Subject::App, host.as_str());
    }
}

fn record(tx: &mut Tx<'_>, operator: &Operator, act: Act, app: &App) -> Result<(), StorageError> {
    let detail = json!({ "app": app.id, "name": app.name });
    audit::record(
        tx,
        &Deed { team: None, actor: operator.actor(), act, target: None, detail, reference: None },
    )
}

#[cfg(test)]
mod tests;
