//! Launches that are refused, each with its stable code; those of a known team leave a trace for its admin.

use std::net::IpAddr;

use audit::Timings;
use vocabulary::{ReferenceId, TeamId};

use crate::deps::Deps;
use crate::refused::keep;

/// Why a launch is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LaunchError {
    /// The tile belongs to another identity provider than the team uses.
    #[error("the tile's iss is {said}; the team's issuer is {issuer}, and it is no registered alias")]
    IssuerMismatch {
        /// What the tile said, cleaned and shortened.
        said: String,
        /// What the team has.
        issuer: String,
    },
    /// The tile names two identity providers.
    #[error("the tile carries iss more than once")]
    IssuerDoubled,
    /// Okta's app is set to "Send ID Token directly to app".
    #[error("an ID token was sent that nobody asked for")]
    IdTokenRefused,
    /// The Team ID in the tile's address is not written canonically.
    #[error("the tile spells the Team ID {said:?}; it must be {meant}")]
    TeamIdSpelling {
        /// As the tile writes it.
        said: String,
        /// As it has to be written.
        meant: TeamId,
    },
    /// A tile of the stage, and there is none; or nobody can tell which it is.
    #[error("use_stage is neither empty nor false, and no stage is configured; or its value is unknown")]
    StageNotConfigured,
    /// Three launches in half a minute, and still no session.
    #[error("three launches of one browser in 30 seconds without a session")]
    Loop,
}

impl LaunchError {
    /// The stable code (docs/reference/http.md).
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::IssuerMismatch { .. } | Self::IssuerDoubled => "launch_issuer_mismatch",
            Self::IdTokenRefused => "launch_id_token_refused",
            Self::TeamIdSpelling { .. } => "launch_team_id_spelling",
            Self::StageNotConfigured => "stage_not_configured",
            Self::Loop => "launch_loop",
        }
    }
}

/// A launch that was refused.
#[derive(Debug)]
pub struct LaunchRefused {
    /// Why.
    pub error: LaunchError,
    /// What the person's screen shows.
    pub reference: ReferenceId,
    /// Whose tile it is, when that is an open team.
    pub team: Option<TeamId>,
}

/// Tells the log, once, and keeps the trace for the team. A tile of another identity provider is told louder:
/// somebody may be trying doors. Says whether the trace is kept.
pub async fn remember_launch(deps: &Deps, refused: &LaunchRefused, address: IpAddr) -> bool {
    let (reference, cause, detail) = (&refused.reference, refused.error.code(), refused.error.to_string());
    let team = refused.team.as_ref().map(tracing::field::display);
    if matches!(refused.error, LaunchError::IssuerMismatch { .. }) {
        tracing::warn!(%reference, team, cause, detail, "a tile of another identity provider was pressed");
    } else {
        tracing::info!(%reference, team, cause, detail, "a launch was refused");
    }
    let Some(team) = refused.team.clone() else {
        return false;
    };
    let (reference, stage) = (reference.clone(), "launch");
    let (claims, timings) = (Vec::new(), Timings::default());
    keep(deps, audit::Refused { reference, team, stage, cause, detail, claims, timings }, address).await
}
