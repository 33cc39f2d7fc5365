//! What a refused sign-in means: its cause in a sentence, what to do about it and who can, and what the person saw. Read
//! from the stable code that its trace keeps, and from the stage where one code stands for several causes.

mod causes;

use super::failures::{self, Telling};

pub use causes::CAUSES;

/// A cause in words.
#[derive(Clone, Copy, Debug)]
pub struct Cause {
    /// The stable code.
    pub code: &'static str,
    /// Where one code stands for several causes, the stage that this one has.
    pub stage: Option<&'static str>,
    /// What happened, in a sentence.
    pub message: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// Who can.
    pub whose: Whose,
    /// What the person's screen said, as far as it is kept, by name and id of the team.
    pub seen: fn(&str, &str) -> Telling,
}

/// Whose job a remedy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The person's who wanted to come in.
    Person,
    /// An admin's of the team.
    TeamAdmin,
    /// The identity provider's administrator's.
    IdpAdmin,
    /// The operator's of this service.
    Operator,
}

impl Whose {
    /// The word, as JSON has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::TeamAdmin => "team_admin",
            Self::IdpAdmin => "idp_admin",
            Self::Operator => "operator",
        }
    }

    /// Stands before the remedy; `idp` is what people call the identity provider, where it has a name.
    pub(crate) fn label(self, idp: Option<&str>, product: &str) -> String {
        match (self, idp) {
            (Self::Person, _) => "For the person:".to_owned(),
            (Self::TeamAdmin, _) => "For you:".to_owned(),
            (Self::IdpAdmin, Some(idp)) => format!("For your {idp} administrator:"),
            (Self::IdpAdmin, None) => "For the administrator of your sign-in service:".to_owned(),
            (Self::Operator, _) => format!("For {product} support:"),
        }
    }
}

/// The cause that a trace with this code and stage has.
#[must_use]
pub fn cause(code: &str, stage: &str) -> &'static Cause {
    let fits = |cause: &&Cause| cause.code == code && cause.stage.is_none_or(|of| of == stage);
    CAUSES.iter().find(fits).unwrap_or(&causes::UNKNOWN)
}

/// What a code means, in a sentence, whatever the stage.
#[must_use]
pub fn plain(code: &str) -> &'static str {
    cause(code, "").message
}

/// The provider's own words in what a trace notes of it; none where the words are ours.
#[must_use]
pub(crate) fn words_of_provider<'a>(code: &str, stage: &str, detail: &'a str) -> Option<&'a str> {
    let quotes = match code {
        "idp_refused" | "idp_not_assigned" | "code_rejected" => true,
        "idp_unreachable" => stage == "authorization",
        "idp_client_rejected" => stage == "token",
        _ => false,
    };
    let (_, words) = detail.split_once(": ").filter(|_| quotes)?;
    Some(words.trim()).filter(|words| !words.is_empty())
}

/// Where an attempt ended, in words; a stage this version does not know stands as it is.
pub(crate) fn stage_means(stage: &str) -> &str {
    match stage {
        "launch" => "the tile",
        "outbound" => "the way to the sign-in service",
        "metadata" => "the sign-in service's metadata",
        "authorization" | "request" => "the sign-in service",
        "state" | "attempt" => "the way back into the browser",
        "secret" | "token" => "the exchange of the code",
        "id_token" => "the checks of the ID token",
        "userinfo" => "UserInfo",
        "policy" | "trust" | "organisation" => "the team's own rules",
        "session" => "the new session",
        other => other,
    }
}

/// The title of the list.
pub const TITLE: &str = "Refused sign-ins";
pub(crate) const LEAD: &str = "Who could not come in within the last 14 days, and why.";
pub(crate) const SEARCH_LABEL: &str = "Reference on the person's screen";
pub(crate) const FIND: &str = "Find";
pub(crate) const CAUSE: &str = "Why";
pub(crate) const REFERENCE: &str = "Reference";
pub(crate) const NONE: &str = "No sign-in was refused";
pub(crate) const NONE_LEAD: &str = "When a colleague can't sign in, the page they see shows a reference. It stands here then, with the reason.";
pub(crate) const NOT_FOUND_LEAD: &str = "A reference looks like 7K2F-9QXM and stands at the foot of the page that refused. They are kept for 14 days.";
pub(crate) const SHOW_ALL: &str = "Show all";
pub(crate) const NEVER_BACK: &str = "An error page of your sign-in service itself leads nobody back, so it leaves nothing \
     here. The usual reason is a redirect URI that is not registered there letter by letter.";
