//! What can go wrong while single sign-on is set up.

use super::Telling;

/// Label: back to the sign-in settings.
pub const BACK_TO_SETTINGS: &str = "Back to the settings";

/// `setup_link_gone`: expired, revoked, replaced, ended by enabling, or never there; one text for all.
#[must_use]
pub fn setup_link_gone() -> Telling {
    Telling::new(
        "This setup link no longer works",
        "It has expired, was replaced by another, or single sign-on is on already. Ask whoever sent it for another link, or sign in.",
    )
}

/// `not_admin`, for the sign-in settings.
#[must_use]
pub fn not_admin_settings() -> Telling {
    Telling::new("Ask an admin", "Only team admins see and change how the team signs in.")
}

/// `not_tested`
#[must_use]
pub fn not_tested() -> Telling {
    Telling::new(
        "Test the settings first",
        "These settings have not passed a test sign-in yet, or were changed after it. Nothing was switched on.",
    )
}

/// `version_conflict`, for the sign-in settings.
#[must_use]
pub fn settings_stale() -> Telling {
    Telling::new(
        "Someone was faster",
        "These settings were changed a moment ago, and yours were not saved. Look at them again before you change them.",
    )
}

/// `require_needs_admin`
#[must_use]
pub fn require_needs_admin(team: &str) -> Telling {
    Telling::new(
        "An admin has to come in first",
        format!(
            "Single sign-on can be required once an admin of {team} has signed in with the settings in use, within the last 7 days. Then somebody is sure to come in."
        ),
    )
}

/// `rate_limited`, for checks, tries and tests of the settings.
#[must_use]
pub fn too_many_checks() -> Telling {
    Telling::new(
        "Too many checks",
        "Your provider was asked often within a short time. Wait a few minutes, then check again.",
    )
}
