//! The next client secret takes over by itself: the provider rejected the current one, and in the same sign-in took the
//! next.

use audit::{Act, Actor, Deed};
use mail::{Letter, Occasion};
use sealing::KeyRing;
use serde_json::json;
use storage::{StorageError, Tx};
use teams::{TeamAndConnection, secret_life};
use upstream::Secrets;
use vocabulary::ClientSecret;

use crate::deps::Deps;
use crate::refused::SignInError;

/// A connection's secrets, opened.
pub(crate) struct Opened {
    current: ClientSecret,
    next: Option<ClientSecret>,
}

impl Opened {
    pub(crate) fn of(team: &TeamAndConnection, keys: &KeyRing) -> Result<Self, SignInError> {
        let current = team.client_secret(keys).ok_or(SignInError::SecretUnreadable)?;
        Ok(Self { current, next: team.next_client_secret(keys) })
    }

    pub(crate) const fn as_secrets(&self) -> Secrets<'_> {
        Secrets { current: &self.current, next: self.next.as_ref() }
    }
}

/// Puts the next secret, which the provider took, into use; somebody else may have done so meanwhile. Whoever signs in
/// notices nothing, not even that it fails: the next sign-in tries both again.
pub(crate) async fn take_over(deps: &Deps, team: &TeamAndConnection) {
    let Some(next) = &team.connection.secret_life.next else { return };
    let (owned, now, key) = (deps.clone(), deps.clock.now(), next.key().to_owned());
    let team_id = team.team.team_id.clone();
    let done = storage::blocking(move || {
        owned.database.write(now, |tx| {
            let Some(tenant) = secret_life::take_over(tx, &team_id, &key)? else { return Ok(false) };
            tell(tx, &owned, &tenant.team)?;
            Ok::<_, StorageError>(true)
        })
    });
    match done.await {
        Ok(true) => {
            tracing::info!(team = %team.team.team_id, "the provider rejected the client secret; the next one is in use");
        }
        Ok(false) => {}
        Err(error) => tracing::warn!(%error, "the next client secret could not be put into use"),
    }
}

fn tell(tx: &mut Tx<'_>, deps: &Deps, team: &teams::Team) -> Result<(), StorageError> {
    let (team_id, detail) = (&team.team_id, json!({ "rejected": true }));
    let (actor, act) = (&Actor::Teamdoor, Act::ClientSecretSwitched);
    audit::record(tx, &Deed { team: Some(team_id), actor, act, target: None, detail, reference: None })?;
    for (_, to) in roles::admins(tx, team_id)? {
        let occasion = Occasion::SecretSwitched { team_name: team.name.clone(), by: None };
        let letter = Letter { to, team_id: Some(team_id.clone()), occasion };
        deps.desk.write(tx, &*deps.chance, &letter)?;
    }
    Ok(())
}
