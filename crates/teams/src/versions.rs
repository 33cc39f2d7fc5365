//! Versions of a connection's settings beside the live one: the *pending* one, which the settings page works on and a
//! rehearsal tests, and the *previous* one, to which a click goes back and on which sign-ins under way may end.

mod live;
mod row;

use diesel::prelude::*;
use storage::schema::connection_versions;
use storage::{Connection as Database, StorageError, Tx, each};
use vocabulary::{ClientId, ClientSecret, ConnectionId, Issuer, TeamId, Timestamp, Version};

pub use live::{Taken, lets_end, predecessors, roll_back, take_live};
pub(crate) use row::replace_secret;

use crate::callback_path::CallbackPath;
use crate::connection::{Connection, ConnectionOptions, Requirement, State, settings_key};
use crate::hold::lock_roles;
use crate::rules::check;
use crate::settings::{self, KeptSecret};
use crate::team::TeamAndConnection;
use crate::tenant::{self, Tenant};
use crate::trouble::TeamError;
use crate::write::Registrar;
use row::Kind;

/// One version of a connection's settings. Of a pending one anything may still be missing.
#[derive(Clone, Debug)]
pub struct SettingsVersion {
    id: ConnectionId,
    version: Version,
    /// Whose ID tokens are believed.
    pub issuer: Option<Issuer>,
    /// Our name there.
    pub client_id: Option<ClientId>,
    secret: KeptSecret,
    options: Option<ConnectionOptions>,
    /// When a rehearsal with these very settings went well.
    pub tested_at: Option<Timestamp>,
    /// Whether it is the one by which people sign in, or would.
    pub is_live: bool,
}

/// What the settings page was told. An empty field is none; an empty secret keeps the one that was set.
#[derive(Debug, Default)]
pub struct Said {
    /// Whose ID tokens are believed.
    pub issuer: Option<Issuer>,
    /// Our name there.
    pub client_id: Option<ClientId>,
    /// Our secret there.
    pub client_secret: Option<ClientSecret>,
    /// Whose people are meant, where the issuer is shared by many.
    pub requirement: Option<Requirement>,
}

impl SettingsVersion {
    /// The version as one key: what checks, rehearsals and the mark of a test are bound to.
    #[must_use]
    pub fn key(&self) -> String {
        settings_key(&self.id, self.version)
    }

    /// When the secret was set, and by whom, as the record names them.
    #[must_use]
    pub fn secret_set(&self) -> Option<(Option<Timestamp>, Option<&str>)> {
        self.secret.sealed.as_ref().map(|_| (self.secret.set_at, self.secret.set_by.as_deref()))
    }

    /// Whose people are meant, where the issuer is shared by many.
    #[must_use]
    pub fn requirement(&self) -> Option<&Requirement> {
        self.options.as_ref()?.requirement.as_ref()
    }

    /// The team as it would be with these settings; none while issuer or client id are missing.
    #[must_use]
    pub fn of_team(&self, tenant: &Tenant) -> Option<TeamAndConnection> {
        let issuer = self.issuer.clone()?;
        let team_id = &tenant.team.team_id;
        let live = tenant.connection.as_ref();
        let connection = Connection {
            id: self.id.clone(),
            version: self.version,
            state: if self.tested_at.is_some() { State::Tested } else { State::Draft },
            client_id: self.client_id.clone()?,
            sealed_secret: self.secret.sealed.clone(),
            client_secret_set_at: self.secret.set_at,
            client_secret_set_by: self.secret.set_by.clone(),
            secret_life: live
                .filter(|_| self.is_live)
                .map(|live| live.secret_life.clone())
                .unwrap_or_default(),
            options: self.options.clone().unwrap_or_else(|| ConnectionOptions::usual(&issuer)),
            callback_path: live
                .map_or_else(|| CallbackPath::usual(team_id), |live| live.callback_path.clone()),
            logout_tested: live.is_some_and(|live| live.logout_tested),
            issuer,
        };
        Some(TeamAndConnection { team: tenant.team.clone(), connection })
    }

