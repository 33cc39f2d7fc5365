//! `/launch`: a tile without a team in its address. Its client id or its issuer tells the team; an issuer of several
//! teams leads to the Team ID page, which takes the teams of that issuer alone and lists none.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::CorporateSso;
use pages::words::failures;
use signin::{Iss, Launch, LaunchError, Place};
use teams::{LaunchName, Named, OpenTeam};

use super::{Read, check, query_of, read, refused, start};
use crate::answer::see_other;
use crate::app::App;
use crate::door::login_sso;
use crate::failed::{Failed, database, no_such_team};
use crate::request::{Form, query};

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let launch = match read(&app, &request, &query(&request)) {
        Read::Launch(launch) => launch,
        Read::Answered(answer) => return Ok(answer),
    };
    match whose(&app, &request, &launch).await? {
        Some(team) => start(&app, &request, &team, &launch).await,
        None => ask(&app, &launch).await,
    }
}

/// Checked and answered with the GET twin: a cross-site POST carries no Lax cookies.
pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let launch = match read(&app, &request, &form.0) {
        Read::Launch(launch) => launch,
        Read::Answered(answer) => return Ok(answer),
    };
    if let Some(team) = whose(&app, &request, &launch).await? {
        check(&app, &request, &team, &launch).await?;
    }
    Ok(see_other(&format!("/launch?{}", query_of(&launch))))
}

/// The team a launch means; none when only the person can say. What no open team has is a guess like an unknown Team
/// ID.
async fn whose(app: &App, request: &HttpRequest, launch: &Launch) -> Result<Option<Arc<OpenTeam>>, Failed> {
    if let Err(error) = launch.fault() {
        return Err(refused::page(app, request, None, error).await);
    }
    let by_client = named(app, launch.client_id.clone().map(LaunchName::Client)).await?;
    if let Some(Named::One(team)) = by_client {
        return Ok(Some(team));
    }
    let iss = match &launch.iss {
        Iss::Is(iss) => Some(LaunchName::Issuer(iss.clone())),
        Iss::Missing | Iss::Doubled => None,
    };
    match named(app, iss).await?.or(by_client) {
        Some(Named::One(team)) => Ok(Some(team)),
        Some(Named::Nobody) => Err(no_such_team(app, request, failures::launch_of_nobody())),
        Some(Named::Several) | None => {
            if launch.use_stage.place(app.stage.as_ref(), &app.door.public_url) == Place::Nowhere {
                return Err(refused::page(app, request, None, LaunchError::StageNotConfigured).await);
            }
            Ok(None)
        }
    }
}

async fn named(app: &App, name: Option<LaunchName>) -> Result<Option<Named<Arc<OpenTeam>>>, Failed> {
    match name {
        Some(name) => {
            app.door.registry.open_team_named(name).await.map(Some).map_err(|error| database(app, &error))
        }
        None => Ok(None),
    }
}

/// The Team ID page, which keeps what the tile said.
async fn ask(app: &App, launch: &Launch) -> Result<HttpResponse, Failed> {
    let return_to = launch.target(&app.door.public_url);
    let page =
        CorporateSso { return_to, tile: login_sso::tile(app, launch).await?, ..CorporateSso::default() };
    Ok(login_sso::show(app, StatusCode::OK, &page))
}
