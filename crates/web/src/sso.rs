//! How a team is connected to its identity provider: the settings page for its admins, the same page behind the setup
//! link for the customer's own admin, and the end of a rehearsal.

mod act;
pub(crate) mod rehearsed;
mod seat;
pub(crate) mod settings;
pub(crate) mod setup;
mod shown;
pub(crate) mod sign_ins;
mod values;
