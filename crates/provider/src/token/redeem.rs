//! A code becomes tokens (`OpenID` Connect Core §3.1.3): every check in order, then one transaction that one of many
//! wins. A code that is brought back wrongly is not used up by that.

use std::sync::Arc;

use apps::App;
use people::Person;
use sealing::TokenHash;
use storage::Tx;
use vocabulary::random_id;

use super::fault::{TokenError, fallen};
use super::issue::{Access, Granted, keep_tokens, respond};
use super::response::TokenResponse;
use super::spent::{Use, end_what_came_of, spend};
use crate::app_session;
use crate::authorization::Code;
use crate::deps::Deps;
use crate::digest::sid;
use crate::grant::{self, Grant};
use crate::parameters::one;
use crate::scope::Scope;
use crate::standing::{Fallen, Standing, confirm, person_of, standing_of_session};

const WORTHLESS: TokenError =
    TokenError::InvalidGrant("The code is unknown, is another app's or is older than 60 seconds.");
const OF_ANOTHER_ADDRESS: TokenError =
    TokenError::InvalidGrant("redirect_uri is not the one that the code was answered to.");
pub(super) const UNPROVEN: TokenError =
    TokenError::InvalidGrant("code_verifier does not fit the code_challenge of the request.");
pub(super) const USED: TokenError =
    TokenError::InvalidGrant("The code was used before. What came of it has ended.");

pub(super) async fn redeem(
    deps: &Deps,
    app: Arc<App>,
    form: &[(String, String)],
) -> Result<TokenResponse, TokenError> {
    let missing = |what| TokenError::InvalidRequest(what);
    let text = one(form, "code")?.ok_or(missing("code is missing."))?;
    let said = one(form, "redirect_uri")?.ok_or(missing("redirect_uri is missing."))?;
    let verifier = one(form, "code_verifier")?;
    let code = Code::open(&deps.keys, &app, text).ok_or(WORTHLESS)?;
    let redirect_uri = app.redirect_uri(said).ok_or(OF_ANOTHER_ADDRESS)?;
    if !code.is_for(&redirect_uri) {
        return Err(OF_ANOTHER_ADDRESS);
    }
    if !code.is_proven_by(verifier) {
        return Err(UNPROVEN);
    }
    let who = match who(deps, &app, &code).await {
        Ok(who) => who,
        Err(refused) => return Err(undo(deps, code, refused).await),
    };
    let (deps, now) = (deps.clone(), deps.now());
    storage::blocking(move || {
        let taken = deps.database.write(now, |tx| take(tx, &deps, &code, who))?;
        respond(&deps, &taken.ok_or(USED)?, now)
    })
    .await
}

/// Whose code it is, while it is young and all it stands on stands.
struct Who {
    session: TokenHash,
    standing: Standing,
    person: Arc<Person>,
}

async fn who(deps: &Deps, app: &Arc<App>, code: &Code) -> Result<Who, TokenError> {
    let (Some(session), Some(person), true) = (code.session(), code.person(), code.is_young(deps.now()))
    else {
        return Err(WORTHLESS);
    };
    let standing = standing_of_session(deps, app, &code.team, &person, &session).await.map_err(fallen)?;
    let person = person_of(deps, &standing).await.map_err(fallen)?;
    Ok(Who { session, standing, person })
}

/// A code that comes too late may have been used in time, by somebody else: what came of that ends.
async fn undo(deps: &Deps, code: Code, refused: TokenError) -> TokenError {
    if matches!(refused, TokenError::Storage(_)) {
        return refused;
    }
    let (database, now) = (deps.database.clone(), deps.now());
    let undone = storage::blocking(move || database.write(now, |tx| end_what_came_of(tx, &code))).await;
    undone.map_or_else(TokenError::Storage, |()| refused)
}

/// The one transaction in which an app is granted something; nothing, when the code was used before.
fn take(tx: &mut Tx<'_>, deps: &Deps, code: &Code, who: Who) -> Result<Option<Granted>, TokenError> {
    let id = random_id(&*deps.chance);
    if spend(tx, code, Some(&id))? == Use::Again {
        return Ok(None);
    }
    let Who { session, standing, person } = who;
    let standing = still_stands(tx, &session, standing)?;
    let scopes = code.scopes();
    let grant = Grant {
        id,
        client: standing.app.id.clone(),
        team: standing.team.team.team_id.clone(),
        person: standing.person.clone(),
        session: (!scopes.has(Scope::OfflineAccess)).then(|| session.clone()),
        sid: sid(&session, &standing.app.id),
        claims: code.claims(),
        auth_time: code.auth_time(),
        scopes: scopes.clone(),
    };
    let access = Access::new(deps, &standing.app);
    grant::insert(tx, &grant, deps.lifetimes.of_grant(&grant, tx.now()))?;
    let refresh = keep_tokens(tx, deps, &grant, (&access, &scopes))?;
    app_session::note(tx, &session, &standing)?;
    Ok(Some(Granted { grant, standing, person, access, refresh, scopes, nonce: code.nonce.clone() }))
}

/// Finds, inside the transaction, that session and person stand still, and holds the session so: whoever ends it waits,
/// and finds what was granted.
pub(super) fn still_stands(
    tx: &mut Tx<'_>,
    session: &TokenHash,
    standing: Standing,
) -> Result<Standing, TokenError> {
    if !sessions::hold(tx, session)? {
        return Err(fallen(Fallen::Ended));
    }
    confirm(tx, standing).map_err(fallen)
}
