//! What letters are about, and what they say.

use vocabulary::{Email, Role, TeamId, Timestamp};

use crate::request;
use crate::sheet::name;

mod people;
mod secrets;
mod sign_ins;
mod sso;

pub use sign_ins::SignInTrouble;

/// A letter to one person.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Who gets it.
    pub to: Email,
    /// The team it is about; its link leads to that team's page.
    pub team_id: Option<TeamId>,
    /// What it tells.
    pub occasion: Occasion,
}

impl Letter {
    /// What the letter's one link is called, and the path of ours that it leads to; some have none.
    /// `console` says whether operators have a console.
    pub(crate) fn link(&self, console: bool) -> Option<(&'static str, String)> {
        Some(match (&self.occasion, &self.team_id) {
            (Occasion::SetupLink { path, .. }, _) => ("Set up single sign-on", path.clone()),
            (
                Occasion::SettingsLive { .. } | Occasion::RolledBack { .. } | Occasion::SsoPolicy { .. },
                Some(team),
            ) => ("Open the sign-in settings", format!("/t/{team}/settings/sso")),
            (Occasion::BreakGlass { path, .. }, _) => ("Open the sign-in settings", path.clone()),
            (Occasion::SsoOn { .. }, Some(team)) => ("Sign in", format!("/t/{team}/login")),
            (Occasion::RequestProof { path, .. }, _) => ("Confirm the request", path.clone()),
            (Occasion::RequestRejected { .. }, _) => ("Make another request", "/request".to_owned()),
            (Occasion::RequestWaiting { id, .. }, _) if console => {
                ("Open the request", format!("/operator/requests/{id}"))
            }
            (Occasion::YourTeams { .. }, _) => ("Sign in by Team ID", "/login_sso".to_owned()),
            (Occasion::RequestWaiting { .. } | Occasion::RequestAsked { .. }, _) => return None,
            (Occasion::SignInsFail { .. } | Occasion::SignInsWork { .. }, Some(team)) => {
                ("Open the single sign-on settings", format!("/t/{team}/settings/sso"))
            }
            (Occasion::SecretSwitched { .. } | Occasion::SecretExpires { .. }, Some(team)) => {
                ("Open the single sign-on settings", format!("/t/{team}/settings/sso#secret"))
            }
            (_, Some(team)) => ("Open the team page", format!("/t/{team}/team")),
            (_, None) => ("Sign in", "/login".to_owned()),
        })
    }

    /// What stands before the address of support.
    pub(crate) fn support_words(&self) -> &'static str {
        if matches!(self.occasion, Occasion::RequestAsked { .. }) {
            "Send your answer to"
        } else {
            "Did you not expect it? Ask"
        }
    }
}

/// Who reads a letter about somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The person it is about.
    Themselves,
    /// An admin of their team.
    Admin,
}

/// What happened. Names may hold anything and have any length: letters repeat them on one line, shortened and
/// escaped.
#[derive(Clone, Debug)]
pub enum Occasion {
    /// A person's role was changed.
    RoleChanged {
        /// The team's name.
        team_name: String,
        /// The person's name or email.
        person_name: String,
        /// The role they have now.
        role: Role,
        /// Who changed it: a name, an email, "the operator".
        by: String,
        /// Who reads this.
        reader: Reader,
    },
    /// The owner of the configured admin email signed in for the first time and became admin.
    Promoted {
        /// The team's name.
        team_name: String,
        /// The person's name or email.
        person_name: String,
        /// Who reads this.
        reader: Reader,
    },
    /// A person was shut out of the team.
    Deactivated {
        /// The team's name.
        team_name: String,
        /// The person's name or email.
        person_name: String,
        /// Who did it.
        by: String,
        /// Who reads this.
        reader: Reader,
    },
    /// A deactivated person was let in again.
    Activated {
        /// The team's name.
        team_name: String,
        /// The person's name or email.
        person_name: String,
        /// Who did it.
        by: String,
        /// Who reads this.
        reader: Reader,
    },
    /// The email whose owner becomes admin at their first sign-in was changed; told to the present admins.
    AdminEmailChanged {
        /// The team's name.
        team_name: String,
        /// The new one.
        email: Email,
        /// Who changed it.
        by: String,
    },
    /// A customer's own admin gets the link by which they set up the team.
    SetupLink {
        /// The team's name.
        team_name: String,
        /// The path of the link, a secret.
        path: String,
        /// For how many days it can be used.
        days: u64,
    },
    /// An admin gets the link by which they come to their team's settings while nobody can sign in. The code that it asks
    /// for stands in no letter.
    BreakGlass {
        /// The team's name.
        team_name: String,
        /// The path of the link, a secret.
        path: String,
        /// For how many minutes it can be used.
        minutes: u64,
    },
    /// An operator lets an admin come to the settings by break-glass; told to the other admins.
    BreakGlassMade {
        /// The team's name.
        team_name: String,
        /// The admin's name or email.
        person_name: String,
    },
    /// Single sign-on of a team was switched on; told to the owner of its admin email.
    SsoOn {
        /// The team's name.
        team_name: String,
    },
    /// Tested settings went live in the place of others; told to the admins.
    SettingsLive {
        /// The team's name.
        team_name: String,
        /// Who did it.
        by: String,
    },
    /// The settings from before were taken back; told to the admins.
    RolledBack {
        /// The team's name.
        team_name: String,
        /// Who did it.
        by: String,
    },
    /// Single sign-on was required of everybody, or no longer; told to the admins.
    SsoPolicy {
        /// The team's name.
        team_name: String,
        /// Whether it is required now.
        required: bool,
        /// Who did it.
        by: String,
    },
    /// Whoever was named as the contact of a request for a team is to prove that the address is theirs. Anybody can
    /// name anybody, so the letter repeats nothing of the form but the Team ID.
    RequestProof {
        /// The Team ID that is wanted.
        team_id: TeamId,
        /// The path of the link, a secret.
        path: String,
        /// For how many hours it can be used.
        hours: u64,
    },
    /// The operators learn that a request waits for them.
    RequestWaiting {
        /// The request's id.
        id: String,
        /// Who asks.
        company: String,
        /// The Team ID that is wanted.
        team_id: TeamId,
        /// Who is written to.
        contact: Email,
        /// How many other open requests want the same.
        rivals: usize,
    },
    /// An operator asks the contact of a request something.
    RequestAsked {
        /// The Team ID that is wanted.
        team_id: TeamId,
        /// What; one paragraph for each line.
        text: String,
    },
    /// A request was rejected.
    RequestRejected {
        /// The Team ID that was wanted.
        team_id: TeamId,
        /// Why; one paragraph for each line.
        text: String,
    },
    /// Somebody, perhaps a stranger, asked for the Team IDs of the reader's email.
    YourTeams {
        /// The teams that it can come in to: name, Team ID, whole address of the sign-in.
        teams: Vec<(String, TeamId, String)>,
    },
    /// People can't sign in to the team any more; told to its admins.
    SignInsFail {
        /// The team's name.
        team_name: String,
        /// What is wrong, as far as we can tell.
        trouble: SignInTrouble,
        /// When somebody last came in.
        last_good: Option<Timestamp>,
        /// The reference id of the last sign-in that was refused.
        reference: Option<String>,
    },
    /// They can again.
    SignInsWork {
        /// The team's name.
        team_name: String,
    },
    /// The next client secret took the place of the current one; told to the admins.
    SecretSwitched {
        /// The team's name.
        team_name: String,
        /// Who did it; none when the provider no longer took the one before.
        by: Option<String>,
    },
    /// The client secret expires soon, or has; told to the admins.
    SecretExpires {
        /// The team's name.
        team_name: String,
        /// When.
        at: Timestamp,
        /// In how many days; none when it has.
        days: u64,
        /// Whether the next one waits to take over.
        next_waits: bool,
    },
}

