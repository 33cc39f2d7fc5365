//! Whom a team lets in, decided on what its identity provider says.

use people::{EmailStanding, Profile};
use teams::{Requirement, TeamAndConnection};
use upstream::VerifiedIdentity;
use vocabulary::{Domain, Issuer};

use crate::refused::SignInError;

/// The profile of somebody the team's rules let in.
pub(crate) fn admit(team: &TeamAndConnection, identity: &VerifiedIdentity) -> Result<Profile, SignInError> {
    let options = &team.connection.options;
    if !is_theirs(
        &team.connection.issuer,
        options.requirement.as_ref(),
        identity.hd.as_deref(),
        identity.tid.as_deref(),
    ) {
        return Err(SignInError::RequirementNotMet);
    }
    let trusted = options.email_trust.believes(identity.email_verified);
    let standing = if trusted { EmailStanding::Trusted } else { EmailStanding::Untrusted };
    if !options.domains.is_empty() {
        let email = identity.email.as_ref().ok_or(SignInError::EmailMissing)?;
        if !options.domains.contains(&email.domain()) {
            let allowed = options.domains.iter().map(Domain::as_str).collect::<Vec<_>>().join(", @");
            return Err(SignInError::EmailDomain {
                email: email.to_string(),
                allowed: format!("@{allowed}"),
            });
        }
        // An address nobody vouches for says nothing about whose person this is.
        if standing == EmailStanding::Untrusted {
            return Err(SignInError::EmailNotTrusted);
        }
    }
    Ok(Profile {
        subject: identity.subject.clone(),
        email: identity.email.clone(),
        standing,
        name: identity.name.clone(),
        given_name: identity.given_name.clone(),
        family_name: identity.family_name.clone(),
    })
}

/// Whether somebody is of the organisation that the connection is for. An issuer shared by many says nothing of
/// that by itself: without a requirement nobody is, however such a connection came about.
fn is_theirs(
    issuer: &Issuer,
    requirement: Option<&Requirement>,
    hd: Option<&str>,
    tid: Option<&str>,
) -> bool {
    match requirement {
        Some(requirement) => requirement.is_met(hd, tid),
        None => !issuer.is_shared(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "7f9c2a3b-0000-4000-8000-000000000001";

    fn admitted(issuer: &str, requirement: Option<&str>, hd: Option<&str>, tid: Option<&str>) -> bool {
        let requirement = requirement.map(|text| Requirement::parse(text).unwrap());
        is_theirs(&Issuer::parse(issuer).unwrap(), requirement.as_ref(), hd, tid)
    }

    #[test]
    fn a_shared_issuer_lets_in_the_one_organisation_that_was_named() {
        let google = "https://accounts.google.com";
        assert!(admitted(google, Some("hd=acme.com"), Some("acme.com"), None));
        assert!(!admitted(google, Some("hd=acme.com"), Some("evil.com"), None));
        assert!(!admitted(google, Some("hd=acme.com"), None, None), "a personal account has no domain");
        assert!(!admitted(google, Some("hd=acme.com"), None, Some("acme.com")), "another claim");
        assert!(!admitted(google, None, Some("acme.com"), None), "nobody said whose people are meant");
        let entra = "https://login.microsoftonline.com/organizations/v2.0";
        let requirement = format!("tid={TENANT}");
        assert!(admitted(entra, Some(&requirement), None, Some(TENANT)));
        assert!(!admitted(entra, Some(&requirement), None, Some("another")));
        assert!(!admitted(entra, None, None, Some(TENANT)));
    }

    #[test]
    fn an_issuer_of_ones_own_needs_no_requirement_and_keeps_the_one_it_has() {
        let own = "https://acme.okta.com";
        assert!(admitted(own, None, None, None));
        assert!(!admitted(own, Some("hd=acme.com"), None, None));
        assert!(admitted(own, Some("hd=acme.com"), Some("ACME.com"), None));
    }
}
