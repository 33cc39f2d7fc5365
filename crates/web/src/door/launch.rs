//! `/t/{team_id}/launch`: the product's tile in the Okta dashboard. Without a team in its address a tile leads to
//! [`anywhere`].

pub(crate) mod anywhere;
mod refused;
pub(crate) mod simplified;
pub(crate) mod target;

use std::sync::Arc;

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::failures;
use signin::{Iss, Launch, LaunchError, Place, Verdict, Wish};
use teams::OpenTeam;
use url::{Url, form_urlencoded};
use vocabulary::{TeamId, TypedTeamId};

use crate::answer::{nothing, see_other, with_cookies};
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::door::team_login;
use crate::failed::{Failed, database, no_such_team, too_many};
use crate::request::{Form, is_navigation, query};
use crate::visitor::session;

/// What a target may measure that is handed on, to the GET twin of a POST or by the Team ID page; a longer one leads
/// nowhere.
const LONGEST_TARGET: usize = 2048;

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let launch = match read(&app, &request, &query(&request)) {
        Read::Launch(launch) => launch,
        Read::Answered(answer) => return Ok(answer),
    };
    let team = team_in(&app, &request, &path).await?;
    start(&app, &request, &team, &launch).await
}

/// Checked and answered with the GET twin: a cross-site POST carries no Lax cookies.
pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let launch = match read(&app, &request, &form.0) {
        Read::Launch(launch) => launch,
        Read::Answered(answer) => return Ok(answer),
    };
    let team = team_in(&app, &request, &path).await?;
    check(&app, &request, &team, &launch).await?;
    Ok(see_other(&format!("/t/{}/launch?{}", team.team.team_id, query_of(&launch))))
}

/// A request at a launch's address.
enum Read {
    /// A launch.
    Launch(Launch),
    /// None to go on with, and this is the answer.
    Answered(HttpResponse),
}

/// What a launch says; or its answer, where nobody navigates here or the tile belongs at the stage. Nothing is looked
/// up for either.
fn read(app: &App, request: &HttpRequest, said: &[(String, String)]) -> Read {
    if !is_navigation(request) {
        return Read::Answered(nothing(request));
    }
    let launch = Launch::parse(said);
    match stage(app, &launch) {
        None => Read::Launch(launch),
        Some(stage) if request.method() == Method::POST => {
            Read::Answered(see_other(&twin(stage, request.path(), &launch)))
        }
        Some(stage) => Read::Answered(see_other(&same_at(stage, request))),
    }
}

/// The open team in a tile's address.
async fn team_in(app: &App, request: &HttpRequest, said: &str) -> Result<Arc<OpenTeam>, Failed> {
    let Ok(team_id) = TeamId::parse(said) else {
        return Err(misspelt(app, request, said).await);
    };
    let team = app.door.registry.open_team(&team_id).await.map_err(|error| database(app, &error))?;
    let unknown = || no_such_team(app, request, failures::launch_team_unknown(team_id.as_str()));
    team.ok_or_else(unknown)
}

/// Okta matches redirect URIs letter by letter, so going on would end on Okta's own error page. An open team hears of
/// it; where there is none, it was one more guess.
async fn misspelt(app: &App, request: &HttpRequest, said: &str) -> Failed {
    let said: String = said.chars().take(63).collect();
    let Ok(meant) = TypedTeamId::parse(&said) else {
        return no_such_team(app, request, failures::launch_team_unknown(&said));
    };
    let team = match app.door.registry.open_team(&meant.id).await {
        Ok(team) => team.map(|team| team.team.team_id.clone()),
        Err(error) => return database(app, &error),
    };
    if team.is_none()
        && let Verdict::Wait(wait) = app.may_guess(request)
    {
        return too_many(app, wait);
    }
    let error = LaunchError::TeamIdSpelling { said, meant: meant.id };
    refused::page(app, request, team, error).await
}

/// What a launch wishes, once it is known to belong to this team.
async fn check(app: &App, request: &HttpRequest, team: &OpenTeam, launch: &Launch) -> Result<Wish, Failed> {
    match signin::check_launch(team, launch, &app.door.public_url, app.stage.as_ref()) {
        Ok(wish) => Ok(Wish { return_to: target::of(app, &team.team.team_id, launch).await?, ..wish }),
        Err(error) => Err(refused::page(app, request, Some(team.team.team_id.clone()), error).await),
    }
}

/// Checks a launch and goes on; a browser that comes back again and again without a session is stopped.
async fn start(
    app: &App,
    request: &HttpRequest,
    team: &Arc<OpenTeam>,
    launch: &Launch,
) -> Result<HttpResponse, Failed> {
    let wish = check(app, request, team, launch).await?;
    let team_id = &team.team.team_id;
    if session(app, request, team_id).await?.is_some() {
        return team_login::start(app, request, team, wish).await;
    }
    let now = app.now();
    let recent = match Jar::of(app, request).recent_launches(now).and_one(team_id, now) {
        Ok(recent) => recent,
        Err(error) => return Err(refused::page(app, request, Some(team_id.clone()), error).await),
    };
    let mut response = team_login::start(app, request, team, wish).await?;
    with_cookies(&mut response, [cookies::recent_launches(app, &recent)]);
    Ok(response)
}

/// The stage, for a tile that belongs there while we are not it. Nothing that is refused here is sent on.
fn stage(app: &App, launch: &Launch) -> Option<Url> {
    match launch.use_stage.place(app.stage.as_ref(), &app.door.public_url) {
        Place::At(stage) => launch.fault().is_ok().then_some(stage),
        Place::Here | Place::Nowhere => None,
    }
}

/// The same path and query at the stage, without `use_stage`.
fn same_at(mut stage: Url, request: &HttpRequest) -> String {
    let is_use_stage = |pair: &&str| {
        form_urlencoded::parse(pair.as_bytes()).next().is_some_and(|(key, _)| key == "use_stage")
    };
    let kept: Vec<&str> = request.query_string().split('&').filter(|pair| !is_use_stage(pair)).collect();
    let query = kept.join("&");
    stage.set_path(request.path());
    stage.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
    stage.to_string()
}

/// The GET twin of a POST at the stage.
fn twin(mut stage: Url, path: &str, launch: &Launch) -> String {
    stage.set_path(path);
    stage.set_query(Some(query_of(launch)).as_deref().filter(|query| !query.is_empty()));
    stage.to_string()
}

/// The query of the GET that means the same: nothing of a form but what was read of it.
fn query_of(launch: &Launch) -> String {
    let iss = match &launch.iss {
        Iss::Is(iss) => Some(iss),
        Iss::Missing | Iss::Doubled => None,
    };
    let target = launch.target_link_uri.as_ref().filter(|target| target.len() <= LONGEST_TARGET);
    let all = [
        ("iss", iss),
        ("client_id", launch.client_id.as_ref()),
        ("login_hint", launch.login_hint.as_ref()),
        ("target_link_uri", target),
    ];
    let said = all.into_iter().filter_map(|(name, value)| Some((name, value?)));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish()
}
