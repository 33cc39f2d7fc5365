//! Whether what was granted still stands: the one place that is asked by whoever gives out, renews, reads or shows
//! anything of an app's.

use std::sync::Arc;

use apps::{App, admits};
use people::Person;
use sealing::TokenHash;
use storage::{StorageError, Tx};
use teams::OpenTeam;
use vocabulary::{PersonId, Role, TeamId};

use crate::deps::Deps;
use crate::grant::Grant;

/// Somebody who may use an app, as of this request.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Which app.
    pub app: Arc<App>,
    /// For which team.
    pub team: Arc<OpenTeam>,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
}

/// Why something an app was granted is worth nothing now.
#[derive(Debug)]
pub enum Fallen {
    /// The app is gone.
    App,
    /// The session, the person's access or the team's door has ended.
    Ended,
    /// The person signed in too long ago for an app to go on without them.
    SignInTooOld,
    /// The app is not for this team or role (any more).
    NotAdmitted,
    /// The database.
    Storage(StorageError),
}

impl From<StorageError> for Fallen {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

/// How a grant stands.
pub async fn standing(deps: &Deps, grant: &Grant) -> Result<Standing, Fallen> {
    let app = deps.apps.find(&grant.client).await?.ok_or(Fallen::App)?;
    match &grant.session {
        Some(session) => standing_of_session(deps, &app, &grant.team, &grant.person, session).await,
        None => standing_without_session(deps, app, grant).await,
    }
}

/// How somebody stands with an app by their session.
pub async fn standing_of_session(
    deps: &Deps,
    app: &Arc<App>,
    team: &TeamId,
    person: &PersonId,
    session: &TokenHash,
) -> Result<Standing, Fallen> {
    let who = deps.sessions.recognise_by_hash(team, session, deps.now()).await?.ok_or(Fallen::Ended)?;
    if who.person != *person {
        return Err(Fallen::Ended);
    }
    admits(app, team, who.role).map_err(|_why| Fallen::NotAdmitted)?;
    Ok(Standing { app: Arc::clone(app), team: who.team, person: who.person, role: who.role })
}

async fn standing_without_session(deps: &Deps, app: Arc<App>, grant: &Grant) -> Result<Standing, Fallen> {
    let team = deps.registry.open_team(&grant.team).await?.ok_or(Fallen::Ended)?;
    let membership = deps.grants.membership(&grant.team, &grant.person).await?;
    let membership =
        membership.filter(|found| found.active && found.person == grant.person).ok_or(Fallen::Ended)?;
    let is_too_old = |last| deps.now().since(last) > deps.lifetimes.refresh_max_auth_age;
    let mut person = deps.grants.person(&grant.team, &grant.person).await?.ok_or(Fallen::Ended)?;
    if is_too_old(person.last_sign_in) {
        person = deps.grants.person_now(&grant.team, &grant.person).await?.ok_or(Fallen::Ended)?;
    }
    if person.connection_id != team.connection.id.as_str() {
        return Err(Fallen::Ended);
    }
    if is_too_old(person.last_sign_in) {
        return Err(Fallen::SignInTooOld);
    }
    admits(&app, &grant.team, membership.role).map_err(|_why| Fallen::NotAdmitted)?;
    Ok(Standing { app, team, person: grant.person.clone(), role: membership.role })
}

/// The same once more, inside the transaction that acts on it: what the person may is asked of the database itself.
pub(crate) fn confirm(tx: &mut Tx<'_>, standing: Standing) -> Result<Standing, Fallen> {
    let team = &standing.team.team.team_id;
    let membership = roles::find(tx, team, &standing.person)?.filter(|found| found.active);
    let role = membership.ok_or(Fallen::Ended)?.role;
    admits(&standing.app, team, role).map_err(|_why| Fallen::NotAdmitted)?;
    Ok(Standing { role, ..standing })
}

/// What is known of them, to be told to the app.
pub(crate) async fn person_of(deps: &Deps, standing: &Standing) -> Result<Arc<Person>, Fallen> {
    let found = deps.grants.person(&standing.team.team.team_id, &standing.person).await?;
    found.ok_or(Fallen::Ended)
}
