//! From an access token to the grant it came of, without the database once warm.

use std::sync::Arc;

use sealing::{OpaqueToken, TokenHash, TokenPrefix};
use serde::Deserialize;
use storage::StorageError;
use vocabulary::Timestamp;

use crate::deps::{Deps, own_trouble};
use crate::grant::Grant;
use crate::jwt::TokenType;
use crate::scope::AppScopes;

/// An access token that has not expired and whose grant has not ended. How the grant stands is not asked here.
pub(crate) struct Bearer {
    pub(crate) grant: Arc<Grant>,
    pub(crate) scopes: AppScopes,
    pub(crate) expires_at: Timestamp,
    pub(crate) form: Form,
}

/// What an access token is made of.
pub(crate) enum Form {
    Opaque(TokenHash),
    Signed,
}

/// The members of a signed access token that lead to its grant.
#[derive(Deserialize)]
struct AccessClaims {
    iss: String,
    aud: String,
    exp: i64,
    jti: String,
    scope: String,
}

/// Reads an access token of either form; none for any other token, however good it is elsewhere.
pub(crate) async fn recognise(deps: &Deps, text: &str) -> Result<Option<Bearer>, StorageError> {
    let bearer = match OpaqueToken::parse(text) {
        Some(token) if token.prefix() == TokenPrefix::Access => opaque(deps, token.hash()).await?,
        Some(_) => None,
        None => signed(deps, text).await?,
    };
    Ok(bearer.filter(|bearer| deps.now() < bearer.expires_at))
}

async fn opaque(deps: &Deps, hash: TokenHash) -> Result<Option<Bearer>, StorageError> {
    let Some(token) = deps.grants.access_token(&hash).await? else { return Ok(None) };
    let Some(grant) = deps.grants.find(&token.grant).await? else { return Ok(None) };
    let (scopes, expires_at) = (token.scopes.clone(), token.expires_at);
    Ok(Some(Bearer { grant, scopes, expires_at, form: Form::Opaque(hash) }))
}

async fn signed(deps: &Deps, text: &str) -> Result<Option<Bearer>, StorageError> {
    let claims: Option<AccessClaims> =
        deps.signing.verify(text, TokenType::Access, deps.now()).await.map_err(own_trouble)?;
    let Some(claims) = claims.filter(|claims| claims.iss == deps.issuer()) else { return Ok(None) };
    let Some((id, _random)) = claims.jti.split_once('.') else { return Ok(None) };
    let grant = deps.grants.find(id).await?.filter(|grant| grant.client.as_str() == claims.aud);
    Ok(grant.map(|grant| Bearer {
        grant,
        scopes: AppScopes::parse(&claims.scope),
        expires_at: Timestamp::from_seconds(claims.exp),
        form: Form::Signed,
    }))
}
