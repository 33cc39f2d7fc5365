//! Tokens by which providers told us: the same one again gets the same answer and ends nothing anew.

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use sealing::hash_token;
use signin::Deps;
use storage::schema::heard_tokens;
use storage::{Connection, StorageError, Tx, each};
use teams::OpenTeam;
use upstream::Trouble;
use vocabulary::ConnectionId;

use crate::turns::Turns;

/// How long a token is remembered. It is believed for five minutes; the rest is for clocks that differ.
const KEPT: Duration = Duration::from_hours(1);

/// Why a word from outside, right or wrong, got no verdict now.
#[derive(Debug, thiserror::Error)]
pub enum NotNow {
    /// Whether the provider said so can't be found out.
    #[error(transparent)]
    Upstream(Trouble),
    /// Too many words of this provider wait for their turn.
    #[error("too many words of this provider are waiting")]
    Busy,
    /// The operator changed the team's settings meanwhile.
    #[error("the settings changed while the token was judged")]
    SettingsChanged,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl NotNow {
    /// How long to wait before saying it again.
    #[must_use]
    pub fn retry_after(&self) -> Duration {
        match self {
            Self::Upstream(trouble) => trouble.retry_after().unwrap_or(Duration::from_secs(10)),
            Self::Busy | Self::Storage(_) => Duration::from_secs(2),
            Self::SettingsChanged => Duration::from_secs(1),
        }
    }
}

/// Why a token that was verified is not heard.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unheard {
    /// Its `jti` came before, with something else.
    #[error("the jti was used before, with other content")]
    Reused,
    #[error(transparent)]
    NotNow(#[from] NotNow),
}

impl From<StorageError> for Unheard {
    fn from(error: StorageError) -> Self {
        Self::NotNow(error.into())
    }
}

/// The addresses at which tokens are heard. Each has `jti`s of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Logout,
    Revocation,
}

impl Endpoint {
    /// As it stands in what is hashed: a new spelling forgets every token that was heard.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "Logout",
            Self::Revocation => "Revocation",
        }
    }
}

/// A verified token: which one it is, and what came with it. Neither can be read back from what is kept.
#[derive(Clone, Debug)]
pub(crate) struct HeardToken {
    endpoint: Endpoint,
    id: String,
    body: String,
}

impl HeardToken {
    /// `content` is the token and all that came with it. Its signature does not count: the same claims signed
    /// once more are the same token.
    pub(crate) fn new(
        connection: &ConnectionId,
        endpoint: Endpoint,
        jti: &str,
        token: &str,
        content: &str,
    ) -> Self {
        let claims = token.rsplit_once('.').map_or(token, |(signed, _signature)| signed);
        let hash = |text: String| hash_token(&text).as_str().to_owned();
        let id = hash(format!("{connection} {} {jti}", endpoint.as_str()));
        Self { endpoint, id, body: hash(format!("{claims} {content}")) }
    }

    /// What was answered when it came before.
    fn answer(&self, connection: &mut Connection) -> Result<Option<i64>, Unheard> {
        let row = heard_tokens::table.find(&self.id).select((heard_tokens::body, heard_tokens::answer));
        let known: Option<(String, i64)> =
            each!(connection, c => row.get_result(c).optional()).map_err(StorageError::from)?;
        match known {
            Some((body, _)) if body != self.body => Err(Unheard::Reused),
            known => Ok(known.map(|(_, answer)| answer)),
        }
    }

    fn keep(&self, tx: &mut Tx<'_>, answer: i64) -> Result<(), StorageError> {
        let row = (
            heard_tokens::id.eq(&self.id),
            heard_tokens::body.eq(&self.body),
            heard_tokens::answer.eq(answer),
            heard_tokens::told_at.eq(tx.now().millis()),
        );
        each!(&mut **tx, c => diesel::insert_into(heard_tokens::table).values(row).execute(c))?;
        Ok(())
    }
}

/// Does what a token says, once: `deed` runs in the transaction that remembers the token and its answer, and
/// only if the team still stands as it did when the token was verified.
pub(crate) async fn once(
    deps: &Deps,
    turns: &Turns,
    team: &Arc<OpenTeam>,
    token: HeardToken,
    deed: impl FnOnce(&mut Tx<'_>, &OpenTeam) -> Result<i64, StorageError> + Send + 'static,
) -> Result<i64, Unheard> {
    let turn = turns.wait(&team.connection.id).await.ok_or(NotNow::Busy)?;
    let (deps, team) = (deps.clone(), Arc::clone(team));
    storage::blocking(move || {
        let _turn = turn;
        if let Some(answer) = deps.database.read(|connection| token.answer(connection))? {
            return Ok(answer);
        }
        deps.database.write(deps.clock.now(), |tx| {
            // Who is revoked loses more than sessions, and that takes the team's lock, which comes before its connection's.
            if token.endpoint == Endpoint::Revocation {
                teams::lock_roles(tx, &team.team.team_id)?;
            }
            teams::hold_alone(tx, &team.connection.id)?;
            if let Some(answer) = token.answer(tx)? {
                return Ok(answer);
            }
            let now = teams::find_connected(tx, &team.team.team_id)?;
            if !now.is_some_and(|now| now.stands_as(&team)) {
                return Err(NotNow::SettingsChanged.into());
            }
            let answer = deed(tx, &team)?;
            token.keep(tx, answer)?;
            Ok(answer)
        })
    })
    .await
}

/// Forgets tokens that are too old to be believed again.
pub fn tidy(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let old = heard_tokens::table.filter(heard_tokens::told_at.lt(tx.now().minus(KEPT).millis()));
    Ok(each!(&mut **tx, c => diesel::delete(old).execute(c))?)
}
