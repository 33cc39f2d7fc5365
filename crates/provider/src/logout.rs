//! Reading an app's request to sign somebody out (`OpenID` Connect RP-Initiated Logout 1.0 §2). What ends, and whether
//! the person is asked first, is for the sign-out to decide.

use std::fmt;
use std::sync::Arc;

use apps::App;
use serde::Deserialize;
use sessions::SignedIn;
use storage::StorageError;
use vocabulary::{ClientId, TeamId};

use crate::deps::{Deps, own_trouble};
use crate::digest::sid;
use crate::jwt::TokenType;
use crate::parameters::{Doubled, one};

/// An app's request to sign somebody out.
#[derive(Clone)]
pub struct LogoutRequest {
    /// Whose request it is, as far as it says.
    pub app: Option<Arc<App>>,
    /// Which session is meant, by its `id_token_hint`: of which team, and what the app calls it.
    pub session: Option<(TeamId, String)>,
    /// Where the browser goes afterwards, an address that the app registered with `state` in its query.
    pub back: Option<String>,
}

impl LogoutRequest {
    /// Whether this is the session that an ID token of the app was given for. Any other is ended by the person's own
    /// word alone.
    #[must_use]
    pub fn is_about(&self, who: &SignedIn) -> bool {
        match (&self.app, &self.session) {
            (Some(app), Some((team, named))) => {
                *team == who.team.team.team_id && *named == sid(&who.hash, &app.id)
            }
            (None | Some(_), None) | (None, Some(_)) => false,
        }
    }
}

impl fmt::Debug for LogoutRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoutRequest")
            .field("app", &self.app.as_ref().map(|app| &app.id))
            .finish_non_exhaustive()
    }
}

/// Why nobody is sent anywhere: the person is told on a page of ours.
#[derive(Debug, thiserror::Error)]
pub enum LogoutFault {
    /// A parameter is there twice.
    #[error("A parameter is there twice.")]
    Doubled,
    /// `client_id` is no app's.
    #[error("client_id is no app's.")]
    Client,
    /// `id_token_hint` is no ID token of ours, or another app's.
    #[error("id_token_hint is no ID token that this app got from here.")]
    Hint,
    /// `post_logout_redirect_uri` is not written as the app registered it, or it is not said whose it is.
    #[error("post_logout_redirect_uri is not one of the app's.")]
    Address,
    /// The database, or a key of our own.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<Doubled> for LogoutFault {
    fn from(Doubled: Doubled) -> Self {
        Self::Doubled
    }
}

/// The members of an ID token that say whose session it was given for.
#[derive(Deserialize)]
struct Hint {
    iss: String,
    aud: ClientId,
    team_id: TeamId,
    sid: String,
}

/// Reads a request from its query or form. Parameters that mean nothing here are ignored.
pub async fn read(deps: &Deps, pairs: &[(String, String)]) -> Result<LogoutRequest, LogoutFault> {
    let hint = match one(pairs, "id_token_hint")? {
        Some(hint) => Some(of_hint(deps, hint).await?.ok_or(LogoutFault::Hint)?),
        None => None,
    };
    let said = match one(pairs, "client_id")? {
        Some(id) => Some(ClientId::parse(id).map_err(|_no_id| LogoutFault::Client)?),
        None => None,
    };
    if let (Some(hint), Some(said)) = (&hint, &said)
        && hint.aud != *said
    {
        return Err(LogoutFault::Hint);
    }
    let app = match said.as_ref().or_else(|| hint.as_ref().map(|hint| &hint.aud)) {
        Some(id) => Some(deps.apps.find(id).await?.ok_or(LogoutFault::Client)?),
        None => None,
    };
    let back = match one(pairs, "post_logout_redirect_uri")? {
        Some(address) => {
            let registered = app.as_ref().and_then(|app| app.post_logout_redirect_uri(address));
            let state = one(pairs, "state")?.map(|state| ("state", state));
            Some(registered.ok_or(LogoutFault::Address)?.with(state.as_slice()))
        }
        None => None,
    };
    Ok(LogoutRequest { app, session: hint.map(|hint| (hint.team_id, hint.sid)), back })
}

/// Whose session an ID token was given for, which may well have expired.
async fn of_hint(deps: &Deps, hint: &str) -> Result<Option<Hint>, LogoutFault> {
    let read: Option<Hint> =
        deps.signing.verify(hint, TokenType::Id, deps.now()).await.map_err(own_trouble)?;
    Ok(read.filter(|hint| hint.iss == deps.issuer()))
}
