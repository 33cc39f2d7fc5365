//! Every word about a team's API tokens.

use std::time::Duration;

use super::failures::Telling;

pub(crate) const TITLE: &str = "API tokens";
pub(crate) const LEAD_MEMBER: &str = "Programs show a token to act for your team. These belong to everybody in it: whoever needs one makes, rotates or revokes it.";
pub(crate) const LEAD_ADMIN: &str = "Programs show a token to act for your team. Tokens for the product belong to everybody in it; those that read or change the team are for admins.";
/// The operator's limit in words.
fn lasting(time: Duration) -> String {
    match time.as_secs() / 60 {
        minutes if minutes < 120 => format!("{minutes} minutes"),
        minutes if minutes < 48 * 60 => format!("{} hours", minutes / 60),
        minutes => format!("{} days", minutes / (24 * 60)),
    }
}

pub(crate) fn lead_personal(away_after: Duration) -> String {
    format!(
        "Programs show a token to act as you. Yours are yours alone. They stop when you have not signed in for {}, and end when your access does or when you sign out in every browser. Shared ones of before belong to everybody until they are revoked.",
        lasting(away_after)
    )
}

pub(crate) fn lead_personal_admin(away_after: Duration) -> String {
    format!(
        "Programs show a token to act as the person who made it. It stops when they have not signed in for {}, and ends when their access does or when they are signed out everywhere; you see all of them and may revoke them. Those that read or change the team are for admins.",
        lasting(away_after)
    )
}

pub(crate) const NONE: &str = "No API tokens yet";
pub(crate) const CAPTION: &str = "Latest first";
pub(crate) const NAME: &str = "Name";
pub(crate) const MADE: &str = "Made";
pub(crate) const LAST_USED: &str = "Last used";
pub(crate) const ENDS: &str = "Expires";
pub(crate) const ACTS: &str = "Rotate or revoke";
pub(crate) const NEVER: &str = "never";
pub(crate) const EXPIRED: &str = "Expired";
pub(crate) const STOPPED: &str = "Stopped";
pub(crate) const STOPPED_WHY: &str = "Its maker is no longer an admin. Rotate it to make it yours.";
pub(crate) const AWAY_WHY: &str = "Its person has not signed in for long. It works again when they do.";
pub(crate) const LEFT_WHY: &str = "Its person comes by a sign-in service that the team no longer has.";
pub(crate) const PERSONAL: &str = "Personal";
pub(crate) const MAKER_LEFT: &str = "Maker left";
pub(crate) const REVEAL: &str = "Show…";
pub(crate) const ROTATE: &str = "Rotate…";
pub(crate) const REVOKE: &str = "Revoke…";

pub(crate) fn none_lead(product: &str) -> String {
    format!(
        "A token lets a script or a server use {product} as your team, without anybody's password. Make one below; its value is shown once."
    )
}

pub(crate) fn by(name: &str) -> String {
    format!("by {name}")
}

/// Who has made a token, when it was the operator; stands after "by".
pub const THE_OPERATOR: &str = "the operator";
/// Likewise when only the record is left of them.
pub const SOMEBODY_ERASED: &str = "someone who was erased";

/// What a token of this scope opens, in a sentence.
#[must_use]
pub fn scope_means(scope: &str) -> &'static str {
    match scope {
        "team:read" => "Reads the team (team:read)",
        "team:admin" => "Reads and changes the team (team:admin)",
        _ => "For the product (product)",
    }
}

// Making one
pub(crate) const NEW: &str = "Make a token";
pub(crate) const NEW_NAME: &str = "What is it for?";
pub(crate) const NEW_NAME_HINT: &str =
    "A name that tells others what stops when it is revoked, for example build-server.";
pub(crate) const NEW_SCOPE: &str = "What may it do?";
pub(crate) const NEW_ENDS: &str = "How long does it last?";
pub(crate) const MAKE: &str = "Make token";
/// How long a token may last, as the form's value and in words; the first one is the form's own choice.
pub const LASTS: [(&str, &str); 5] =
    [("90", "90 days"), ("30", "30 days"), ("7", "7 days"), ("365", "One year"), ("", "Until it is revoked")];
/// Beside the field when the name cannot be used.
pub const NAME_INVALID: &str =
    "A token's name has 1 to 60 letters, digits, dashes, dots or blanks, for example build-server.";

