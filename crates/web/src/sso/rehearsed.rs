//! The end of a rehearsal: its result stands on the page from which it began.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use pages::words::sso as say;
use signin::{Arrival, Callback};
use teams::CallbackPath;
use vocabulary::TeamId;

use crate::answer::see_other_with;
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::door::refused;
use crate::failed::{Failed, failed_with};
use crate::request::query;

/// The team whose rehearsal this request ends, at a path that its connection brought along: it need not be open.
pub(crate) fn team(app: &App, request: &HttpRequest, path: &CallbackPath) -> Option<TeamId> {
    let jar = Jar::of(app, request);
    let cookie = |key: &str| jar.attempt(key).map(str::to_owned);
    let callback = Callback::parse(&query(request)).ok()?;
    let arrival = Arrival { path: path.clone(), callback, cookie: &cookie, address: app.address(request) };
    signin::rehearsed_team(&app.door, &arrival)
}

pub(crate) async fn arrive(
    app: &App,
    request: &HttpRequest,
    team_id: &TeamId,
    arrival: &Arrival<'_>,
) -> Result<HttpResponse, Failed> {
    match signin::finish_rehearsal(&app.door, team_id, arrival).await {
        Ok(done) => {
            let page = done.return_to.as_ref().map_or("/", |place| place.as_str());
            let place = if done.holds { format!("{page}#test") } else { format!("{page}?done=changed#test") };
            let over = cookies::attempt_over(&Jar::of(app, request), &done.attempt_key);
            Ok(see_other_with(&place, vec![over]))
        }
        Err(refused) => {
            let (code, _) = refused.error.code_and_stage();
            let back = refused.return_to.as_ref().map_or("/", |place| place.as_str()).to_owned();
            let status = refused::status(&refused.error);
            if status == StatusCode::SERVICE_UNAVAILABLE {
                return Err(refused::page(app, &refused, false).await);
            }
            let telling = refused::words("The team", &refused.error);
            Err(failed_with(app, status, code, telling, (say::BACK, back)))
        }
    }
}
