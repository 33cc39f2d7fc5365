//! What is wrong with a field of a request, in words: for the page and for the API.

use onboarding::request::Wrong;
use pages::words::{self, request as say};
use vocabulary::{IssuerError, TypedTeamIdError};

/// A sentence beside the field, in which `team_id` is what was typed there.
pub(crate) fn in_words(wrong: &Wrong, team_id: &str) -> String {
    let text = match wrong {
        Wrong::Company => say::COMPANY_WRONG,
        Wrong::Contact | Wrong::AdminEmail => say::EMAIL_WRONG,
        Wrong::TeamId(TypedTeamIdError::Empty) => say::TEAM_ID_EMPTY,
        Wrong::TeamId(TypedTeamIdError::EmailAddress) => say::TEAM_ID_EMAIL,
        Wrong::TeamId(TypedTeamIdError::Invalid) => words::TEAM_ID_INVALID,
        Wrong::TeamIdReserved => {
            let typed: String = team_id.trim().chars().take(63).collect();
            return say::team_id_reserved(&typed);
        }
        Wrong::Issuer(IssuerError::AdminHost { proposed }) => return say::issuer_admin_host(proposed),
        Wrong::Issuer(IssuerError::NotAnAddress) => say::ISSUER_NO_ADDRESS,
        Wrong::Issuer(IssuerError::NotHttps) | Wrong::IssuerPlainHttp => say::ISSUER_NO_HTTPS,
        Wrong::Issuer(IssuerError::UserInfo) => say::ISSUER_USER_INFO,
        Wrong::Issuer(IssuerError::QueryOrFragment) => say::ISSUER_QUERY,
        Wrong::IssuerMissing => say::ISSUER_MISSING,
        Wrong::ClientId => say::CLIENT_ID_WRONG,
        Wrong::ClientIdMissing => say::CLIENT_ID_MISSING,
        Wrong::ClientSecret => say::SECRET_MASKED,
        Wrong::ClientSecretIsClientId => say::SECRET_IS_ID,
    };
    text.to_owned()
}
