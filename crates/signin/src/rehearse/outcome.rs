//! What came of a rehearsal: each step, what was received, and as what the person would come in.

use people::{EmailStanding, Person};
use roles::Membership;
use serde::{Deserialize, Serialize};
use storage::{Connection, StorageError};
use teams::TeamAndConnection;
use upstream::VerifiedIdentity;
use vocabulary::{Email, Role};

use crate::refused::SignInError;

/// A step of a sign-in, in the order they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// The provider sent the browser back with an answer.
    Authorization,
    /// It took client id and secret, and gave tokens for the code.
    Token,
    /// The ID token is genuine and meant for us.
    IdToken,
    /// `UserInfo` speaks of the same person.
    Userinfo,
    /// The team's rules let them in.
    Admission,
}

impl StepName {
    const ALL: [Self; 5] = [Self::Authorization, Self::Token, Self::IdToken, Self::Userinfo, Self::Admission];

    /// The step that a refusal of this stage ends at.
    fn of(stage: &str) -> Self {
        match stage {
            "authorization" | "request" => Self::Authorization,
            "id_token" => Self::IdToken,
            "userinfo" => Self::Userinfo,
            "policy" | "trust" | "organisation" => Self::Admission,
            _ => Self::Token,
        }
    }
}

/// One step and how it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub name: StepName,
    /// Whether it went well; none when it was not reached.
    pub ok: Option<bool>,
    /// The stable code where it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the log would say of it; bounded, without secrets, tokens or codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What is to be said of the email, next to the admin email.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailVerdict {
    /// None was received.
    Missing,
    /// It is the admin email, and it is trusted.
    Admin,
    /// It is the admin email, and nobody vouches for it: it would promote nobody.
    AdminNotTrusted,
    /// Another one, trusted.
    Other,
    /// Another one, and nobody vouches for it.
    OtherNotTrusted,
}

/// What came of a rehearsal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// Each step.
    pub steps: Vec<Step>,
    /// The claims received: name and value; the value is empty where only the name was kept.
    pub claims: Vec<(String, String)>,
    /// As what the person would come in; none when they would not.
    pub role: Option<Role>,
    /// What is to be said of their email.
    pub email: Option<EmailVerdict>,
    /// Their email, if it is trusted.
    pub trusted_email: Option<Email>,
    /// What was odd but not wrong, a sentence each.
    pub notes: Vec<String>,
}

impl Rehearsal {
    /// Whether every step went well.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.steps.iter().all(|step| step.ok == Some(true))
    }
}

/// A rehearsal that ended before anybody was known.
pub(super) fn of_error(error: &SignInError, claim_names: &[String]) -> Rehearsal {
    Rehearsal {
        steps: steps(Some(error)),
        claims: claim_names.iter().map(|name| (name.clone(), String::new())).collect(),
        role: None,
        email: None,
        trusted_email: None,
        notes: Vec::new(),
    }
}

/// A rehearsal in which somebody came; `refused` is why the team's rules would not let them in.
pub(super) fn of_identity(
    connection: &mut Connection,
    team: &TeamAndConnection,
    identity: &VerifiedIdentity,
    claim_names: &[String],
    refused: Option<&SignInError>,
) -> Result<Rehearsal, StorageError> {
    let trusted = team.connection.options.email_trust.believes(identity.email_verified);
    let standing = if trusted { EmailStanding::Trusted } else { EmailStanding::Untrusted };
    let trusted_email = identity.email.clone().filter(|_| trusted);
    let known = known(connection, team, identity, trusted_email.as_ref())?;
    let off = known.as_ref().filter(|(_, now)| !now.active).map(|_| SignInError::Deactivated);
    let refused = refused.or(off.as_ref());
    let role = refused.is_none().then(|| role(team, identity, standing, known.as_ref()));
    Ok(Rehearsal {
        steps: steps(refused),
        claims: claims(identity, claim_names),
        role,
        email: Some(verdict(identity.email.as_ref(), &team.team.admin_email, standing)),
        trusted_email,
        notes: identity.notes.clone(),
    })
}

