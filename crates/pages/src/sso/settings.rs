//! The page of a team's sign-in settings: `/t/{team_id}/settings/sso` inside the house, for admins; the same in a
//! quiet frame of its own behind the setup link and behind break-glass.

use askama::Template;
use vocabulary::{TeamId, Timestamp};

use super::{
    BreakGlassFrame, FindingState, Provider, Rehearsal, SecretField, SecretSet, SsoAddresses, SsoChange,
    SsoChecks, SsoDeeds, SsoField, SsoProblem, SsoSecret, SsoValues,
};
use crate::moment::Moment;
use crate::page::html;
use crate::words::sso as say;
use crate::{Face, House, Notice, Tab, assets, words};

/// The page.
#[derive(Clone, Debug)]
pub struct SsoSettings {
    /// The frame.
    pub frame: SsoFrame,
    /// Where every form posts to.
    pub action_address: String,
    /// What every form carries as `version`.
    pub version: String,
    /// How far the team is.
    pub standing: SsoStanding,
    /// Whether SSO is required.
    pub sso_required: bool,
    /// Whose screens are named.
    pub provider: Provider,
    /// What to paste there.
    pub addresses: SsoAddresses,
    /// What comes from there.
    pub values: SsoValues,
    /// What is wrong with what was sent.
    pub problem: Option<SsoProblem>,
    /// Where the pending version differs from the live one; empty when there are not both.
    pub changes: Vec<SsoChange>,
    /// The checks.
    pub checks: SsoChecks,
    /// The last rehearsal.
    pub rehearsal: Option<Rehearsal>,
    /// What can be done now.
    pub deeds: SsoDeeds,
    /// The life of the secret in use; None where nothing is live.
    pub secret: Option<SsoSecret>,
    /// The latest sign-ins that failed, a few; None where the page does not show them.
    pub failed: Option<Vec<FailedSignIn>>,
    /// The present moment.
    pub now: Timestamp,
}

/// What stands around the page.
#[derive(Clone, Debug)]
pub enum SsoFrame {
    /// The team's house, for an admin who is signed in.
    House(Box<House>),
    /// A quiet frame, for whoever came by the setup link.
    Setup(SetupFrame),
    /// A quiet frame, for an admin who came by break-glass.
    BreakGlass(BreakGlassFrame),
}

/// The frame of the setup link: no sections, nobody signed in.
#[derive(Clone, Debug)]
pub struct SetupFrame {
    /// The team's id.
    pub team_id: TeamId,
    /// The team's name.
    pub team_name: String,
    /// The CSRF token of this setup session, for every form.
    pub csrf: String,
    /// What has just been done.
    pub notice: Option<Notice>,
}

/// How far a team's single sign-on is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SsoStanding {
    /// Not open; its settings are not tested.
    Draft,
    /// Not open; its settings are tested.
    Tested,
    /// Open.
    Open,
    /// The operator has suspended the team.
    Suspended,
}

/// A sign-in that failed, as a row.
#[derive(Clone, Debug)]
pub struct FailedSignIn {
    /// The reference id that stood on the person's screen.
    pub reference: String,
    /// The plain cause.
    pub cause: String,
    /// When.
    pub at: Timestamp,
}

/// What to press next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Save,
    Test,
    Enable,
    Nothing,
}

#[derive(Template)]
#[template(path = "sso/in_house.html")]
struct InHouse<'a> {
    face: &'a Face,
    house: &'a House,
    page: &'a SsoSettings,
}

#[derive(Template)]
#[template(path = "sso/in_setup.html")]
struct InSetup<'a> {
    face: &'a Face,
    frame: &'a SetupFrame,
    page: &'a SsoSettings,
}

#[derive(Template)]
#[template(path = "sso/in_glass.html")]
struct InGlass<'a> {
    face: &'a Face,
    frame: &'a BreakGlassFrame,
    page: &'a SsoSettings,
}

