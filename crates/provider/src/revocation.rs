//! Revocation (RFC 7009): an app gives back what it was given.

use sealing::{OpaqueToken, TokenHash, TokenPrefix};
use vocabulary::ClientId;

use crate::bearer::{self, Form};
use crate::client::{Credentials, authenticate};
use crate::deps::Deps;
use crate::grant::{end_grant, end_token, refresh_token};
use crate::token::TokenError;

/// Ends a token of this app: with a refresh token, or an access token that is signed and so cannot be ended by itself,
/// all that came of its grant. A token that is not there, or not the app's, is as good as ended.
pub async fn revoke(deps: &Deps, credentials: Credentials, token: &str) -> Result<(), TokenError> {
    let app = authenticate(deps, &credentials).await?;
    if let Some(token) = OpaqueToken::parse(token).filter(|token| token.prefix() == TokenPrefix::Refresh) {
        return end_family(deps, app.id.clone(), token.hash()).await;
    }
    let bearer = bearer::recognise(deps, token).await?;
    let Some(bearer) = bearer.filter(|bearer| bearer.grant.client == app.id) else { return Ok(()) };
    let (database, now) = (deps.database.clone(), deps.now());
    storage::blocking(move || {
        database.write(now, |tx| match &bearer.form {
            Form::Opaque(hash) => Ok(end_token(tx, hash)?),
            Form::Signed => Ok(end_grant(tx, &bearer.grant.id).map(|_was_there| ())?),
        })
    })
    .await
}

async fn end_family(deps: &Deps, client: ClientId, hash: TokenHash) -> Result<(), TokenError> {
    let (database, now) = (deps.database.clone(), deps.now());
    storage::blocking(move || {
        // Read first: writers wait for each other, and what is no token of the app's is nothing to wait for.
        let found = database.read(|connection| refresh_token(connection, &hash))?;
        let Some(found) = found.filter(|found| found.grant.client == client) else { return Ok(()) };
        database.write(now, |tx| Ok(end_grant(tx, &found.grant.id).map(|_was_there| ())?))
    })
    .await
}
