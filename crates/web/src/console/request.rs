//! `/operator/requests/{request_id}`: one request and the operator's decision.

mod decide;
mod shown;

pub(crate) use decide::post;
pub(crate) use shown::get;
