//! Sign-ins that end otherwise, each with its stable code, its stage, and a reference id to find it by.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use sessions::OpenError;
use storage::StorageError;
use teams::OpenTeam;
use upstream::{Refusal, Trouble};
use vocabulary::{ReferenceId, ReturnTo};

use crate::deps::Deps;
use crate::failures::Verdict;
use crate::trace::Trace;

/// Why a sign-in ends otherwise.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown, draft, suspended or removed.
    #[error("no open team of this name")]
    TeamUnknown,
    /// Not made by us.
    #[error("the state is not one of ours")]
    StateUnknown,
    /// Over an hour old.
    #[error("the state is older than an hour")]
    StateExpired,
    /// Spent before.
    #[error("the state was used before")]
    StateUsed,
    /// A good state in a browser without its cookie.
    #[error("the browser has no cookie of this attempt")]
    AttemptCookieMissing,
    /// Begun for another team or redirect URI.
    #[error("the attempt was begun for another team or redirect URI")]
    AttemptTeamMismatch,
    /// The operator changed the settings meanwhile.
    #[error("the settings changed while the sign-in was under way")]
    SettingsChanged,
    /// Too many failed callbacks of this address for this team.
    #[error("too many failed callbacks")]
    RateLimited(Duration),
    /// The identity provider said no.
    #[error("the identity provider refused: {error} {description}")]
    IdpRefused {
        /// What it means.
        refusal: Refusal,
        /// Its own word.
        error: String,
        /// Its own text, cleaned and shortened; for the trace only.
        description: String,
    },
    /// Something between us and the identity provider.
    #[error(transparent)]
    Upstream(#[from] Trouble),
    /// The connection has no secret that this key ring can open.
    #[error("the client secret cannot be opened with the keys at hand")]
    SecretUnreadable,
    /// The team allows some domains only, and there is no email.
    #[error("no email, and the team allows some domains only")]
    EmailMissing,
    /// The team allows some domains only, and this is none of them.
    #[error("the email is outside the allowed domains")]
    EmailDomain {
        /// What they signed in as.
        email: String,
        /// What is allowed, each with its `@`.
        allowed: String,
    },
    /// The team allows some domains only, and nobody vouches for the email.
    #[error("the email is not trusted, and the team allows some domains only")]
    EmailNotTrusted,
    /// The ID token lacks the organisation that the connection requires.
    #[error("the hd or tid claim is not the required one")]
    RequirementNotMet,
    /// Their access was turned off.
    #[error("the account is deactivated")]
    Deactivated,
    /// The identity provider signed them out while they signed in.
    #[error("the identity provider ended this sign-in's session before it was opened")]
    EndedMeanwhile,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<OpenError> for SignInError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::EndedMeanwhile => Self::EndedMeanwhile,
            OpenError::Storage(error) => Self::Storage(error),
        }
    }
}

/// A sign-in that ended otherwise.
#[derive(Debug)]
pub struct Refused {
    /// Why.
    pub error: SignInError,
    /// What the person's screen shows.
    pub reference: ReferenceId,
    /// Whose door it was, as far as that is known.
    pub team: Option<Arc<OpenTeam>>,
    /// Where they were going, for **Start again**.
    pub return_to: Option<ReturnTo>,
    /// What else is known of the attempt.
    pub trace: Trace,
}

impl SignInError {
    /// The stable code (docs/reference/http.md) and the stage for the trace, which tells apart what has one code and
    /// several cures.
    #[must_use]
    pub const fn code_and_stage(&self) -> (&'static str, &'static str) {
        match self {
            Self::TeamUnknown => ("team_unknown", "team"),
            Self::StateUnknown => ("state_unknown", "state"),
            Self::StateExpired => ("state_expired", "state"),
            Self::StateUsed => ("state_used", "state"),
            Self::AttemptCookieMissing => ("attempt_cookie_missing", "attempt"),
            Self::AttemptTeamMismatch => ("attempt_team_mismatch", "attempt"),
            Self::SettingsChanged => ("settings_changed", "attempt"),
            Self::RateLimited(_) => ("rate_limited", "limits"),
            Self::IdpRefused { refusal: Refusal::NotAssigned, .. } => ("idp_not_assigned", "authorization"),
            Self::IdpRefused { refusal: Refusal::Unavailable, .. } => ("idp_unreachable", "authorization"),
            Self::IdpRefused { refusal: Refusal::Cancelled | Refusal::LoginRequired, .. } => {
                ("idp_refused", "authorization")
            }
            Self::IdpRefused { refusal: Refusal::Other, .. } => ("idp_refused", "request"),
            Self::Upstream(trouble) => code_of(trouble),
            Self::SecretUnreadable => ("idp_client_rejected", "secret"),
            Self::EmailMissing => ("email_missing", "policy"),
            Self::EmailDomain { .. } => ("email_domain", "policy"),
            Self::EmailNotTrusted => ("email_domain", "trust"),
            Self::RequirementNotMet => ("email_domain", "organisation"),
            Self::Deactivated => ("account_deactivated", "policy"),
            Self::EndedMeanwhile => ("idp_session_ended", "session"),
            Self::Storage(_) => ("database_unavailable", "database"),
        }
    }

