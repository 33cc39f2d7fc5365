//! The words of one team in the operators' console, of what an operator does to it, and of what is refused.

use crate::console::{DangerousDeed, TeamDeed};
use crate::words::failures::Telling;

/// Label: to all teams.
pub const BACK_TO_TEAMS: &str = "Back to all teams";
/// Label: to the team again.
pub const BACK_TO_TEAM: &str = "Back to the team";
pub(crate) const ALL_TEAMS: &str = "All teams";
pub(crate) const ACTIVITY: &str = "Activity of this team";

// The team
pub(crate) const TEAM: &str = "The team";
pub(crate) const LOGIN_ADDRESS: &str = "Sign-in";
pub(crate) const ADMIN_EMAIL: &str = "Admin email";
pub(crate) const PEOPLE: &str = "People";
pub(crate) const ADMINS: &str = "Admins";
pub(crate) const NO_ADMINS: &str = "None yet";
pub(crate) const ACCESS_OFF: &str = "access turned off";
pub(crate) const NOBODY_PROMOTED: &str = "Nobody has become admin by it yet.";
pub(crate) const SSO: &str = "SSO";
pub(crate) const SSO_REQUIRED: &str = "Required of everybody";
pub(crate) const SSO_NOT_REQUIRED: &str = "Not required";

pub(crate) fn promoted(name: &str) -> String {
    format!("{name} has become admin by it.")
}

pub(crate) fn people(all: i64, admins: usize) -> String {
    let people = if all == 1 { "1 person".to_owned() } else { format!("{all} people") };
    let admins = match admins {
        0 => "no admin".to_owned(),
        1 => "1 admin".to_owned(),
        several => format!("{several} admins"),
    };
    format!("{people}, {admins}")
}

pub(crate) fn more_admins(count: usize) -> String {
    format!("and {count} more")
}

// The connection
pub(crate) const CONNECTION: &str = "Connection";
pub(crate) const NO_CONNECTION: &str = "None yet: the team's own admin sets it up by a setup link.";
pub(crate) const CLIENT_AUTH: &str = "Client auth";
pub(crate) const SCOPES: &str = "Scopes";
pub(crate) const EMAIL_TRUST: &str = "Email trust";
pub(crate) const DOMAINS: &str = "Domains";
pub(crate) const ANY_DOMAIN: &str = "Any";
pub(crate) const REQUIREMENT: &str = "Requirement";
pub(crate) const ALIASES: &str = "Aliases";
pub(crate) const REDIRECT_URI: &str = "Redirect URI";
pub(crate) const AFTER_SIGN_OUT: &str = "After sign-out";
/// Of a secret or a version that is not there.
pub(crate) const NONE: &str = "None";
pub(crate) const PENDING: &str = "Settings that wait";
pub(crate) const PENDING_LEAD: &str = "Entered and not in use yet.";
pub(crate) const PREVIOUS: &str = "Settings from before";
pub(crate) const PREVIOUS_LEAD: &str = "One click goes back to them.";
pub(crate) const PASSED_TEST: &str = "Tested";
pub(crate) const NOT_TESTED: &str = "Not tested";
pub(crate) const CHECK: &str = "Run the checks";
pub(crate) const PROBE: &str = "Run them and try client ID and secret";
pub(crate) const CHECKS: &str = "What the checks found";
pub(crate) const TEAM_SAYS: &str = "The team says";
pub(crate) const PROVIDER_SAYS: &str = "The provider says";

// How it fares
pub(crate) const HEALTH: &str = "Health";
pub(crate) const NO_HEALTH: &str = "There is no connection that could be judged.";
pub(crate) const SINCE: &str = "Counted since";
pub(crate) const STARTED: &str = "Sent there";
pub(crate) const RETURNED: &str = "Came back";
pub(crate) const FINISHED: &str = "Came in";
pub(crate) const REFUSED: &str = "Refused";
pub(crate) const LAST_GOOD: &str = "Last good";
pub(crate) const LAST_BAD: &str = "Last refused";
pub(crate) const NEVER: &str = "Never";

/// A judgement of a connection, by its word in the API.
pub(crate) fn judgement(word: &str) -> &'static str {
    match word {
        "well" => "Well",
        "quiet" => "Quiet",
        "nobody_comes_back" => "Nobody comes back",
        "failing" => "Failing",
        "unreachable" => "Unreachable",
        _ => "Unknown",
    }
}

