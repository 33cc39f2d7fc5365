//! The life of a client secret: until when it is good, and the next one beside it, which takes its place by a click, or
//! in a sign-in for which the provider took the next one alone. A switch leaves the version of the settings as it is.

mod row;
mod told;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use storage::{StorageError, Subject, Tx};
use vocabulary::{ClientSecret, ConnectionId, TeamId, Timestamp};

use crate::connection::Connection;
use crate::hold::lock_roles;
use crate::settings::{self, KeptSecret};
use crate::team::TeamAndConnection;
use crate::tenant::{self, Tenant};
use crate::trouble::TeamError;
use crate::versions;
use crate::write::Registrar;

pub(crate) use row::{LifeRow, drop_next as retire, forget, forget_team};
pub use told::{Expiry, expiring, note_told};

/// How far ahead a secret may expire.
const FURTHEST_DAYS: u64 = 3660;

/// The life of a connection's secret. Its JSON is part of the connection's and holds no secret.
#[derive(Clone, Debug, Default)]
pub struct SecretLife {
    /// Until when the current one is good, where somebody has said.
    pub expires_at: Option<Timestamp>,
    /// The next one.
    pub next: Option<NextSecret>,
}

/// The secret that takes over from the current one.
#[derive(Clone, Debug)]
pub struct NextSecret {
    pub(crate) sealed: String,
    /// When it was set.
    pub set_at: Timestamp,
    /// Who set it, as the record names them.
    pub set_by: Option<String>,
    /// Until when it is good, where somebody has said.
    pub expires_at: Option<Timestamp>,
    /// When a rehearsal with it went well.
    pub tested_at: Option<Timestamp>,
}

impl NextSecret {
    /// What tells this one from any other that was, or will be, next. It says nothing of the secret: it is the nonce
    /// with which that was sealed.
    #[must_use]
    pub fn key(&self) -> &str {
        let (_, body) = self.sealed.split_once('.').unwrap_or_default();
        body.get(..16).unwrap_or(body)
    }
}

impl Serialize for SecretLife {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let next = self.next.as_ref();
        let mut json = serializer.serialize_struct("SecretLife", 4)?;
        json.serialize_field("client_secret_expires_at", &self.expires_at)?;
        json.serialize_field("next_client_secret_set_at", &next.map(|next| next.set_at))?;
        json.serialize_field("next_client_secret_expires_at", &next.and_then(|next| next.expires_at))?;
        json.serialize_field("next_client_secret_tested_at", &next.and_then(|next| next.tested_at))?;
        json.end()
    }
}

impl TeamAndConnection {
    /// The team as it would be if the next secret, which has this key, were the current one.
    #[must_use]
    pub fn with_next_secret(&self, key: &str) -> Option<Self> {
        let next = self.connection.secret_life.next.as_ref().filter(|next| next.key() == key)?;
        let connection = Connection {
            sealed_secret: Some(next.sealed.clone()),
            client_secret_set_at: Some(next.set_at),
            client_secret_set_by: next.set_by.clone(),
            secret_life: SecretLife { expires_at: next.expires_at, next: None },
            ..self.connection.clone()
        };
        Some(Self { team: self.team.clone(), connection })
    }
}

/// Sets the secret that is next; one that was next before is forgotten.
pub fn set_next(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    team_id: &TeamId,
    secret: &ClientSecret,
    expires_at: Option<Timestamp>,
    by: &str,
) -> Result<(), TeamError> {
    let live = held(tx, team_id)?;
    if secret.reveal() == live.connection.client_id.as_str() {
        return Err(TeamError::SecretIsClientId);
    }
    if live.client_secret(registrar.keys).is_some_and(|current| current.reveal() == secret.reveal()) {
        return Err(TeamError::SecretIsCurrent);
    }
    check_expiry(tx, expires_at)?;
    let kept = KeptSecret::new(tx, registrar, team_id, secret, by);
    row::set_next(tx, team_id, &live.connection.id, &kept, expires_at)?;
    tx.changed(Subject::Team, team_id.as_str());
    Ok(())
}

