//! Forward-auth: a proxy asks at each request whether somebody is there who may pass. On our own host the session
//! answers. On an app's host a sign-in is an authorization code flow whose client is the app itself, and ends in a
//! sealed cookie there, which is worth what the session at Teamdoor is worth at that moment.

mod arrive;
mod demand;
mod depart;
mod host_session;

pub use arrive::{Arrival, ArrivalError, Arrived, arrive};
pub use demand::{Demand, Stopped, may_pass};
pub use depart::{Departure, LONGEST_SIGN_IN, depart};
pub use host_session::recognise;

use std::sync::Arc;

use people::Person;
use sessions::SignedIn;
use storage::StorageError;

use crate::Deps;

/// What is known of somebody who is there, without the database once warm; none if they were erased a moment ago.
pub async fn person(deps: &Deps, who: &SignedIn) -> Result<Option<Arc<Person>>, StorageError> {
    deps.grants.person(&who.team.team.team_id, &who.person).await
}
