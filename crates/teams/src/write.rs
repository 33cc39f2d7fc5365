//! Changing the registry. Each function is one step of a caller's transaction; records and letters are the
//! caller's.

use diesel::prelude::*;
use sealing::KeyRing;
use storage::schema::teams;
use storage::{StorageError, Subject, Tx, each};
use vocabulary::{Chance, ClientId, ClientSecret, ConnectionId, Email, Issuer, PersonId, TeamId};

use crate::callback_path::CallbackPath;
use crate::connection::{ConnectionOptions, State};
use crate::hold::lock_roles;
use crate::launch_names;
use crate::rules::{capitalised, check, check_name};
use crate::settings::{self, KeptSecret, Settings};
use crate::team::{Status, Turned};
use crate::tenant::{self, Tenant};
use crate::trouble::TeamError;
use crate::versions;

/// Whether issuers may be spoken to without TLS (`upstream.allow_http`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainHttp {
    /// On this machine or in the operator's own networks.
    Allowed,
    /// Never.
    Refused,
}

/// What every change of the registry needs at hand.
pub struct Registrar<'a> {
    /// Seals secrets.
    pub keys: &'a KeyRing,
    /// Makes ids.
    pub chance: &'a dyn Chance,
    /// The operator's setting.
    pub plain_http: PlainHttp,
}

/// A team about to be added.
#[derive(Debug)]
pub struct NewTeam {
    /// Its key, for ever.
    pub team_id: TeamId,
    /// What people call it; the Team ID with a capital when none.
    pub name: Option<String>,
    /// Who is promoted on their first sign-in.
    pub admin_email: Email,
    /// Whose ID tokens are believed.
    pub issuer: Issuer,
    /// Our name there.
    pub client_id: ClientId,
    /// Our secret there.
    pub client_secret: Option<ClientSecret>,
    /// All the rest.
    pub options: ConnectionOptions,
    /// A redirect URI's path it brings along.
    pub callback_path: Option<CallbackPath>,
    /// Draft, or enabled on the operator's word.
    pub state: State,
}

/// Adds a team with its connection; `by` is who says so, as the record names them.
pub fn add(tx: &mut Tx<'_>, registrar: &Registrar<'_>, new: &NewTeam, by: &str) -> Result<Tenant, TeamError> {
    let NewTeam { team_id, issuer, client_id, client_secret, options, callback_path, state, .. } = new;
    check(registrar, issuer, Some(client_id), client_secret.as_ref(), options, &new.admin_email)?;
    if *state == State::Enabled && client_secret.is_none() {
        return Err(TeamError::SecretNeeded);
    }
    let name = new.name.clone();
    found(tx, &Founding { team_id: team_id.clone(), name, admin_email: new.admin_email.clone() })?;
    let secret = client_secret.as_ref();
    let secret = secret.map(|secret| KeptSecret::new(tx, registrar, team_id, secret, by)).unwrap_or_default();
    let callback_path = callback_path.as_ref();
    let settings = Settings { issuer, client_id, secret, options, callback_path, state: *state };
    settings::insert(tx, &ConnectionId::random(registrar.chance), team_id, &settings)?;
    launch_names::follow(tx, team_id)?;
    tenant::find(tx, team_id)?.ok_or_else(|| TeamError::Unknown(team_id.clone()))
}

/// A team about to be added whose connection is still to come.
#[derive(Clone, Debug)]
pub struct Founding {
    /// Its key, for ever.
    pub team_id: TeamId,
    /// What people call it; the Team ID with a capital when none.
    pub name: Option<String>,
    /// Who is promoted on their first sign-in.
    pub admin_email: Email,
}

/// Adds a team without a connection.
pub fn found(tx: &mut Tx<'_>, new: &Founding) -> Result<Tenant, TeamError> {
    let team_id = &new.team_id;
    if team_id.is_reserved() {
        return Err(TeamError::Reserved(team_id.clone()));
    }
    let name = new.name.clone().unwrap_or_else(|| capitalised(team_id));
    check_name(&name)?;
    let row = (
        teams::team_id.eq(team_id.as_str()),
        teams::name.eq(name),
        teams::status.eq(Status::Active.as_str()),
        teams::admin_email.eq(new.admin_email.as_str()),
        teams::roles_version.eq(0),
        teams::sso_required.eq(false),
        teams::created_at.eq(tx.now().millis()),
    );
    let added = each!(&mut **tx, c => diesel::insert_into(teams::table).values(row).on_conflict_do_nothing().execute(c))
        .map_err(StorageError::from)?;
    let there = tenant::find(tx, team_id)?;
    if added == 0 {
        let id = team_id.clone();
        return Err(if there.is_some() { TeamError::Exists(id) } else { TeamError::UsedBefore(id) });
    }
    tx.changed(Subject::Team, team_id.as_str());
    there.ok_or_else(|| TeamError::Unknown(team_id.clone()))
}

