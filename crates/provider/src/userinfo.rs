//! UserInfo (`OpenID` Connect Core §5.3): who somebody is at this moment.

use storage::StorageError;

use crate::bearer;
use crate::claims::{Claims, tell_person, tell_standing};
use crate::deps::Deps;
use crate::standing::{Fallen, standing};

/// Why there is no answer (RFC 6750 §3.1).
#[derive(Debug, thiserror::Error)]
pub enum BearerError {
    /// No access token of ours, or nothing it stands on stands any more: 401 `invalid_token`.
    #[error("The access token is unknown, has expired, or what it stands on has ended.")]
    Invalid,
    /// The database, or a key of our own: 503.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The claims that the holder of this access token may know.
pub async fn userinfo(deps: &Deps, token: &str) -> Result<Claims, BearerError> {
    let bearer = bearer::recognise(deps, token).await?.ok_or(BearerError::Invalid)?;
    let standing = match standing(deps, &bearer.grant).await {
        Ok(standing) => standing,
        Err(Fallen::Storage(error)) => return Err(error.into()),
        Err(Fallen::App | Fallen::Ended | Fallen::SignInTooOld | Fallen::NotAdmitted) => {
            return Err(BearerError::Invalid);
        }
    };
    let person = deps.grants.person(&bearer.grant.team, &bearer.grant.person).await?;
    let person = person.ok_or(BearerError::Invalid)?;
    let mut claims = Claims::new();
    tell_standing(&mut claims, &standing);
    tell_person(&mut claims, &person, &bearer.scopes, &bearer.grant.claims.userinfo);
    Ok(claims)
}
