//! Test, enable, require, go back; what stands before and after; what was done.

use vocabulary::Role;

use crate::sso::{AdminEmail, Provider};

// 4: test, enable, require
pub(crate) const DEEDS: &str = "4 · Test, enable, require";
pub(crate) const DEEDS_OF_SETUP: &str = "4 · Test and enable";
pub(crate) const TEST_TITLE: &str = "Test";
pub(crate) const TEST_LEAD: &str =
    "A test signs you in for real and changes nothing: no session, no account.";

pub(crate) fn test_no_return(provider: &str) -> String {
    format!(
        "If you end on an error page of {provider} instead, compare the redirect URI there with ours, letter by letter, and press it again."
    )
}

pub(crate) const TEST_WORKED: &str = "The test sign-in worked";
pub(crate) const TEST_FAILED: &str = "The test sign-in did not work";
pub(crate) const TESTED_THESE: &str = "Tested with these settings";
pub(crate) const TESTED_OTHERS: &str = "The settings changed since";
pub(crate) const CLAIMS: &str = "What was told about you";

pub(crate) fn claims_named(names: &[String]) -> String {
    format!("Also sent: {}.", names.join(", "))
}

/// By whom a rehearsal was made that nobody signed in for.
pub const BY_SETUP_LINK: &str = "whoever has the setup link";

pub(crate) fn claims_more(count: usize) -> String {
    format!("And {count} more.")
}

pub(crate) const fn would_be(role: Role) -> &'static str {
    match role {
        Role::Admin => "You would come in as Admin.",
        Role::Member => "You would come in as Member.",
    }
}

pub(crate) fn admin_email(outcome: &AdminEmail, admin: &str) -> String {
    match outcome {
        AdminEmail::Trusted => format!("The admin email {admin} matches and is trusted."),
        AdminEmail::NotTrusted => format!(
            "The admin email {admin} matches, but your provider doesn't confirm it, so it would make nobody admin. Verify the address there, or ask the operator to trust this issuer's emails."
        ),
        AdminEmail::Another(other) => format!(
            "You signed in as {other}; the admin email is {admin}. Whoever has that one becomes admin with their first sign-in. If it is wrong, ask the operator to change it."
        ),
        AdminEmail::Missing => {
            format!(
                "Your provider told no email, so the admin email {admin} can't match. Release the claim email to this app."
            )
        }
        AdminEmail::Spent => {
            "Somebody has become admin by the admin email already; admins set roles on the page Team."
                .to_owned()
        }
    }
}

pub(crate) const ENABLE: &str = "Enable";
pub(crate) const USE_THESE: &str = "Use these settings";
pub(crate) const USE_THESE_LEAD: &str =
    "From then on everybody signs in with them. Sign-ins under way finish with the ones in use.";
pub(crate) const REQUIRE: &str = "Require SSO";
pub(crate) const REQUIRE_BUTTON: &str = "Require SSO…";
pub(crate) const RELAX: &str = "Stop requiring SSO";
pub(crate) const ROLLBACK: &str = "Previous settings";
pub(crate) const ROLLBACK_BUTTON: &str = "Go back";
pub(crate) const ROLLBACK_SHORT: &str = "The ones that were in use before come back at once; sign-ins under way finish with the ones they began with.";

pub(crate) fn enable_lead(team: &str) -> String {
    format!("Opens the sign-in of {team} to everybody your provider lets use it.")
}

pub(crate) fn require_short(product: &str) -> String {
    format!("{product} then refuses its own passwords for this team.")
}

pub(crate) fn required_short(product: &str) -> String {
    format!("{product} refuses its own passwords for this team.")
}

/// Why not to test: something is missing.
pub const NEEDS_VALUES: &str = "Available once issuer, client ID and secret are saved.";
/// Why not to enable: not tested.
pub const NEEDS_TEST: &str = "Available once these settings have passed a test.";
/// Why not to enable: there is nothing else.
pub const ALL_IN_USE: &str = "These settings are in use.";
/// Why not to require.
pub const NEEDS_OPEN: &str = "Available once single sign-on is on.";
/// Why not to require either.
pub const NEEDS_ADMIN_HERE: &str =
    "Available once an admin has signed in with the settings in use, within the last 7 days.";
