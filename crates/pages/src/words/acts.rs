//! What the activity of a team says: a sentence for each act's stable word.

use serde_json::Value;

use super::failures::Telling;

/// Whoever acts by a setup link, for whom there is no account yet.
pub const BY_SETUP_LINK: &str = "Whoever has the setup link";

/// What the filter of the activity can be narrowed to: the word in addresses, and what it is called.
pub const KINDS: [(&str, &str); 6] = [
    ("sign-ins", "Sign-ins and sign-outs"),
    ("people", "People and roles"),
    ("settings", "Sign-in settings"),
    ("tokens", "API tokens"),
    ("apps", "Apps"),
    ("team", "The team itself"),
];
pub(crate) const FILTER: &str = "Filter";
pub(crate) const KIND: &str = "About";
pub(crate) const EVERY_KIND: &str = "Everything";
pub(crate) const BY_PERSON: &str = "Person";
pub(crate) const BY_PERSON_HINT: &str = "A name or email, or a part of it";
pub(crate) const FROM: &str = "From";
pub(crate) const TO: &str = "To";
pub(crate) const SHOW: &str = "Show";
pub(crate) const NO_MATCH: &str = "Nothing matches";
pub(crate) const NO_MATCH_LEAD: &str = "Nothing that happened fits this filter.";
/// Label: without the filter.
pub const SHOW_EVERYTHING: &str = "Show everything";
pub(crate) const EXPORT: &str = "Export as JSON lines";

/// A filter that means nothing.
#[must_use]
pub fn filter_invalid() -> Telling {
    Telling::new("Please try again", "We couldn't read this filter. Days are written as 2026-05-03.")
}

/// A part of a name that so many people have that the filter would miss some.
#[must_use]
pub fn filter_too_wide(most: usize) -> Telling {
    Telling::new("Please type more of the name", format!("What you typed fits more than {most} people."))
}

/// Somebody who came to the settings by break-glass.
#[must_use]
pub fn by_break_glass(name: &str) -> String {
    format!("{name}, by break-glass")
}

/// The act as a sentence that follows the actor's name; `…` stands where the name of whom it was done to goes.
/// Without it that name comes last.
#[must_use]
pub fn sentence(act: &str, detail: &Value) -> String {
    if let Some(sentence) = of_secret(act, detail) {
        return sentence.to_owned();
    }
    let sentence = match act {
        "team.added" => "added the team",
        "team.changed" => "changed the sign-in settings",
        "team.suspended" => "suspended the team",
        "team.resumed" => "opened the team again",
        "team.removed" => "removed the team",
        "team.logout_tested" => "tried signing out at the sign-in service too; everybody is offered it now",
        "team.settings_edited" => "edited the sign-in settings; the ones in use stay",
        "team.settings_discarded" => "dropped an edit of the sign-in settings",
        "team.rehearsed" if detail["passed"] == true => "tested a sign-in; it went well",
        "team.rehearsed" => "tested a sign-in; it failed",
        "team.settings_live" if detail["first"] == true => "switched single sign-on on",
        "team.settings_live" => "put tested sign-in settings into use",
        "team.rolled_back" => "went back to the sign-in settings from before",
        "team.sso_required" => "required single sign-on of everybody",
        "team.sso_relaxed" => "stopped requiring single sign-on",
        "setup_link.made" => "made a setup link",
        "setup_link.opened" => "opened the setup link",
        "setup_link.revoked" => "revoked the setup link",
        "person.signed_in" if detail["first"] == true && detail["by"] == "tile" => {
            "signed in for the first time, by the tile"
        }
        "person.signed_in" if detail["first"] == true => "signed in for the first time",
        "person.signed_in" if detail["by"] == "tile" => "signed in by the tile",
        "person.signed_in" => "signed in",
        "person.signed_out" if detail["everywhere"] == true => "signed out everywhere",
        "person.signed_out" if detail["browser"] == true => "signed out of every team in their browser",
        "person.signed_out" => "signed out",
        "person.promoted" => "made … an admin, as configured",
        "person.role_set" if detail["to"] == "admin" => "made … an admin",
        "person.role_set" => "made … a member",
        "person.deactivated" => "turned off the access of",
        "person.activated" => "turned on the access of … again",
        "person.sessions_ended" | "person.revoked_by_idp" => "signed … out everywhere",
        "person.signed_out_by_idp" => "signed … out",
        "person.erased" => "erased",
        "token.made" => "made an operator token",
        "token.revoked" => "revoked an operator token",
        "team_token.made" => "made the API token",
        "team_token.rotated" => "gave a new value to the API token",
        "team_token.revoked" => "revoked the API token",
        "team_token.revealed" => "read the value of the API token",
        "team.tokens_chosen" if detail["tokens"] == "personal" => "chose personal API tokens",
        "team.tokens_chosen" => "chose shared API tokens",
        "app.logout_refused" => "told an app that the session of … ended, and the app refused to hear it",
        "app.logout_given_up" => "gave up telling an app that the session of … ended",
        "grant.reused" => "ended what an app could do for …, as a code or token of it was used twice",
        "request.made" => "made a request for a team",
        "request.confirmed" => "confirmed a request for a team",
        "request.approved" => "approved a request for a team",
        "request.asked" => "asked the contact of a request something",
        "request.rejected" => "rejected a request for a team",
        "letter.given_up" => "gave up on a letter that could not be delivered",
        _ => of_break_glass(act, detail).unwrap_or("did something this version has no words for"),
    };
    sentence.to_owned()
}