// The setup link
pub(crate) const LINK: &str = "Setup link";
pub(crate) const NO_LINK: &str = "There is none that can be used.";
pub(crate) const LINK_MADE: &str = "Made";
pub(crate) const LINK_OPENED: &str = "Opened";
pub(crate) const NOT_OPENED: &str = "Not yet";
pub(crate) const LINK_ENDS: &str = "Works until";
pub(crate) const LINK_FOR: &str = "Sent to";
pub(crate) const NOBODY: &str = "Nobody";
pub(crate) const LINK_TO: &str = "Send it to";
pub(crate) const LINK_TO_HINT: &str =
    "The link is shown to you in any case. Leave this empty, and nobody gets a letter.";
pub(crate) const MAKE_LINK: &str = "Make a setup link";
pub(crate) const MAKE_ANOTHER: &str = "Make another, which ends this one";
pub(crate) const REVOKE_LINK: &str = "Revoke the setup link";
/// Of a link or a code.
pub(crate) const SHOWN_ONCE: &str = "Note it now: it is kept as a hash, and not shown again.";
pub(crate) const LINK_DOES: &str = "Whoever has it can set up this team's connection, until single sign-on is on. Links made before have ended.";

pub(crate) fn link_title(team: &str) -> String {
    format!("A setup link for {team}")
}

pub(crate) fn on_its_way(email: &str) -> String {
    format!("A letter with it is on its way to {email}.")
}

// What was refused
pub(crate) const FAILED: &str = "Sign-ins that were refused";
pub(crate) const NONE_FAILED: &str = "None in the last 14 days.";
pub(crate) const CAUSE: &str = "Cause";

/// Why no link is made: the team is suspended.
pub const LINK_NEEDS_OPEN: &str = "The team is suspended. Open it again first.";
/// Why no link is made: single sign-on is on.
pub const LINK_NOT_NEEDED: &str =
    "Single sign-on is on: the team's admins change its settings after signing in.";
/// Who did something, where nobody's name is known.
pub const AT_THE_COMMAND_LINE: &str = "the command line";

// Break-glass
pub(crate) const GLASS: &str = "Break-glass";
pub(crate) const GLASS_LEAD: &str = "While nobody can sign in, one admin comes to the sign-in settings, and to nothing else: by a link that is mailed to them, with a code that you tell them. It lasts 30 minutes; the other admins are told.";
pub(crate) const GLASS_FOR: &str = "For";
pub(crate) const GLASS_MAKE: &str = "Make break-glass";
pub(crate) const GLASS_REVOKE: &str = "Revoke break-glass";
pub(crate) const GLASS_CODE: &str = "The code";
/// Why there is no break-glass: nobody could come by it.
pub(crate) const GLASS_NEEDS_ADMIN: &str =
    "It is for an active admin of this team whose email is known. There is none.";
/// Why there is no break-glass: the team is suspended.
pub(crate) const GLASS_NEEDS_OPEN: &str = "The team is suspended. Open it again first.";

pub(crate) fn glass_title(team: &str) -> String {
    format!("Break-glass for {team}")
}

pub(crate) fn glass_does(email: &str) -> String {
    format!(
        "A letter with the link is on its way to {email}. Tell them the code on the phone or face to face, never by mail: each alone opens nothing."
    )
}

// The acts
pub(crate) const NAME: &str = "Name";
pub(crate) const NAME_AND_ADMIN: &str = "Name and admin";
pub(crate) const ADMIN_EMAIL_HINT: &str = "Whoever signs in with it for the first time becomes admin. A new one may do so once more, and the present admins are told.";
pub(crate) const SAVE: &str = "Save";
pub(crate) const ACTS: &str = "Acts";
/// Why the operators' own team is not closed from here.
pub const OPERATORS_THEMSELVES: &str =
    "This team's admins are the operators: closing it would close the console. It takes the command line.";
/// Beside the name.
pub const NAME_WRONG: &str = "A team's name has 1 to 100 characters.";
/// Beside the admin email.
pub const ADMIN_OUTSIDE_DOMAINS: &str =
    "This address is outside the team's email domains, so this admin could never sign in.";

impl TeamDeed {
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Enable => "Take the tested settings live",
            Self::RollBack => "Previous settings",
            Self::Require => "Require SSO",
            Self::Relax => "SSO is required",
            Self::Resume => "Suspended",
            Self::Suspend => "Suspend",
            Self::Remove => "Remove",
        }
    }

    pub(crate) const fn lead(self) -> &'static str {
        match self {
            Self::Enable => "Everybody signs in with them from then on. Setup links end.",
            Self::RollBack => "The ones that were in use before come back at once.",
            Self::Require => "The product then refuses its own passwords for this team.",
            Self::Relax => "The product refuses its own passwords for this team.",
            Self::Resume => "Nobody can sign in. Open it again, and people sign in as before.",
            Self::Suspend => "Closes the door for the time being and ends every session.",
            Self::Remove => "For good: its secrets, sessions, tokens and people go.",
        }
    }

    pub(crate) const fn button(self) -> &'static str {
        match self {
            Self::Enable => "Enable",
            Self::RollBack => "Go back",
            Self::Require => "Require SSO",
            Self::Relax => "Stop requiring SSO",
            Self::Resume => "Open it again",
            Self::Suspend => "Suspend…",
            Self::Remove => "Remove…",
        }
    }
}

