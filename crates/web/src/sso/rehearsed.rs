//! The end of a rehearsal: its result stands on the page from which it began.

use actix_web::{HttpRequest, HttpResponse};
use signin::Arrival;
use vocabulary::TeamId;

use crate::answer::see_other_with;
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::door::refused;
use crate::failed::Failed;

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
        Err(refused) => Err(refused::page(app, &refused, false).await),
    }
}
