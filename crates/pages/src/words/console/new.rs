//! The words of the form that adds a team.

pub(crate) const TITLE: &str = "Add a team";
pub(crate) const LEAD: &str = "It begins as a draft: nobody can sign in until its connection is enabled.";
pub(crate) const TEAM: &str = "The team";
pub(crate) const CONNECTION: &str = "Its identity provider";
pub(crate) const CONNECTION_LEAD: &str =
    "What you know of it. The team's own admin fills in the rest by the setup link.";
pub(crate) const LINK: &str = "Its own admin";
pub(crate) const TEAM_ID_HINT: &str = "What people type. Usually their Okta subdomain, for example acme or acme-research. It can't be changed later.";
pub(crate) const NAME: &str = "Name";
pub(crate) const NAME_HINT_SHORT: &str = "The team is called so on every page.";
pub(crate) const NAME_HINT: &str = "The team is called so on every page. Empty: the Team ID with a capital.";
pub(crate) const ADMIN_EMAIL: &str = "Admin email";
pub(crate) const ADMIN_EMAIL_HINT: &str = "Whoever signs in with it for the first time becomes admin.";
pub(crate) const CLIENT_ID_HINT: &str = "From the app that was made for us there.";
pub(crate) const CLIENT_SECRET_HINT: &str = "It is kept encrypted and never shown again.";
pub(crate) const REQUIREMENT: &str = "Requirement";
pub(crate) const REQUIREMENT_HINT: &str =
    "Only for an issuer shared by many: hd=acme.com at Google, tid=TENANT at Entra.";
pub(crate) const LINK_TO: &str = "Send a setup link to";
pub(crate) const LINK_TO_HINT: &str = "It works for three days. Empty: nobody gets one now.";
pub(crate) const ADD: &str = "Add the team";
/// Where all teams are listed.
pub(crate) const ADD_TEAM: &str = "Add a team";

// Beside a field
/// `name`
pub const NAME_WRONG: &str = "A team's name has at most 100 characters.";
/// `requirement`
pub const REQUIREMENT_WRONG: &str = "A requirement is hd=DOMAIN or tid=TENANT, for example hd=acme.com.";
/// `requirement`, of a shared issuer.
pub const REQUIREMENT_NEEDED: &str = "This issuer is shared by many organisations. Say whose people are meant: hd=DOMAIN at Google, tid=TENANT at Entra.";

/// `team_id`
#[must_use]
pub fn used_before(team_id: &str) -> String {
    format!(
        "{team_id} belonged to a team that was removed, and a Team ID is never used again. Choose another."
    )
}
