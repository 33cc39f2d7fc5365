//! The team's single sign-on: why people could not come in.

mod traces;

pub use traces::{Trace, TraceRow, TraceTimes, Traces};