// The questions before
/// The typed Team ID was another one.
pub const TYPED_WRONG: &str = "That is not this team's ID. Nothing was done.";

impl DangerousDeed {
    pub(crate) fn question(self, team: &str) -> String {
        match self {
            Self::Suspend => format!("Suspend {team}?"),
            Self::Remove => format!("Remove {team} for good?"),
        }
    }

    pub(crate) const fn consequence(self) -> &'static str {
        match self {
            Self::Suspend => {
                "Nobody can sign in, and everybody's sessions end at once, in the product too. Its settings and people stay; you can open it again at any time."
            }
            Self::Remove => {
                "Its secrets, sessions, API tokens and people go, and can't be brought back. Its Team ID is never given out again; the record stays."
            }
        }
    }

    pub(crate) const fn yes(self) -> &'static str {
        match self {
            Self::Suspend => "Suspend this team",
            Self::Remove => "Remove this team",
        }
    }
}

/// The message after an act, by its word in the address.
#[must_use]
pub fn done(word: &str, team: &str) -> Option<String> {
    let text = match word {
        "added" => "The team is added. Nobody can sign in to it yet.",
        "invited" => "The team is added, and the setup link is on its way.",
        "approved" => "Approved. The team is there as a draft, and the contact gets the setup link by mail.",
        "saved" => "Saved.",
        "known" => {
            "Saved. Somebody here has that email already, and is not made an admin by it; an admin of the team can do that."
        }
        "revoked" => "No setup link of this team can be used now.",
        "glass_revoked" => "Nobody can come to the settings of this team by break-glass now.",
        "live" => return Some(format!("Single sign-on for {team} is on, with the tested settings.")),
        "back" => "The previous settings are in use again.",
        "required" => "Single sign-on is required now.",
        "relaxed" => "Single sign-on is no longer required.",
        "suspended" => return Some(format!("{team} is suspended. Every session has ended.")),
        "resumed" => return Some(format!("{team} is open again.")),
        _ => return None,
    };
    Some(text.to_owned())
}

/// The message after a team was removed.
#[must_use]
pub fn removed(team_id: &str) -> String {
    format!("{team_id} is removed.")
}

// What is refused
/// `team_unknown`
#[must_use]
pub fn no_such_team(team_id: &str) -> Telling {
    Telling::new(
        "There is no such team",
        format!(
            "No team is called {team_id}. A team that was removed is not shown any more; the record keeps what happened in it."
        ),
    )
}

/// Any other refusal, by its stable code.
#[must_use]
pub fn refused(code: &str) -> Telling {
    let (title, sentence) = match code {
        "setup_finished" => (
            "Single sign-on is on",
            "This team needs no setup link: its admins change the settings after signing in.",
        ),
        "team_suspended" => ("The team is suspended", "Open it again first."),
        "person_not_admin" => (
            "Not an active admin",
            "Break-glass is for an active admin of the team. Choose another one, or give the role to this person first.",
        ),
        "person_without_email" => (
            "Nobody can write to them",
            "We know no email of this admin, so that the link can't be mailed. Choose another one.",
        ),
        "not_tested" => (
            "Not tested yet",
            "These settings have not passed a test sign-in. The team's own admin makes it, by the setup link or on the settings page.",
        ),
        "version_conflict" => {
            ("The team changed", "Somebody else changed it a moment ago. Look at it again, and decide again.")
        }
        "admin_would_be_lost" => (
            "No admin could come in",
            "With these settings nobody would be recognised as one of the team's admins. The team's admin tests once more, signed in at the provider with the email of a present admin.",
        ),
        "require_needs_admin" => (
            "An admin has to sign in first",
            "Requiring single sign-on needs an open team, and an admin who signed in by it within the last 7 days, so that nobody is locked out.",
        ),
        "connection_missing" => (
            "There is nothing to check",
            "This team has no issuer and client ID yet. Send its admin a setup link.",
        ),
        "operators_team" => ("Not from here", OPERATORS_THEMSELVES),
        "rate_limited" => (
            "One moment, please",
            "The provider was asked about these credentials many times within ten minutes. Try again in a few minutes.",
        ),
        _ => (
            "This can't be done",
            "The team's settings stand in the way. The command teamdoor team set says what has to be changed.",
        ),
    };
    Telling::new(title, sentence)
}
