//! The rules every team and connection keeps.

use vocabulary::{ClientId, ClientSecret, Email, Issuer, TeamId};

use crate::connection::ConnectionOptions;
use crate::trouble::TeamError;
use crate::write::{PlainHttp, Registrar};

/// What holds for every connection, however it comes about.
pub(crate) fn check(
    registrar: &Registrar<'_>,
    issuer: &Issuer,
    client_id: &ClientId,
    secret: Option<&ClientSecret>,
    options: &ConnectionOptions,
    admin_email: &Email,
) -> Result<(), TeamError> {
    let addresses = std::iter::once(issuer).chain(&options.aliases);
    if let Some(plain) = addresses.into_iter().find(|issuer| issuer.is_plain_http())
        && registrar.plain_http == PlainHttp::Refused
    {
        return Err(TeamError::PlainHttp(plain.clone()));
    }
    if issuer.is_shared() && options.requirement.is_none() {
        return Err(TeamError::SharedIssuer(issuer.clone()));
    }
    if secret.is_some_and(|secret| secret.reveal() == client_id.as_str()) {
        return Err(TeamError::SecretIsClientId);
    }
    if !options.domains.is_empty() && !options.domains.contains(&admin_email.domain()) {
        return Err(TeamError::AdminOutsideDomains(admin_email.clone()));
    }
    Ok(())
}

pub(crate) fn check_name(name: &str) -> Result<(), TeamError> {
    let good = (1..=100).contains(&name.chars().count())
        && !name.trim().is_empty()
        && !name.contains(char::is_control);
    if good { Ok(()) } else { Err(TeamError::Name) }
}

/// What a team is called until somebody names it.
pub(crate) fn capitalised(team_id: &TeamId) -> String {
    let mut letters = team_id.as_str().chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}
