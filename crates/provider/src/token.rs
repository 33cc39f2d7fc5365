//! The token endpoint's half of the story (RFC 6749 §3.2, `OpenID` Connect Core §3.1.3, §12).

mod fault;
mod hand_over;
mod issue;
mod redeem;
mod refresh;
mod response;
mod spent;
#[cfg(test)]
mod tests;

pub use fault::TokenError;
pub(crate) use hand_over::hand_over;
pub use response::TokenResponse;
pub use spent::tidy;

use crate::client::{Credentials, authenticate};
use crate::deps::Deps;
use crate::parameters::one;

/// Answers a request of the token endpoint.
pub async fn token(
    deps: &Deps,
    credentials: Credentials,
    form: &[(String, String)],
) -> Result<TokenResponse, TokenError> {
    let grant_type = one(form, "grant_type")?.ok_or(TokenError::InvalidRequest("grant_type is missing."))?;
    let app = authenticate(deps, &credentials).await?;
    match grant_type {
        "authorization_code" => redeem::redeem(deps, app, form).await,
        "refresh_token" => refresh::refresh(deps, app, form).await,
        _ => Err(TokenError::UnsupportedGrantType),
    }
}
