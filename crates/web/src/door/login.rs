//! `/login`: the ways to sign in.

use actix_web::{HttpRequest, HttpResponse, web};
use pages::{Login, RememberedTeam};
use vocabulary::ReturnTo;

use crate::answer;
use crate::app::App;
use crate::cookies::Jar;
use crate::failed::{Failed, database};
use crate::oauth2::wanted;
use crate::request::{first, query};

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let remembered = remembered(&app, &request).await?;
    let query = query(&request);
    let return_to = first(&query, "return_to").and_then(|place| ReturnTo::parse(place).ok());
    let going_to = wanted::app_at(&app, return_to.as_ref()).await.map_err(|error| database(&app, &error))?;
    let going_to = going_to.map(|going_to| going_to.name.clone());
    Ok(answer::page(Login { remembered, going_to, return_to }.render(&app.face)))
}

/// The open teams that this browser remembers, latest first.
pub(crate) async fn remembered(app: &App, request: &HttpRequest) -> Result<Vec<RememberedTeam>, Failed> {
    let mut remembered = Vec::new();
    for team_id in Jar::of(app, request).remembered() {
        let team = app.door.registry.open_team(&team_id).await.map_err(|error| database(app, &error))?;
        remembered.extend(team.map(|team| RememberedTeam { team_id, name: team.team.name.clone() }));
    }
    Ok(remembered)
}
