//! The life of the client secret: the day on which it expires, and the next one.

use crate::words::failures::Telling;

pub(crate) const SECRET_IN_USE: &str = "In use";
pub(crate) const SECRET_EXPIRES: &str = "Expires on";
/// Stand before a day.
pub(crate) const EXPIRES: &str = "Expires";
pub(crate) const EXPIRED: &str = "Expired";
pub(crate) const SAVE_DAY: &str = "Save";
pub(crate) const SECRET_EXPIRES_HINT: &str =
    "As your provider says; empty if it doesn't. Your team's admins get a letter 30, 7 and 1 days before.";
pub(crate) const NEXT_SECRET: &str = "Next client secret";
pub(crate) const NEXT_SECRET_EXPIRES: &str = "It expires on";
pub(crate) const NEXT_SECRET_EXPIRES_HINT: &str = "If your provider says when.";
pub(crate) const NEXT_TESTED: &str = "Tested";
pub(crate) const NEXT_NOT_TESTED: &str = "Not tested";
pub(crate) const NEXT_SECRET_LEAD: &str = "It takes over by itself in the first sign-in for which your provider rejects the one in use. Nobody notices.";
pub(crate) const ADD_NEXT_TITLE: &str = "Change it without an interruption";
pub(crate) const ADD_NEXT_LEAD: &str = "Make a second secret at your provider and leave the first one there. Add the second here, test it, and put it into use; then remove the first one at your provider.";
pub(crate) const ADD_NEXT: &str = "Add the next secret";
pub(crate) const TEST_NEXT: &str = "Test the new one";
pub(crate) const USE_NEXT: &str = "Use it now";
pub(crate) const DISCARD_NEXT: &str = "Discard";

// Beside the fields
/// What stands there is no day.
pub const EXPIRES_UNREADABLE: &str = "Enter a day, for example 2027-05-03, or nothing.";
/// The day is not ahead, or far too far.
pub const EXPIRES_WRONG: &str = "Enter a day from tomorrow on, at most ten years ahead, or nothing.";
/// `next_client_secret` is empty.
pub const NEXT_SECRET_MISSING: &str = "Enter the new client secret.";
/// It is the one in use.
pub const NEXT_SECRET_IS_CURRENT: &str =
    "That is the secret in use. Make a new one at your provider and paste that.";
/// Why not to use it.
pub const NEEDS_NEXT_TEST: &str = "Use it now is available once it has passed a test.";

// What was done
/// The message after the day was said or taken away.
pub const NOW_DAY: &str = "Saved.";
/// The message after a next secret was added.
pub const NOW_NEXT: &str = "The next secret is kept. Test it before you put it into use.";
/// The message after it was put into use.
pub const NOW_SWITCHED: &str = "The next secret is in use now.";
/// The message after it was dropped.
pub const NOW_NEXT_DROPPED: &str = "The next secret was dropped. The one in use stays.";

/// `next_secret_not_tested`
#[must_use]
pub fn next_secret_not_tested() -> Telling {
    Telling::new(
        "Not tested yet",
        "The next client secret has not passed a test sign-in. Press “Test the new one” first; it changes nothing for your people.",
    )
}
