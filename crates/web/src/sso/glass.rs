//! Break-glass: `/break-glass/{token}`, where link and code give this browser a cookie, and `/t/{team_id}/break-glass`,
//! where that cookie opens the team's settings page and nothing else. Neither the link nor the code stands on a page.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::glass::{self, Code, Glass, GlassError, Opened};
use pages::words::sso as say;
use pages::{BreakGlassDoor, BreakGlassOver, FieldProblem};
use sealing::{Label, OpaqueToken, Purpose};
use signin::Verdict;
use vocabulary::TeamId;

use super::act;
use super::seat::{BreakGlassSeat, Seat, Who};
use super::shown;
use crate::answer::{self, see_other, see_other_with};
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::csrf;
use crate::failed::{Failed, database, failed_with, too_many};
use crate::request::{Form, query};

/// What an operator's link leads to: one field. Mail scanners follow links, so that nothing comes of looking.
pub(crate) async fn door(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let Some(token) = glass::token(&path) else { return Err(guessed(&app, &request)) };
    if let Some(page) = opened_here(&app, &request, &token).await? {
        return Ok(see_other(&page));
    }
    let glass = at_link(&app, &request, &token).await?;
    Ok(answer::page(drawn(&app, glass, None)))
}

/// Tries a code. Another site can't: the link is in nobody's browser but its reader's, and its form is ours.
pub(crate) async fn open(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let address = app.address(&request);
    if let Verdict::Wait(wait) = app.unknown_teams.verdict(address, "") {
        return Err(too_many(&app, wait));
    }
    let Some(token) = glass::token(&path).filter(|_| csrf::is_same_site(&app, &request)) else {
        return Err(guessed(&app, &request));
    };
    // The button of the first page, pressed once more.
    if let Some(page) = opened_here(&app, &request, &token).await? {
        return Ok(see_other(&page));
    }
    let Some(code) = Code::read(form.first("code").unwrap_or_default()) else {
        let glass = at_link(&app, &request, &token).await?;
        return Ok(again(&app, glass, say::GLASS_CODE_MISSING.to_owned()));
    };
    let (owned, now, there) = (app.clone(), app.now(), token.clone());
    let opened = storage::blocking(move || {
        let deps = &owned.door;
        deps.database.write(now, |tx| glass::open(tx, &deps.keys, &there, &code))
    });
    match opened.await {
        Ok(Opened::Yes(glass)) => Ok(let_in(&app, &glass)),
        Ok(Opened::Wrong { left: 0 }) => Err(guessed(&app, &request)),
        Ok(Opened::Wrong { left }) => {
            app.unknown_teams.note(address, "");
            let glass = at_link(&app, &request, &token).await?;
            Ok(again(&app, glass, say::glass_code_wrong(left)))
        }
        Err(GlassError::Storage(error)) => Err(database(&app, &error)),
        Err(_gone) => Err(guessed(&app, &request)),
    }
}

/// The settings page of whoever came by break-glass in this browser.
pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let (team, id, cookie) = cookie_of(&app, &request, &path).ok_or_else(|| gone(&app))?;
    match find(&app, &team, &id).await? {
        Some(glass) => shown::page(&app, &request, &seat(glass, cookie), shown::done(&query(&request))).await,
        None => Ok(answer::page(BreakGlassOver { team_id: team }.render(&app.face))),
    }
}

/// What it does there; `done` ends it.
pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let (team, id, cookie) = cookie_of(&app, &request, &path).ok_or_else(|| gone(&app))?;
    let seat = seat(find(&app, &team, &id).await?.ok_or_else(|| gone(&app))?, cookie);
    seat.check(&app, &request, &form)?;
    match form.first("action") {
        Some("done") => end(&app, &seat, id).await,
        Some(_) | None => act::act(&app, &request, &seat, &form).await,
    }
}

async fn end(app: &web::Data<App>, seat: &Seat, id: String) -> Result<HttpResponse, Failed> {
    let (owned, now) = (app.clone(), app.now());
    let ended = storage::blocking(move || {
        owned.door.database.write(now, |tx| {
            let breaker = glass::breaker(tx, &id)?;
            glass::end(tx, &breaker)
        })
    });
    match ended.await {
        Err(GlassError::Storage(error)) => Err(database(app, &error)),
        // Somebody else was quicker: it is over.
        Ok(()) | Err(_) => Ok(see_other(&seat.address())),
    }
}

