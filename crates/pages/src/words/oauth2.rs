//! The words between an app and us: choosing a team for it, signing out of it, and what is wrong with its requests.

use super::failures::Telling;

// Which team
pub(crate) const WHICH_TEAM: &str = "Which team do you want to use it with?";
pub(crate) const REMEMBERED: &str =
    "This browser remembers your choice. Opening the app from another team's page changes it.";

// Signing out
pub(crate) const SIGN_OUT_SURE: &str = "Which team do you want to sign out of?";
pub(crate) const NOBODY_HERE: &str = "You are signed out";
pub(crate) const NOTHING_TO_END: &str = "No team is open in this browser, so nothing had to end.";
pub(crate) const SOMEBODY_ASKS: &str = "A link or an app brought you here to sign out.";
pub(crate) const STAY: &str = "Stay signed in";

pub(crate) fn sign_out_of_sure(team: &str) -> String {
    format!("Sign out of {team}?")
}

pub(crate) fn app_asks(app: &str) -> String {
    format!("{app} brought you here to sign out.")
}

pub(crate) fn sign_out_of(team: &str) -> String {
    format!("Sign out of {team}")
}

/// Label: to a team's dashboard.
#[must_use]
pub fn to_team(team: &str) -> String {
    format!("Go to {team}")
}

/// `client_unknown`
#[must_use]
pub fn client_unknown() -> Telling {
    Telling::new(
        "We don't know this app",
        "The app that sent you here isn't registered with us, so nothing happened here.",
    )
    .for_admin("The app's developer should compare its client_id with the registered one.")
}

/// `redirect_uri_mismatch`
#[must_use]
pub fn redirect_uri_mismatch(app: &str) -> Telling {
    Telling::new(
        "We can't send you back",
        format!("{app} wants you back at an address that isn't registered for it, so we stopped here."),
    )
    .for_admin(
        "The app's developer should compare its redirect_uri with the registered ones, letter by letter.",
    )
}

/// `post_logout_redirect_uri_mismatch`
#[must_use]
pub fn post_logout_redirect_uri_mismatch() -> Telling {
    Telling::new(
        "We can't send you there",
        "The app wants you to go to an address that isn't registered for it. Nothing was signed out.",
    )
    .for_admin(
        "The app's developer should compare its post_logout_redirect_uri with the registered ones, letter by letter, and \
         send an id_token_hint or a client_id with it.",
    )
}

/// `logout_request_invalid`
#[must_use]
pub fn logout_request_invalid() -> Telling {
    Telling::new(
        "We can't read this request",
        "The app's request to sign you out isn't right. Nothing was signed out.",
    )
    .for_admin(
        "The app's developer should check that its id_token_hint is an ID token of ours for this very app, and that no \
         parameter stands there twice.",
    )
}

/// `app_team`
#[must_use]
pub fn app_team(app: &str, team: &str) -> Telling {
    Telling::new(
        &format!("{app} isn't for {team}"),
        format!("{app} is open to other teams. If you belong to one of them, use that team."),
    )
}

/// `app_role`
#[must_use]
pub fn app_role(app: &str, team: &str) -> Telling {
    Telling::new(
        &format!("{app} is for admins of {team}"),
        format!("You are a member of {team}. Its admins can open {app}; ask one of them for what you need."),
    )
}
