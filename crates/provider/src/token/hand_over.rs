//! A code that was answered to an app's own host is redeemed there by us: a session is handed over to another host,
//! and nothing is granted.

use std::sync::Arc;

use apps::{App, AppHost};
use sealing::TokenHash;
use storage::Tx;
use vocabulary::TeamId;

use super::fault::{TokenError, fallen};
use super::redeem::{UNPROVEN, USED, still_stands};
use super::spent::{Use, spend};
use crate::app_session;
use crate::authorization::Code;
use crate::deps::Deps;
use crate::standing::{Standing, standing_of_session};

/// Whom an app's host may let in from now on, for as long as the session stands.
#[derive(Clone, Debug)]
pub struct HandedOver {
    /// The app on that host.
    pub app: Arc<App>,
    /// For which team.
    pub team: TeamId,
    /// By which session.
    pub session: TokenHash,
}

const WORTHLESS: TokenError =
    TokenError::InvalidGrant("The code is unknown, is another host's or is older than 60 seconds.");

/// Redeems a code on the host it was answered to, with the verifier that proves it was asked for in this browser.
pub async fn hand_over(
    deps: &Deps,
    code: &str,
    host: &AppHost,
    code_verifier: &str,
) -> Result<HandedOver, TokenError> {
    let app = deps.apps.on_host(host).await?.ok_or(WORTHLESS)?;
    let code = Code::open(&deps.keys, &app, code).ok_or(WORTHLESS)?;
    if !code.is_young(deps.now()) || !code.is_for(&host.redirect_uri()) {
        return Err(WORTHLESS);
    }
    // On a host of an app a code without a challenge is nobody's, whatever the app may do elsewhere.
    if !code.has_challenge() || !code.is_proven_by(Some(code_verifier)) {
        return Err(UNPROVEN);
    }
    let (Some(session), Some(person)) = (code.session(), code.person()) else {
        return Err(WORTHLESS);
    };
    let standing = standing_of_session(deps, &app, &code.team, &person, &session).await.map_err(fallen)?;
    let (database, now) = (deps.database.clone(), deps.now());
    storage::blocking(move || {
        let taken = database.write(now, |tx| take(tx, &code, &session, standing))?;
        let standing = taken.ok_or(USED)?;
        let team = standing.team.team.team_id.clone();
        Ok(HandedOver { app: standing.app, team, session })
    })
    .await
}

fn take(
    tx: &mut Tx<'_>,
    code: &Code,
    session: &TokenHash,
    standing: Standing,
) -> Result<Option<Standing>, TokenError> {
    if spend(tx, code, None)? == Use::Again {
        return Ok(None);
    }
    let standing = still_stands(tx, session, standing)?;
    app_session::note(tx, session, &standing)?;
    Ok(Some(standing))
}
