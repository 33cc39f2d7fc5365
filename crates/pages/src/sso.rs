//! Setting single sign-on up: the page of its settings, inside the team's house and for the setup link, what stands
//! before and after the setup link and break-glass, the question before a dangerous act,
//! and why people could not come in.

mod addresses;
mod deeds;
mod findings;
mod glass;
mod rehearsal;
mod secret;
mod settings;
mod setup;
mod sure;
mod traces;
mod values;

pub use addresses::{Provider, SsoAddresses};
pub use deeds::{Available, SsoDeeds};
pub use findings::{Compared, Finding, FindingState, Probe, SsoChecks};
pub use glass::{BreakGlassDoor, BreakGlassFrame, BreakGlassOver};
pub use rehearsal::{AdminEmail, Rehearsal};
pub use secret::{SecretField, SecretProblem, SsoNextSecret, SsoSecret};
pub use settings::{FailedSignIn, SetupFrame, SsoFrame, SsoSettings, SsoStanding};
pub use setup::{SetupEnded, SetupStart};
pub use sure::SsoSure;
pub use traces::{Trace, TraceFacts, TraceReader, TraceRow, TraceTimes, Traces};
pub use values::{SecretSet, SsoChange, SsoField, SsoProblem, SsoValues};
