//! Break-glass: before, within and after it.

use crate::words::failures::Telling;

pub(crate) fn glass_for(team: &str) -> String {
    format!("Break-glass for {team}")
}

pub(crate) const GLASS_LEAD: &str =
    "Here an admin mends the sign-in settings while nobody can sign in. The operator has told you a code.";
pub(crate) const GLASS_CODE: &str = "Code";
pub(crate) const GLASS_CODE_HINT: &str = "Ten letters and digits, for example 7K2F-9QXM-3T.";
pub(crate) const GLASS_OPEN: &str = "Open the settings";

/// No code was typed, or none that can be one.
pub const GLASS_CODE_MISSING: &str = "Enter the code that the operator told you, all ten letters and digits.";

/// The code was another one.
#[must_use]
pub fn glass_code_wrong(left: i64) -> String {
    let left = if left == 1 { "One try is left.".to_owned() } else { format!("{left} tries are left.") };
    format!("That is not the code. {left}")
}

pub(crate) fn glass_here(person: &str) -> String {
    format!("{person}, you are here by break-glass")
}

/// Stands before the moment.
pub(crate) const GLASS_UNTIL: &str = "until";
pub(crate) const GLASS_MAY: &str = "You can change these settings and nothing else; everything you do is on record. Press the button once people can sign in again.";
pub(crate) const GLASS_DONE: &str = "I’m done";
pub(crate) const GLASS_OVER: &str = "Break-glass is over";
pub(crate) const GLASS_OVER_LEAD: &str =
    "The settings are closed again. If people still can't sign in, ask the operator for a new link and code.";

/// `break_glass_gone`
#[must_use]
pub fn glass_gone() -> Telling {
    Telling::new(
        "This break-glass link can't be used",
        "It may be older than 30 minutes, opened in another browser, ended by wrong codes, or replaced by a newer one. Ask the operator for a new link and code.",
    )
}
