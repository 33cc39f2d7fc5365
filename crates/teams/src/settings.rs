//! The rows of `connections`: how a connection comes about, changes, retires and returns, and how its secret is
//! kept. Which of it when is for `write` and `versions` to say.

use diesel::prelude::*;
use sealing::{KeyRing, Label, Purpose};
use storage::schema::connections;
use storage::{StorageError, Subject, Tx, each};
use vocabulary::{ClientId, ClientSecret, ConnectionId, Issuer, TeamId, Timestamp};

use crate::callback_path::CallbackPath;
use crate::connection::{Connection, ConnectionOptions, State};
use crate::secret_life;
use crate::team::TeamAndConnection;
use crate::trouble::TeamError;
use crate::write::Registrar;

/// A client secret as it is kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeptSecret {
    pub(crate) sealed: Option<String>,
    pub(crate) set_at: Option<Timestamp>,
    pub(crate) set_by: Option<String>,
}

impl KeptSecret {
    /// One that somebody said just now.
    pub(crate) fn new(
        tx: &Tx<'_>,
        registrar: &Registrar<'_>,
        team_id: &TeamId,
        secret: &ClientSecret,
        by: &str,
    ) -> Self {
        let label = label(team_id);
        let sealed = registrar.keys.seal(registrar.chance, &label, secret.reveal().as_bytes());
        Self { sealed: Some(sealed), set_at: Some(tx.now()), set_by: Some(by.to_owned()) }
    }

    /// The one of a connection.
    pub(crate) fn of(connection: &Connection) -> Self {
        Self {
            sealed: connection.sealed_secret.clone(),
            set_at: connection.client_secret_set_at,
            set_by: connection.client_secret_set_by.clone(),
        }
    }
}

/// What a connection is to be.
#[derive(Debug)]
pub(crate) struct Settings<'a> {
    pub(crate) issuer: &'a Issuer,
    pub(crate) client_id: &'a ClientId,
    pub(crate) secret: KeptSecret,
    pub(crate) options: &'a ConnectionOptions,
    pub(crate) callback_path: Option<&'a CallbackPath>,
    pub(crate) state: State,
}

/// Adds a team's live connection.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    id: &ConnectionId,
    team_id: &TeamId,
    settings: &Settings<'_>,
) -> Result<(), TeamError> {
    let row = (
        connections::id.eq(id.as_str()),
        connections::team_id.eq(team_id.as_str()),
        connections::live.eq(true),
        connections::version.eq(1),
        connections::state.eq(settings.state.as_str()),
        connections::issuer.eq(settings.issuer.as_str()),
        connections::client_id.eq(settings.client_id.as_str()),
        connections::client_secret.eq(settings.secret.sealed.clone()),
        connections::client_secret_set_at.eq(settings.secret.set_at.map(Timestamp::millis)),
        connections::client_secret_set_by.eq(settings.secret.set_by.clone()),
        connections::options.eq(options_json(settings.options)?),
        connections::callback_path.eq(settings.callback_path.map(CallbackPath::as_str)),
        connections::created_at.eq(tx.now().millis()),
        connections::logout_tested.eq(false),
    );
    let outcome = each!(&mut **tx, c => diesel::insert_into(connections::table).values(row).execute(c));
    outcome.map(|_one| ()).map_err(|error| taken(error, settings.callback_path))
}

/// Changes the connection `old`; its version moves on, so that attempts under way are worth nothing afterwards
/// unless somebody lets them end on the version before.
pub(crate) fn update(tx: &mut Tx<'_>, old: &Connection, settings: &Settings<'_>) -> Result<(), TeamError> {
    let row = connections::table.find(old.id.as_str());
    let signs_out_alike = old.issuer == *settings.issuer
        && old.client_id == *settings.client_id
        && old.options.post_logout_redirect_uri == settings.options.post_logout_redirect_uri;
    let changes = (
        connections::live.eq(true),
        connections::version.eq(connections::version + 1),
        connections::state.eq(settings.state.as_str()),
        connections::issuer.eq(settings.issuer.as_str()),
        connections::client_id.eq(settings.client_id.as_str()),
        connections::client_secret.eq(settings.secret.sealed.clone()),
        connections::client_secret_set_at.eq(settings.secret.set_at.map(Timestamp::millis)),
        connections::client_secret_set_by.eq(settings.secret.set_by.clone()),
        connections::options.eq(options_json(settings.options)?),
        connections::callback_path.eq(settings.callback_path.map(CallbackPath::as_str)),
        connections::logout_tested.eq(old.logout_tested && signs_out_alike),
    );
    let outcome = each!(&mut **tx, c => diesel::update(row).set(changes).execute(c));
    outcome.map_err(|error| taken(error, settings.callback_path))?;
    Ok(secret_life::follow(tx, &old.id, old.sealed_secret.as_ref(), settings.secret.sealed.as_ref())?)
}

/// Sets the secret of a connection and nothing else; the version stays.
pub(crate) fn set_secret(
    tx: &mut Tx<'_>,
    id: &ConnectionId,
    secret: &KeptSecret,
) -> Result<(), StorageError> {
    let row = connections::table.find(id.as_str());
    let now = (
        connections::client_secret.eq(secret.sealed.clone()),
        connections::client_secret_set_at.eq(secret.set_at.map(Timestamp::millis)),
        connections::client_secret_set_by.eq(secret.set_by.clone()),
    );
    each!(&mut **tx, c => diesel::update(row).set(now).execute(c))?;
    Ok(())
}

