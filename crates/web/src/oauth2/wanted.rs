//! Authorization requests as the place where somebody is going: a sign-in on the way there knows whom it is for.

use std::sync::Arc;

use provider::{AuthorizationRequest, Unreadable};
use signin::Wish;
use storage::StorageError;
use upstream::{Hints, Prompt};
use url::form_urlencoded;
use vocabulary::{ClientId, ReturnTo, TeamId};

use crate::app::App;
use crate::request::first;

/// What stands in the query, when the place is the authorization endpoint.
fn said(place: &ReturnTo) -> Option<Vec<(String, String)>> {
    let query = place.as_str().strip_prefix("/oauth2/authorize?")?;
    Some(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
}

/// The request that somebody is on the way to; none when they go elsewhere, or it is not right.
pub(crate) async fn at(app: &App, place: &ReturnTo) -> Result<Option<AuthorizationRequest>, StorageError> {
    let Some(said) = said(place) else { return Ok(None) };
    match provider::read(&app.provider, &said).await {
        Ok(wanted) => Ok(Some(wanted)),
        Err(Unreadable::Page(_) | Unreadable::Back(_)) => Ok(None),
        Err(Unreadable::Storage(error)) => Err(error),
    }
}

/// The app that somebody is on the way to.
pub(crate) async fn app_at(
    app: &App,
    place: Option<&ReturnTo>,
) -> Result<Option<Arc<apps::App>>, StorageError> {
    let said = place.and_then(said).unwrap_or_default();
    match first(&said, "client_id").and_then(|id| ClientId::parse(id).ok()) {
        Some(id) => app.provider.apps.find(&id).await,
        None => Ok(None),
    }
}

/// What the identity provider is told of a request.
pub(super) fn hints(wanted: &AuthorizationRequest) -> Hints {
    let prompt = if wanted.prompt.asks_to_sign_in() {
        Some(Prompt::Login)
    } else {
        wanted.prompt.asks_which_team().then_some(Prompt::SelectAccount)
    };
    Hints { login_hint: wanted.login_hint.clone(), prompt, max_age: wanted.max_age }
}

/// A sign-in to a team on the way to an authorization request is for that request: it comes back with the team
/// named, unless the app named one, and the identity provider asks as the app wishes.
pub(crate) async fn on_behalf(app: &App, team: &TeamId, wish: Wish) -> Result<Wish, StorageError> {
    let Some(place) = &wish.return_to else { return Ok(wish) };
    let Some(wanted) = at(app, place).await? else { return Ok(wish) };
    if wanted.team.as_ref().is_some_and(|named| named != team) {
        return Ok(wish);
    }
    let asked = hints(&wanted);
    let hints = Hints {
        login_hint: wish.hints.login_hint.or(asked.login_hint),
        prompt: wish.hints.prompt.or(asked.prompt),
        max_age: asked.max_age,
    };
    let of_team = wanted.of_team(team);
    let back = if hints.prompt.is_some() { of_team.asked_again(app.now()) } else { of_team };
    let return_to = back.path().ok().or(wish.return_to);
    Ok(Wish { return_to, hints, came_by: wish.came_by })
}