    fn of_live(live: &Connection) -> Self {
        Self {
            id: live.id.clone(),
            version: live.version,
            issuer: Some(live.issuer.clone()),
            client_id: Some(live.client_id.clone()),
            secret: KeptSecret::of(live),
            options: Some(live.options.clone()),
            tested_at: (live.state != State::Draft).then_some(Timestamp::from_millis(0)),
            is_live: true,
        }
    }

    fn answers_to(&self, issuer: &Issuer) -> bool {
        let aliases = self.options.iter().flat_map(|options| &options.aliases);
        self.issuer.iter().chain(aliases).any(|known| known == issuer)
    }
}

/// The version that is being worked on, if somebody has begun to.
pub fn pending(database: &mut Database, team_id: &TeamId) -> Result<Option<SettingsVersion>, StorageError> {
    row::find(database, team_id, Kind::Pending)
}

/// The version that was live before.
pub fn previous(database: &mut Database, team_id: &TeamId) -> Result<Option<SettingsVersion>, StorageError> {
    row::find(database, team_id, Kind::Previous)
}

/// What the settings page shows and tests: the pending version, else the live one, else nothing yet.
pub fn worked_on(database: &mut Database, tenant: &Tenant) -> Result<Option<SettingsVersion>, StorageError> {
    let pending = pending(database, &tenant.team.team_id)?;
    Ok(pending.or_else(|| tenant.connection.as_ref().map(SettingsVersion::of_live)))
}

/// Keeps what the settings page was told as the pending version; what is live goes on serving. Where nothing differs
/// from what is being worked on, that stays with its mark.
///
/// A new issuer needs the secret again, so that nobody can send a stored one elsewhere.
pub fn save(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    team_id: &TeamId,
    said: &Said,
    by: &str,
) -> Result<Option<SettingsVersion>, TeamError> {
    let (tenant, base) = held(tx, team_id)?;
    let options = match (&said.issuer, &base) {
        (Some(issuer), Some(base)) if base.answers_to(issuer) => base.options.clone(),
        (Some(issuer), _) => Some(tenant.options_at(issuer)),
        (None, _) => None,
    };
    let options = options.map(|options| ConnectionOptions {
        requirement: said.requirement.clone().or(options.requirement),
        aliases: still_known(&tenant, said.issuer.as_ref(), options.aliases),
        ..options
    });
    let same = base.as_ref().is_some_and(|base| {
        base.issuer == said.issuer && base.client_id == said.client_id && base.options == options
    });
    if same && said.client_secret.is_none() {
        return Ok(base);
    }
    if let (Some(issuer), Some(options)) = (&said.issuer, &options) {
        let (client_id, secret) = (said.client_id.as_ref(), said.client_secret.as_ref());
        check(registrar, issuer, client_id, secret, options, &tenant.team.admin_email)?;
    }
    let secret = match (&said.client_secret, &base) {
        (Some(secret), _) => KeptSecret::new(tx, registrar, team_id, secret, by),
        (None, Some(base)) if base.secret.sealed.is_some() => {
            match (&base.issuer, &said.issuer) {
                (None, _) => base.secret.clone(),
                (Some(old), Some(new)) if old == new => base.secret.clone(),
                (Some(_), Some(_)) => return Err(TeamError::SecretNeededAgain),
                // Whatever is entered next is another address.
                (Some(_), None) => KeptSecret::default(),
            }
        }
        (None, _) => KeptSecret::default(),
    };
    let (issuer, client_id) = (said.issuer.clone(), said.client_id.clone());
    store(tx, registrar, team_id, Draft { issuer, client_id, secret, options }).map(Some)
}

/// The aliases, and with them the live issuer where one of its aliases takes its place: tiles and logout tokens may go on
/// naming it.
fn still_known(tenant: &Tenant, issuer: Option<&Issuer>, mut aliases: Vec<Issuer>) -> Vec<Issuer> {
    let live = tenant.connection.as_ref().map(|live| &live.issuer);
    if let (Some(live), Some(issuer)) = (live, issuer)
        && live != issuer
        && aliases.contains(issuer)
        && !aliases.contains(live)
    {
        aliases.push(live.clone());
    }
    aliases
}

