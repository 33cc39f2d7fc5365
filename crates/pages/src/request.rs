//! A company asks for a team: the form, the letter that is on its way, the contact's confirmation.

mod confirm;
mod form;
mod sent;

pub use confirm::{ConfirmRequest, RequestConfirmed};
pub use form::{RequestField, RequestForm, RequestProblem};
pub use sent::RequestSent;
