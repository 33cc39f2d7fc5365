//! Every word about a team's API tokens.

use super::failures::Telling;

pub(crate) const TITLE: &str = "API tokens";
pub(crate) const LEAD_MEMBER: &str = "Programs show a token to act for your team. These belong to everybody in it: whoever needs one makes, rotates or revokes it.";
pub(crate) const LEAD_ADMIN: &str = "Programs show a token to act for your team. Tokens for the product belong to everybody in it; those that read or change the team are for admins.";
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
pub(crate) const MAKER_LEFT: &str = "Maker left";
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

// The value, once
pub(crate) const SHOWN_ONCE: &str = "Copy it now. It is not kept here, so it cannot be shown again.";
pub(crate) const TRY_IT: &str = "Try it";
pub(crate) const TRY_IT_LEAD: &str =
    "Ask whose token it is. Your product's own API asks the same about every token that comes to it.";

pub(crate) fn value_of(name: &str) -> String {
    format!("The new token {name}")
}

// What was done
/// The message after a token got a value, when the value was shown before or to another browser.
#[must_use]
pub fn shown_before(name: &str) -> String {
    format!(
        "The value of {name} was shown before and cannot be shown again. Rotate it if nobody has copied it."
    )
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
    Telling::new("Ask an admin", "Only team admins make tokens that read or change the team.")
}

/// `token_limit`
#[must_use]
pub fn limit(most: usize) -> Telling {
    Telling::new(
        "The team has enough tokens",
        format!("A team has at most {most} API tokens. Revoke one that nobody needs first."),
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