/// Corrects the issuer of what is being worked on to what the provider at that very address says. It keeps the secret:
/// whoever answers there was trusted with it already. `key` is the version that was checked.
pub fn correct_issuer(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    team_id: &TeamId,
    key: &str,
    issuer: &Issuer,
) -> Result<SettingsVersion, TeamError> {
    let (tenant, base) = held(tx, team_id)?;
    let base = base.filter(|base| base.key() == key).ok_or(TeamError::NoSuchVersion)?;
    let options = base.options.unwrap_or_else(|| ConnectionOptions::usual(issuer));
    let live = tenant.connection.as_ref();
    let was_live = base.issuer.filter(|old| live.is_some_and(|live| live.answers_to(old.as_str())));
    let mut aliases = options.aliases;
    // What is live goes by that name: the same identity provider at another address changes no one.
    aliases.extend(was_live.filter(|old| !aliases.contains(old)));
    let options = ConnectionOptions { aliases, ..options };
    check(registrar, issuer, base.client_id.as_ref(), None, &options, &tenant.team.admin_email)?;
    let (issuer, options) = (Some(issuer.clone()), Some(options));
    store(tx, registrar, team_id, Draft { issuer, client_id: base.client_id, secret: base.secret, options })
}

/// Marks the version `key` as tested, if that is still what is being worked on; says whether it is.
pub fn mark_tested(tx: &mut Tx<'_>, team_id: &TeamId, key: &str) -> Result<bool, StorageError> {
    lock_roles(tx, team_id)?;
    let Some(tenant) = tenant::find(tx, team_id)? else { return Ok(false) };
    if worked_on(tx, &tenant)?.is_none_or(|version| version.key() != key) {
        return Ok(false);
    }
    let now = tx.now().millis();
    let pending = connection_versions::table.find((team_id.as_str(), Kind::Pending.as_str()));
    let tested = connection_versions::tested_at.eq(now);
    let marked = each!(&mut **tx, c => diesel::update(pending).set(tested).execute(c))?;
    if marked == 0
        && let Some(live) = tenant.connection.filter(|live| live.state == State::Draft)
    {
        settings::set_state(tx, &live, State::Tested)?;
        tx.changed(storage::Subject::Team, team_id.as_str());
    }
    Ok(true)
}

/// Drops what was being worked on; says whether there was anything.
pub fn discard(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<bool, StorageError> {
    row::forget(tx, team_id, Kind::Pending)
}

/// Forgets what is worked on and what was live before: nothing goes there, and no sign-in ends there.
pub(crate) fn forget_all(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), StorageError> {
    row::forget(tx, team_id, Kind::Pending)?;
    row::forget(tx, team_id, Kind::Previous)?;
    Ok(())
}

/// Lets no sign-in end on the version before; going back to it stays possible.
pub(crate) fn move_on(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), StorageError> {
    let previous = connection_versions::table.find((team_id.as_str(), Kind::Previous.as_str()));
    // No connection has this version.
    let none = connection_versions::version.eq(0);
    each!(&mut **tx, c => diesel::update(previous).set(none).execute(c))?;
    Ok(())
}

/// The team under its lock, with what is being worked on.
fn held(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(Tenant, Option<SettingsVersion>), TeamError> {
    lock_roles(tx, team_id)?;
    let tenant = tenant::find(tx, team_id)?.ok_or_else(|| TeamError::Unknown(team_id.clone()))?;
    let base = worked_on(tx, &tenant)?;
    Ok((tenant, base))
}

struct Draft {
    issuer: Option<Issuer>,
    client_id: Option<ClientId>,
    secret: KeptSecret,
    options: Option<ConnectionOptions>,
}

/// A new pending version, under a key that nothing was bound to before.
fn store(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    team_id: &TeamId,
    draft: Draft,
) -> Result<SettingsVersion, TeamError> {
    let Draft { issuer, client_id, secret, options } = draft;
    let version = SettingsVersion {
        id: ConnectionId::random(registrar.chance),
        version: Version(1),
        issuer,
        client_id,
        secret,
        options,
        tested_at: None,
        is_live: false,
    };
    row::put(tx, team_id, Kind::Pending, &version)?;
    Ok(version)
}
