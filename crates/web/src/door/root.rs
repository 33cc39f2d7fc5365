//! `/`: to the team this browser opens by default, or to the sign-in page.

use actix_web::{HttpRequest, HttpResponse, web};
use vocabulary::TeamId;

use crate::answer::see_other;
use crate::app::App;
use crate::cookies::Jar;
use crate::failed::{Failed, database};

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let jar = Jar::of(&app, &request);
    let mut open: Vec<TeamId> = Vec::new();
    for team in jar.teams() {
        let Some(token) = jar.session(&team) else { continue };
        let who = app
            .door
            .sessions
            .recognise(&team, token, app.now())
            .await
            .map_err(|error| database(&app, &error))?;
        open.extend(who.map(|_somebody| team));
    }
    let chosen = jar.default_team().filter(|team| open.contains(team));
    Ok(match (chosen, open.as_slice()) {
        (Some(team), _) => see_other(&format!("/t/{team}")),
        (None, [only]) => see_other(&format!("/t/{only}")),
        (None, _) => see_other("/login"),
    })
}
