//! Making the tokens of a grant. Opaque ones are kept with the grant; what is signed is signed after the transaction,
//! so that no connection waits for it.

use std::sync::Arc;
use std::time::Duration;

use apps::{AccessTokens, App};
use people::Person;
use sealing::{OpaqueToken, TokenPrefix, random_token};
use serde_json::json;
use storage::{StorageError, Tx};
use vocabulary::{SigningAlgorithm, Timestamp};

use super::fault::TokenError;
use super::response::TokenResponse;
use crate::claims::{Claims, tell_person, tell_standing};
use crate::deps::{Deps, Lifetimes, own_trouble};
use crate::grant::{Grant, NewToken, TokenKind, insert_token};
use crate::jwt::{TokenType, at_hash};
use crate::scope::{AppScopes, Scope};
use crate::standing::Standing;

/// How long an ID token may be shown.
const ID_TOKEN_LIVES: Duration = Duration::from_hours(1);
/// How long a signed access token lives: nobody can end it sooner.
const SIGNED_ACCESS_TOKEN_LIVES: Duration = Duration::from_mins(5);
/// No app needs to refresh its tokens more often than this all the time.
const SHORTEST_PAUSE: Duration = Duration::from_mins(1);
/// So many tokens any grant may have.
const FEWEST_TOKENS: i64 = 2500;

/// An access token about to be given out.
pub(super) enum Access {
    Opaque(OpaqueToken, Duration),
    Signed,
}

impl Access {
    /// Of the kind that the app asked for when it was registered.
    pub(super) fn new(deps: &Deps, app: &App) -> Self {
        match app.options.access_tokens {
            AccessTokens::Opaque => {
                let token = OpaqueToken::mint(TokenPrefix::Access, &*deps.chance);
                Self::Opaque(token, deps.lifetimes.access_token)
            }
            AccessTokens::Jwt => Self::Signed,
        }
    }

    const fn lives(&self) -> Duration {
        match self {
            Self::Opaque(_, lives) => *lives,
            Self::Signed => SIGNED_ACCESS_TOKEN_LIVES,
        }
    }
}

impl Lifetimes {
    /// How long a grant is kept: as long as anything that comes of it may be shown.
    pub(super) fn of_grant(&self, grant: &Grant, now: Timestamp) -> Timestamp {
        let of_access = self.access_token.max(SIGNED_ACCESS_TOKEN_LIVES);
        let lives = if grant.session.is_none() { self.refresh_token.max(of_access) } else { of_access };
        now.plus(lives)
    }

    /// How many tokens one grant may have at once. A used refresh token is remembered for as long as it would have
    /// lived; an app that refreshes whenever its access token expires leaves some 2000 of them in a week.
    pub(super) fn tokens_of_grant(&self) -> i64 {
        let pause = self.access_token.min(SIGNED_ACCESS_TOKEN_LIVES).max(SHORTEST_PAUSE);
        let rotations = self.refresh_token.as_secs() / pause.as_secs();
        i64::try_from(rotations + rotations / 4).unwrap_or(i64::MAX).max(FEWEST_TOKENS)
    }
}

/// What was granted, kept, and is not yet told.
pub(super) struct Granted {
    pub(super) grant: Grant,
    pub(super) standing: Standing,
    pub(super) person: Arc<Person>,
    pub(super) access: Access,
    pub(super) refresh: Option<OpaqueToken>,
    /// Of the access token.
    pub(super) scopes: AppScopes,
    pub(super) nonce: Option<String>,
}

/// Keeps the access token, which is good for `scopes`, if it is an opaque one, and a new refresh token for a grant that
/// has them.
pub(super) fn keep_tokens(
    tx: &mut Tx<'_>,
    deps: &Deps,
    grant: &Grant,
    (access, scopes): (&Access, &AppScopes),
) -> Result<Option<OpaqueToken>, StorageError> {
    if let Access::Opaque(token, lives) = access {
        let expires_at = tx.now().plus(*lives);
        let (hash, kind) = (token.hash(), TokenKind::Access);
        insert_token(tx, &NewToken { hash, grant: &grant.id, kind, scopes, expires_at })?;
    }
    if !grant.scopes.has(Scope::OfflineAccess) {
        return Ok(None);
    }
    let token = OpaqueToken::mint(TokenPrefix::Refresh, &*deps.chance);
    let expires_at = tx.now().plus(deps.lifetimes.refresh_token);
    let (hash, kind, scopes) = (token.hash(), TokenKind::Refresh, &grant.scopes);
    insert_token(tx, &NewToken { hash, grant: &grant.id, kind, scopes, expires_at })?;
    Ok(Some(token))
}

/// Signs what is to be signed and tells it all.
pub(super) fn respond(deps: &Deps, granted: &Granted, now: Timestamp) -> Result<TokenResponse, TokenError> {
    let access_token = match &granted.access {
        Access::Opaque(token, _) => token.reveal().to_owned(),
        Access::Signed => {
            let claims = access_claims(deps, granted, now);
            sign(deps, SigningAlgorithm::Es256, TokenType::Access, &claims, now)?
        }
    };
    let claims = id_claims(deps, granted, &access_token, now);
    let algorithm = granted.standing.app.options.id_token_alg;
    Ok(TokenResponse {
        id_token: sign(deps, algorithm, TokenType::Id, &claims, now)?,
        access_token,
        token_type: "Bearer",
        expires_in: granted.access.lives().as_secs(),
        refresh_token: granted.refresh.as_ref().map(|token| token.reveal().to_owned()),
        scope: granted.scopes.to_string(),
    })
}

fn sign(
    deps: &Deps,
    algorithm: SigningAlgorithm,
    token_type: TokenType,
    claims: &Claims,
    now: Timestamp,
) -> Result<String, StorageError> {
    deps.signing.sign_now(algorithm, token_type, claims, now).map_err(own_trouble)
}

/// What every token of ours begins with.
fn common(deps: &Deps, granted: &Granted, lives: Duration, now: Timestamp) -> Claims {
    let mut claims = Claims::new();
    claims.insert("iss".to_owned(), json!(deps.issuer()));
    claims.insert("aud".to_owned(), json!(granted.grant.client));
    claims.insert("iat".to_owned(), json!(now.seconds()));
    claims.insert("exp".to_owned(), json!(now.plus(lives).seconds()));
    claims.insert("auth_time".to_owned(), json!(granted.grant.auth_time.seconds()));
    claims.insert("sid".to_owned(), json!(granted.grant.sid));
    tell_standing(&mut claims, &granted.standing);
    claims
}

/// The ID token (`OpenID` Connect Core §2).
fn id_claims(deps: &Deps, granted: &Granted, access_token: &str, now: Timestamp) -> Claims {
    let mut claims = common(deps, granted, ID_TOKEN_LIVES, now);
    claims.insert("at_hash".to_owned(), json!(at_hash(access_token)));
    if let Some(nonce) = &granted.nonce {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    tell_person(&mut claims, &granted.person, &granted.scopes, &granted.grant.claims.id_token);
    claims
}

/// The access token as JWT (RFC 9068 §2.2). Its `jti` leads to the grant.
fn access_claims(deps: &Deps, granted: &Granted, now: Timestamp) -> Claims {
    let mut claims = common(deps, granted, SIGNED_ACCESS_TOKEN_LIVES, now);
    let jti = format!("{}.{}", granted.grant.id, random_token(&*deps.chance, 12));
    claims.insert("jti".to_owned(), json!(jti));
    claims.insert("client_id".to_owned(), json!(granted.grant.client));
    claims.insert("scope".to_owned(), json!(granted.scopes.to_string()));
    claims
}
