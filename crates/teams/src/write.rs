//! Changing the registry. Each function is one step of a caller's transaction; records and letters are the
//! caller's.

use diesel::prelude::*;
use sealing::{KeyRing, Label, Purpose};
use storage::schema::{connections, teams};
use storage::{StorageError, Subject, Tx, each};
use vocabulary::{Chance, ClientId, ClientSecret, ConnectionId, Email, Issuer, PersonId, TeamId};

use crate::callback_path::CallbackPath;
use crate::connection::{Connection, ConnectionOptions, State};
use crate::hold::lock_roles;
use crate::launch_names;
use crate::lookup;
use crate::rules::{capitalised, check, check_name};
use crate::team::{Status, TeamAndConnection, Turned};
use crate::trouble::TeamError;

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

/// Adds a team with its connection.
pub fn add(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    new: &NewTeam,
) -> Result<TeamAndConnection, TeamError> {
    if new.team_id.is_reserved() {
        return Err(TeamError::Reserved(new.team_id.clone()));
    }
    let name = new.name.clone().unwrap_or_else(|| capitalised(&new.team_id));
    check_name(&name)?;
    check(
        registrar,
        &new.issuer,
        &new.client_id,
        new.client_secret.as_ref(),
        &new.options,
        &new.admin_email,
    )?;
    if new.state == State::Enabled && new.client_secret.is_none() {
        return Err(TeamError::SecretNeeded);
    }
    let row = (
        teams::team_id.eq(new.team_id.as_str()),
        teams::name.eq(name),
        teams::status.eq(Status::Active.as_str()),
        teams::admin_email.eq(new.admin_email.as_str()),
        teams::roles_version.eq(0),
        teams::sso_required.eq(false),
        teams::created_at.eq(tx.now().millis()),
    );
    let added = each!(&mut **tx, c => diesel::insert_into(teams::table).values(row).on_conflict_do_nothing().execute(c))
        .map_err(StorageError::from)?;
    if added == 0 {
        let there = lookup::find(tx, &new.team_id)?;
        let id = new.team_id.clone();
        return Err(if there.is_some() { TeamError::Exists(id) } else { TeamError::UsedBefore(id) });
    }
    let draft = Draft {
        issuer: &new.issuer,
        client_id: &new.client_id,
        sealed_secret: new.client_secret.as_ref().map(|secret| seal_secret(registrar, &new.team_id, secret)),
        options: &new.options,
        callback_path: new.callback_path.as_ref(),
        state: new.state,
    };
    insert_connection(tx, registrar, &new.team_id, &draft)?;
    launch_names::follow(tx, &new.team_id)?;
    tx.changed(Subject::Team, new.team_id.as_str());
    lookup::find(tx, &new.team_id)?.ok_or_else(|| TeamError::Unknown(new.team_id.clone()))
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
) -> Result<TeamAndConnection, TeamError> {
    lock_roles(tx, team_id)?;
    let unknown = || TeamError::Unknown(team_id.clone());
    let before = lookup::find(tx, team_id)?.ok_or_else(unknown)?;
    let name = edit.name.as_ref().unwrap_or(&before.team.name);
    let admin_email = edit.admin_email.as_ref().unwrap_or(&before.team.admin_email);
    check_name(name)?;
    set_connection(tx, registrar, &before, edit, admin_email)?;
    let row = teams::table.find(team_id.as_str());
    let changes = (teams::name.eq(name), teams::admin_email.eq(admin_email.as_str()));
    each!(&mut **tx, c => diesel::update(row).set(changes).execute(c)).map_err(StorageError::from)?;
    if *admin_email != before.team.admin_email {
        let unspent = teams::promotion_spent_by.eq(None::<String>);
        each!(&mut **tx, c => diesel::update(row).set(unspent).execute(c)).map_err(StorageError::from)?;
    }
    launch_names::follow(tx, team_id)?;
    tx.changed(Subject::Team, team_id.as_str());
    lookup::find(tx, team_id)?.ok_or_else(unknown)
}