fn steps(error: Option<&SignInError>) -> Vec<Step> {
    let fault = error.map(|error| {
        let (code, stage) = error.code_and_stage();
        (StepName::of(stage), code, error.to_string())
    });
    let step = |name: StepName| {
        let at = fault.as_ref().map(|(at, _, _)| name.cmp(at));
        let (code, detail) = match (&fault, at) {
            (Some((_, code, detail)), Some(std::cmp::Ordering::Equal)) => {
                (Some((*code).to_owned()), Some(detail.chars().take(300).collect()))
            }
            (Some(_) | None, _) => (None, None),
        };
        let ok = match at {
            None | Some(std::cmp::Ordering::Less) => Some(true),
            Some(std::cmp::Ordering::Equal) => Some(false),
            Some(std::cmp::Ordering::Greater) => None,
        };
        Step { name, ok, code, detail }
    };
    StepName::ALL.into_iter().map(step).collect()
}

fn verdict(email: Option<&Email>, admin: &Email, standing: EmailStanding) -> EmailVerdict {
    match (email, standing) {
        (None, _) => EmailVerdict::Missing,
        (Some(email), EmailStanding::Trusted) if email == admin => EmailVerdict::Admin,
        (Some(email), EmailStanding::Untrusted) if email == admin => EmailVerdict::AdminNotTrusted,
        (Some(_), EmailStanding::Trusted) => EmailVerdict::Other,
        (Some(_), EmailStanding::Untrusted) => EmailVerdict::OtherNotTrusted,
    }
}

/// Who would come, if they are known: by their subject, or at another identity provider by what moves people there.
fn known(
    connection: &mut Connection,
    team: &TeamAndConnection,
    identity: &VerifiedIdentity,
    trusted_email: Option<&Email>,
) -> Result<Option<(Person, Membership)>, StorageError> {
    let team_id = &team.team.team_id;
    let live = teams::find(connection, team_id)?.and_then(|tenant| tenant.connection);
    let Some(live) = live else { return Ok(None) };
    let person = if live.answers_to(team.connection.issuer.as_str()) {
        people::by_subject(connection, &live.id, &identity.subject)?
    } else {
        let moved = match trusted_email {
            Some(email) => people::named(connection, team_id, &live.id, email)?,
            None => None,
        };
        match moved {
            Some(id) => people::find(connection, team_id, &id)?,
            None => None,
        }
    };
    let Some(person) = person else { return Ok(None) };
    let now = roles::find(connection, team_id, &person.id)?;
    Ok(now.map(|now| (person, now)))
}

/// As what they would come in by a sign-in with these settings.
fn role(
    team: &TeamAndConnection,
    identity: &VerifiedIdentity,
    standing: EmailStanding,
    known: Option<&(Person, Membership)>,
) -> Role {
    let there = &team.team;
    let is_admin_email = identity.email.as_ref() == Some(&there.admin_email);
    let due = there.promotion_spent_by.is_none() && is_admin_email && standing == EmailStanding::Trusted;
    match known {
        None if due => Role::Admin,
        None => Role::Member,
        Some((person, _)) if due && person.email_at_creation.as_ref() == Some(&there.admin_email) => {
            Role::Admin
        }
        Some((_, now)) => now.role,
    }
}

/// What is worth showing of what was received; of everything else the name alone.
fn claims(identity: &VerifiedIdentity, claim_names: &[String]) -> Vec<(String, String)> {
    let yes_or_no = identity.email_verified.map(|verified| if verified { "true" } else { "false" });
    let known = [
        ("sub", Some(identity.subject.as_str())),
        ("email", identity.email.as_ref().map(Email::as_str)),
        ("email_verified", yes_or_no),
        ("name", identity.name.as_deref()),
        ("given_name", identity.given_name.as_deref()),
        ("family_name", identity.family_name.as_deref()),
        ("hd", identity.hd.as_deref()),
        ("tid", identity.tid.as_deref()),
    ];
    let shown = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    let is_known = |name: &String| known.iter().any(|(known, value)| known == name && value.is_some());
    let others = claim_names.iter().filter(|name| !is_known(name));
    shown.chain(others.map(|name| (name.clone(), String::new()))).collect()
}
