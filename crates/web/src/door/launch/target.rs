//! Where a launch leads: a place of ours, or a page of an app that the team may use. Anything else is dropped.

use signin::Launch;
use url::Url;
use vocabulary::{ReturnTo, TeamId};

use super::LONGEST_TARGET;
use crate::app::App;
use crate::failed::{Failed, database};
use crate::team::apps;

pub(crate) async fn of(app: &App, team: &TeamId, launch: &Launch) -> Result<Option<ReturnTo>, Failed> {
    if launch.target_link_uri.is_none() {
        return Ok(None);
    }
    let place = match (launch.target(&app.door.public_url), address(launch)) {
        (Some(ours), _) => Some(ours),
        (None, Some(address)) => apps::path_to(app, team, &address).await?,
        (None, None) => None,
    };
    if place.is_none() {
        tracing::info!(%team, "a launch's target_link_uri is neither ours nor an app's of the team and was dropped");
    }
    Ok(place)
}

/// The target, when an app of any team stands there: for as long as the team is not known.
pub(crate) async fn at_an_app(app: &App, launch: &Launch) -> Result<Option<String>, Failed> {
    let Some(address) = address(launch).filter(|address| address.as_str().len() <= LONGEST_TARGET) else {
        return Ok(None);
    };
    let all = app.apps.all().await.map_err(|error| database(app, &error))?;
    Ok(all.iter().any(|found| found.has_address(&address)).then(|| address.into()))
}

fn address(launch: &Launch) -> Option<Url> {
    apps::address(launch.target_link_uri.as_deref()?)
}
