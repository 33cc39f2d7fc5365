//! A sign-in on an app's host ends: the code is spent in this very process, and what the browser gets is a cookie
//! for this host, app and team alone.

use std::time::Duration;

use apps::{App, AppHost};
use storage::StorageError;
use vocabulary::ReturnTo;

use super::depart::UnderWay;
use super::host_session::HostSession;
use crate::token::hand_over;
use crate::{Deps, TokenError};

/// An authorization response as it came to an app's host (RFC 6749 §4.1.2, RFC 9207).
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// `state`.
    pub state: &'a str,
    /// `iss`.
    pub iss: Option<&'a str>,
    /// `code`.
    pub code: Option<&'a str>,
    /// `error`, which counts before the code.
    pub error: Option<&'a str>,
}

impl<'a> Arrival<'a> {
    /// The key of the sign-in it says it answers.
    #[must_use]
    pub fn key(&self) -> Option<&'a str> {
        self.state.split_once('.').map(|(key, _)| key)
    }
}

/// Somebody is in, on this host.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The value of the host's cookie.
    pub cookie: String,
    /// How long it lasts at most.
    pub lasts: Duration,
    /// Where they were going.
    pub return_to: ReturnTo,
}

/// Why nobody came in.
#[derive(Debug, thiserror::Error)]
pub enum ArrivalError {
    /// The browser did not keep the cookie of this sign-in, or it is another browser's or host's.
    #[error("the browser holds no cookie of this sign-in")]
    CookieMissing,
    /// The cookie is another sign-in's.
    #[error("the state is not the one of the cookie")]
    StateUnknown,
    /// It took too long.
    #[error("the sign-in took longer than an hour")]
    Expired(ReturnTo),
    /// The answer comes from elsewhere.
    #[error("the answer's iss is not ours, or it carries neither code nor error")]
    NotOurs(ReturnTo),
    /// We refused at the authorization endpoint.
    #[error("refused with {0}")]
    Refused(String, ReturnTo),
    /// The code was used, is too old, or stands on something that has ended.
    #[error("the code is worth nothing: {0}")]
    Code(TokenError, ReturnTo),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Ends a sign-in on an app's host. `cookie` is what the browser kept under the arrival's key.
pub async fn arrive(
    deps: &Deps,
    app: &App,
    host: &AppHost,
    arrival: Arrival<'_>,
    cookie: Option<&str>,
) -> Result<Arrived, ArrivalError> {
    let key = arrival.key().ok_or(ArrivalError::StateUnknown)?;
    let opened = cookie.and_then(|sealed| UnderWay::open(&deps.keys, host, key, sealed));
    let under_way = opened.ok_or(ArrivalError::CookieMissing)?;
    if under_way.state != arrival.state || under_way.client != app.id {
        return Err(ArrivalError::StateUnknown);
    }
    let return_to = ReturnTo::parse(&under_way.return_to).map_err(|_not_a_way| ArrivalError::StateUnknown)?;
    let now = deps.clock.now();
    if under_way.is_expired(now) {
        return Err(ArrivalError::Expired(return_to));
    }
    if arrival.iss != Some(deps.issuer()) {
        return Err(ArrivalError::NotOurs(return_to));
    }
    if let Some(error) = arrival.error {
        return Err(ArrivalError::Refused(error.chars().take(60).collect(), return_to));
    }
    let Some(code) = arrival.code else {
        return Err(ArrivalError::NotOurs(return_to));
    };
    let handed_over = match hand_over(deps, code, host, &under_way.code_verifier).await {
        Ok(handed_over) => handed_over,
        Err(TokenError::Storage(error)) => return Err(ArrivalError::Storage(error)),
        Err(error) => return Err(ArrivalError::Code(error, return_to)),
    };
    let lasts = deps.sessions.limits().absolute;
    let session = HostSession {
        client: handed_over.app.id.clone(),
        team: handed_over.team,
        session: handed_over.session,
        until: now.plus(lasts),
    };
    Ok(Arrived { cookie: session.seal(&deps.keys, &*deps.chance, host), lasts, return_to })
}
