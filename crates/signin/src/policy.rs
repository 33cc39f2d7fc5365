//! Whom a team lets in, decided on what its identity provider says.

use people::{EmailStanding, Profile};
use teams::OpenTeam;
use upstream::VerifiedIdentity;
use vocabulary::Domain;

use crate::refused::SignInError;

/// The profile of somebody the team's rules let in.
pub(crate) fn admit(team: &OpenTeam, identity: &VerifiedIdentity) -> Result<Profile, SignInError> {
    let options = &team.connection.options;
    if let Some(requirement) = &options.requirement
        && !requirement.is_met(identity.hd.as_deref(), identity.tid.as_deref())
    {
        return Err(SignInError::RequirementNotMet);
    }
    if team.connection.issuer.is_shared() && options.requirement.is_none() {
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
