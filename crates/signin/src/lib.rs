//! The sign-in story as a state machine: begin → (the identity provider) → finish; a launch joins at begin.
//!
//! ```text
//! begin ──► Attempt, sealed into a cookie ──► IdP ──► Callback
//! finish: genuine ─► young ─► unspent ─► its cookie opens ─► same team, path, settings
//!         ─► spent (one winner) ─► exchanged ─► allowed ─► signed in
//! ```
//!
//! Owns the tables `spent_states` and `rehearsals`. The invariants: no row is written before the identity provider answered; a
//! state is spent before its code is sent anywhere, and by one winner; a session is opened in the same
//! transaction that finds the team still open with the settings the attempt began with.

mod attempt;
mod begin;
mod callback;
mod deps;
mod failures;
mod finish;
mod launch;
mod lookups;
mod next_secret;
mod policy;
mod refused;
mod rehearse;
mod spent;
mod state;
mod trace;

pub use attempt::AttemptCookie;
pub use begin::{Begun, Wish, begin};
pub use callback::{Arrival, Callback, CallbackError};
pub use deps::Deps;
pub use failures::{Failures, Verdict};
pub use finish::{Finished, finish};
pub use launch::{
    Iss, Launch, LaunchError, LaunchRefused, Place, RecentLaunches, Stage, Unsolicited,
    check as check_launch, login_hint, remember_launch,
};
pub use lookups::Lookups;
pub use refused::{Refused, SignInError, remember};
pub use rehearse::{
    EmailVerdict, KeptRehearsal, Rehearsal, Rehearsed, Step, StepName, finish_rehearsal, forget_rehearsal,
    last_rehearsal, next_secret_key, rehearse, rehearse_next_secret, rehearsed_team, tidy_rehearsals,
};
pub use spent::tidy;
pub use trace::Trace;