    /// Whether somebody may have made the callback up: what the limit counts. An identity provider in trouble,
    /// a person who is not let in, Back and reload, and a mistake in the settings are no tries.
    pub(crate) const fn is_made_up(&self) -> bool {
        matches!(
            self,
            Self::StateUnknown
                | Self::StateExpired
                | Self::AttemptCookieMissing
                | Self::AttemptTeamMismatch
                | Self::Upstream(
                    Trouble::CodeRejected { .. }
                        | Trouble::ResponseIssuerMismatch { .. }
                        | Trouble::IdTokenInvalid { .. }
                )
        )
    }

    /// Whether anybody can bring it about with a state alone, however well the connection fares.
    const fn is_anybodys(&self) -> bool {
        matches!(
            self,
            Self::StateExpired | Self::StateUsed | Self::AttemptCookieMissing | Self::AttemptTeamMismatch
        )
    }

    /// Whether the trace of it belongs to the team: a genuine attempt, not junk and not our own database.
    const fn is_genuine(&self) -> bool {
        !matches!(self, Self::TeamUnknown | Self::StateUnknown | Self::RateLimited(_) | Self::Storage(_))
    }
}

const fn code_of(trouble: &Trouble) -> (&'static str, &'static str) {
    match trouble {
        Trouble::Forbidden { .. } => ("issuer_forbidden_network", "outbound"),
        Trouble::Unreachable { .. } | Trouble::Busy { .. } => ("idp_unreachable", "outbound"),
        Trouble::TimedOut { .. } => ("idp_timeout", "outbound"),
        Trouble::Protocol { .. } => ("idp_protocol", "outbound"),
        Trouble::CodeRejected { .. } => ("code_rejected", "token"),
        Trouble::ClientRejected { .. } => ("idp_client_rejected", "token"),
        Trouble::IssuerMismatch { .. } => ("idp_issuer_mismatch", "metadata"),
        Trouble::ResponseIssuerMismatch { .. } => ("issuer_param_mismatch", "authorization"),
        Trouble::IdTokenInvalid { .. } => ("id_token_invalid", "id_token"),
        Trouble::UserInfoSubjectMismatch => ("userinfo_subject_mismatch", "userinfo"),
    }
}

/// Keeps the trace of a refused attempt for its team and tells the log, once. What cannot be kept is told
/// to the log alone: a failure to remember is no failure to answer. Says whether it is kept.
pub async fn remember(deps: &Deps, refused: &Refused, address: IpAddr) -> bool {
    let (cause, stage) = refused.error.code_and_stage();
    let detail = refused.error.to_string();
    let team = refused.team.as_ref().map(|team| team.team.team_id.clone());
    tracing::info!(
        reference = %refused.reference, team = team.as_ref().map(tracing::field::display), stage, cause, detail,
        "a sign-in was refused"
    );
    let Some(team) = team.filter(|_| refused.error.is_genuine()) else {
        return false;
    };
    if let Some(of) = refused.team.as_ref().filter(|_| !refused.error.is_anybodys()) {
        deps.health.bad(of, cause, &refused.reference, deps.clock.now());
    }
    let (reference, trace) = (refused.reference.clone(), &refused.trace);
    let (claims, timings) = (trace.claims(), trace.timings());
    keep(deps, audit::Refused { reference, team, stage, cause, detail, claims, timings }, address).await
}

/// Keeps a trace, unless this address has left that team enough of them for now. Says whether it did.
pub(crate) async fn keep(deps: &Deps, row: audit::Refused, address: IpAddr) -> bool {
    if deps.traces.verdict(address, row.team.as_str()) != Verdict::GoOn {
        return false;
    }
    deps.traces.note(address, row.team.as_str());
    let (database, now) = (deps.database.clone(), deps.clock.now());
    let kept = storage::blocking(move || database.write(now, |tx| audit::refused(tx, &row))).await;
    if let Err(error) = &kept {
        tracing::warn!(%error, "the trace of a refused sign-in was not kept");
    }
    kept.is_ok()
}
