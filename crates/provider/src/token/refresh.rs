//! A refresh token becomes new tokens (`OpenID` Connect Core §12): each is used once, and one that is shown a second
//! time ends all that came of its grant, whoever shows it (RFC 9700 §4.14.2).

use std::sync::Arc;

use apps::App;
use people::Person;
use sealing::{OpaqueToken, TokenHash, TokenPrefix};
use storage::Tx;

use super::fault::{TokenError, fallen};
use super::issue::{Access, Granted, keep_tokens, respond};
use super::response::TokenResponse;
use crate::deps::Deps;
use crate::grant::{
    Grant, Reused, end_grant, end_reused, has_room, prolong, refresh_token, spend_refresh_token,
};
use crate::parameters::one;
use crate::scope::AppScopes;
use crate::standing::{Standing, confirm, person_of, standing};

const WORTHLESS: TokenError =
    TokenError::InvalidGrant("The refresh token is unknown, is another app's or has ended.");
const USED: TokenError =
    TokenError::InvalidGrant("The refresh token was used before. All that came of its grant has ended.");
const TOO_OFTEN: TokenError =
    TokenError::InvalidGrant("The grant was refreshed too often. All that came of it has ended.");

pub(super) async fn refresh(
    deps: &Deps,
    app: Arc<App>,
    form: &[(String, String)],
) -> Result<TokenResponse, TokenError> {
    let missing = TokenError::InvalidRequest("refresh_token is missing.");
    let text = one(form, "refresh_token")?.ok_or(missing)?;
    let scope = one(form, "scope")?;
    let token = OpaqueToken::parse(text).filter(|token| token.prefix() == TokenPrefix::Refresh);
    let hash = token.ok_or(WORTHLESS)?.hash();
    let (database, asked, now) = (deps.database.clone(), hash.clone(), deps.now());
    let found = storage::blocking(move || {
        database.read(|connection| Ok::<_, TokenError>(refresh_token(connection, &asked)?))
    });
    let found = found.await?.filter(|found| found.grant.client == app.id).ok_or(WORTHLESS)?;
    let grant = found.grant;
    if found.is_used {
        return Err(end_family(deps, grant).await);
    }
    if now >= found.expires_at {
        return Err(WORTHLESS);
    }
    let scopes = narrowed(&grant.scopes, scope)?;
    let standing = standing(deps, &grant).await.map_err(fallen)?;
    let person = person_of(deps, &standing).await.map_err(fallen)?;
    let deps = deps.clone();
    let next = Next { grant, standing, person, scopes };
    storage::blocking(move || {
        let rotated = deps.database.write(now, |tx| rotate(tx, &deps, &hash, next))?;
        respond(&deps, &rotated?, now)
    })
    .await
}

/// The scopes of the next access token: those of the grant, or fewer (RFC 6749 §6).
fn narrowed(granted: &AppScopes, asked: Option<&str>) -> Result<AppScopes, TokenError> {
    let Some(asked) = asked else { return Ok(granted.clone()) };
    AppScopes::parse_within(asked, granted).ok_or(TokenError::InvalidScope)
}

async fn end_family(deps: &Deps, grant: Grant) -> TokenError {
    let (database, now) = (deps.database.clone(), deps.now());
    let ended =
        storage::blocking(move || database.write(now, |tx| end_reused(tx, &grant, Reused::RefreshToken)))
            .await;
    match ended {
        Ok(()) => USED,
        Err(error) => TokenError::Storage(error),
    }
}

/// What the next tokens are of.
struct Next {
    grant: Grant,
    standing: Standing,
    person: Arc<Person>,
    scopes: AppScopes,
}

/// The one transaction in which a refresh token is used. The inner refusal is for a grant that ended by it, which is
/// kept: somebody else was first, or the grant has more tokens than any app needs.
fn rotate(
    tx: &mut Tx<'_>,
    deps: &Deps,
    hash: &TokenHash,
    next: Next,
) -> Result<Result<Granted, TokenError>, TokenError> {
    let Next { grant, standing, person, scopes } = next;
    if !prolong(tx, &grant.id, deps.lifetimes.of_grant(&grant, tx.now()))? {
        return Err(WORTHLESS);
    }
    if !spend_refresh_token(tx, hash)? {
        end_reused(tx, &grant, Reused::RefreshToken)?;
        return Ok(Err(USED));
    }
    if !has_room(tx, &grant.id, deps.lifetimes.tokens_of_grant())? {
        end_grant(tx, &grant.id)?;
        tracing::warn!(app = %grant.client, "an app refreshed its tokens too often; the grant has ended");
        return Ok(Err(TOO_OFTEN));
    }
    let standing = confirm(tx, standing).map_err(fallen)?;
    let access = Access::new(deps, &standing.app);
    let refresh = keep_tokens(tx, deps, &grant, (&access, &scopes))?;
    Ok(Ok(Granted { grant, standing, person, access, refresh, scopes, nonce: None }))
}
