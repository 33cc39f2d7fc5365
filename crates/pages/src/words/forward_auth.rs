//! What people and the developers of proxies read where forward-auth stops somebody; `place` is an app's name, or the
//! product's.

use super::failures::Telling;

/// Label: to the sign-in.
pub const SIGN_IN: &str = super::SIGN_IN;
/// Label: sign in to another team.
pub const USE_DIFFERENT_TEAM: &str = super::DIFFERENT_TEAM;

/// `session_required`, where a proxy asked.
#[must_use]
pub fn session_required(place: &str) -> Telling {
    Telling::new("You are not signed in", format!("Sign in to open {place}."))
}

/// `wrong_team`
#[must_use]
pub fn wrong_team(place: &str, team: &str) -> Telling {
    Telling::new(
        "This belongs to another team",
        format!("You came to {place} with {team}, and what you asked for belongs to another team."),
    )
}

/// `not_admin`, where a proxy asked.
#[must_use]
pub fn admins_alone(place: &str, team: &str) -> Telling {
    Telling::new(
        "That needs an admin",
        format!("Only admins of {team} can open this part of {place}. Ask one of them."),
    )
}

/// `team_in_use`
#[must_use]
pub fn team_in_use(place: &str, team: &str) -> Telling {
    Telling::new(
        &format!("{place} is open with {team}"),
        "A link asks to open it with another team. Go on if you want that, too.",
    )
}

/// `host_unknown`
#[must_use]
pub fn host_unknown() -> Telling {
    Telling::new(
        "No app lives here",
        "This address isn't known to us as an app, so nobody can sign in to it.",
    )
    .for_admin("Register the host for an app (teamdoor app set --host), with its port where that is unusual.")
}

/// `question_invalid`
#[must_use]
pub fn question_invalid() -> Telling {
    Telling::new("The door is set up wrongly", "What you asked for can't be opened, because its proxy asks us wrongly.")
        .for_admin("/forward-auth takes team (a Team ID), min_role (member or admin) and redirect (0 or 1), each once, and nothing else.")
}

/// `forwarded_invalid`
#[must_use]
pub fn forwarded_invalid() -> Telling {
    Telling::new("The door is set up wrongly", "What you asked for can't be opened, because its proxy contradicts itself.")
        .for_admin("X-Original-URL and X-Forwarded-Proto, -Host and -Uri must stand there once and say the same; the proxy has to set or clear each of them.")
}

/// `sign_in_refused`
#[must_use]
pub fn sign_in_refused(place: &str) -> Telling {
    Telling::new("Nobody was signed in", format!("This sign-in to {place} was refused."))
}

/// `code_rejected`, on an app's host.
#[must_use]
pub fn code_rejected(place: &str) -> Telling {
    Telling::new(
        "Please start again",
        format!("This sign-in to {place} took too long, was used already, or you signed out meanwhile."),
    )
}
