//! The words of the requests that operators decide.

use crate::words::failures::Telling;

// The lists
pub(crate) const LEAD: &str =
    "Companies that ask for a team. A request reserves nothing until you approve it.";
pub(crate) const OPEN: &str = "Waiting for a decision";
pub(crate) const NONE_OPEN: &str = "Nothing waits for you";
pub(crate) const NONE_OPEN_LEAD: &str =
    "A request stands here once its contact has confirmed the address, and a letter goes to mail.operators.";
pub(crate) const DECIDED: &str = "Decided";
pub(crate) const NONE_DECIDED: &str = "No request has been decided yet.";
pub(crate) const ALL_DECIDED: &str = "All that were decided";
pub(crate) const NOT_CONFIRMED: &str = "Not confirmed yet";
pub(crate) const NOT_CONFIRMED_LEAD: &str =
    "Their contacts have a letter with a link. What is not confirmed within a day is forgotten.";
pub(crate) const NONE_UNCONFIRMED: &str = "No request waits for its contact.";
pub(crate) const COMPANY: &str = "Company";
pub(crate) const TEAM_ID: &str = "Team ID";
pub(crate) const ISSUER: &str = "Issuer";
pub(crate) const STANDING: &str = "State";
pub(crate) const MADE: &str = "Asked";
pub(crate) const UNCONFIRMED: &str = "Not confirmed";
pub(crate) const WAITING: &str = "Waits for you";
pub(crate) const ASKED: &str = "Question sent";
pub(crate) const APPROVED: &str = "Approved";
pub(crate) const REJECTED: &str = "Rejected";

/// The heading of those who want one Team ID.
pub(crate) fn rivals_for(number: usize, team_id: &str) -> String {
    format!("{number} ask for {team_id}. One of them can have it.")
}

pub(crate) fn and_more(number: usize) -> String {
    format!("and {number} more")
}

// One of them
pub(crate) const SAYS: &str = "What they say";
pub(crate) const CONTACT: &str = "Contact";
pub(crate) const PROVED: &str = "Has confirmed this address.";
pub(crate) const NOT_PROVED: &str = "Has not confirmed this address.";
pub(crate) const ADMIN_EMAIL: &str = "Admin email";
pub(crate) const CLIENT_ID: &str = "Client ID";
pub(crate) const CLIENT_SECRET: &str = "Client secret";
pub(crate) const SECRET_GIVEN: &str = "given; it is sealed and shown to nobody";
pub(crate) const SECRET_NOT_GIVEN: &str = "not given";
pub(crate) const LATER: &str = "comes later";
pub(crate) const ID: &str = "Request";
pub(crate) const LAST_WORD: &str = "Last word to the contact";
pub(crate) const SECOND_THOUGHT: &str = "Worth a second thought";
pub(crate) const RIVALS: &str = "Others who ask for this Team ID";
pub(crate) const OPEN_TEAM: &str = "Open the team";
pub(crate) const ALL_REQUESTS: &str = "All requests";
pub(crate) const CHECKS: &str = "Their provider";
pub(crate) const NOT_CHECKED: &str = "Nobody has asked it yet.";
pub(crate) const CANT_CHECK: &str =
    "The request names no issuer or client ID, so there is nothing to ask yet.";
pub(crate) const CHECK: &str = "Ask the provider";
pub(crate) const CHECK_AGAIN: &str = "Ask again";
pub(crate) const CHECKED: &str = "Asked";
pub(crate) const REQUEST_SAYS: &str = "The request says";
pub(crate) const PROVIDER_SAYS: &str = "The provider says";
pub(crate) const YOUR_DECISION: &str = "Your decision";
pub(crate) const APPROVE: &str = "Approve";
pub(crate) const APPROVE_LEAD: &str = "The team is added as a draft, and the contact gets a setup link. Nobody can sign in before the link is used.";
pub(crate) const REQUIREMENT: &str = "Claim every ID token must carry";
pub(crate) const REQUIREMENT_HINT: &str = "Only where many organisations share the issuer: hd=DOMAIN at Google, tid=TENANT at Entra. Otherwise leave it empty.";
pub(crate) const ASK: &str = "Send the question";
pub(crate) const QUESTION: &str = "A question to the contact";
pub(crate) const QUESTION_HINT: &str =
    "It goes out as a letter, each line a paragraph. The answer comes by mail to you; the request waits.";
pub(crate) const REJECT: &str = "Reject";
pub(crate) const REASON: &str = "Why you reject it";
pub(crate) const REASON_HINT: &str =
    "It goes out as a letter. A client secret is deleted at once, all the rest in 30 days.";

/// Who decided.
pub(crate) fn decided_by(by: &str) -> String {
    format!("Decided by {by}")
}

// Notices
/// After a question.
pub const DONE_ASKED: &str = "Your question is on its way. The request waits for the answer.";
/// After a rejection.
pub const DONE_REJECTED: &str = "Rejected. The contact gets your text by letter.";
/// After the provider was asked.
pub const DONE_CHECKED: &str = "The provider was asked; below stands what it said.";

// Beside a field
/// A text that is empty or too long.
pub const TEXT_WRONG: &str = "Write something for the contact: 1 to 2000 characters.";
/// A requirement that can't be read.
pub const REQUIREMENT_WRONG: &str =
    "A claim looks like hd=acme.com or tid=00000000-0000-0000-0000-000000000000.";
/// An issuer that needs a requirement.
pub const REQUIREMENT_NEEDED: &str = "Many organisations share this issuer. Say whose people are meant: hd=DOMAIN at Google, tid=TENANT at Entra.";

// Refusals
/// `request_unknown`
#[must_use]
pub fn unknown() -> Telling {
    Telling::new(
        "There is no such request",
        "It was never made, or it is forgotten: unconfirmed ones after a day, rejected ones after 30 days.",
    )
}

/// `request_decided`
#[must_use]
pub fn decided() -> Telling {
    Telling::new(
        "This request was decided before",
        "Another operator decided it a moment ago. Nothing of yours was sent.",
    )
}

/// `request_unconfirmed`
#[must_use]
pub fn unconfirmed() -> Telling {
    Telling::new(
        "The contact has not confirmed this request yet",
        "It can be decided once they have opened the link in their letter.",
    )
}

/// `request_incomplete`
#[must_use]
pub fn incomplete() -> Telling {
    Telling::new("There is nothing to ask", CANT_CHECK)
}

/// `team_id_taken`
#[must_use]
pub fn team_id_taken(team_id: &str) -> Telling {
    Telling::new(
        "The Team ID is taken",
        format!(
            "{team_id} is taken by now. Ask the contact for a request with another one, and reject this."
        ),
    )
}

/// `request_secret_lost`
#[must_use]
pub fn secret_lost() -> Telling {
    Telling::new(
        "The client secret can't be opened",
        "It was sealed with a key that is not in secrets.keys. Put that key back, or ask for a new request.",
    )
}

/// `request_refused`, by a rule of the registry that is told in a sentence.
#[must_use]
pub fn refused(why: String) -> Telling {
    Telling::new("The team can't be added so", why)
}

/// Label: to the request.
pub const BACK: &str = "Back to the request";
/// Label: to all of them.
pub const TO_ALL: &str = "All requests";
