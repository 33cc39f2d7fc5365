//! `/t/{team_id}/signed-out`: what ended and what did not; also the post-logout redirect URI.

use actix_web::{HttpRequest, HttpResponse, web};
use pages::{AtIdp, Ended, SignedOut, words};

use crate::answer::{page, see_other};
use crate::app::App;
use crate::failed::Failed;
use crate::request::{first, query};
use crate::visitor::{open_team, session};

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let team = open_team(&app, &request, &path).await?;
    let team_id = team.team.team_id.clone();
    if session(&app, &request, &team_id).await?.is_some() {
        return Ok(see_other(&format!("/t/{team_id}")));
    }
    let query = query(&request);
    let ended =
        if first(&query, "ended") == Some("everywhere") { Ended::Everywhere } else { Ended::ThisTeam };
    let at_idp = AtIdp::Perhaps(words::YOUR_IDP.to_owned());
    let team_name = team.team.name.clone();
    Ok(page(SignedOut { team_id, team_name, ended, at_idp, return_to: None }.render(&app.face)))
}
