//! The identity provider tells that a session has ended (OpenID Connect Back-Channel Logout 1.0).

use std::collections::BTreeMap;
use std::sync::Arc;

use audit::{Act, Actor, Deed};
use serde_json::{Value, json};
use sessions::EndedAtIdp;
use signin::Deps;
use storage::{StorageError, Tx};
use teams::OpenTeam;
use upstream::{LogoutToken, OutsideFault, TokenFault};
use vocabulary::{PersonId, TeamId};

use crate::heard::{self, Endpoint, HeardToken, NotNow, Unheard};
use crate::turns::Turns;

/// Why a logout token ended nothing.
#[derive(Debug, thiserror::Error)]
pub enum LogoutError {
    /// It is not a logout token of this connection's provider, of now.
    #[error("{0}")]
    Wrong(TokenFault),
    /// Its `jti` came before, with something else.
    #[error("its jti was used before, with other content")]
    Reused,
    /// Nobody's fault, or ours: it may be said again.
    #[error(transparent)]
    NotNow(#[from] NotNow),
}

impl From<OutsideFault> for LogoutError {
    fn from(fault: OutsideFault) -> Self {
        match fault {
            OutsideFault::Untrusted(fault) | OutsideFault::Foreign(fault) => Self::Wrong(fault),
            OutsideFault::Upstream(trouble) => Self::NotNow(NotNow::Upstream(trouble)),
        }
    }
}

impl From<Unheard> for LogoutError {
    fn from(unheard: Unheard) -> Self {
        match unheard {
            Unheard::Reused => Self::Reused,
            Unheard::NotNow(not_now) => Self::NotNow(not_now),
        }
    }
}

/// Ends what a logout token says has ended (§2.7). The same token again ends nothing anew.
pub async fn backchannel_logout(
    deps: &Deps,
    turns: &Turns,
    team: &Arc<OpenTeam>,
    token: &str,
) -> Result<(), LogoutError> {
    let said = deps.upstream.logout_token(&deps.party(team), token, deps.clock.now()).await?;
    let heard = HeardToken::new(&team.connection.id, Endpoint::Logout, &said.jti, token, "");
    heard::once(deps, turns, team, heard, move |tx, team| {
        end(tx, team, &said)?;
        Ok(0)
    })
    .await?;
    Ok(())
}

fn end(tx: &mut Tx<'_>, team: &OpenTeam, token: &LogoutToken) -> Result<(), StorageError> {
    let which = match (&token.sid, &token.subject) {
        (Some(session), Some(subject)) => EndedAtIdp::SessionOf(session, subject),
        (Some(session), None) => EndedAtIdp::Session(session),
        (None, Some(subject)) => EndedAtIdp::Subject(subject),
        // A verified token names somebody.
        (None, None) => return Ok(()),
    };
    let mut sessions: BTreeMap<PersonId, usize> = BTreeMap::new();
    for person in sessions::end_at_idp(tx, &team.connection.id, which)? {
        *sessions.entry(person).or_default() += 1;
    }
    sessions.iter().try_for_each(|(person, count)| {
        record(tx, &team.team.team_id, Act::SignedOutByIdp, person, json!({ "sessions": count }))
    })
}

/// Puts it on the record what the provider ended of somebody's.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    team: &TeamId,
    act: Act,
    person: &PersonId,
    detail: Value,
) -> Result<(), StorageError> {
    let actor = &Actor::IdentityProvider;
    audit::record(tx, &Deed { team: Some(team), actor, act, target: Some(person), detail, reference: None })
}