pub(crate) const ONE: &str = "Refused sign-in";
pub(crate) const SEEN: &str = "What the person saw";
pub(crate) const HOW: &str = "How it went";
pub(crate) const ENDED_AT: &str = "Ended at";
pub(crate) const CODE: &str = "Code";
pub(crate) const NOTED: &str = "Noted";
pub(crate) const AWAY: &str = "Away";
pub(crate) const TOKEN: &str = "Token";
pub(crate) const USERINFO: &str = "UserInfo";
pub(crate) const WHOLE: &str = "Back here";
pub(crate) const CLAIMS: &str = "Claims that came";
pub(crate) const CLAIMS_LEAD: &str = "Their names alone; what they said is not kept.";
pub(crate) const NO_CLAIMS: &str = "It ended before any claims came that could be believed.";

pub(crate) fn not_found(typed: &str) -> String {
    format!("No refused sign-in of this team has the reference “{typed}”")
}

/// Says that words are the provider's and not ours.
pub(crate) fn own_words(idp: Option<&str>) -> String {
    format!("{} said, in its own words:", idp.unwrap_or("The sign-in service"))
}

/// How long something took.
pub(crate) fn lasted(millis: u64) -> String {
    match (millis / 60_000, millis / 1000, millis % 1000) {
        (0, 0, millis) => format!("{millis} ms"),
        (0, seconds, millis) => format!("{seconds}.{} s", millis / 100),
        (minutes, seconds, _) => format!("{minutes} min {} s", seconds % 60),
    }
}

/// `not_admin`
#[must_use]
pub fn not_admin() -> Telling {
    Telling::new("That needs an admin", "Only team admins can see why sign-ins were refused.")
}

/// `idp_issuer_mismatch`, where the team's admins had a letter about it.
#[must_use]
pub fn issuer_mismatch_told(team: &str) -> Telling {
    let sentence = format!("SSO for {team} is misconfigured. Your administrator has been told.");
    Telling { sentence, ..failures::idp_issuer_mismatch(team) }
}

/// `idp_client_rejected`, where the team's admins had a letter about it.
#[must_use]
pub fn client_rejected_told(team: &str) -> Telling {
    let sentence = format!(
        "{team}'s sign-in service doesn't accept this app's credentials. Your administrator has been told."
    );
    Telling { sentence, ..failures::idp_client_rejected(team) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_code_with_several_cures_is_told_apart_by_its_stage() {
        let remedies = ["policy", "trust", "organisation"].map(|stage| cause("email_domain", stage).remedy);
        assert_eq!(remedies.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
        assert_eq!(cause("idp_client_rejected", "secret").whose, Whose::Operator);
        assert_eq!(cause("idp_client_rejected", "token").whose, Whose::IdpAdmin);
        assert_eq!(plain("idp_client_rejected"), cause("idp_client_rejected", "token").message);
        assert_eq!(cause("of_tomorrow", "token").code, "");
    }

    #[test]
    fn every_cause_can_be_reached_and_says_something() {
        for entry in CAUSES {
            let found = cause(entry.code, entry.stage.unwrap_or("any"));
            assert_eq!((found.code, found.message), (entry.code, entry.message), "{} is hidden", entry.code);
            for text in [entry.message, entry.remedy] {
                assert!(text.ends_with('.') && text.len() > 10, "{}: {text}", entry.code);
            }
            assert!(!(entry.seen)("Acme", "acme").sentence.is_empty(), "{}", entry.code);
        }
    }

    #[test]
    fn the_providers_words_are_told_from_ours() {
        let detail = "the identity provider refused: access_denied User is not assigned.";
        let words = words_of_provider("idp_not_assigned", "authorization", detail);
        assert_eq!(words, Some("access_denied User is not assigned."));
        assert_eq!(words_of_provider("id_token_invalid", "id_token", "ID token refused: nonce"), None);
        assert_eq!(words_of_provider("code_rejected", "token", "the provider rejected the code: "), None);
    }

    #[test]
    fn what_takes_long_is_told_in_larger_units() {
        assert_eq!([0, 999, 1_000, 5_260].map(lasted), ["0 ms", "999 ms", "1.0 s", "5.2 s"]);
        assert_eq!([60_000, 3_725_000].map(lasted), ["1 min 0 s", "62 min 5 s"]);
    }
}
