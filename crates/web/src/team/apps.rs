//! `/t/{team_id}/apps/{app_id}`: opens an app when the role suffices. Which apps are a team's tiles, and which its
//! billing, is said here too.

pub(crate) mod billing;

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use apps::{App as Registered, NotAdmitted, Place, admits};
use pages::AppTile;
use pages::words::apps as say;
use roles::Filter;
use sessions::SignedIn;
use storage::StorageError;
use url::{Url, form_urlencoded};
use vocabulary::{ClientId, ReturnTo, Role, TeamId};

use crate::answer::{nothing, see_other, with_cookies};
use crate::app::App;
use crate::cookies;
use crate::failed::{Failed, database, failed_with, not_found};
use crate::request::{first, is_navigation, is_own_click, query};
use crate::visitor::{Visitor, visitor};

/// How many admins a member is told to ask.
const ADMINS_NAMED: usize = 3;

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failed> {
    let (team, id) = path.into_inner();
    if !is_navigation(&request) {
        return Ok(nothing(&request));
    }
    let who = match visitor(&app, &request, &team).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(answer) => return Ok(answer),
    };
    let team = &who.team.team;
    match opening(&app, &team.team_id, who.role, &id, &query(&request)).await? {
        Opening::At { app: opened, place } => Ok(go(&app, &request, &team.team_id, &opened, &place)),
        Opening::TooLittle(opened) => {
            let telling = say::needs_admin(&opened.name, &team.name, &admins(&app, &who).await?);
            Err(failed_with(&app, StatusCode::FORBIDDEN, "app_role", telling, back(&team.team_id)))
        }
        Opening::Nothing => Err(not_found(&app)),
    }
}

/// What comes of opening an app.
enum Opening {
    /// It opens there.
    At { app: Arc<Registered>, place: String },
    /// It asks for more than this role.
    TooLittle(Arc<Registered>),
    /// There is no such app, none of this team's, or it is not on the web.
    Nothing,
}

/// Finds out what comes of opening an app. A target in the query counts when it lies on an origin of the app's own.
async fn opening(
    app: &App,
    team: &TeamId,
    role: Role,
    id: &str,
    query: &[(String, String)],
) -> Result<Opening, Failed> {
    let Ok(id) = ClientId::parse(id) else { return Ok(Opening::Nothing) };
    let found = app.apps.find(&id).await.map_err(|error| database(app, &error))?;
    let Some(found) = found else { return Ok(Opening::Nothing) };
    match admits(&found, team, role) {
        Ok(()) => {}
        Err(NotAdmitted::Team) => return Ok(Opening::Nothing),
        Err(NotAdmitted::Role) => return Ok(Opening::TooLittle(found)),
    }
    let target = first(query, "target_link_uri").and_then(address);
    let target = target.filter(|target| found.has_address(target));
    Ok(match found.opening(&app.door.address(""), team, target.as_ref()) {
        Some(place) => Opening::At { app: found, place },
        None => Opening::Nothing,
    })
}

/// An address as somebody said it; one with letters that are read otherwise elsewhere is none.
pub(crate) fn address(said: &str) -> Option<Url> {
    let plain = said.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    Url::parse(said).ok().filter(|_| plain)
}

/// Sends the browser into the app. A click on one of our own pages also says with which team it is used here.
fn go(app: &App, request: &HttpRequest, team: &TeamId, opened: &Registered, place: &str) -> HttpResponse {
    let mut response = see_other(place);
    if is_own_click(request) {
        with_cookies(&mut response, [cookies::use_with(app, &opened.id, team)]);
    }
    response
}

/// Where somebody goes who has come in: where they wanted to, or the dashboard. An app that opens for them needs no
/// redirect of its own.
pub(crate) async fn way_on(
    app: &App,
    team: &TeamId,
    role: Role,
    wanted: Option<&ReturnTo>,
) -> Result<String, Failed> {
    let Some(wanted) = wanted.map(ReturnTo::as_str) else {
        return Ok(format!("/t/{team}"));
    };
    let (path, query) = wanted.split_once('?').unwrap_or((wanted, ""));
    let Some(id) = path.strip_prefix(&format!("/t/{team}/apps/")) else {
        return Ok(wanted.to_owned());
    };
    let query: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    Ok(match opening(app, team, role, id, &query).await? {
        Opening::At { place, .. } => place,
        Opening::TooLittle(_) | Opening::Nothing => wanted.to_owned(),
    })
}

/// The place of ours that opens an app of this team at this address. Of several apps at one address the one that asks
/// for the least is meant.
pub(crate) async fn path_to(app: &App, team: &TeamId, address: &Url) -> Result<Option<ReturnTo>, Failed> {
    let all = app.apps.all().await.map_err(|error| database(app, &error))?;
    let of_team = all.iter().filter(|found| admits(found, team, Role::Admin).is_ok());
    let at_address = of_team.filter(|found| found.has_address(address));
    let Some(found) = at_address.min_by_key(|found| admits(found, team, Role::Member).is_err()) else {
        return Ok(None);
    };
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("target_link_uri", address.as_str())
        .finish();
    let place = format!("/t/{team}/apps/{}", found.id);
    // What is too long to carry still names the app.
    let with_target = ReturnTo::parse(&format!("{place}?{query}"));
    Ok(with_target.or_else(|_too_long| ReturnTo::parse(&place)).ok())
}

/// The tiles of whoever is signed in: what they may open, and nothing else.
pub(crate) async fn tiles(app: &App, who: &SignedIn) -> Result<Vec<AppTile>, Failed> {
    let all = app.apps.all().await.map_err(|error| database(app, &error))?;
    let shown = all.iter().filter(|found| {
        let is_tile = found.options.place == Place::Tile;
        is_tile && admits(found, &who.team.team.team_id, who.role).is_ok()
    });
    let tile = |found: &Arc<Registered>| {
        Some(AppTile {
            id: found.id.to_string(),
            name: found.name.clone(),
            host: found.shown_host()?,
            min_role: found.options.min_role,
        })
    };
    Ok(shown.filter_map(tile).collect())
}

/// The names of admins whom a member may ask.
pub(crate) async fn admins(app: &App, who: &SignedIn) -> Result<Vec<String>, Failed> {
    let (db, team) = (app.door.database.clone(), who.team.team.team_id.clone());
    let found = storage::blocking(move || {
        let filter = Filter { role: Some(Role::Admin), ..Filter::default() };
        db.read(|connection| roles::colleagues(connection, &team, &filter, 20))
    });
    let found = found.await.map_err(|error: StorageError| database(app, &error))?;
    let active = found.iter().filter(|colleague| colleague.membership.active);
    Ok(active.map(|admin| admin.person.shown_name().to_owned()).take(ADMINS_NAMED).collect())
}

fn back(team: &TeamId) -> (&'static str, String) {
    (say::BACK, format!("/t/{team}"))
}
