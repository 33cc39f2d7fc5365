//! Why a signed token is not believed.

/// The check that a token failed: an ID token, or a token by which a provider tells us to end sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Not three parts of Base64 with JSON inside.
    #[error("it is not a signed JWT")]
    Shape,
    /// Over 64 KiB.
    #[error("it is too long")]
    TooLong,
    /// `alg` is missing, symmetric, `none`, unknown or not announced by the provider.
    #[error("its algorithm is not one we believe")]
    Algorithm,
    /// The header carries `crit`, `jwk`, `jku`, `x5u`, `zip` or `b64`.
    #[error("its header wants rules or keys of its own")]
    Header,
    /// `typ` says that it is another kind of token.
    #[error("it is another kind of token")]
    Type,
    /// No key of the provider fits, not even after asking again.
    #[error("no key of the provider fits")]
    UnknownKey,
    /// The key it names did not sign it.
    #[error("its signature is wrong")]
    Signature,
    /// `iss` is not the connection's issuer.
    #[error("iss is missing or another issuer")]
    Issuer,
    /// `aud` does not contain our client id.
    #[error("aud is missing or does not name us")]
    Audience,
    /// `azp` is not our client id, or missing with several audiences.
    #[error("azp is missing or does not name us")]
    AuthorizedParty,
    /// A time is missing or not a number.
    #[error("{0} is missing or not a number")]
    Time(&'static str),
    /// `exp` has passed.
    #[error("it has expired; are both clocks right?")]
    Expired,
    /// `iat` or `nbf` lies ahead.
    #[error("it is not valid yet; are both clocks right?")]
    NotYetValid,
    /// `nonce` is not the attempt's.
    #[error("nonce is missing or belongs to another attempt")]
    Nonce,
    /// `at_hash` does not fit the access token.
    #[error("at_hash does not fit the access token")]
    AccessTokenHash,
    /// `sub` is not 1 to 255 printable ASCII characters.
    #[error("sub is missing or not 1 to 255 printable ASCII characters")]
    Subject,
    /// `auth_time` is missing although we asked for `max_age`, or too long ago.
    #[error("auth_time is missing or too long ago")]
    AuthTime,
    /// `session_expiry` is not a number, or has passed.
    #[error("session_expiry is not a number or has passed")]
    SessionExpiry,
    /// `tid` is not the tenant that this connection to a shared issuer is for.
    #[error("tid is missing or another tenant")]
    Tenant,
    /// `iat` of a token from outside lies more than five minutes back.
    #[error("it was issued more than five minutes ago; are both clocks right?")]
    TooOld,
    /// `jti` is not 1 to 255 printable ASCII characters.
    #[error("jti is missing or not 1 to 255 printable ASCII characters")]
    TokenId,
    /// `events` is not that of a logout token.
    #[error("events is missing or does not tell of a sign-out")]
    Events,
    /// A logout token with a `nonce` is an ID token that somebody passes off as one.
    #[error("it has a nonce, which no logout token has")]
    NonceForbidden,
    /// A logout token that names nobody: neither `sub` nor `sid`, or one that does not read.
    #[error("sub and sid are both missing, or one of them does not read")]
    Nobody,
}
