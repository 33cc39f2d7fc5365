//! `/`: to the team this browser opens by default, or to the sign-in page.

use actix_web::{HttpRequest, HttpResponse, web};
use vocabulary::TeamId;

use crate::answer::see_other;
use crate::app::App;
use crate::cookies::Jar;
use crate::failed::Failed;
use crate::visitor::sessions_of;

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let jar = Jar::of(&app, &request);
    let open = sessions_of(&app, &jar, &jar.teams()).await?;
    let open: Vec<&TeamId> = open.iter().map(|who| &who.team.team.team_id).collect();
    let chosen = jar.default_team().filter(|team| open.contains(&team));
    Ok(match (chosen, open.as_slice()) {
        (Some(team), _) => see_other(&format!("/t/{team}")),
        (None, [only]) => see_other(&format!("/t/{only}")),
        (None, _) => see_other("/login"),
    })
}