/// Notes whose place a connection took.
pub(crate) fn note_replaced(
    tx: &mut Tx<'_>,
    id: &ConnectionId,
    replaced: &ConnectionId,
) -> Result<(), StorageError> {
    let row = connections::table.find(id.as_str());
    let now = (connections::replaces.eq(replaced.as_str()), connections::replaced_at.eq(tx.now().millis()));
    each!(&mut **tx, c => diesel::update(row).set(now).execute(c))?;
    Ok(())
}

/// Whose place a connection took, if that is no longer ago.
pub(crate) fn replaced_since(
    tx: &mut Tx<'_>,
    id: &ConnectionId,
    since: Timestamp,
) -> Result<Option<ConnectionId>, StorageError> {
    let query = connections::table
        .find(id.as_str())
        .filter(connections::replaced_at.ge(since.millis()))
        .select(connections::replaces);
    let found: Option<Option<String>> = each!(&mut **tx, c => query.get_result(c).optional())?;
    Ok(found.flatten().as_deref().and_then(ConnectionId::parse))
}

/// Whether there is a connection of this id, live or retired.
pub(crate) fn exists(tx: &mut Tx<'_>, id: &ConnectionId) -> Result<bool, StorageError> {
    let query = connections::table.find(id.as_str()).count();
    let found: i64 = each!(&mut **tx, c => query.get_result(c))?;
    Ok(found == 1)
}

/// A retired connection keeps its people's rows and nothing else; nobody signs in through it until it returns.
pub(crate) fn retire(tx: &mut Tx<'_>, id: &ConnectionId) -> Result<(), StorageError> {
    let row = connections::table.find(id.as_str());
    let changes = (
        connections::live.eq(false),
        connections::client_secret.eq(None::<String>),
        connections::callback_path.eq(None::<String>),
    );
    each!(&mut **tx, c => diesel::update(row).set(changes).execute(c))?;
    // Should it return, it does with the secret it had, and that expires as it did.
    secret_life::retire(tx, id)
}

/// Takes the secrets and paths of all of a removed team's connections, and makes attempts under way worthless.
pub(crate) fn clear(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), StorageError> {
    let all = connections::table.filter(connections::team_id.eq(team_id.as_str()));
    let gone = (
        connections::client_secret.eq(None::<String>),
        connections::callback_path.eq(None::<String>),
        connections::version.eq(connections::version + 1),
    );
    each!(&mut **tx, c => diesel::update(all).set(gone).execute(c))?;
    secret_life::forget_team(tx, team_id)
}

/// Makes attempts under way at the live connection worthless.
pub(crate) fn move_on(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), StorageError> {
    let live = connections::table.filter(connections::team_id.eq(team_id.as_str())).filter(connections::live);
    let next = connections::version.eq(connections::version + 1);
    each!(&mut **tx, c => diesel::update(live).set(next).execute(c))?;
    Ok(())
}

/// Sets how far a live connection has come, if it has still this version; the version stays.
pub(crate) fn set_state(
    tx: &mut Tx<'_>,
    connection: &Connection,
    state: State,
) -> Result<bool, StorageError> {
    let row = connections::table
        .find(connection.id.as_str())
        .filter(connections::live)
        .filter(connections::version.eq(connection.version.0));
    let now = connections::state.eq(state.as_str());
    Ok(each!(&mut **tx, c => diesel::update(row).set(now).execute(c))? == 1)
}

/// Notes that signing out at the provider came back to us, unless the settings changed meanwhile.
pub fn note_logout_tested(tx: &mut Tx<'_>, tested: &TeamAndConnection) -> Result<(), StorageError> {
    let (id, version) = (tested.connection.id.as_str(), tested.connection.version.0);
    let row = connections::table.find(id).filter(connections::version.eq(version));
    each!(&mut **tx, c => diesel::update(row).set(connections::logout_tested.eq(true)).execute(c))?;
    tx.changed(Subject::Team, tested.team.team_id.as_str());
    Ok(())
}

impl TeamAndConnection {
    /// Our secret at the identity provider; none when none was set or the key ring cannot open it.
    #[must_use]
    pub fn client_secret(&self, keys: &KeyRing) -> Option<ClientSecret> {
        self.opened(keys, self.connection.sealed_secret.as_deref()?)
    }

    /// The one that is next, likewise.
    #[must_use]
    pub fn next_client_secret(&self, keys: &KeyRing) -> Option<ClientSecret> {
        self.opened(keys, &self.connection.secret_life.next.as_ref()?.sealed)
    }

    fn opened(&self, keys: &KeyRing, sealed: &str) -> Option<ClientSecret> {
        let opened = keys.open(&label(&self.team.team_id), sealed).ok()?;
        ClientSecret::parse(std::str::from_utf8(&opened).ok()?)
    }
}

fn label(team_id: &TeamId) -> Label<'_> {
    Label { purpose: Purpose::ClientSecret, context: team_id.as_str() }
}

fn taken(error: diesel::result::Error, path: Option<&CallbackPath>) -> TeamError {
    match (StorageError::from(error), path) {
        (StorageError::Duplicate(_), Some(path)) => TeamError::CallbackPathTaken(path.clone()),
        (error, _) => TeamError::Storage(error),
    }
}

pub(crate) fn options_json(options: &ConnectionOptions) -> Result<String, StorageError> {
    serde_json::to_string(options).map_err(|error| StorageError::Unavailable(error.to_string()))
}