/// Why not to go back.
pub const NO_PREVIOUS: &str = "There are no previous settings.";
/// Why nothing can be done.
pub const TEAM_SUSPENDED: &str = "The operator has suspended this team.";

// 5: what failed
pub(crate) const FAILED: &str = "Sign-ins that failed";
pub(crate) const ALL_FAILED: &str = "Show all";
pub(crate) const CAUSE: &str = "Cause";
pub(crate) const NONE_FAILED: &str = "None in the last 14 days. When somebody can't come in, the reference on their screen stands here with the reason.";

// The questions before
/// The typed name was another one.
pub const CONFIRMED_WRONG: &str = "That is not the team's name. Nothing was changed.";
pub(crate) const REQUIRE_YES: &str = "Require SSO";

pub(crate) fn type_name(team: &str) -> String {
    format!("Type the team's name, {team}, to confirm")
}

pub(crate) fn require_title(team: &str) -> String {
    format!("Require single sign-on for {team}?")
}

pub(crate) fn require_lead(product: &str, team: &str) -> String {
    format!(
        "{product} is told to refuse its own passwords for {team}: whoever can't sign in at your provider can't come in at all. You can stop requiring it at any time."
    )
}

// What was done
/// The message after a save.
pub const NOW_SAVED: &str = "Saved and checked.";
/// The message after a save that is not in use.
pub const NOW_SAVED_PENDING: &str = "Saved and checked. The settings in use are unchanged.";
/// The message after the provider's issuer was taken over.
pub const NOW_THEIRS: &str = "The issuer is now written as your provider writes it.";
/// The message after the checks ran again.
pub const NOW_CHECKED: &str = "Checked again.";
/// The message after the probe.
pub const NOW_TRIED: &str = "Your provider was asked about client ID and secret.";
/// The message after the pending version went.
pub const NOW_DISCARDED: &str = "Discarded. The settings in use are unchanged.";
/// The message after a pending version went live on an open team.
pub const NOW_IN_USE: &str = "These settings are in use now.";
/// The message after a rollback.
pub const NOW_BACK: &str = "The previous settings are in use again.";
/// The message after a test that could not begin.
pub const NOT_BEGUN: &str = "The test could not begin. The checks say why.";
/// The message after a test during which the settings were changed.
pub const CHANGED_MEANWHILE: &str =
    "The settings were changed during the test, so it doesn't count for them.";
/// The message after SSO was required.
pub const NOW_REQUIRED: &str = "Single sign-on is required now.";
/// The message after SSO was no longer required.
pub const NOW_RELAXED: &str = "Single sign-on is no longer required.";

/// The message after a team's connection was enabled.
#[must_use]
pub fn now_on(team: &str) -> String {
    format!("Single sign-on for {team} is on.")
}

// The setup link
pub(crate) fn start_lead(team: &str, product: &str) -> String {
    format!("With it, {team}'s people sign in to {product} with their company account.")
}

pub(crate) const START_TAKES: &str = "About ten minutes and three values";

pub(crate) fn start_needs(provider: Provider) -> String {
    let provider = provider.name();
    format!(
        "You create an app at {provider} and bring back its issuer, client ID and client secret. For that you need to be an administrator there."
    )
}

pub(crate) const START_RESUMES: &str =
    "You can stop at any time and come back by this link. Nothing is switched on until you say so.";
pub(crate) const START: &str = "Begin";
/// Stands before the moment.
pub(crate) const LINK_WORKS_UNTIL: &str = "The link works until";
pub(crate) const HAND_OUT: &str = "Send your colleagues this link:";
pub(crate) const LINK_DEAD: &str =
    "The setup link no longer works. From now on your team's admins change the settings, after signing in.";

pub(crate) fn first_admin(email: &str) -> String {
    format!("Let {email} sign in first: that makes them your team's admin.")
}

pub(crate) fn or_team_id(team_id: &str) -> String {
    format!("Or let them choose Corporate SSO and type the Team ID {team_id}.")
}
