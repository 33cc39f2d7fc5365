//! "I don't know my Team ID."

/// Label: leads to the form.
pub const DONT_KNOW: &str = "I don't know my Team ID";
pub(crate) const TITLE: &str = "Find your Team ID";
pub(crate) const LEAD: &str = "We send the Team IDs that belong to your work email to that address.";
pub(crate) const EMAIL: &str = "Work email";
pub(crate) const SEND: &str = "Send";
pub(crate) const BACK: &str = "Back to Corporate SSO";
pub(crate) const SENT: &str = "Look into your mail";
pub(crate) const SENT_LEAD: &str = "If we know that address, a letter is on its way.";
pub(crate) const SENT_NONE: &str = "Nothing came within a few minutes? Try the address that your company knows you by, or ask your administrator.";
/// What was typed is no email.
pub const EMAIL_WRONG: &str = "Enter your work email, for example ada@acme.com.";