/// What a change of a team leaves as it was when it says nothing.
#[derive(Debug, Default)]
pub struct Edit {
    /// A new display name.
    pub name: Option<String>,
    /// A new admin, which makes the promotion unspent again.
    pub admin_email: Option<Email>,
    /// A new issuer; unless it is a registered alias, a new connection.
    pub issuer: Option<Issuer>,
    /// A new client id.
    pub client_id: Option<ClientId>,
    /// A new secret.
    pub client_secret: Option<ClientSecret>,
    /// New options, whole.
    pub options: Option<ConnectionOptions>,
    /// A new path of the redirect URI.
    pub callback_path: Option<CallbackPath>,
    /// A new state.
    pub state: Option<State>,
}

/// Changes a team at once. A change of the connection moves its version on, so that attempts under way are
/// worth nothing afterwards. An admin email that differs from the present one makes the promotion unspent.
pub fn set(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    team_id: &TeamId,
    edit: &Edit,
    by: &str,
) -> Result<Tenant, TeamError> {
    lock_roles(tx, team_id)?;
    let unknown = || TeamError::Unknown(team_id.clone());
    let before = tenant::find(tx, team_id)?.ok_or_else(unknown)?;
    let name = edit.name.as_ref().unwrap_or(&before.team.name);
    let admin_email = edit.admin_email.as_ref().unwrap_or(&before.team.admin_email);
    check_name(name)?;
    set_connection(tx, registrar, &before, edit, admin_email, by)?;
    let row = teams::table.find(team_id.as_str());
    let changes = (teams::name.eq(name), teams::admin_email.eq(admin_email.as_str()));
    each!(&mut **tx, c => diesel::update(row).set(changes).execute(c)).map_err(StorageError::from)?;
    if *admin_email != before.team.admin_email {
        let unspent = teams::promotion_spent_by.eq(None::<String>);
        each!(&mut **tx, c => diesel::update(row).set(unspent).execute(c)).map_err(StorageError::from)?;
    }
    launch_names::follow(tx, team_id)?;
    tx.changed(Subject::Team, team_id.as_str());
    tenant::find(tx, team_id)?.ok_or_else(unknown)
}

/// The connection's part of [`set`]; nothing is written when the edit says nothing of it.
fn set_connection(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    before: &Tenant,
    edit: &Edit,
    admin_email: &Email,
    by: &str,
) -> Result<(), TeamError> {
    let (team_id, old) = (&before.team.team_id, before.connection.as_ref());
    if old.is_none() && !edit.is_of_connection() {
        return Ok(());
    }
    let (issuer, client_id) = (
        edit.issuer.as_ref().or(old.map(|old| &old.issuer)).ok_or(TeamError::ConnectionMissing)?,
        edit.client_id.as_ref().or(old.map(|old| &old.client_id)).ok_or(TeamError::ConnectionMissing)?,
    );
    let options = edit.options.clone().unwrap_or_else(|| before.options_at(issuer));
    check(registrar, issuer, Some(client_id), edit.client_secret.as_ref(), &options, admin_email)?;
    if !edit.is_of_connection() {
        return Ok(());
    }
    let kept = old.map(KeptSecret::of).unwrap_or_default();
    if old.is_some_and(|old| old.issuer != *issuer) && edit.client_secret.is_none() && kept.sealed.is_some() {
        return Err(TeamError::SecretNeededAgain);
    }
    let secret = match &edit.client_secret {
        Some(secret) => KeptSecret::new(tx, registrar, team_id, secret, by),
        None => kept,
    };
    let state = edit.state.unwrap_or(match before.state() {
        // A test belongs to the settings it was made with.
        State::Tested | State::Draft => State::Draft,
        State::Enabled => State::Enabled,
    });
    if state == State::Enabled && secret.sealed.is_none() {
        return Err(TeamError::SecretNeeded);
    }
    let usual = CallbackPath::usual(team_id);
    let kept_path = old.map(|old| &old.callback_path).filter(|path| **path != usual);
    let callback_path = edit.callback_path.as_ref().or(kept_path);
    let settings = Settings { issuer, client_id, secret, options: &options, callback_path, state };
    // What the operator says holds at once: no attempt ends on another version, and no edit from before undoes it.
    versions::forget_all(tx, team_id)?;
    if let Some(old) = old.filter(|old| old.answers_to(issuer.as_str())) {
        return settings::update(tx, old, &settings);
    }
    if let Some(old) = old {
        settings::retire(tx, &old.id)?;
    }
    settings::insert(tx, &ConnectionId::random(registrar.chance), team_id, &settings)
}

