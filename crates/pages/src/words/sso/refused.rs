//! What the settings page and the setup link refuse.

use crate::words::failures::Telling;

/// Label: to the page again.
pub const BACK: &str = "Back to single sign-on";

/// `not_admin`, for the settings page.
#[must_use]
pub fn not_admin_sso() -> Telling {
    Telling::new("For admins", "Only team admins can see and change how people sign in.")
}

/// `setup_link_gone`
#[must_use]
pub fn setup_link_gone() -> Telling {
    Telling::new(
        "This setup link can't be used",
        "It may be older than three days, replaced by a newer one, or not needed any more because single sign-on is on. Ask whoever sent it to you for a new one.",
    )
}

/// `version_conflict`, for settings.
#[must_use]
pub fn sso_changed() -> Telling {
    Telling::new(
        "The settings changed",
        "Somebody else changed these settings a moment ago. Look at them again, and decide again.",
    )
}

/// `not_tested`
#[must_use]
pub fn not_tested() -> Telling {
    Telling::new(
        "Not tested yet",
        "These settings have not passed a test sign-in. Press “Update and test” first; it changes nothing for your people.",
    )
}

/// `admin_would_be_lost`
#[must_use]
pub fn admin_would_be_lost() -> Telling {
    Telling::new(
        "No admin could come in",
        "At the new provider nobody would be recognised as one of the team's admins. Test once more, signed in there with the email of a present admin.",
    )
}

/// `require_needs_admin`
#[must_use]
pub fn require_needs_admin() -> Telling {
    Telling::new(
        "An admin has to sign in first",
        "Requiring single sign-on needs an admin who signed in by it within the last 7 days, so that nobody is locked out.",
    )
}

/// `rate_limited`, for the buttons that ask a provider.
#[must_use]
pub fn too_many_checks() -> Telling {
    Telling::new(
        "One moment, please",
        "Your provider was asked many times within a minute. Try again in a minute.",
    )
}
