//! What checks and a rehearsal found: each with a plain sentence and, where it went wrong, a remedy.

use vocabulary::Timestamp;

use super::Available;
use crate::words::sso as say;

/// The checks of the settings that the page shows.
#[derive(Clone, Debug)]
pub struct SsoChecks {
    /// What they found, in the order they ran; none when they never did.
    pub findings: Vec<Finding>,
    /// When they ran.
    pub at: Option<Timestamp>,
    /// Whether they ran with the settings that stand above them.
    pub of_present: bool,
    /// Whether they can run (again) now: `check`.
    pub again: Available,
    /// The probe of client id and secret.
    pub probe: Probe,
}

/// One check, or one step of a rehearsal.
#[derive(Clone, Debug)]
pub struct Finding {
    /// How it ended.
    pub state: FindingState,
    /// What it was about, e.g. [`crate::words::sso::check_title`] or [`crate::words::sso::step_title`].
    pub title: String,
    /// What was found, a sentence.
    pub message: Option<String>,
    /// What to do about it.
    pub remedy: Option<String>,
    /// The two texts that should be equal.
    pub compared: Option<Compared>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingState {
    /// Well.
    Passed,
    /// Not well.
    Failed,
    /// Not at all: it waits for another.
    Waiting,
}

/// Two texts that should be equal: what both begin with, where they differ, what both end with.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// What both begin with.
    pub before: String,
    /// What only the settings have.
    pub entered: String,
    /// What only the provider says.
    pub said: String,
    /// What both end with.
    pub after: String,
    /// Whether "Use what Okta says" is offered: `use_issuer`.
    pub offered: bool,
}

/// The probe of client id and secret at the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// It cannot be made yet, and why.
    Waits(String),
    /// It was not made with these settings.
    NotTried,
    /// The provider knew them.
    Accepted(Timestamp),
    /// The provider refused them.
    Rejected(Timestamp),
    /// The provider's answer says neither.
    CantTell {
        /// Why, as a sentence.
        why: String,
        /// When it was made.
        at: Timestamp,
    },
}

impl SsoChecks {
    /// What is to be read first: what failed, then what waits.
    pub(super) fn open(&self) -> impl Iterator<Item = &Finding> {
        let of = |state| self.findings.iter().filter(move |finding| finding.state == state);
        of(FindingState::Failed).chain(of(FindingState::Waiting))
    }

    /// Whether something is wrong with the settings that stand above.
    pub(super) fn have_failed(&self) -> bool {
        let failed = |finding: &Finding| finding.state == FindingState::Failed;
        self.of_present && self.findings.iter().any(failed)
    }

    pub(super) fn passed(&self) -> Vec<&Finding> {
        self.findings.iter().filter(|finding| finding.state == FindingState::Passed).collect()
    }
}

impl Finding {
    pub(super) fn offers_theirs(&self) -> bool {
        self.compared.as_ref().is_some_and(|compared| compared.offered)
    }
}

impl Probe {
    pub(super) const fn state(&self) -> FindingState {
        match self {
            Self::Waits(_) | Self::NotTried | Self::CantTell { .. } => FindingState::Waiting,
            Self::Accepted(_) => FindingState::Passed,
            Self::Rejected(_) => FindingState::Failed,
        }
    }

    /// Stands, unseen, before the title.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::CantTell { .. } => say::UNCLEAR,
            Self::Waits(_) | Self::NotTried | Self::Accepted(_) | Self::Rejected(_) => {
                say::state(self.state())
            }
        }
    }

    pub(super) const fn may_try(&self) -> bool {
        match self {
            Self::Waits(_) => false,
            Self::NotTried | Self::Accepted(_) | Self::Rejected(_) | Self::CantTell { .. } => true,
        }
    }

    pub(super) const fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Waits(_) | Self::NotTried => None,
            Self::Accepted(at) | Self::Rejected(at) | Self::CantTell { at, .. } => Some(*at),
        }
    }
}
