//! Every way in from a dashboard, whatever the tile says: with and without a team, for the stage, misspelt,
//! foreign, pressed again and again, prefetched, and with somewhere hostile to go.

mod anywhere;
mod circles;
mod hostile;
mod hostile_values;
mod names;
mod silent;
mod stage;
mod tiles;
mod told;

use support::{Answer, World};
use url::Url;

/// A parameter of an address.
pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// An address of the service with these parameters.
pub(crate) fn address(world: &World, path: &str, parameters: &[(&str, &str)]) -> String {
    let mut url = Url::parse(&world.at(path)).unwrap();
    if !parameters.is_empty() {
        url.query_pairs_mut().extend_pairs(parameters);
    }
    url.into()
}

/// The client id of the authorization request that an answer leads to.
pub(crate) fn begun(answer: &Answer) -> Option<String> {
    let request = answer.location().filter(|place| place.path().ends_with("/authorize"))?;
    parameter(&request, "client_id")
}
