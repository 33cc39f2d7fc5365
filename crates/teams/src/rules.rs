//! The rules every team and connection keeps.

use url::{Host, Url};
use vocabulary::{ClientId, ClientSecret, Email, Issuer, TeamId};

use crate::connection::{ConnectionOptions, Requirement};
use crate::trouble::TeamError;
use crate::write::{PlainHttp, Registrar};

/// What holds for every connection, however it comes about.
pub(crate) fn check(
    registrar: &Registrar<'_>,
    issuer: &Issuer,
    client_id: Option<&ClientId>,
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
    let says_whose = |requirement: &Requirement| requirement.is_told_by(issuer);
    if issuer.is_shared() && !options.requirement.as_ref().is_some_and(says_whose) {
        return Err(TeamError::SharedIssuer(issuer.clone()));
    }
    if secret.zip(client_id).is_some_and(|(secret, id)| secret.reveal() == id.as_str()) {
        return Err(TeamError::SecretIsClientId);
    }
    if !options.domains.is_empty() && !options.domains.contains(&admin_email.domain()) {
        return Err(TeamError::AdminOutsideDomains(admin_email.clone()));
    }
    if options.post_logout_redirect_uri.as_deref().is_some_and(|uri| !is_logout_address(uri)) {
        return Err(TeamError::PostLogoutRedirectUri);
    }
    Ok(())
}

/// Whether a browser may be sent there after signing out elsewhere (OpenID Connect RP-Initiated Logout 1.0 §3.1).
fn is_logout_address(text: &str) -> bool {
    let plain = text.len() <= 512
        && !text.contains(|c: char| "#@\\".contains(c) || c.is_control() || c.is_whitespace());
    let Some(address) = Url::parse(text).ok().filter(|_| plain) else {
        return false;
    };
    let on_this_machine = match address.host() {
        None => return false,
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
    };
    address.scheme() == "https" || (address.scheme() == "http" && on_this_machine)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_sign_out_a_browser_goes_to_whole_safe_addresses_alone() {
        let long = format!("https://acme.test/{}", "x".repeat(494));
        let good =
            ["https://acme.test/out?a=b", "http://localhost:3000/out", "http://127.0.0.1:1", "http://[::1]/"];
        for good in good.into_iter().chain([long.as_str()]) {
            assert!(is_logout_address(good), "{good}");
        }
        let longer = format!("{long}x");
        let bad = [
            "",
            "/out",
            "acme.test/out",
            "http://acme.test/out",
            "http://10.0.0.1/out",
            "http://localhost.acme.test/",
            "https://user@acme.test/",
            "https://user:word@acme.test/",
            "https://@acme.test/",
            "https://acme.test/#out",
            "https://acme.test/a b",
            "https://acme.test/\r\nx",
            "https:\\\\acme.test/",
            "javascript:alert(1)",
            "ftp://acme.test/",
        ];
        for bad in bad.into_iter().chain([longer.as_str()]) {
            assert!(!is_logout_address(bad), "{bad}");
        }
    }
}
