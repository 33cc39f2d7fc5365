//! Signing out at the identity provider too (OpenID Connect RP-Initiated Logout 1.0). The session here ends first,
//! whatever comes of it. Whether it works shows when a browser comes back with the `state` it left with, which
//! stands sealed in a cookie; only then is it offered to everybody.

use std::time::Duration;

use audit::{Act, Actor, Deed};
use sealing::{Label, Purpose, random_token};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sessions::SignedIn;
use signin::Deps;
use storage::{StorageError, Tx};
use teams::TeamAndConnection;
use upstream::EndSession;
use vocabulary::{PersonId, Role, TeamId, Timestamp};

/// How long a browser may stay there.
const LIFETIME: Duration = Duration::from_hours(1);
/// A longer ID token is left out: most servers read 8 KiB of a request's head. The provider asks the person then.
const LONGEST_HINT: usize = 6 * 1024;

/// Whether somebody may sign out at their identity provider too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// It works.
    Works,
    /// It was never seen to work; an admin may try.
    Try,
}

/// What somebody of this role is offered; nothing without a registered address to come back to.
#[must_use]
pub fn offer(deps: &Deps, team: &TeamAndConnection, role: Role) -> Option<Offer> {
    let back = team.connection.options.post_logout_redirect_uri.as_deref()?;
    if deps.upstream.end_session(&deps.party(team), deps.clock.now()) == EndSession::Nowhere {
        return None;
    }
    // Nobody comes back here from another address, so that one stands by the operator's word.
    if team.connection.logout_tested || back != signed_out_address(deps, &team.team.team_id) {
        return Some(Offer::Works);
    }
    (role == Role::Admin).then_some(Offer::Try)
}

/// Our own address for after a sign-out at the identity provider.
fn signed_out_address(deps: &Deps, team_id: &TeamId) -> String {
    deps.address(&format!("/t/{team_id}/signed-out"))
}

/// What the identity provider is to be asked.
#[derive(Clone)]
pub struct Asking {
    id_token_hint: Option<String>,
    /// Whose test this is.
    tester: Option<PersonId>,
}

impl std::fmt::Debug for Asking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Asking(…)")
    }
}

/// Reads what will be needed before the session ends; nothing when this person is not offered it now.
pub(crate) fn asking(tx: &mut Tx<'_>, deps: &Deps, who: &SignedIn) -> Result<Option<Asking>, StorageError> {
    let standing = roles::find(tx, &who.team.team.team_id, &who.person)?;
    let role = standing.map_or(Role::Member, |standing| standing.role);
    let tester = match offer(deps, &who.team, role) {
        None => return Ok(None),
        Some(Offer::Works) => None,
        Some(Offer::Try) => Some(who.person.clone()),
    };
    let id_token = sessions::id_token(tx, &deps.keys, &who.hash)?;
    Ok(Some(Asking { id_token_hint: id_token.filter(|token| token.len() <= LONGEST_HINT), tester }))
}

/// A browser on its way to the identity provider.
#[derive(Clone)]
pub struct Departure {
    /// The logout request (RP-Initiated Logout 1.0 §2). It holds the ID token.
    pub location: String,
    /// What the browser keeps meanwhile, sealed.
    pub errand: String,
}

impl std::fmt::Debug for Departure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Departure(…)")
    }
}

/// What a browser keeps while it is there: the `state`, and the settings it left with.
#[derive(Serialize, Deserialize)]
struct Errand {
    state: String,
    settings: String,
    since: i64,
    tester: Option<String>,
}

/// Sends a browser to the identity provider; nothing when it can't be asked or has no such address.
pub async fn depart(deps: &Deps, team: &TeamAndConnection, asking: Asking) -> Option<Departure> {
    let back = team.connection.options.post_logout_redirect_uri.as_deref()?;
    let (party, now) = (deps.party(team), deps.clock.now());
    let state = random_token(&*deps.chance, 16);
    let hint = asking.id_token_hint.as_deref();
    let location = match deps.upstream.end_session_request(&party, hint, back, &state, now).await {
        Ok(location) => location?,
        Err(error) => {
            tracing::info!(team = %team.team.team_id, %error, "nobody can sign out at the provider now");
            return None;
        }
    };
    let errand = Errand {
        state,
        settings: party.connection,
        since: now.millis(),
        tester: asking.tester.map(|person| person.to_string()),
    };
    let plain = serde_json::to_vec(&errand).unwrap_or_default();
    Some(Departure { location, errand: deps.keys.seal(&*deps.chance, &label(&team.team.team_id), &plain) })
}

/// What a browser that arrives with a `state` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Return {
    /// It comes from the identity provider, and its session there has ended.
    Genuine,
    /// Nothing: the state is forged, old, or belongs to another team, browser or settings.
    Nothing,
}

/// Hears a browser that arrives with a `state` and what it kept. The first admin's test that ends here is noted.
pub async fn come_back(
    deps: &Deps,
    team: &TeamAndConnection,
    errand: &str,
    state: &str,
) -> Result<Return, StorageError> {
    let Some(errand) = open(deps, team, errand).filter(|errand| errand.state == state) else {
        return Ok(Return::Nothing);
    };
    if let Some(tester) = errand.tester.as_deref().and_then(PersonId::parse)
        && !team.connection.logout_tested
    {
        note(deps, team, tester).await?;
    }
    Ok(Return::Genuine)
}

fn open(deps: &Deps, team: &TeamAndConnection, sealed: &str) -> Option<Errand> {
    let plain = deps.keys.open(&label(&team.team.team_id), sealed).ok()?;
    let errand: Errand = serde_json::from_slice(&plain).ok()?;
    let age = deps.clock.now().since(Timestamp::from_millis(errand.since));
    (errand.settings == team.connection.settings_key() && age <= LIFETIME).then_some(errand)
}

async fn note(deps: &Deps, team: &TeamAndConnection, tester: PersonId) -> Result<(), StorageError> {
    let (deps, now, settings) = (deps.clone(), deps.clock.now(), team.connection.settings_key());
    let team_id = team.team.team_id.clone();
    storage::blocking(move || {
        deps.database.write(now, |tx| {
            let found = teams::find_connected(tx, &team_id)?;
            let untested = found
                .filter(|now| now.connection.settings_key() == settings && !now.connection.logout_tested);
            let Some(untested) = untested else { return Ok(()) };
            teams::note_logout_tested(tx, &untested)?;
            let (team, actor) = (Some(&team_id), Actor::Person(tester));
            let (act, detail) = (Act::LogoutTested, json!({}));
            audit::record(tx, &Deed { team, actor: &actor, act, target: None, detail, reference: None })
        })
    })
    .await
}

fn label(team_id: &TeamId) -> Label<'_> {
    Label { purpose: Purpose::SignOut, context: team_id.as_str() }
}