impl SsoSettings {
    /// The page as HTML. Every form posts to `action_address` with `csrf`, `version` and `action`: `save` and `test`
    /// also with `issuer`, `client_id` and `client_secret`; `secret_expires` with `client_secret_expires`; `next_secret`
    /// with `next_client_secret` and `next_client_secret_expires`; `test_next`, `use_next` and `discard_next` with
    /// `next`; alone come `use_issuer`, `probe`, `check`, `enable`, `discard`, `relax`, `done` in the frame of
    /// break-glass, and `rollback` and `require`, which ask once more by [`super::SsoSure`].
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        match &self.frame {
            SsoFrame::House(house) => html(&InHouse { face, house, page: self }),
            SsoFrame::Setup(frame) => html(&InSetup { face, frame, page: self }),
            SsoFrame::BreakGlass(frame) => html(&InGlass { face, frame, page: self }),
        }
    }

    fn csrf(&self) -> &str {
        match &self.frame {
            SsoFrame::House(house) => &house.csrf,
            SsoFrame::Setup(frame) => &frame.csrf,
            SsoFrame::BreakGlass(frame) => &frame.csrf,
        }
    }

    fn team_id(&self) -> &TeamId {
        match &self.frame {
            SsoFrame::House(house) => &house.team_id,
            SsoFrame::Setup(frame) => &frame.team_id,
            SsoFrame::BreakGlass(frame) => &frame.team_id,
        }
    }

    fn team_name(&self) -> &str {
        match &self.frame {
            SsoFrame::House(house) => &house.team_name,
            SsoFrame::Setup(frame) => &frame.team_name,
            SsoFrame::BreakGlass(frame) => &frame.team_name,
        }
    }

    /// Where all that failed is listed, for whoever may go there.
    fn failed_address(&self) -> Option<String> {
        match &self.frame {
            SsoFrame::House(house) => Some(format!("/t/{}/settings/sso/sign-ins", house.team_id)),
            SsoFrame::Setup(_) | SsoFrame::BreakGlass(_) => None,
        }
    }

    fn until(&self, frame: &BreakGlassFrame) -> Moment {
        Moment::tell(frame.expires_at, self.now)
    }

    /// The button that leads on; it alone stands out.
    fn next(&self) -> Next {
        let is_tested = self.rehearsal.as_ref().is_some_and(|made| made.passed && made.of_present);
        if self.problem.is_some() {
            Next::Save
        } else if self.deeds.enable.is_yes() {
            Next::Enable
        } else if is_tested {
            Next::Nothing
        } else if self.deeds.test.is_yes() && !self.checks.have_failed() {
            Next::Test
        } else {
            Next::Save
        }
    }

    fn enable_title(&self) -> &'static str {
        match self.standing {
            SsoStanding::Draft | SsoStanding::Tested => say::ENABLE,
            SsoStanding::Open | SsoStanding::Suspended => say::USE_THESE,
        }
    }

    fn enable_lead(&self) -> String {
        match self.standing {
            SsoStanding::Draft | SsoStanding::Tested => say::enable_lead(self.team_name()),
            SsoStanding::Open | SsoStanding::Suspended => say::USE_THESE_LEAD.to_owned(),
        }
    }

    fn problem_of(&self, field: SsoField) -> Option<&str> {
        self.problem.as_ref().and_then(|problem| problem.of(field))
    }

    /// Whether the cursor goes to `field`.
    fn begins_with(&self, field: SsoField) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.begins_with(field))
    }

    fn set_on(&self, secret: &SecretSet) -> Moment {
        Moment::day(secret.at, self.now)
    }

    fn tested(&self, at: Timestamp) -> Moment {
        Moment::tell(at, self.now)
    }

    fn checked(&self) -> Option<Moment> {
        self.checks.at.map(|at| Moment::tell(at, self.now))
    }

    fn tried(&self) -> Option<Moment> {
        self.checks.probe.at().map(|at| Moment::tell(at, self.now))
    }

    fn rehearsed(&self, made: &Rehearsal) -> Moment {
        Moment::tell(made.at, self.now)
    }

    fn when(&self, row: &FailedSignIn) -> Moment {
        Moment::tell(row.at, self.now)
    }
}

impl SsoStanding {
    const fn is_good(self) -> bool {
        match self {
            Self::Open => true,
            Self::Draft | Self::Tested | Self::Suspended => false,
        }
    }
}