/// Sets until when the current secret is good; none when nobody knows.
pub fn set_expiry(tx: &mut Tx<'_>, team_id: &TeamId, expires_at: Option<Timestamp>) -> Result<(), TeamError> {
    let live = held(tx, team_id)?.connection;
    if live.secret_life.expires_at == expires_at {
        return Ok(());
    }
    check_expiry(tx, expires_at)?;
    // Whoever says a day has read it; they need no letter about what is already so.
    let told = expires_at.and_then(|at| told::step(at, tx.now()));
    row::set_expiry(tx, team_id, &live.id, expires_at, told)?;
    tx.changed(Subject::Team, team_id.as_str());
    Ok(())
}

/// Drops the next secret, if it is the one of this key; whichever it is when none is said. Says whether there was one.
pub fn drop_next(tx: &mut Tx<'_>, team_id: &TeamId, key: Option<&str>) -> Result<bool, TeamError> {
    let live = held(tx, team_id)?.connection;
    let Some(next) = &live.secret_life.next else { return Ok(false) };
    if key.is_some_and(|key| key != next.key()) {
        return Err(TeamError::NoSuchVersion);
    }
    row::drop_next(tx, &live.id)?;
    tx.changed(Subject::Team, team_id.as_str());
    Ok(true)
}

/// Marks the next secret as tested, if it is still the one of this key; says whether it is.
pub fn mark_next_tested(tx: &mut Tx<'_>, team_id: &TeamId, key: &str) -> Result<bool, StorageError> {
    let Some((live, _)) = with_next(tx, team_id, key)? else { return Ok(false) };
    row::mark_tested(tx, &live.connection.id)?;
    tx.changed(Subject::Team, team_id.as_str());
    Ok(true)
}

/// The next secret, if it is still the one of this key, takes the place of the current one, wherever that is kept: in the
/// live settings, and in those beside them that have the same secret of the same client. Of many who try at once, one
/// gets the team as it stands then. The version stays: sign-ins under way go on, and so does the mark of a test.
pub fn take_over(tx: &mut Tx<'_>, team_id: &TeamId, key: &str) -> Result<Option<Tenant>, StorageError> {
    let Some((live, next)) = with_next(tx, team_id, key)? else { return Ok(None) };
    let live = live.connection;
    if !row::take_over(tx, &live.id, &next)? {
        return Ok(None);
    }
    let now = KeptSecret { sealed: Some(next.sealed), set_at: Some(next.set_at), set_by: next.set_by };
    settings::set_secret(tx, &live.id, &now)?;
    if let Some(before) = &live.sealed_secret {
        versions::replace_secret(tx, team_id, before, &live.client_id, &now)?;
    }
    tx.changed(Subject::Team, team_id.as_str());
    tenant::find(tx, team_id)
}

/// Forgets the life of a secret that is replaced by another one.
pub(crate) fn follow(
    tx: &mut Tx<'_>,
    id: &ConnectionId,
    before: Option<&String>,
    now: Option<&String>,
) -> Result<(), StorageError> {
    if before == now { Ok(()) } else { forget(tx, id) }
}

/// The team under its lock, with its live connection.
fn held(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<TeamAndConnection, TeamError> {
    lock_roles(tx, team_id)?;
    let tenant = tenant::find(tx, team_id)?.ok_or_else(|| TeamError::Unknown(team_id.clone()))?;
    tenant.connected().ok_or(TeamError::ConnectionMissing)
}

/// The same with the next secret, if that is the one of this key.
fn with_next(
    tx: &mut Tx<'_>,
    team_id: &TeamId,
    key: &str,
) -> Result<Option<(TeamAndConnection, NextSecret)>, StorageError> {
    lock_roles(tx, team_id)?;
    let live = tenant::find(tx, team_id)?.and_then(Tenant::connected);
    Ok(live.and_then(|live| {
        let next = live.connection.secret_life.next.clone().filter(|next| next.key() == key)?;
        Some((live, next))
    }))
}

/// A secret that is set now expires later, and not in another age: that would be a slip of the keyboard.
fn check_expiry(tx: &Tx<'_>, expires_at: Option<Timestamp>) -> Result<(), TeamError> {
    let furthest = tx.now().plus(told::days(FURTHEST_DAYS));
    match expires_at {
        Some(at) if at <= tx.now() || at > furthest => Err(TeamError::SecretExpiry),
        Some(_) | None => Ok(()),
    }
}