/// What a letter says about its occasion; each text is one line.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub(crate) subject: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) because: String,
}

impl Occasion {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::RoleChanged { team_name, person_name, role, by, reader } => {
                people::role_changed(&name(team_name), &name(person_name), *role, &name(by), *reader)
            }
            Self::Promoted { team_name, person_name, reader } => {
                people::promoted(&name(team_name), &name(person_name), *reader)
            }
            Self::Deactivated { team_name, person_name, by, reader } => {
                people::deactivated(&name(team_name), &name(person_name), &name(by), *reader)
            }
            Self::Activated { team_name, person_name, by, reader } => {
                people::activated(&name(team_name), &name(person_name), &name(by), *reader)
            }
            Self::AdminEmailChanged { team_name, email, by } => {
                people::admin_email_changed(&name(team_name), email, &name(by))
            }
            Self::SetupLink { team_name, days, path: _ } => sso::setup_link(&name(team_name), *days),
            Self::BreakGlass { team_name, minutes, path: _ } => sso::break_glass(&name(team_name), *minutes),
            Self::BreakGlassMade { team_name, person_name } => {
                sso::break_glass_made(&name(team_name), &name(person_name))
            }
            Self::SsoOn { team_name } => sso::sso_on(&name(team_name)),
            Self::SettingsLive { team_name, by } => sso::settings_live(&name(team_name), &name(by)),
            Self::RolledBack { team_name, by } => sso::rolled_back(&name(team_name), &name(by)),
            Self::SsoPolicy { team_name, required, by } => {
                sso::sso_policy(&name(team_name), *required, &name(by))
            }
            Self::RequestProof { team_id, hours, path: _ } => request::proof(team_id, *hours),
            Self::RequestWaiting { id, company, team_id, contact, rivals } => {
                request::waiting(id, &name(company), team_id, contact, *rivals)
            }
            Self::RequestAsked { team_id, text } => request::asked(team_id, text),
            Self::RequestRejected { team_id, text } => request::rejected(team_id, text),
            Self::SignInsFail { team_name, trouble, last_good, reference } => {
                sign_ins::fail(&name(team_name), trouble, *last_good, reference.as_deref())
            }
            Self::YourTeams { teams } => people::your_teams(teams),
            Self::SignInsWork { team_name } => sign_ins::work(&name(team_name)),
            Self::SecretSwitched { team_name, by } => {
                secrets::switched(&name(team_name), by.as_deref().map(name).as_deref())
            }
            Self::SecretExpires { team_name, at, days, next_waits } => {
                secrets::expires(&name(team_name), *at, *days, *next_waits)
            }
        }
    }
}

fn because(team: &str, reader: Reader) -> String {
    match reader {
        Reader::Themselves => format!("You get this letter because it is about your account at {team}."),
        Reader::Admin => format!("You get this letter because you are an admin of {team}."),
    }
}