fn of_break_glass(act: &str, detail: &Value) -> Option<&'static str> {
    Some(match act {
        "break_glass.made" => "let … come to the sign-in settings by break-glass",
        "break_glass.opened" => "came to the sign-in settings",
        "break_glass.wrong_code" => "refused a wrong code at the break-glass link of",
        "break_glass.ended" if detail["why"] == "wrong codes" => "ended, after wrong codes, break-glass for",
        "break_glass.ended" => "ended it",
        "break_glass.revoked" if detail["all"] == true => "revoked break-glass",
        "break_glass.revoked" => "revoked break-glass for",
        _ => return None,
    })
}

/// The same for what is done about the life of a client secret.
fn of_secret(act: &str, detail: &Value) -> Option<&'static str> {
    Some(match act {
        "team.rehearsed" if detail["next_secret"] == true && detail["passed"] == true => {
            "tested a sign-in with the next client secret; it went well"
        }
        "team.rehearsed" if detail["next_secret"] == true => {
            "tested a sign-in with the next client secret; it failed"
        }
        "team.next_secret_set" => "set the next client secret",
        "team.next_secret_dropped" => "dropped the next client secret",
        "team.client_secret_switched" if detail["rejected"] == true => {
            "put the next client secret into use, as the sign-in service no longer took the one before"
        }
        "team.client_secret_switched" => "put the next client secret into use",
        "team.secret_expiry_set" if detail["expires_at"].is_null() => {
            "took away the day on which the client secret expires"
        }
        "team.secret_expiry_set" => "said when the client secret expires",
        _ => return None,
    })
}

/// What else is worth reading.
#[must_use]
pub fn detail(act: &str, detail: &Value) -> Option<String> {
    if let Some(scope) = detail["scope"].as_str().filter(|_| act.starts_with("team_token.")) {
        return Some(super::tokens::scope_means(scope).to_owned());
    }
    let text = match (act, detail["promotion"].as_str()) {
        ("team.tokens_chosen", _) if detail["reveal"] == true => {
            "Members may read the value of a shared token again."
        }
        ("team.tokens_chosen", _) => "Values are shown once.",
        ("person.signed_in", Some("email_not_trusted")) => {
            "This is the configured admin email, but the sign-in service doesn't confirm it, so nobody was promoted. The operator can change the email trust; then sign in again."
        }
        ("person.signed_in", Some("email_changed")) => {
            "This is the configured admin email, but the account began with another one, so nobody was promoted. An operator can set the role."
        }
        _ => return None,
    };
    Some(text.to_owned())
}