impl Edit {
    /// Whether it leaves everything as it was.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        self.name.is_none() && self.admin_email.is_none() && !self.is_of_connection()
    }

    /// Whether it says anything of the connection.
    fn is_of_connection(&self) -> bool {
        let Self { name: _, admin_email: _, issuer, client_id, client_secret, options, callback_path, state } =
            self;
        issuer.is_some()
            || client_id.is_some()
            || client_secret.is_some()
            || options.is_some()
            || callback_path.is_some()
            || state.is_some()
    }
}

/// Closes a team for the time being.
pub fn suspend(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<Turned, TeamError> {
    set_status(tx, team_id, Status::Suspended)
}

/// Opens a suspended team again.
pub fn resume(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<Turned, TeamError> {
    set_status(tx, team_id, Status::Active)
}

/// Removes a team for good: its secrets go, its Team ID stays taken.
pub fn remove(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), TeamError> {
    set_status(tx, team_id, Status::Removed)?;
    settings::clear(tx, team_id)?;
    Ok(versions::forget_all(tx, team_id)?)
}

fn set_status(tx: &mut Tx<'_>, team_id: &TeamId, status: Status) -> Result<Turned, TeamError> {
    let others = teams::status.ne_all([Status::Removed.as_str(), status.as_str()]);
    let there = teams::table.find(team_id.as_str()).filter(others);
    let changed =
        each!(&mut **tx, c => diesel::update(there).set(teams::status.eq(status.as_str())).execute(c))
            .map_err(StorageError::from)?;
    if changed == 0 {
        let there = tenant::find(tx, team_id)?;
        return there.map(|_| Turned::WasSo).ok_or_else(|| TeamError::Unknown(team_id.clone()));
    }
    // Attempts begun before a suspension are worth nothing after it, even if the team is resumed meanwhile.
    settings::move_on(tx, team_id)?;
    versions::move_on(tx, team_id)?;
    launch_names::follow(tx, team_id)?;
    tx.changed(Subject::Team, team_id.as_str());
    Ok(Turned::Now)
}

/// Sets whether the product is to refuse its own passwords for a team. The caller holds its lock.
pub fn set_sso_required(tx: &mut Tx<'_>, team_id: &TeamId, required: bool) -> Result<(), StorageError> {
    let row = teams::table.find(team_id.as_str());
    each!(&mut **tx, c => diesel::update(row).set(teams::sso_required.eq(required)).execute(c))?;
    tx.changed(Subject::Team, team_id.as_str());
    Ok(())
}

/// Spends the team's one promotion on `person`, if it is unspent and meant for `email`; says whether it did.
pub fn spend_promotion(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    email: &Email,
    person: &PersonId,
) -> Result<bool, StorageError> {
    let Some(there) = tenant::find(tx, team_id)? else {
        return Ok(false);
    };
    if there.team.admin_email != *email {
        return Ok(false);
    }
    let unspent = teams::table
        .find(team_id.as_str())
        .filter(teams::promotion_spent_by.is_null())
        .filter(teams::admin_email.eq(there.team.admin_email.as_str()));
    let spent = teams::promotion_spent_by.eq(person.as_str());
    let won = each!(&mut **tx, c => diesel::update(unspent).set(spent).execute(c))? == 1;
    if won {
        tx.changed(Subject::Team, team_id.as_str());
    }
    Ok(won)
}
