//! `/login_sso`: the Team ID page.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::{self, failures};
use pages::{CorporateSso, FieldProblem, PressedTile};
use people::CameBy;
use signin::{Iss, Launch, Verdict, Wish};
use teams::OpenTeam;
use upstream::Hints;
use vocabulary::{FromAddress, ReturnTo, Role, TypedTeamId, TypedTeamIdError};

use crate::answer::{nothing, with_cookies};
use crate::app::App;
use crate::cookies;
use crate::door::launch::target;
use crate::door::{login, team_login};
use crate::failed::{Failed, database};
use crate::headers::POLICY_ANY_FORM;
use crate::oauth2::wanted;
use crate::request::{Form, first, is_navigation, is_own_click, query};

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let query = query(&request);
    let typed = first(&query, "team_id").unwrap_or_default().chars().take(100).collect();
    let return_to = first(&query, "return_to").and_then(|place| ReturnTo::parse(place).ok());
    let page = on_the_way(&app, &request, CorporateSso { return_to, ..CorporateSso::default() }).await?;
    Ok(show(&app, StatusCode::OK, &CorporateSso { typed, ..page }))
}

/// The page with what it says to somebody on the way to an app: its name, and the teams to go on with by one click.
async fn on_the_way(app: &App, request: &HttpRequest, page: CorporateSso) -> Result<CorporateSso, Failed> {
    let going_to =
        wanted::app_at(app, page.return_to.as_ref()).await.map_err(|error| database(app, &error))?;
    let Some(going_to) = going_to else { return Ok(page) };
    let mut remembered = login::remembered(app, request).await?;
    remembered
        .retain(|team| apps::admits(&going_to, &team.team_id, Role::Admin) != Err(apps::NotAdmitted::Team));
    Ok(CorporateSso { going_to: Some(going_to.name.clone()), remembered, ..page })
}

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse, Failed> {
    if !is_navigation(&request) {
        return Ok(nothing(&request));
    }
    let text = form.first("team_id").unwrap_or_default();
    let return_to = form.first("return_to").and_then(|place| ReturnTo::parse(place).ok());
    let launch = Launch::parse(&form.0);
    let again = CorporateSso { return_to, tile: tile(&app, &launch).await?, ..CorporateSso::default() };
    let again = on_the_way(&app, &request, again).await?;
    let typed = match TypedTeamId::parse(text) {
        Ok(typed) => typed,
        Err(error) => return Ok(wrong(&app, text, again, error)),
    };
    let team = app.door.registry.open_team(&typed.id).await.map_err(|error| database(&app, &error))?;
    match team.filter(|team| is_among(team, &launch.iss)) {
        Some(team) => {
            let hints = Hints { login_hint: launch.login_hint.clone(), prompt: None, max_age: None };
            let return_to = match again.return_to {
                Some(place) => Some(place),
                None => target::of(&app, &team.team.team_id, &launch).await?,
            };
            let going_to = wanted::app_at(&app, return_to.as_ref()).await;
            let going_to = going_to.map_err(|error| database(&app, &error))?;
            let wish = Wish { return_to, hints, came_by: CameBy::TeamId };
            let mut answer = team_login::start(&app, &request, &team, wish).await?;
            // Whoever types a team on the way to an app has chosen it for that app.
            let chosen = going_to.filter(|_| is_own_click(&request));
            let cookie = chosen.map(|going_to| cookies::use_with(&app, &going_to.id, &team.team.team_id));
            with_cookies(&mut answer, cookie);
            Ok(answer)
        }
        None => Ok(unknown(&app, &request, &typed, again)),
    }
}

/// What a tile without a team said, for the page to keep; an issuer is longer than this nowhere.
pub(crate) async fn tile(app: &App, launch: &Launch) -> Result<Option<PressedTile>, Failed> {
    let iss = match &launch.iss {
        Iss::Is(iss) => Some(iss.chars().take(512).collect()),
        Iss::Missing | Iss::Doubled => None,
    };
    let (login_hint, target_link_uri) = (launch.login_hint.clone(), target::at_an_app(app, launch).await?);
    let tile = PressedTile { iss, login_hint, target_link_uri };
    Ok((tile != PressedTile::default()).then_some(tile))
}

/// Whether a team is one of those that a tile without a team may mean.
fn is_among(team: &OpenTeam, iss: &Iss) -> bool {
    match iss {
        Iss::Missing => true,
        Iss::Is(iss) => team.connection.answers_to(iss),
        Iss::Doubled => false,
    }
}

fn wrong(app: &App, text: &str, again: CorporateSso, error: TypedTeamIdError) -> HttpResponse {
    let (code, words) = match error {
        TypedTeamIdError::Empty => ("team_id_empty", words::TEAM_ID_EMPTY),
        TypedTeamIdError::EmailAddress => ("team_id_invalid", words::TEAM_ID_EMAIL),
        TypedTeamIdError::Invalid => ("team_id_invalid", words::TEAM_ID_INVALID),
    };
    let typed = text.chars().take(100).collect();
    let problem = problem(app, code, words.to_owned());
    let page = CorporateSso { typed, problem: Some(problem), ..again };
    show(app, StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// No open team of this name, or none of the tile's issuer: 404, or 429 for whoever tried too many.
fn unknown(app: &App, request: &HttpRequest, typed: &TypedTeamId, again: CorporateSso) -> HttpResponse {
    let id = typed.id.as_str();
    let hint = (typed.from_address == FromAddress::Yes).then(|| words::read_from_address(id));
    let page = |problem| CorporateSso { typed: id.to_owned(), problem: Some(problem), hint, ..again };
    match app.may_guess(request) {
        Verdict::GoOn => {
            let problem = problem(app, "team_unknown", words::team_unknown(id));
            show(app, StatusCode::NOT_FOUND, &page(problem))
        }
        Verdict::Wait(wait) => {
            let problem = problem(app, "rate_limited", failures::rate_limited().sentence);
            let mut response = show(app, StatusCode::TOO_MANY_REQUESTS, &page(problem));
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, header::HeaderValue::from(wait.as_secs().max(1)));
            response
        }
    }
}

fn problem(app: &App, code: &'static str, text: String) -> FieldProblem {
    let reference = app.reference();
    tracing::info!(%reference, code, "a Team ID was not accepted");
    FieldProblem { text, code, reference }
}

pub(crate) fn show(app: &App, status: StatusCode, page: &CorporateSso) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY_ANY_FORM))
        .body(page.render(&app.face))
}