// What the team chose
pub(crate) const CHOICE: &str = "This team's tokens";
pub(crate) const CHOICE_OWNERS: &str = "Whose are tokens for the product?";
pub(crate) const CHOICE_OWNERS_HINT: &str = "For tokens made from now on. Those that are there stay as they are: shared ones work, listed for everybody, until they are revoked; personal ones stay their person's.";
pub(crate) const SHARED_ONES: &str = "Shared by everybody";
pub(crate) const PERSONAL_ONES: &str = "Personal: each has their own";
pub(crate) const CHOICE_REVEAL: &str = "May members read a shared token's value again?";
pub(crate) const CHOICE_REVEAL_HINT: &str = "With yes, new values are kept, encrypted; whoever reads one stands in the activity. With no, all are forgotten at once. Personal tokens and those for admins are never shown again.";
pub(crate) const REVEAL_NO: &str = "No, a value is shown once";
pub(crate) const REVEAL_OK: &str = "Yes, every member may";
pub(crate) const CHOOSE: &str = "Save";
/// The message after a team chose.
pub const NOW_CHOSEN: &str = "The team's choice is saved.";

// The value, once
pub(crate) const SHOWN_ONCE: &str = "Copy it now. It is not kept here, so it cannot be shown again.";
pub(crate) const SHOWN_AND_KEPT: &str =
    "Copy it now. Members of the team may read it again; whoever does stands in the activity.";
pub(crate) const SHOWN_AGAIN: &str = "That you have read it stands in the team's activity.";
pub(crate) const TRY_IT: &str = "Try it";
pub(crate) const TRY_IT_LEAD: &str =
    "Ask whose token it is. Your product's own API asks the same about every token that comes to it.";

pub(crate) fn new_value_of(name: &str) -> String {
    format!("The new token {name}")
}

pub(crate) fn value_of(name: &str) -> String {
    format!("The token {name}")
}

// What was done
/// The message after a token got a value, when the value was shown before or to another browser.
#[must_use]
pub fn shown_before(name: &str) -> String {
    format!(
        "The value of {name} was shown before and cannot be shown again. Rotate it if nobody has copied it."
    )
}

/// The same when members may read the value again.
#[must_use]
pub fn shown_before_and_kept(name: &str) -> String {
    format!("The value of {name} was shown before. Members may read it again by “Show”.")
}

/// The message after a token was rotated.
#[must_use]
pub fn now_rotated(name: &str) -> String {
    format!("{name} has a new value. The old one works no more.")
}

/// The message after a token was revoked.
pub const NOW_REVOKED: &str = "The token is revoked. It works no more.";

/// The bearer of a token, as whoever did something.
#[must_use]
pub fn api_token(name: &str) -> String {
    format!("API token {name}").trim_end().to_owned()
}

// The questions before
pub(crate) const ROTATE_LEAD: &str = "It gets a new value, which is shown once. The old value stops working at once: whatever uses it fails until it has the new one.";
pub(crate) const ROTATE_YES: &str = "Give it a new value";
pub(crate) const REVOKE_LEAD: &str =
    "Whatever uses it stops working at once. This cannot be undone; you can make another token.";
pub(crate) const REVOKE_YES: &str = "Revoke it";

pub(crate) const REVEAL_LEAD: &str = "Everybody who knows the value can use the token. That you have read it will stand in the team's activity, with your name.";
pub(crate) const REVEAL_YES: &str = "Show the value";

pub(crate) fn reveal_title(name: &str) -> String {
    format!("Show the value of {name}?")
}

pub(crate) fn rotate_title(name: &str) -> String {
    format!("Rotate {name}?")
}

pub(crate) fn revoke_title(name: &str) -> String {
    format!("Revoke {name}?")
}

// Refusals
/// Label: back to the list.
pub const BACK: &str = "Back to the API tokens";

/// `not_admin`
#[must_use]
pub fn not_admin() -> Telling {
    Telling::new(
        "Ask an admin",
        "Only team admins make tokens that read or change the team, and choose whose tokens are.",
    )
}

/// `token_personal`
#[must_use]
pub fn not_yours() -> Telling {
    Telling::new(
        "This token is personal",
        "Only the person whose it is gives it a new value. An admin may revoke it.",
    )
}

/// `token_not_kept`
#[must_use]
pub fn not_kept() -> Telling {
    Telling::new(
        "This value is not kept",
        "It cannot be shown again: the team does not allow that, or did not when the token got its value. Rotate the token if nobody has copied it.",
    )
}

/// `token_limit`
#[must_use]
pub fn limit(most: i64) -> Telling {
    Telling::new(
        "The team has enough tokens",
        format!("A team has at most {most} API tokens. Revoke one that nobody needs first."),
    )
}

/// `token_limit`, of one person
#[must_use]
pub fn limit_of_one(most: i64) -> Telling {
    Telling::new(
        "You have enough tokens",
        format!("A person has at most {most} personal tokens. Revoke one that you don't need first."),
    )
}

/// `token_expired`
#[must_use]
pub fn expired() -> Telling {
    Telling::new("This token has expired", "A new value would not work either. Make another token.")
}

/// `version_conflict`
#[must_use]
pub fn stale() -> Telling {
    Telling::new(
        "Somebody was faster",
        "Somebody else gave this token a new value a moment ago. Look again before you change it.",
    )
}