/// The connection's part of [`set`]; nothing is written when the edit says nothing of it.
fn set_connection(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    before: &TeamAndConnection,
    edit: &Edit,
    admin_email: &Email,
) -> Result<(), TeamError> {
    let (team_id, old) = (&before.team.team_id, &before.connection);
    let issuer = edit.issuer.as_ref().unwrap_or(&old.issuer);
    let client_id = edit.client_id.as_ref().unwrap_or(&old.client_id);
    let options = edit.options.clone().unwrap_or_else(|| before.options_at(issuer));
    check(registrar, issuer, client_id, edit.client_secret.as_ref(), &options, admin_email)?;
    if !edit.is_of_connection() {
        return Ok(());
    }
    if *issuer != old.issuer && edit.client_secret.is_none() && old.sealed_secret.is_some() {
        return Err(TeamError::SecretNeededAgain);
    }
    let sealed_secret = match &edit.client_secret {
        Some(secret) => Some(seal_secret(registrar, team_id, secret)),
        None => old.sealed_secret.clone(),
    };
    let state = edit.state.unwrap_or(old.state);
    if state == State::Enabled && sealed_secret.is_none() {
        return Err(TeamError::SecretNeeded);
    }
    let usual = CallbackPath::usual(team_id);
    let kept_path = Some(&old.callback_path).filter(|path| **path != usual);
    let callback_path = edit.callback_path.as_ref().or(kept_path);
    let draft = Draft { issuer, client_id, sealed_secret, options: &options, callback_path, state };
    if old.answers_to(issuer.as_str()) {
        return update_connection(tx, old, &draft, edit.client_secret.is_some());
    }
    retire(tx, &old.id)?;
    insert_connection(tx, registrar, team_id, &draft)
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

/// Removes a team for good: its secret goes, its Team ID stays taken.
pub fn remove(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), TeamError> {
    set_status(tx, team_id, Status::Removed)?;
    let all = connections::table.filter(connections::team_id.eq(team_id.as_str()));
    let gone = (
        connections::client_secret.eq(None::<String>),
        connections::callback_path.eq(None::<String>),
        connections::version.eq(connections::version + 1),
    );
    each!(&mut **tx, c => diesel::update(all).set(gone).execute(c)).map_err(StorageError::from)?;
    Ok(())
}

fn set_status(tx: &mut Tx<'_>, team_id: &TeamId, status: Status) -> Result<Turned, TeamError> {
    let others = teams::status.ne_all([Status::Removed.as_str(), status.as_str()]);
    let there = teams::table.find(team_id.as_str()).filter(others);
    let changed =
        each!(&mut **tx, c => diesel::update(there).set(teams::status.eq(status.as_str())).execute(c))
            .map_err(StorageError::from)?;
    if changed == 0 {
        let there = lookup::find(tx, team_id)?;
        return there.map(|_| Turned::WasSo).ok_or_else(|| TeamError::Unknown(team_id.clone()));
    }
    // Attempts begun before a suspension are worth nothing after it, even if the team is resumed meanwhile.
    let live = connections::table.filter(connections::team_id.eq(team_id.as_str())).filter(connections::live);
    let next = connections::version.eq(connections::version + 1);
    each!(&mut **tx, c => diesel::update(live).set(next).execute(c)).map_err(StorageError::from)?;
    launch_names::follow(tx, team_id)?;
    tx.changed(Subject::Team, team_id.as_str());
    Ok(Turned::Now)
}

/// Spends the team's one promotion on `person`, if it is unspent and meant for `email`; says whether it did.
pub fn spend_promotion(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    email: &Email,
    person: &PersonId,
) -> Result<bool, StorageError> {
    let Some(there) = lookup::find(tx, team_id)? else {
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

struct Draft<'a> {
    issuer: &'a Issuer,
    client_id: &'a ClientId,
    sealed_secret: Option<String>,
    options: &'a ConnectionOptions,
    callback_path: Option<&'a CallbackPath>,
    state: State,
}

fn insert_connection(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    team_id: &TeamId,
    draft: &Draft<'_>,
) -> Result<(), TeamError> {
    let now = tx.now().millis();
    let row = (
        connections::id.eq(ConnectionId::random(registrar.chance).as_str().to_owned()),
        connections::team_id.eq(team_id.as_str()),
        connections::live.eq(true),
        connections::version.eq(1),
        connections::state.eq(draft.state.as_str()),
        connections::issuer.eq(draft.issuer.as_str()),
        connections::client_id.eq(draft.client_id.as_str()),
        connections::client_secret.eq(draft.sealed_secret.clone()),
        connections::client_secret_set_at.eq(draft.sealed_secret.as_ref().map(|_| now)),
        connections::options.eq(options_json(draft.options)?),
        connections::callback_path.eq(draft.callback_path.map(CallbackPath::as_str)),
        connections::created_at.eq(now),
        connections::logout_tested.eq(false),
    );
    let outcome = each!(&mut **tx, c => diesel::insert_into(connections::table).values(row).execute(c));
    outcome.map(|_one| ()).map_err(|error| taken(error, draft.callback_path))
}

fn update_connection(
    tx: &mut Tx<'_>,
    old: &Connection,
    draft: &Draft<'_>,
    secret_is_new: bool,
) -> Result<(), TeamError> {
    let set_at = if secret_is_new { Some(tx.now()) } else { old.client_secret_set_at };
    let row = connections::table.find(old.id.as_str());
    let signs_out_alike = old.issuer == *draft.issuer
        && old.client_id == *draft.client_id
        && old.options.post_logout_redirect_uri == draft.options.post_logout_redirect_uri;
    let changes = (
        connections::version.eq(connections::version + 1),
        connections::state.eq(draft.state.as_str()),
        connections::issuer.eq(draft.issuer.as_str()),
        connections::client_id.eq(draft.client_id.as_str()),
        connections::client_secret.eq(draft.sealed_secret.clone()),
        connections::client_secret_set_at.eq(set_at.map(vocabulary::Timestamp::millis)),
        connections::options.eq(options_json(draft.options)?),
        connections::callback_path.eq(draft.callback_path.map(CallbackPath::as_str)),
        connections::logout_tested.eq(old.logout_tested && signs_out_alike),
    );
    let outcome = each!(&mut **tx, c => diesel::update(row).set(changes).execute(c));
    outcome.map(|_one| ()).map_err(|error| taken(error, draft.callback_path))
}

/// Notes that signing out at the provider came back to us, unless the settings changed meanwhile.
pub fn note_logout_tested(tx: &mut Tx<'_>, tested: &TeamAndConnection) -> Result<(), StorageError> {
    let (id, version) = (tested.connection.id.as_str(), tested.connection.version.0);
    let row = connections::table.find(id).filter(connections::version.eq(version));
    each!(&mut **tx, c => diesel::update(row).set(connections::logout_tested.eq(true)).execute(c))?;
    tx.changed(Subject::Team, tested.team.team_id.as_str());
    Ok(())
}

/// A retired connection keeps its people's rows and nothing else; nobody signs in through it again.
fn retire(tx: &mut Tx<'_>, id: &ConnectionId) -> Result<(), StorageError> {
    let row = connections::table.find(id.as_str());
    let changes = (
        connections::live.eq(false),
        connections::client_secret.eq(None::<String>),
        connections::callback_path.eq(None::<String>),
    );
    each!(&mut **tx, c => diesel::update(row).set(changes).execute(c))?;
    Ok(())
}

fn taken(error: diesel::result::Error, path: Option<&CallbackPath>) -> TeamError {
    match (StorageError::from(error), path) {
        (StorageError::Duplicate(_), Some(path)) => TeamError::CallbackPathTaken(path.clone()),
        (error, _) => TeamError::Storage(error),
    }
}

fn options_json(options: &ConnectionOptions) -> Result<String, StorageError> {
    serde_json::to_string(options).map_err(|error| StorageError::Unavailable(error.to_string()))
}

fn label(team_id: &TeamId) -> Label<'_> {
    Label { purpose: Purpose::ClientSecret, context: team_id.as_str() }
}

fn seal_secret(registrar: &Registrar<'_>, team_id: &TeamId, secret: &ClientSecret) -> String {
    registrar.keys.seal(registrar.chance, &label(team_id), secret.reveal().as_bytes())
}

pub(crate) fn open_secret(keys: &KeyRing, team_id: &TeamId, sealed: &str) -> Option<ClientSecret> {
    let opened = keys.open(&label(team_id), sealed).ok()?;
    ClientSecret::parse(std::str::from_utf8(&opened).ok()?)
}
