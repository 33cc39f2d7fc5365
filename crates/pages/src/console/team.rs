//! `/operator/teams/{team_id}`: one team as an operator needs it, and what an operator can do to it.

use askama::Template;
use vocabulary::{TeamId, Timestamp};

use super::facts::{
    ConnectionFacts, LinkFacts, OtherSettings, TeamAdmin, TeamDeed, TeamField, TeamFields, TeamHealth,
    TeamProblem,
};
use super::{Console, ConsoleTab, TeamStanding};
use crate::FindingState;
use crate::moment::Moment;
use crate::page::html;
use crate::words::console::team as say;
use crate::words::sso as of_sso;
use crate::{Available, Face, FailedSignIn, Finding, SecretSet, assets, words};

/// One team.
#[derive(Clone, Debug)]
pub struct OneTeam {
    /// The frame.
    pub console: Console,
    /// Its Team ID.
    pub team_id: TeamId,
    /// Its name.
    pub name: String,
    /// Whether people can sign in.
    pub standing: TeamStanding,
    /// Whether the product refuses its own passwords for it.
    pub sso_required: bool,
    /// The address of its sign-in.
    pub login_address: String,
    /// Who is, or was, promoted on their first sign-in.
    pub admin_email: String,
    /// Who has become admin by that.
    pub promoted: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// How many people it has.
    pub people: i64,
    /// How many of them are active admins who can come in.
    pub admins_present: usize,
    /// Some of its admins.
    pub admins: Vec<TeamAdmin>,
    /// How many more there are.
    pub more_admins: usize,
    /// Its redirect URI.
    pub redirect_uri: String,
    /// How it is connected.
    pub connection: Option<ConnectionFacts>,
    /// What is worked on beside that.
    pub pending: Option<OtherSettings>,
    /// What was in use before.
    pub previous: Option<OtherSettings>,
    /// What the checks found that were run now.
    pub checks: Vec<Finding>,
    /// Whether there is anything to check.
    pub can_check: bool,
    /// How the connection fares.
    pub health: Option<TeamHealth>,
    /// The setup link that can be used.
    pub link: Option<LinkFacts>,
    /// Whether one can be made.
    pub may_link: Available,
    /// The last refused sign-ins.
    pub failed: Vec<FailedSignIn>,
    /// What stands in the fields.
    pub fields: TeamFields,
    /// What is wrong with one of them.
    pub problem: Option<TeamProblem>,
    /// What can be done, or why not.
    pub deeds: Vec<(TeamDeed, Available)>,
    /// The settings that are worked on: forms carry it as `version`.
    pub version: String,
    /// The team as it is shown: the form of its fields carries it as `tag`.
    pub tag: String,
    /// The present moment.
    pub now: Timestamp,
}

#[derive(Template)]
#[template(path = "console/team.html")]
struct Html<'a> {
    face: &'a Face,
    console: &'a Console,
    page: &'a OneTeam,
}

impl OneTeam {
    /// The page as HTML. Forms: `POST /operator/teams/{team_id}` with `csrf`, `version` and `action`: that of a
    /// [`TeamDeed`], `check`, `probe`, `revoke_link`, `setup_link` with `link_to`, `break_glass` with `person`, `revoke_glass`, or `edit` with `tag`, `name` and
    /// `admin_email`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, console: &self.console, page: self })
    }

    fn when(&self, at: Timestamp) -> Moment {
        Moment::tell(at, self.now)
    }

    fn set_on(&self, secret: &SecretSet) -> Moment {
        Moment::day(secret.at, self.now)
    }

    fn problem_of(&self, field: TeamField) -> Option<&str> {
        self.problem.as_ref().filter(|problem| problem.field == field).map(|problem| problem.text.as_str())
    }

    /// Settings that are not in use, with what they are called.
    fn others(&self) -> Vec<(&'static str, &'static str, &OtherSettings)> {
        let pending = self.pending.as_ref().map(|other| (say::PENDING, say::PENDING_LEAD, other));
        let previous = self.previous.as_ref().map(|other| (say::PREVIOUS, say::PREVIOUS_LEAD, other));
        pending.into_iter().chain(previous).collect()
    }

    /// For whom break-glass can be made.
    fn for_glass(&self) -> Vec<&TeamAdmin> {
        self.admins.iter().filter(|admin| admin.active && admin.email.is_some()).collect()
    }

    /// Why it can be made for nobody.
    fn no_glass(&self) -> Option<&'static str> {
        if self.standing == TeamStanding::Suspended {
            Some(say::GLASS_NEEDS_OPEN)
        } else {
            self.for_glass().is_empty().then_some(say::GLASS_NEEDS_ADMIN)
        }
    }

    fn has_email_of_their_own(admin: &TeamAdmin) -> Option<&str> {
        admin.email.as_deref().filter(|email| *email != admin.name)
    }
}