fn seat(glass: Glass, cookie: String) -> Seat {
    let team = glass.tenant.team.team_id.clone();
    Seat { team, who: Who::BreakGlass(Box::new(BreakGlassSeat { glass, cookie })) }
}

/// The settings page, if this very link was opened in this browser.
async fn opened_here(
    app: &web::Data<App>,
    request: &HttpRequest,
    token: &OpaqueToken,
) -> Result<Option<String>, Failed> {
    let (owned, token) = (app.clone(), token.clone());
    let found =
        storage::blocking(move || owned.door.database.read(|connection| glass::place(connection, &token)));
    let Some((team, id)) = found.await.map_err(|error| database(app, &error))? else { return Ok(None) };
    let here = cookie_of(app, request, team.as_str()).is_some_and(|(_, opened, _)| opened == id);
    Ok(here.then(|| address(&team)))
}

async fn at_link(app: &web::Data<App>, request: &HttpRequest, token: &OpaqueToken) -> Result<Glass, Failed> {
    let (owned, now, token) = (app.clone(), app.now(), token.clone());
    let found = storage::blocking(move || {
        owned.door.database.read(|connection| glass::at_link(connection, &token, now))
    });
    match found.await {
        Ok(glass) => Ok(glass),
        Err(GlassError::Storage(error)) => Err(database(app, &error)),
        Err(_gone) => Err(guessed(app, request)),
    }
}

/// What is open under this id in this team, if it counts.
async fn find(app: &web::Data<App>, team: &TeamId, id: &str) -> Result<Option<Glass>, Failed> {
    let (owned, now, id) = (app.clone(), app.now(), id.to_owned());
    let found =
        storage::blocking(move || owned.door.database.read(|connection| glass::find(connection, &id, now)));
    match found.await {
        Ok(glass) => Ok(Some(glass).filter(|glass| glass.tenant.team.team_id == *team)),
        Err(GlassError::Storage(error)) => Err(database(app, &error)),
        Err(_gone) => Ok(None),
    }
}

/// To the settings page, with the cookie that opens it.
fn let_in(app: &App, glass: &Glass) -> HttpResponse {
    let team = &glass.tenant.team.team_id;
    let sealed = app.door.keys.seal(&*app.door.chance, &label(team), glass.id.as_bytes());
    let cookie = cookies::break_glass(app, team, sealed, glass.expires_at.since(app.now()));
    see_other_with(&address(team), vec![cookie])
}

/// The team in a path, and what its cookie in this browser was sealed for.
fn cookie_of(app: &App, request: &HttpRequest, said: &str) -> Option<(TeamId, String, String)> {
    let team = TeamId::parse(said).ok()?;
    let cookie = Jar::of(app, request).break_glass(&team)?;
    let id = app.door.keys.open(&label(&team), cookie).ok()?;
    let id = std::str::from_utf8(&id).ok()?.to_owned();
    Some((team, id, cookie.to_owned()))
}

/// What the cookie is sealed for: one team; it names the one link that was opened.
fn label(team: &TeamId) -> Label<'_> {
    Label { purpose: Purpose::BreakGlassSession, context: team.as_str() }
}

/// The page behind break-glass; no secret.
pub(super) fn address(team: &TeamId) -> String {
    format!("/t/{team}/break-glass")
}

fn drawn(app: &App, glass: Glass, problem: Option<FieldProblem>) -> String {
    let (team_name, expires_at) = (glass.tenant.team.name, glass.expires_at);
    BreakGlassDoor { team_name, expires_at, problem, now: app.now() }.render(&app.face)
}

fn again(app: &App, glass: Glass, text: String) -> HttpResponse {
    let (code, reference) = ("break_glass_code_wrong", app.reference());
    tracing::info!(%reference, code, "a code of break-glass was refused");
    let page = drawn(app, glass, Some(FieldProblem { text, code, reference }));
    answer::page_with(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// A link that can't be used, whatever the reason; as unknown as one that never was.
pub(super) fn gone(app: &App) -> Failed {
    let start = (pages::words::failures::TO_SIGN_IN, "/login_sso".to_owned());
    failed_with(app, StatusCode::NOT_FOUND, "break_glass_gone", say::glass_gone(), start)
}

/// The same, counted by address: 429 for whoever tried too many.
fn guessed(app: &App, request: &HttpRequest) -> Failed {
    match app.may_guess(request) {
        Verdict::GoOn => gone(app),
        Verdict::Wait(wait) => too_many(app, wait),
    }
}
